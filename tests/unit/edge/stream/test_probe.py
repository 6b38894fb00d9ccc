"""The conversation that tells a wrong password from a wrong port."""

import hashlib
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress, parse_address
from edge.stream.probe import describe, speaks_rtsp

SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\n"
OK = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: %d\r\n\r\n%s" % (len(SDP), SDP)
Answer = Callable[[str], bytes | None]


@contextmanager
def camera(answer: Answer) -> Iterator[tuple[CameraAddress, list[str]]]:
    """A server that answers each request; None closes the connection."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[str] = []

    def talk(connection: socket.socket) -> None:
        with connection:
            while request := connection.recv(4096).decode():
                heard.append(request)
                said = answer(request)
                if said is None:
                    return
                connection.sendall(said)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with suppress(OSError):  # who only knocks does not wait for the rest
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    address = parse_address(f"rtsp://op:s3cret@127.0.0.1:{server.getsockname()[1]}/cam?x=1")
    assert isinstance(address, CameraAddress)
    try:
        yield address, heard
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def challenge(kind: str) -> bytes:
    return f"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: {kind}\r\n\r\n".encode()


def test_an_open_camera_describes_itself() -> None:
    with camera(lambda _: OK) as (address, heard):
        answer = describe(address, 2)
    assert (answer.status, answer.body) == (200, SDP.decode())
    assert heard[0].startswith(f"DESCRIBE rtsp://127.0.0.1:{address.port}/cam?x=1 RTSP/1.0")
    assert "s3cret" not in heard[0], "nobody is given a password he did not ask for"


def test_basic() -> None:
    expected = "Authorization: Basic " + b64encode(b"op:s3cret").decode()
    with camera(lambda said: OK if expected in said else challenge('Basic realm="x"')) as (address, heard):
        assert describe(address, 2).status == 200
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("algorithm", "name"), [("", "md5"), ("algorithm=MD5, ", "md5"), ("algorithm=SHA-256, ", "sha256")]
)
def test_digest(algorithm: str, name: str) -> None:
    def digest(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    with camera(lambda said: OK if "response" in said else challenge(f'Digest {algorithm}realm="r", nonce="n1"')) as (
        address,
        heard,
    ):
        assert describe(address, 2).status == 200
    uri = f"rtsp://127.0.0.1:{address.port}/cam?x=1"
    expected = digest(f"{digest('op:r:s3cret')}:n1:{digest('DESCRIBE:' + uri)}")
    assert f'response="{expected}"' in heard[1]
    assert "s3cret" not in heard[1]


def test_digest_before_basic_and_with_qop() -> None:
    both = challenge('Basic realm="r"\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int"')
    with camera(lambda said: OK if "Digest" in said else both) as (address, heard):
        assert describe(address, 2).status == 200
    assert "qop=auth" in heard[1]
    assert "nc=00000001" in heard[1]


def test_a_refused_password_is_tried_once() -> None:
    """A second try in the same second brings the account nearer to its lock."""
    with camera(lambda _: challenge('Basic realm="x"')) as (address, heard):
        assert describe(address, 2).status == 401
    assert sum("Authorization" in request for request in heard) == 1


def test_a_camera_that_closes_after_the_challenge_is_asked_anew() -> None:
    def answer(said: str) -> bytes | None:
        return OK if "Authorization" in said else challenge('Basic realm="x"')

    first = True

    def closing(said: str) -> bytes | None:
        nonlocal first
        if "Authorization" in said and first:
            first = False
            return None
        return answer(said)

    with camera(closing) as (address, _):
        assert describe(address, 2).status == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "web server"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak RTSP"),
        (b"\x00\xff" * 50, "does not speak RTSP"),
        (b"RTSP/1.0 huh\r\n\r\n", "does not speak RTSP"),
        (b"RTSP/1.0 200 OK\r\n" + b"x: y\r\n" * 20000, "does not speak RTSP"),
    ],
)
def test_what_is_not_rtsp(said: bytes, words: str) -> None:
    with camera(lambda _: said) as (address, _), pytest.raises(StreamError, match=words) as caught:
        describe(address, 2)
    assert caught.value.reason is Reason.NOT_RTSP


def test_silence() -> None:
    with camera(lambda _: b"") as (address, _), pytest.raises(StreamError, match="does not answer") as caught:
        describe(address, 0.3)
    assert caught.value.reason is Reason.TIMEOUT


def test_closed_at_once() -> None:
    with camera(lambda _: None) as (address, _), pytest.raises(StreamError, match="closed the connection") as caught:
        describe(address, 2)
    assert caught.value.reason is Reason.ENDED


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = parse_address(f"rtsp://op:s3cret@127.0.0.1:{port}/cam")
    assert isinstance(address, CameraAddress)
    with pytest.raises(StreamError, match="refuses the connection") as caught:
        describe(address, 2)
    assert caught.value.reason is Reason.REFUSED
    assert not speaks_rtsp(address, 0.5)


def test_a_name_nobody_knows() -> None:
    address = parse_address("rtsp://camera.invalid/cam")
    assert isinstance(address, CameraAddress)
    with pytest.raises(StreamError) as caught:
        describe(address, 2)
    assert caught.value.reason is Reason.NAME_NOT_FOUND


def test_the_knock_sends_no_credentials() -> None:
    with camera(lambda _: challenge('Basic realm="x"')) as (address, heard):
        assert speaks_rtsp(address, 2)
    assert "Authorization" not in heard[0]
    assert heard[0].startswith("OPTIONS")


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\n\r\n", b"noise", b""])
def test_the_knock_is_not_fooled(said: bytes) -> None:
    with camera(lambda _: said) as (address, _):
        assert not speaks_rtsp(address, 0.3)
