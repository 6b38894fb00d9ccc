"""A track by itself: does it stand, and which way does it go?

Without a calibration there are no metres. Speed is therefore taken in box sizes per second,

    v = |p(t) - p(t - w)| / (w * s),   s = sqrt(box width * box height),

which keeps its meaning from the front of the picture to the back. A road user stands when it stays within `stop_radius`
box sizes of one place for `stop_window_s`, that is, when v < stop_radius / stop_window_s.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal

from contracts.scene import Motion
from edge.scene.geometry import Point, angle_between_deg, distance
from edge.scene.sample import Sample, seconds

_moment = attrgetter("at")
HALF_SHARE = 0.2  # of the whole way: what each half of the window must go for both to agree


class StandWatch:
    """Place where a track was last at rest, and whether it still is.

    A single bad box (a bus passes in front) does not move it: it must be outside for `move_settle_s`.
    """

    __slots__ = ("_away", "_place", "is_standing")

    def __init__(self, first: Sample) -> None:
        self._place = first
        self._away: Sample | None = None
        self.is_standing = False

    def step(self, sample: Sample, motion: Motion) -> tuple[Literal["stopped", "moved"], datetime] | None:
        """Change that has become certain with this sighting, and when it began."""
        radius = motion.stop_radius * max(self._place.size, sample.size)
        if distance(self._place.point, sample.point) <= radius:
            self._away = None
            if self.is_standing or seconds(sample.at, self._place.at) < motion.stop_window_s:
                return None
            self.is_standing = True
            return "stopped", self._place.at
        if self._away is None:
            self._away = sample
        if seconds(sample.at, self._away.at) < motion.move_settle_s:
            return None
        left_at, was_standing = self._away.at, self.is_standing
        self._place, self._away, self.is_standing = sample, None, False
        return ("moved", left_at) if was_standing else None


@dataclass(frozen=True, slots=True)
class Against:
    """A way gone against a direction: since when, how far (box sizes), at which angle to the allowed direction."""

    at: datetime
    travel: float
    angle_deg: float


class HeadingWatch:
    """Whether a track goes against an allowed direction.

    The heading is taken over `heading_window_s`, and both halves of that time must agree: when a track jumps from one
    vehicle to its oncoming neighbour, only one half does.
    """

    __slots__ = ("_since",)

    def __init__(self) -> None:
        self._since: Sample | None = None

    def forget(self) -> None:
        """It is no longer where the direction holds."""
        self._since = None

    def step(self, path: Sequence[Sample], allowed: Point, tolerance_deg: float, motion: Motion) -> Against | None:
        """Way gone against `allowed` (a vector, pixels) up to the newest sighting; None when it goes otherwise."""
        now = path[-1]
        old = path[_begin(path, motion.heading_window_s)]
        heading = now.point[0] - old.point[0], now.point[1] - old.point[1]
        if distance((0, 0), heading) < motion.heading_travel * now.size:
            return None  # stands or trembles: no heading, and what was known is kept
        if heading[0] * allowed[0] + heading[1] * allowed[1] > 0:
            self._since = None  # as most go: less than 90 degrees off the arrow, so not near its opposite
            return None
        old, middle = _window(path, motion.heading_window_s)
        slower_half = max(_progress(old, middle, allowed), _progress(middle, now, allowed))
        angle = angle_between_deg(heading, allowed)
        if slower_half > 0 or angle < 180 - tolerance_deg:
            self._since = None
            return None
        if slower_half > -HALF_SHARE * distance((0, 0), heading):
            return None  # one half stood still: a jump, or a vehicle that starts or stops; the next frames tell
        if self._since is None:
            self._since = old
        return Against(self._since.at, -_progress(self._since, now, allowed) / now.size, angle)


def _begin(path: Sequence[Sample], window_s: float) -> int:
    """Number of the oldest sighting within the window."""
    return bisect_left(path, path[-1].at - timedelta(seconds=window_s), key=_moment)


def _window(path: Sequence[Sample], window_s: float) -> tuple[Sample, Sample]:
    """Oldest sighting within the window, and the one nearest to its middle (of two equally near the older)."""
    now = path[-1].at
    within: list[tuple[float, Sample]] = []
    for sample in reversed(path):
        age_s = (now - sample.at).total_seconds()
        if age_s > window_s:
            break
        within.append((age_s, sample))
    length_s, oldest = within[-1]
    half, middle, least = length_s / 2, oldest, math.inf
    for age_s, sample in within:
        apart = abs(age_s - half)
        if apart > least:
            break
        middle, least = sample, apart
    return oldest, middle


def _progress(p: Sample, q: Sample, direction: Point) -> float:
    """Pixels gone along a direction."""
    dx, dy = q.point[0] - p.point[0], q.point[1] - p.point[1]
    return (dx * direction[0] + dy * direction[1]) / distance((0, 0), direction)
