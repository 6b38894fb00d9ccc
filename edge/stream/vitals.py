"""A camera's pulse: what its reading thread saw, judged into a state, a reason and a sentence."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from time import monotonic

import structlog

from contracts.event import TimeQuality
from contracts.health import CameraState, Reason
from edge.errors import StreamError
from edge.stream.health import StreamHealth
from edge.stream.ring import StreamSpec

log = structlog.get_logger(__name__)

FPS_WINDOW_S = 5.0
SHOWN_S = 10.0  # a passing fault (loss, damage, another resolution) is shown this long after it was seen last
FAULTS = 3  # holes or damaged packets within SHOWN_S before the camera counts as degraded
SILENT_S = 5.0  # without a picture although packets come


@dataclass(frozen=True, slots=True)
class Verdict:
    """State, reason and one English sentence without credentials."""

    state: CameraState
    reason: Reason
    detail: str


class Vitals:
    """Counts and judges; one thread reports, any may ask. `on_change` is called when state or reason changed."""

    def __init__(
        self,
        on_change: Callable[[], None] | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._on_change = on_change
        self._clock = clock
        self._now = now
        self._lock = Lock()
        self._ticks: deque[float] = deque()
        self._failure: StreamError | None = None
        self._connected_s: float | None = None
        self._frame_s: float | None = None
        self._holes: deque[float] = deque(maxlen=FAULTS)
        self._damages: deque[float] = deque(maxlen=FAULTS)
        self._damaged_s: float | None = None
        self._resized_s: float | None = None
        self._resized_words = ""
        self._connections = 0
        start = Verdict(CameraState.STARTING, Reason.CONNECTING, "The camera is being connected to.")
        self._health = StreamHealth(start.state, start.reason, start.detail, since=now())

    def connected(self, spec: StreamSpec) -> None:
        """A stream was opened; frames are still to come."""
        with self._lock:
            self._connections += 1
            self._connected_s = self._clock()
            old = self._health
            self._health = replace(old, reconnects=self._connections - 1)
        self.sized(spec)

    def sized(self, spec: StreamSpec) -> None:
        """Size and codec of the stream as it is from now on."""
        with self._lock:
            old = self._health
            if old.width and (old.width, old.height) != (spec.width, spec.height):
                self._resized_s = self._clock()
                self._resized_words = (
                    f"The picture changed from {old.width}x{old.height} to {spec.width}x{spec.height}; "
                    "check that lines and zones still lie where they should."
                )
            self._health = replace(old, width=spec.width, height=spec.height, codec=spec.codec)

    def frame(self, captured_at: datetime, quality: TimeQuality) -> None:
        """A picture was decoded."""
        with self._lock:
            at = self._clock()
            self._failure = None
            self._frame_s = at
            self._ticks.append(at)
            self._health = replace(
                self._health, frames=self._health.frames + 1, last_frame_at=captured_at, time_quality=quality
            )
        self.refresh()

    def lost(self) -> None:
        """A hole was found in the stream's time."""
        with self._lock:
            self._holes.append(self._clock())
            self._health = replace(self._health, gaps=self._health.gaps + 1)

    def jumped(self) -> None:
        """The stream's time jumped: counted as a gap, it is no loss."""
        with self._lock:
            self._health = replace(self._health, gaps=self._health.gaps + 1)

    def damaged(self) -> None:
        """A packet could not be decoded, or its picture is damaged."""
        with self._lock:
            self._damaged_s = self._clock()
            if self._frame_s is not None:  # before the first key frame nothing can be decoded: no fault
                self._damages.append(self._damaged_s)
        self.refresh()

    def looked(self, *, black: bool, frozen: bool) -> None:
        """Outcome of the picture check."""
        with self._lock:
            self._health = replace(self._health, black=black, frozen=frozen)

    def failed(self, error: StreamError) -> None:
        """The stream broke or could not be opened."""
        with self._lock:
            self._failure = error
            self._connected_s = None
            self._frame_s = None
            self._ticks.clear()
        self.refresh()

    def health(self, dropped: int) -> StreamHealth:
        """As of now."""
        self.refresh()
        with self._lock:
            return replace(self._health, dropped=dropped, fps=self._fps())

    def refresh(self) -> None:
        """Judges anew; tells of a change."""
        with self._lock:
            verdict = self._judge(self._clock())
            old = self._health
            changed = (verdict.state, verdict.reason) != (old.state, old.reason)
            since = self._now() if changed else old.since
            self._health = replace(old, state=verdict.state, reason=verdict.reason, detail=verdict.detail, since=since)
        if changed and self._on_change is not None:
            try:
                self._on_change()
            except Exception:
                log.exception("a listener to camera health failed")

    def _fps(self) -> float:
        at = self._clock()
        while self._ticks and self._ticks[0] < at - FPS_WINDOW_S:
            self._ticks.popleft()
        if len(self._ticks) < 2:
            return 0.0
        watched = min(FPS_WINDOW_S, max(at - self._ticks[0], self._ticks[-1] - self._ticks[0]))
        return (len(self._ticks) - 1) / watched if watched > 0 else 0.0

    def _judge(self, at: float) -> Verdict:
        if self._failure is not None:
            return Verdict(CameraState.OFFLINE, self._failure.reason, str(self._failure))
        if self._frame_s is None:
            return self._judge_silence(at)
        if at - self._frame_s > SILENT_S:
            return self._silent(at)
        return self._judge_flow(at)

    def _judge_silence(self, at: float) -> Verdict:
        if self._connected_s is not None and at - self._connected_s > SILENT_S:
            return self._silent(at)
        old = self._health
        return Verdict(old.state, old.reason, old.detail)

    def _silent(self, at: float) -> Verdict:
        if self._recent(self._damaged_s, at):
            words = "Data comes, but no picture can be decoded from it; check the network, or restart the camera."
            return Verdict(CameraState.OFFLINE, Reason.CORRUPT, words)
        words = "The connection is open but no picture comes; the camera or the network may hang."
        return Verdict(CameraState.OFFLINE, Reason.STALLED, words)

    def _judge_flow(self, at: float) -> Verdict:
        health = self._health
        faults: list[tuple[bool, Reason, str]] = [
            (health.black, Reason.BLACK, "The picture is black; check lens cover, light and exposure."),
            (health.frozen, Reason.FROZEN, "The picture has not changed for 10 s; restart the camera."),
            (
                self._many(self._damages, at),
                Reason.CORRUPT,
                "Some pictures are damaged; check the network's cable and load, or lower the camera's bit rate.",
            ),
            (
                self._many(self._holes, at),
                Reason.PACKET_LOSS,
                "Frames are missing in the stream; check the network's cable and load, or lower the camera's bit rate.",
            ),
            (self._recent(self._resized_s, at), Reason.RESOLUTION_CHANGED, self._resized_words),
        ]
        for present, reason, words in faults:
            if present:
                return Verdict(CameraState.DEGRADED, reason, words)
        return Verdict(CameraState.ONLINE, Reason.NONE, "")

    @staticmethod
    def _recent(moment: float | None, at: float) -> bool:
        return moment is not None and at - moment < SHOWN_S

    @classmethod
    def _many(cls, moments: deque[float], at: float) -> bool:
        return len(moments) == FAULTS and cls._recent(moments[0], at)
