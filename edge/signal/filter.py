"""Sightings of one signal head, frame by frame, become changes that hold. Event time only.

- A state that a lamp shows must be seen for `hold_s` (at low frame rates in two frames); the change is dated at its
  first sighting. Red therefore begins at the last plausible moment: it began up to one frame interval earlier.
- Leaving red needs no holding: it is told at the first sighting of another lamp, dated at the last sighting of red, and
  taken back when red goes on. So red is never told for a moment at which it may have ended.
- Not seen (dark, glare, a bus before it) for longer than `blind_s`: unknown, dated at the last sighting. When the same
  state comes back within `lost_s` that is taken back: LED heads beat with the shutter, riders pass.
- Yellow that goes dark and comes back in a period of 0.5 to 1.5 s, twice: flashing yellow, dated at its beginning.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from contracts.signals import SignalChange, SignalState

SEEN: Final = frozenset({"red", "red_yellow", "yellow", "green"})
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the filter waits, seconds.

    Attributes:
        hold_s: a new state is seen for so long before it is believed, its last frame's interval included.
        blind_s: a state not seen for so long is unknown.
        lost_s: and stays so unless it comes back within this.
        flash_min_s, flash_max_s: period of a flashing lamp.
        dark_s: a flashing lamp is dark for longer than this; an LED lamp that beats with the shutter is not.
    """

    hold_s: float = 0.27
    blind_s: float = 0.3
    lost_s: float = 1.0
    flash_min_s: float = 0.5
    flash_max_s: float = 1.5
    dark_s: float = 0.22


@dataclass(slots=True)
class _Memory:
    """What was seen so far.

    `believed` was seen long enough, last at `seen_at`; `candidate` was seen `count` times from `first` to `last` and
    may be believed next. `onsets` are moments at which yellow came on after dark; `on_at` when it was last seen on.
    """

    believed: SignalState = "unknown"
    seen_at: datetime | None = None
    candidate: SignalState | None = None
    first: datetime = _LONG_AGO
    last: datetime = _LONG_AGO
    count: int = 0
    onsets: list[datetime] = field(default_factory=list)
    was_dark: bool = False
    on_at: datetime = _LONG_AGO
    flashing: bool = False


class HeadFilter:
    """One head. Not shared between threads."""

    def __init__(self, head: str, patience: Patience = Patience()) -> None:
        self._head = head
        self._patience = patience
        self._told: SignalState = "unknown"
        self._at: datetime | None = None
        self._interval = self._before = timedelta()
        self._memory = _Memory()

    def see(self, sighting: SignalState, at: datetime, *, discontinuity: bool = False) -> list[SignalChange]:
        """Changes that became certain with a frame, in the order they are told; the last one holds.

        Args:
            sighting: what the frame shows; `off` and `unknown` are "not seen".
            at: event time of the frame. When it is not after the one before, all that was seen is forgotten.
            discontinuity: nothing before this frame connects with it.
        """
        changes: list[SignalChange] = []
        if discontinuity or (self._at is not None and at <= self._at):
            changes.append(SignalChange(self._head, at, "unknown", "image"))
            self._told, self._memory = "unknown", _Memory()
            self._at = None
        self._pace(at)
        changes += self._flash(sighting, at)
        if self._memory.flashing:
            return changes
        return changes + (self._lamp(sighting, at) if sighting in SEEN else self._nothing(at))

    def _lamp(self, sighting: SignalState, at: datetime) -> list[SignalChange]:
        """A lamp is lit: the state goes on, comes back, or a new one is about to be believed."""
        changes = []
        if (
            self._memory.believed != "unknown"
            and self._memory.seen_at
            and at - self._memory.seen_at > self._limit(self._patience.lost_s)
        ):
            changes += self._tell("unknown", self._memory.seen_at)
            self._memory.believed = "unknown"
        if sighting == self._memory.believed:
            changes += self._back(sighting)
            self._memory.seen_at, self._memory.candidate = at, None
            return changes
        if sighting != self._memory.candidate or at - self._memory.last > self._limit(self._patience.blind_s):
            self._memory.candidate, self._memory.first, self._memory.count = sighting, at, 0
        self._memory.count, self._memory.last = self._memory.count + 1, at
        if self._memory.believed == self._told == "red" and self._memory.seen_at:
            changes += self._tell(sighting, self._memory.seen_at)
        if self._memory.count >= 2 and at + self._interval - self._memory.first >= _s(self._patience.hold_s):
            dated = self._memory.first
            if self._memory.believed == "red" and self._told != "unknown" and self._memory.seen_at:
                dated = self._memory.seen_at
            changes += self._tell(sighting, dated)
            self._memory.believed, self._memory.seen_at, self._memory.candidate = sighting, at, None
        return changes

    def _back(self, sighting: SignalState) -> list[SignalChange]:
        """What was told while the state was out of sight, or another seemed to begin, is taken back."""
        if self._told == sighting or self._memory.seen_at is None:
            return []
        return self._tell(sighting, self._memory.seen_at)

    def _nothing(self, at: datetime) -> list[SignalChange]:
        """No lamp is seen."""
        if self._memory.believed == "unknown" or self._memory.seen_at is None:
            return []
        blind = at - self._memory.seen_at
        if blind <= self._limit(self._patience.blind_s):
            return []
        changes = [] if self._told == "unknown" else self._tell("unknown", self._memory.seen_at)
        if blind > self._limit(self._patience.lost_s):
            self._memory.believed, self._memory.candidate = "unknown", None
        return changes

    def _flash(self, sighting: SignalState, at: datetime) -> list[SignalChange]:
        """Watches yellow go on and off; while it flashes nothing else is judged until it ends."""
        is_on = sighting == "yellow"
        if is_on and self._memory.was_dark and at - self._memory.on_at > _s(self._patience.dark_s):
            slack = self._interval
            low, high = _s(self._patience.flash_min_s) - slack, _s(self._patience.flash_max_s) + slack
            if self._memory.onsets and not low <= at - self._memory.onsets[-1] <= high:
                self._memory.onsets = []
            self._memory.onsets.append(at)
            del self._memory.onsets[: -3 if not self._memory.flashing else -1]
        if sighting in SEEN and not is_on:
            self._memory.onsets = []
        self._memory.on_at = at if is_on else self._memory.on_at
        self._memory.was_dark = sighting == "off" or (self._memory.was_dark and sighting == "unknown")
        if self._memory.flashing:
            return self._flash_goes_on(at)
        if len(self._memory.onsets) < 3:
            return []
        self._memory.flashing, self._memory.candidate = True, None
        return self._tell("flashing_yellow", self._memory.onsets[0])

    def _flash_goes_on(self, at: datetime) -> list[SignalChange]:
        onset = self._memory.onsets[-1] if self._memory.onsets else None
        if onset is not None and at - onset <= _s(self._patience.flash_max_s) + self._interval:
            return []
        ended = self._memory.on_at
        self._memory = _Memory()
        return self._tell("unknown", ended)

    def _pace(self, at: datetime) -> None:
        """Takes the time of a frame. The interval is the shorter of the last two: one gap does not slow the pace."""
        interval = at - self._at if self._at else timedelta()
        self._interval = min(interval, self._before) if self._before else interval
        self._at, self._before = at, interval

    def _limit(self, seconds: float) -> timedelta:
        """A time out of sight; never shorter than what the frame rate itself leaves out of sight."""
        return max(_s(seconds), 1.5 * self._interval)

    def _tell(self, state: SignalState, at: datetime) -> list[SignalChange]:
        if state == self._told == "unknown":
            return []
        self._told = state
        return [SignalChange(self._head, at, state, "image")]


def _s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
