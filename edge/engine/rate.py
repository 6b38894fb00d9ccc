"""How many pictures a second a camera needs. Pure: seconds are handed in, of any one clock.

| what is seen | what the scene needs |
|---|---|
| road users that move, and a rule times them | the most |
| road users, or something that moves | the usual |
| the same, and a detection region must be seen more often | as often as that |
| nobody seen and nothing moved for some seconds | the least; the usual where a signal head is watched in the picture |

Where the machine has room, whoever is not at rest gets the most: a track through more pictures is a better one.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.scene import RuleId

TIMED: Final[frozenset[RuleId]] = frozenset(
    {
        "red_light",
        "stop_line_overrun",
        "speeding",
        "section_speed",
        "solid_line",
        "wrong_lane",
        "prohibited_turn",
        "not_yielding",
        "sudden_slowdown",
        "collision_suspicion",
    }
)
"""Rules that time a crossing, measure a speed, or look at where a fast vehicle is within a fraction of a second."""

QUIET_S = 5.0  # without anybody seen or anything moving before a camera rests
FRESH_S = 2.0  # so long after the last sighting and the last movement, somebody moves
SOURCE_WINDOW_S = 5.0
SOURCE_LEAST_S = 1.0
ROOM_BEGINS = 0.6  # share of the places' time that the most of all cameras would take
ROOM_ENDS = 0.8


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Pictures a second; least <= usual <= most."""

    least: float
    usual: float
    most: float


class Rate:
    """What one camera needs and may have. Begins awake.

    Args:
        limits: of the node.
        rules: those that are on.
        watches_lamps: a signal head is read from the picture; at the least rate its changes would be missed.
        now_s: the moment it begins.
        at_least: pictures a second that a detection region needs while somebody is there.
    """

    def __init__(
        self,
        limits: RateLimits,
        rules: Collection[RuleId],
        *,
        watches_lamps: bool,
        now_s: float,
        at_least: float = 0.0,
    ) -> None:
        self._limits = RateLimits(limits.least, max(limits.usual, at_least), max(limits.most, at_least))
        self._times = not TIMED.isdisjoint(rules)
        self._least = limits.usual if watches_lamps else limits.least
        self._seen_s = self._moved_s = now_s

    def seen(self, now_s: float) -> None:
        """A road user was detected."""
        self._seen_s = now_s

    def moved(self, now_s: float) -> None:
        """Something moved in the picture."""
        self._moved_s = now_s

    def needed(self, now_s: float) -> float:
        """Pictures a second that the scene needs now."""
        if self._rests(now_s):
            return self._least
        fresh = now_s - min(self._seen_s, self._moved_s) <= FRESH_S
        return self._limits.most if self._times and fresh else self._limits.usual

    def welcome(self, now_s: float) -> float:
        """Pictures a second that make the tracks better where the machine has room."""
        return self._least if self._rests(now_s) else self._limits.most

    def _rests(self, now_s: float) -> bool:
        return now_s - max(self._seen_s, self._moved_s) > QUIET_S


class SourceRate:
    """Pictures a second that a camera sends, by the stream's own time: a slow decoder changes nothing in it."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, datetime]] = deque()

    def see(self, index: int, captured_at: datetime, *, discontinuity: bool) -> None:
        """Takes a picture into account: its number among all that were decoded, and its time."""
        if discontinuity:
            self._seen.clear()
        self._seen.append((index, captured_at))
        while (captured_at - self._seen[0][1]).total_seconds() > SOURCE_WINDOW_S:
            self._seen.popleft()

    @property
    def fps(self) -> float | None:
        """None while too little was seen."""
        if not self._seen:
            return None
        (first, since), (last, until) = self._seen[0], self._seen[-1]
        span_s = (until - since).total_seconds()
        return (last - first) / span_s if span_s >= SOURCE_LEAST_S else None


def has_room(turn_s: float, welcome: float, places: int, *, had_room: bool) -> bool:
    """Whether all cameras may have what is welcome.

    Args:
        turn_s: usual length of a turn.
        welcome: turns a second, of all cameras.
        places: turns at once.
        had_room: the answer before; so that it does not change to and fro.
    """
    return turn_s * welcome / places < (ROOM_ENDS if had_room else ROOM_BEGINS)
