"""One camera in its own thread: connected, read, decoded, and connected again when it fails.

Nothing that goes wrong here leaves the thread: every failure becomes a reason and a sentence in `health()`.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import structlog

from contracts.health import Reason
from edge.config import CameraConfig
from edge.errors import StreamError
from edge.frame import Frame
from edge.stream.address import Address, CameraAddress, FileAddress, parse_address
from edge.stream.backoff import WATCHED, Backoff
from edge.stream.clock import FileClock, StreamClock
from edge.stream.diagnose import ended, inspect
from edge.stream.health import StreamHealth
from edge.stream.intake import Intake, Shot, keep_newer, to_frame
from edge.stream.picture import Gray, shrink
from edge.stream.probe import speaks_rtsp
from edge.stream.redact import redact
from edge.stream.ring import PacketRing
from edge.stream.slot import LatestSlot
from edge.stream.source import Converter, VideoSource
from edge.stream.vitals import Vitals

log = structlog.get_logger(__name__)

_KNOCK_EVERY_S = 1.0
_KNOCK_TIMEOUT_S = 1.0
_UNDECODED_S = 15.0  # of packets without one picture before the connection is made anew
_BEHIND_S = 2.0  # a file played as live that falls this far behind goes on from now


class CameraStream:
    """Reads one camera, or a file played as if it were one, in a daemon thread.

    The newest picture waits in a slot: when analysis is slow, older ones are replaced and counted as dropped, so
    latency does not grow. Pictures are converted to BGR only when taken. `wait`, `glance` and `latest` are for one
    consumer thread.
    """

    def __init__(self, camera: CameraConfig, *, on_change: Callable[[], None] | None = None) -> None:
        self._camera = camera
        self._config = camera.stream
        self._backoff = Backoff(self._config.backoff_min_s, self._config.backoff_max_s, self._config.backoff_refused_s)
        self.ring = PacketRing(self._config.ring_s)
        self._slot: LatestSlot[Shot] = LatestSlot(keep_newer)
        self._vitals = Vitals(on_change)
        self._intake = Intake(self.ring, self._vitals, self._slot.put)
        self._converter = Converter()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"camera-{camera.id}", daemon=True)
        self._log = log.bind(camera=camera.id)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Ends reading and waits for the thread. A camera that hangs is left by its read timeout, not later."""
        self._stopping.set()
        self._slot.close()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def latest(self, timeout_s: float) -> Frame | None:
        """The newest picture not yet taken, waiting for one up to `timeout_s`; None if none came."""
        shot = self._slot.take(timeout_s)
        return None if shot is None else to_frame(shot, self._camera.id, self._converter)

    def wait(self, timeout_s: float) -> bool:
        """Waits until a picture is there for `latest`; False if none came."""
        return self._slot.wait(timeout_s)

    def glance(self) -> Gray | None:
        """A small grey look (`picture.shrink`) at the picture that waits, which stays where it is; None: none waits."""
        shot = self._slot.look()
        return None if shot is None else shrink(self._converter.luma(shot.picture))

    def health(self) -> StreamHealth:
        """How the stream is doing now."""
        return self._vitals.health(self._slot.dropped)

    def _run(self) -> None:
        failures, told = 0, Reason.NONE
        while not self._stopping.is_set():
            before = self._vitals.health(0).frames
            error = self._attempt()
            if error is None or self._stopping.is_set():
                return
            flowed = self._vitals.health(0).frames > before
            failures = 1 if flowed else failures + 1
            self._vitals.failed(error)
            level = self._log.debug if error.reason is told and not flowed else self._log.warning
            level("stream failed", reason=error.reason.value, detail=str(error), failures=failures)
            told = error.reason
            if error.reason is Reason.ENDED and not self._is_camera():
                return  # a file that is not looped has been played
            self._wait(error, failures)

    def _attempt(self) -> StreamError | None:
        """Reads until the stream breaks and says why; None when there is no more to read."""
        try:
            address = parse_address(self._camera.url.get_secret_value())
            if isinstance(address, FileAddress):
                return self._play(address)
            self._watch(address)
        except StreamError as error:
            return StreamError(error.reason, str(error))  # not it: its traceback holds the dead decoder's pictures
        except Exception as error:  # noqa: BLE001 - one camera's fault must not touch the others
            words = redact(f"{type(error).__name__}: {error}")
            self._log.error("unexpected failure in a camera's thread", error=words)
            return StreamError(Reason.INTERNAL, f"The node failed at reading this camera ({words}); see its log.")
        return None

    def _watch(self, address: CameraAddress) -> None:
        """Reads a camera; always ends with an exception, or because the node stops."""
        inspect(address, self._config.open_timeout_s)
        with self._source(address) as source:
            self._begin(source)
            clock = StreamClock()
            shown_at = time.monotonic()
            for unit in source.units():
                if self._stopping.is_set():
                    return
                now = time.monotonic()
                self._intake.take(unit, clock, now, time.time())
                if unit.frames:
                    shown_at = now
                elif now - shown_at > _UNDECODED_S:
                    raise StreamError(
                        Reason.CORRUPT, f"No picture can be decoded from what {address} sends; restart the camera."
                    )
        raise ended(str(address))

    def _play(self, address: FileAddress) -> StreamError | None:
        """Plays a file at its own pace, again and again if the camera is set so."""
        start, first = datetime.now(UTC), True
        while not self._stopping.is_set():
            with self._source(address) as source:
                self._intake.begin()
                if first:
                    self._vitals.connected(source.spec)
                first = False
                clock = FileClock(start, most_ahead_s=10.0)
                began = datetime.now(UTC)
                for unit in source.units():
                    self._pace(clock.due(unit.pts_s))
                    if self._stopping.is_set():
                        return None
                    self._intake.take(unit, clock, time.monotonic(), time.time())
            if not self._config.loop:
                return StreamError(Reason.ENDED, f"The file {address} has been played to its end.")
            if clock.newest <= start:
                return StreamError(Reason.CORRUPT, f"No picture could be decoded from {address}.")
            start = max(clock.newest + timedelta(milliseconds=40), began)
            if datetime.now(UTC) - start > timedelta(seconds=_BEHIND_S):
                start = datetime.now(UTC)
        return None

    def _pace(self, due: datetime) -> None:
        """Waits until a moment of the file is due."""
        wait_s = (due - datetime.now(UTC)).total_seconds()
        if wait_s > 0:
            self._stopping.wait(wait_s)

    def _begin(self, source: VideoSource) -> None:
        self._vitals.connected(source.spec)
        self._intake.begin()

    def _source(self, address: Address) -> VideoSource:
        return VideoSource(
            address,
            open_timeout_s=self._config.open_timeout_s,
            read_timeout_s=self._config.read_timeout_s,
            max_pixels=self._config.max_pixels,
        )

    def _wait(self, error: StreamError, failures: int) -> None:
        """Waits before the next try; leaves early when a camera that was gone speaks again."""
        pause_s = self._backoff.pause_s(failures, error.reason, random.random())  # noqa: S311 - jitter, no secret
        until = time.monotonic() + pause_s
        watched = error.reason in WATCHED and self._is_camera()
        while not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
            self._stopping.wait(min(left, _KNOCK_EVERY_S))
            if watched and until - time.monotonic() > 0 and self._answers():
                return

    def _is_camera(self) -> bool:
        return isinstance(parse_address(self._camera.url.get_secret_value()), CameraAddress)

    def _answers(self) -> bool:
        address = parse_address(self._camera.url.get_secret_value())
        return isinstance(address, CameraAddress) and speaks_rtsp(address, _KNOCK_TIMEOUT_S)
