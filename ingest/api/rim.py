"""Around every request: security headers, compression where it is safe, time taken. Plain ASGI, so streams flow."""

import time
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.metrics import Metrics

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)

_HEADERS = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)

_PLAIN = ("/stream", ".mjpeg", ".jpg")
_PLAIN_PARTS = ("/media/", "/evidence/", "/api/v1/session", "/api/v1/setup", "/healthz")


class SecurityHeaders:
    """Sets what a browser must know about every answer, unless the path said something stricter."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_api = scope["path"].startswith("/api/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers.setdefault(name, value)
                if is_api:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Compression:
    """gzip, but not for streams and files (already compressed, asked for in ranges) nor beside secrets."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or is_left_plain(scope["path"]):
            await self._plain(scope, receive, send)
        else:
            await self._compressed(scope, receive, send)


def is_left_plain(path: str) -> bool:
    """Whether an answer of this path must not be compressed."""
    return path.endswith(_PLAIN) or any(part in path for part in _PLAIN_PARTS)


class Timing:
    """Seconds to the first byte, by the operation's name: labels stay few whatever is asked for."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                labels = (_known(scope["method"], _METHODS), _operation(scope), str(message["status"]))
                self._metrics.requests.labels(*labels).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, send_and_note)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _known(method: str, known: Iterable[str]) -> str:
    return method if method in known else "other"


def _operation(scope: Scope) -> str:
    """`readEvent`; pages and whatever matches no path are one label."""
    name = getattr(scope.get("route"), "operation_id", None)
    return name if isinstance(name, str) else "other"
