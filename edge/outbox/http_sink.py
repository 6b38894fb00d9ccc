"""Evidence files and previews to a centre on another machine (docs/reference/api.md, "From the nodes")."""

import threading
import time
from datetime import datetime
from urllib.parse import quote

import httpx2
import structlog

from contracts.canonical import utc_text
from contracts.wire import PublishError

log = structlog.get_logger()

_WATCHED_FOR_S = 10.0
"""After this long without an answer from the centre nobody counts as watching."""


class HttpEvidenceSink:
    """EvidenceSink over HTTP, with one kept connection. Used by one thread. The token never shows in an error."""

    def __init__(self, url: str, token: str, *, timeout_s: float = 20.0, verify: bool | str = True) -> None:
        """Connects at the first call.

        Args:
            url: of the centre, `https://centre.example`.
            token: of this node, made by `giaolo centre add-node`.
            timeout_s: to connect, and between bytes.
            verify: False or a CA file's path for a centre with its own certificate.
        """
        self._url = url.rstrip("/")
        self._client = _client(self._url, token, timeout_s, verify)

    def received(self, sha256: str) -> int | None:
        """As EvidenceSink.received."""
        answer = self._ask("HEAD", sha256)
        if answer.status_code == 200:
            return None
        if answer.status_code == 404 and "Upload-Offset" in answer.headers:
            return self._offset(answer)
        raise self._refused(answer)

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        """As EvidenceSink.append."""
        headers = {
            "Upload-Offset": str(offset),
            "Upload-Length": str(total),
            "Content-Type": "application/octet-stream",
        }
        answer = self._ask("PATCH", sha256, headers, content)
        if answer.status_code == 201:
            return None
        if answer.status_code in (204, 409, 422) and "Upload-Offset" in answer.headers:
            return self._offset(answer)
        raise self._refused(answer)

    def close(self) -> None:
        """Frees the connection."""
        self._client.close()

    def _ask(
        self, method: str, sha256: str, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> httpx2.Response:
        try:
            return self._client.request(method, f"/api/v1/evidence/{sha256}", headers=headers, content=content)
        except httpx2.HTTPError as error:
            raise PublishError(f"centre at {self._url} not reachable ({type(error).__name__})") from None

    def _offset(self, answer: httpx2.Response) -> int:
        text = answer.headers["Upload-Offset"]
        if not text.isdigit():
            raise PublishError(f"centre at {self._url} answers in a form this node does not know")
        return int(text)

    def _refused(self, answer: httpx2.Response) -> PublishError:
        if answer.status_code in (401, 403):
            return PublishError(
                f"centre at {self._url} does not accept this node's token; make a new one: giaolo centre add-node"
            )
        return PublishError(f"centre at {self._url} refused an evidence file (HTTP {answer.status_code})")


class HttpPreviewSink:
    """PreviewSink over HTTP. `show` only lays the picture down; a thread sends the newest of each camera."""

    def __init__(self, url: str, token: str, node: str, *, timeout_s: float = 3.0, verify: bool | str = True) -> None:
        """Starts the thread. Arguments as HttpEvidenceSink; `node` is this node's id."""
        self._url = url.rstrip("/")
        self._node = node
        self._client = _client(self._url, token, timeout_s, verify)
        self._waiting: dict[str, tuple[bytes, datetime]] = {}
        self._watched: dict[str, float] = {}
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Replaces the camera's picture that was not sent yet."""
        with self._news:
            self._waiting[camera] = (jpeg, captured_at)
            self._news.notify()

    def is_watched(self, camera: str) -> bool:
        """What the centre said with its last answer for this camera."""
        return time.monotonic() - self._watched.get(camera, -_WATCHED_FOR_S) < _WATCHED_FOR_S

    def close(self) -> None:
        """Ends the thread and frees the connection."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join(timeout=5)
        self._client.close()

    def _run(self) -> None:
        silent = False
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                camera = next(iter(self._waiting))
                jpeg, captured_at = self._waiting.pop(camera)
            try:
                self._send(camera, jpeg, captured_at)
                silent = False
            except httpx2.HTTPError as error:
                if not silent:
                    log.warning("preview not sent", centre=self._url, why=type(error).__name__)
                silent = True

    def _send(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        answer = self._client.put(
            f"/api/v1/nodes/{quote(self._node)}/cameras/{quote(camera)}/preview",
            content=jpeg,
            headers={"X-Captured-At": utc_text(captured_at), "Content-Type": "image/jpeg"},
        )
        answer.raise_for_status()
        if answer.headers.get("X-Watched") == "1":
            self._watched[camera] = time.monotonic()
        else:
            self._watched.pop(camera, None)


def _client(url: str, token: str, timeout_s: float, verify: bool | str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "giaolo-edge"}
    return httpx2.Client(base_url=url, headers=headers, timeout=timeout_s, verify=verify, trust_env=False)
