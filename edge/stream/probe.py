"""A short RTSP conversation of our own, to learn in words why a camera does not work.

FFmpeg gives one error (invalid data) for many causes, and tries a password twice. This asks one
DESCRIBE (RFC 2326, section 10.2) and, when the camera wants it, one more with the credentials; no session is made.
"""

import hashlib
import re
import secrets
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress

_MOST = 65536  # bytes of an answer that are read
_AGENT = "giaolo"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status line, headers (lower-case names, repeated ones kept apart) and body of an RTSP answer."""

    status: int
    words: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> list[str]:
        """Values of a header."""
        return [value for key, value in self.headers if key == name]


class _NotRtspError(Exception):
    """What answered does not speak RTSP; holds the first bytes."""

    def __init__(self, start: bytes) -> None:
        super().__init__("not RTSP")
        self.start = start


def describe(address: CameraAddress, timeout_s: float) -> Answer:
    """Asks the camera for its description and returns the answer, whatever its status.

    Raises:
        StreamError: no name, no connection, no answer, or an answer that is not RTSP.
    """
    try:
        with _connect(address, timeout_s) as connection:
            answer = _ask(connection, address, 1, None)
            if answer.status == 401 and (address.user or address.password):
                credentials = _authorization(address, answer.all("www-authenticate"))
                if credentials:
                    answer = _again(connection, address, credentials, timeout_s)
            return answer
    except _NotRtspError as error:
        raise StreamError(Reason.NOT_RTSP, _not_rtsp(address, error.start)) from None
    except OSError as error:
        raise network_error(error, address) from None


def _again(connection: socket.socket, address: CameraAddress, credentials: str, timeout_s: float) -> Answer:
    """Asks with credentials; some cameras close the connection after a 401, so a fresh one is the second choice."""
    try:
        return _ask(connection, address, 2, credentials)
    except (ConnectionError, _NotRtspError):
        with _connect(address, timeout_s) as fresh:
            return _ask(fresh, address, 2, credentials)


def speaks_rtsp(address: CameraAddress, timeout_s: float) -> bool:
    """Whether something at the address answers RTSP at all. No credentials are sent and no stream is opened."""
    try:
        with _connect(address, timeout_s) as connection:
            connection.sendall(f"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: {_AGENT}\r\n\r\n".encode())
            return connection.recv(16).startswith(b"RTSP/1.")
    except OSError:
        return False


def _connect(address: CameraAddress, timeout_s: float) -> socket.socket:
    """A connection, over TLS for rtsps; certificates are not checked: cameras sign their own, FFmpeg checks none."""
    connection = socket.create_connection((address.host, address.port), timeout=timeout_s)
    if address.scheme != "rtsps":
        return connection
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return context.wrap_socket(connection, server_hostname=address.host)
    except BaseException:
        connection.close()
        raise


def network_error(error: OSError, address: CameraAddress) -> StreamError:
    """Why no conversation came about, in words."""
    where = f"{address.host}:{address.port}"
    if isinstance(error, socket.gaierror):
        return StreamError(
            Reason.NAME_NOT_FOUND,
            f"The name {address.host} is not known; check its spelling and the node's DNS, or use the camera's IP.",
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, TimeoutError):
        return StreamError(
            Reason.NOT_RTSP, f"{where} does not speak TLS; use rtsp:// there, or the camera's port for rtsps://."
        )
    if isinstance(error, ConnectionRefusedError):
        return StreamError(
            Reason.REFUSED,
            f"{where} refuses the connection: the device is on, but no RTSP server listens there; "
            "check the port and that RTSP is switched on, or wait until the camera has started.",
        )
    if isinstance(error, TimeoutError):
        return StreamError(
            Reason.TIMEOUT,
            f"{where} does not answer in time; check that the camera is powered, its cable and the network's load.",
        )
    if isinstance(error, ConnectionError):
        return StreamError(
            Reason.ENDED, f"{where} closed the connection while it was being opened; the camera may be restarting."
        )
    return StreamError(
        Reason.UNREACHABLE,
        f"No way to {where} ({error.strerror or type(error).__name__}); check the network between node and camera.",
    )


def _ask(connection: socket.socket, address: CameraAddress, sequence: int, credentials: str | None) -> Answer:
    lines = [
        f"DESCRIBE {_target(address)} RTSP/1.0",
        f"CSeq: {sequence}",
        f"User-Agent: {_AGENT}",
        "Accept: application/sdp",
    ]
    if credentials:
        lines.append(f"Authorization: {credentials}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return _read(connection)


def _target(address: CameraAddress) -> str:
    """The address as a camera is asked for it: without credentials, everything else as written."""
    rest = address.url.split("://", 1)[1]
    slash = re.search(r"[/?]", rest)
    authority, path = (rest[: slash.start()], rest[slash.start() :]) if slash else (rest, "")
    return f"{address.scheme}://{authority.rsplit('@', 1)[-1]}{path}"


def _read(connection: socket.socket) -> Answer:
    held = b""
    while b"\r\n\r\n" not in held:
        if (len(held) >= 8 and not held.startswith(b"RTSP/1.")) or len(held) > _MOST:
            raise _NotRtspError(held)
        piece = connection.recv(4096)
        if not piece:
            raise _NotRtspError(held) if held else ConnectionResetError("closed")
        held += piece
    if not held.startswith(b"RTSP/1."):
        raise _NotRtspError(held)
    head, body = held.split(b"\r\n\r\n", 1)
    status_line, *lines = head.decode("utf-8", "replace").split("\r\n")
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    length = next((int(value) for name, value in headers if name == "content-length" and value.isdigit()), 0)
    while len(body) < min(length, _MOST):
        piece = connection.recv(4096)
        if not piece:
            break
        body += piece
    parts = status_line.split(" ", 2)
    if len(parts) < 2 or not parts[1].isdigit():
        raise _NotRtspError(held)
    return Answer(int(parts[1]), parts[2] if len(parts) > 2 else "", headers, body.decode("utf-8", "replace"))


def _not_rtsp(address: CameraAddress, start: bytes) -> str:
    where = f"{address.host}:{address.port}"
    if start.startswith(b"HTTP/"):
        return f"{where} is a web server, not an RTSP server; use the camera's RTSP port (mostly 554)."
    return f"What answers at {where} does not speak RTSP; check host and port (RTSP is mostly at port 554)."


def _authorization(address: CameraAddress, challenges: list[str]) -> str | None:
    """Answer to a challenge: Digest (RFC 7616, MD5 or SHA-256) before Basic; None where neither is offered."""
    for challenge in challenges:
        if challenge.lower().startswith("digest"):
            return _digest(address, challenge)
    if any(challenge.lower().startswith("basic") for challenge in challenges):
        return "Basic " + b64encode(f"{address.user}:{address.password}".encode()).decode()
    return None


def _digest(address: CameraAddress, challenge: str) -> str:
    said = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}
    algorithm = said.get("algorithm", "MD5")
    name = "sha256" if algorithm.upper().startswith("SHA-256") else "md5"

    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    realm, nonce, uri = said.get("realm", ""), said.get("nonce", ""), _target(address)
    first = hashed(f"{address.user}:{realm}:{address.password}")
    second = hashed(f"DESCRIBE:{uri}")
    fields = {"username": address.user, "realm": realm, "nonce": nonce, "uri": uri}
    plain = {"algorithm": algorithm} if "algorithm" in said else {}
    if "auth" in [option.strip() for option in said.get("qop", "").split(",")]:
        client = secrets.token_hex(8)
        fields |= {"cnonce": client, "response": hashed(f"{first}:{nonce}:00000001:{client}:auth:{second}")}
        plain |= {"qop": "auth", "nc": "00000001"}
    else:
        fields["response"] = hashed(f"{first}:{nonce}:{second}")
    if "opaque" in said:
        fields["opaque"] = said["opaque"]
    pairs = [f'{key}="{value}"' for key, value in fields.items()] + [f"{key}={value}" for key, value in plain.items()]
    return "Digest " + ", ".join(pairs)


_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
