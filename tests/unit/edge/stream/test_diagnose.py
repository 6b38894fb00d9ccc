"""Each cause has its own reason, and a sentence that says what to do."""

import pytest

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress, parse_address
from edge.stream.diagnose import ended, judge, opening_error, reading_error, status_error
from edge.stream.probe import Answer


def camera(text: str = "rtsp://op:s3cret@10.0.0.7/cam") -> CameraAddress:
    address = parse_address(text)
    assert isinstance(address, CameraAddress)
    return address


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (401, Reason.WRONG_PASSWORD, "refuses the user or the password"),
        (403, Reason.WRONG_PASSWORD, "forbids"),
        (404, Reason.NOT_FOUND, "no stream at this path"),
        (454, Reason.NOT_FOUND, "no stream at this path"),
        (453, Reason.REFUSED, "close other viewers"),
        (503, Reason.REFUSED, "close other viewers"),
        (461, Reason.REFUSED, "RTP over TCP"),
        (500, Reason.REFUSED, "answers 500"),
    ],
)
def test_statuses(status: int, reason: Reason, words: str) -> None:
    error = status_error(status, "", camera())
    assert error.reason is reason
    assert words in str(error)
    assert "s3cret" not in str(error)


def test_a_missing_password_is_told_apart_from_a_wrong_one() -> None:
    assert "wants a user and a password" in str(status_error(401, "", camera("rtsp://10.0.0.7/cam")))


def test_a_description_without_video() -> None:
    with pytest.raises(StreamError, match="no video") as caught:
        judge(Answer(200, "OK", (), "v=0\r\nm=audio 0 RTP/AVP 0\r\n"), camera())
    assert caught.value.reason is Reason.NO_VIDEO


@pytest.mark.parametrize("answer", [Answer(200, "OK", (), "v=0\r\nm=video 0 RTP/AVP 96\r\n"), Answer(302, "", (), "")])
def test_what_is_fine_passes(answer: Answer) -> None:
    judge(answer, camera())


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), Reason.TIMEOUT),
        (ConnectionRefusedError(), Reason.REFUSED),
        (ConnectionResetError(), Reason.ENDED),
        (FileNotFoundError(), Reason.FILE_MISSING),
        (PermissionError(), Reason.FILE_MISSING),
        (IsADirectoryError(), Reason.FILE_MISSING),
        (ValueError("anything"), Reason.CORRUPT),
    ],
)
def test_opening(error: Exception, reason: Reason) -> None:
    told = opening_error(error, "/v/a.mp4")
    assert told.reason is reason
    assert "/v/a.mp4" in str(told)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), Reason.STALLED),
        (ConnectionResetError(), Reason.ENDED),
        (EOFError(), Reason.ENDED),
        (ValueError(), Reason.CORRUPT),
    ],
)
def test_reading(error: Exception, reason: Reason) -> None:
    assert reading_error(error, "rtsp://10.0.0.7/cam").reason is reason


def test_an_orderly_end() -> None:
    assert ended("x").reason is Reason.ENDED
