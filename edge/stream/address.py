"""Where a camera or file is, with its credentials kept apart."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.redact import redact, redact_query

_PORTS = {"rtsp": 554, "rtsps": 322}


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """An RTSP address. `str()` and `repr()` hold no credentials; only `url` does."""

    url: str = field(repr=False)
    scheme: str
    host: str
    port: int
    public: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.public


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A video file on this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


Address = CameraAddress | FileAddress


def parse_address(text: str) -> Address:
    """Reads what a person wrote as a camera's address or a file's path.

    Raises:
        StreamError: BAD_ADDRESS, saying what is wrong; the text itself is shown redacted.
    """
    text = text.strip()
    if not text or "\x00" in text:
        raise StreamError(Reason.BAD_ADDRESS, "The address is empty; give rtsp://user:password@host/path or a file.")
    if "://" not in text:
        return FileAddress(Path(text).expanduser())
    parts = _split(text)
    if parts.scheme == "file":
        return FileAddress(Path(unquote(parts.path)))
    if parts.scheme not in _PORTS:
        raise StreamError(
            Reason.BAD_ADDRESS,
            f"Addresses of the kind {parts.scheme}:// are not read; use rtsp://, rtsps:// or a file ({redact(text)}).",
        )
    return _camera(text, parts)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # its message may hold a piece of the password
        raise StreamError(
            Reason.BAD_ADDRESS,
            "The address cannot be read: expected rtsp://user:password@host:port/path with a port from 1 to 65535; "
            "write @ : / ? # in a password as %40 %3A %2F %3F %23.",
        ) from None
    return parts


def _camera(text: str, parts: SplitResult) -> CameraAddress:
    if not parts.hostname or any(character.isspace() for character in text):
        raise StreamError(
            Reason.BAD_ADDRESS,
            "The address names no host or holds a space; expected rtsp://user:password@host:port/path.",
        )
    return CameraAddress(
        url=text,
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        public=_public(parts),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _public(parts: SplitResult) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return redact_query(f"{parts.scheme}://{host}{port}{parts.path}{query}")
