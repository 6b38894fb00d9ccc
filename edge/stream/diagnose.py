"""From what went wrong to a reason and one sentence that says what to do."""

import re
import time
from collections.abc import Callable

from contracts.health import Reason
from edge.errors import StreamError
from edge.stream.address import CameraAddress
from edge.stream.probe import Answer, describe
from edge.stream.redact import redact

_ONCE_MORE_S = (1.0, 2.0)


def inspect(address: CameraAddress, timeout_s: float) -> None:
    """Asks the camera before FFmpeg does; returns if it offers a video stream to these credentials.

    A server that is just closing another viewer's stream, or is slow to open the source, may fail (500): it is asked
    again after a second, and once more after two.

    Raises:
        StreamError: with the reason in words. After one refused password no second is tried.
    """
    answer = describe(address, timeout_s)
    for pause_s in _ONCE_MORE_S:
        if answer.status != 500:
            break
        time.sleep(pause_s)
        answer = describe(address, timeout_s)
    judge(answer, address)


def judge(answer: Answer, address: CameraAddress) -> None:
    """Raises a StreamError unless the answer offers video."""
    if 300 <= answer.status < 400:
        return
    if answer.status != 200:
        raise status_error(answer.status, answer.words, address)
    if not re.search(r"^m=video\b", answer.body, re.MULTILINE):
        raise StreamError(
            Reason.NO_VIDEO, f"{address} offers no video (sound or metadata only); use the path of a video stream."
        )


def status_error(status: int, words: str, address: CameraAddress) -> StreamError:
    """What a refusing answer means."""
    if status in (401, 403):
        return StreamError(Reason.WRONG_PASSWORD, _password(status, address))
    if status in (404, 454):
        return StreamError(
            Reason.NOT_FOUND,
            f"{address.host} has no stream at this path; check the path in the camera's manual ({address}).",
        )
    said = f"{status} {redact(words)[:60]}".strip()
    if status in (453, 503):
        return StreamError(
            Reason.REFUSED, f"{address.host} has no room for another viewer ({said}); close other viewers of it."
        )
    if status == 461:
        return StreamError(
            Reason.REFUSED, f"{address.host} does not send over TCP ({said}); switch on RTP over TCP in the camera."
        )
    return StreamError(
        Reason.REFUSED, f"{address.host} answers {said} to a request for its stream; restart it or see its log."
    )


def _password(status: int, address: CameraAddress) -> str:
    if status == 403:
        return f"{address.host} forbids this stream to this user; give the user the right to watch it."
    if not (address.user or address.password):
        return f"{address.host} wants a user and a password; write rtsp://user:password@{address.host}/..."
    return (
        f"{address.host} refuses the user or the password; correct them. "
        "The next try is in a minute, so that the camera does not lock the account."
    )


Explain = Callable[[str], StreamError]

_OPENING: dict[type[OSError] | type[ValueError], tuple[Reason, str]] = {
    TimeoutError: (Reason.TIMEOUT, "{where} accepted the connection but sent no video in time; restart the camera."),
    ConnectionRefusedError: (Reason.REFUSED, "{where} refuses the connection; check that RTSP is on."),
    ConnectionError: (Reason.ENDED, "{where} closed the connection while it was being opened."),
    FileNotFoundError: (Reason.FILE_MISSING, "There is no file {where}; check the path."),
    PermissionError: (Reason.FILE_MISSING, "The file {where} may not be read by this user; correct its permissions."),
    IsADirectoryError: (Reason.FILE_MISSING, "{where} is a folder; name a video file."),
}


def opening_error(error: Exception, where: str) -> StreamError:
    """Why a stream that seemed fine, or a file, could not be opened."""
    for kind, (reason, words) in _OPENING.items():
        if isinstance(error, kind):
            return StreamError(reason, words.format(where=where))
    return StreamError(
        Reason.CORRUPT,
        f"What {where} holds cannot be read as video: it is damaged, cut short, empty or of another kind.",
    )


def reading_error(error: Exception, where: str) -> StreamError:
    """Why a stream that flowed does not flow any more."""
    if isinstance(error, TimeoutError):
        return StreamError(
            Reason.STALLED,
            f"{where} keeps the connection open but sends no more video; the camera may hang: restart it.",
        )
    if isinstance(error, ConnectionError | EOFError):
        return ended(where)
    return StreamError(Reason.CORRUPT, f"What {where} sends cannot be read any more; check the network and the camera.")


def ended(where: str) -> StreamError:
    """The other side closed an orderly stream."""
    return StreamError(Reason.ENDED, f"{where} closed the stream; the camera or its server was stopped or restarted.")
