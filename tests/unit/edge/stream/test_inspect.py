"""A camera that fails once or twice is asked again; one that goes on failing is named."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress, parse_address
from edge.stream.diagnose import inspect

FAULT = b"RTSP/1.0 500 Internal Server Error\r\nCSeq: 1\r\n\r\n"
SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\n"
GOOD = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s" % (len(SDP), SDP)


@contextmanager
def answering(answers: Sequence[bytes]) -> Iterator[CameraAddress]:
    """A server that gives one answer to each connection, in turn."""

    def serve() -> None:
        for answer in answers:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = parse_address(f"rtsp://127.0.0.1:{server.getsockname()[1]}/cam")
        assert isinstance(address, CameraAddress)
        yield address
        thread.join(5)


@pytest.mark.parametrize("faults", [1, 2])
def test_a_fault_that_passes_is_not_reported(faults: int) -> None:
    with answering([*[FAULT] * faults, GOOD]) as address:
        inspect(address, 2)


def test_a_fault_that_stays_is_reported() -> None:
    with answering([FAULT, FAULT, FAULT]) as address, pytest.raises(StreamError, match="answers 500") as caught:
        inspect(address, 2)
    assert caught.value.reason is Reason.REFUSED
