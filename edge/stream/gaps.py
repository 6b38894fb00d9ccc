"""Holes in a stream's time stamps: pictures that were taken but never arrived.

Decoders hide lost packets (no exception, no corrupt flag), so loss is read from the presentation times. What
counts as a hole depends on how regular the camera is: a steady 25 fps camera loses a picture when 80 ms pass, an
uneven one may well pause that long by itself.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable

_WINDOW = 60  # intervals: 2.4 s at 25 fps, a minute at 1 fps
_LEARN = 8  # intervals before a judgement
_STEADY = 0.15  # an interval within this share of the median is regular
_STEADY_SHARE = 0.75  # of the window's intervals must be regular; one in ten lost still leaves 0.89
_HOLE = 1.75  # times the median interval: between one frame (1) and one lost (2)
_UNEVEN_HOLE = 4.0  # times the longest usual interval of an uneven camera
_RATE_CHANGE = 3  # long intervals in a row mean a new rate (night mode), not loss


class _Window:
    """The newest intervals, also in order of length: every frame asks for their median."""

    def __init__(self) -> None:
        self._newest: deque[float] = deque()
        self._ordered: list[float] = []

    def __len__(self) -> int:
        return len(self._newest)

    def add(self, interval: float) -> None:
        """Takes one in; the oldest of too many goes."""
        if len(self._newest) == _WINDOW:
            del self._ordered[bisect_left(self._ordered, self._newest.popleft())]
        self._newest.append(interval)
        insort(self._ordered, interval)

    def renew(self, intervals: Iterable[float]) -> None:
        """Keeps only these."""
        self._newest = deque(intervals)
        self._ordered = sorted(self._newest)

    @property
    def median(self) -> float:
        """Of one or more."""
        half, odd = divmod(len(self._ordered), 2)
        return self._ordered[half] if odd else (self._ordered[half - 1] + self._ordered[half]) / 2

    def share_within(self, least: float, most: float) -> float:
        """Share of them from `least` to `most`."""
        return (bisect_right(self._ordered, most) - bisect_left(self._ordered, least)) / len(self._ordered)

    def quantile(self, share: float) -> float:
        """So large a share of them is no longer."""
        return self._ordered[int(share * (len(self._ordered) - 1))]


class GapDetector:
    """Counts holes in one stream's presentation times; feed it every decoded frame in order."""

    def __init__(self) -> None:
        self._intervals = _Window()
        self._last: float | None = None
        self._long: list[float] = []

    def restart(self) -> None:
        """Forgets the last frame, not the rate: call at a discontinuity."""
        self._last = None
        self._long.clear()

    @property
    def interval_s(self) -> float | None:
        """Usual time between frames, seconds; None while too few were seen."""
        return self._intervals.median if len(self._intervals) >= _LEARN else None

    def observe(self, pts_s: float) -> int:
        """Frames missing before this one or the few before it; 0 mostly.

        A hole is told one frame late: only a return to the usual interval tells loss from a slower rate.
        """
        last, self._last = self._last, pts_s
        if last is None:
            return 0
        interval = pts_s - last
        if interval <= 0:
            return 0
        threshold = self._threshold()
        if threshold is None or interval < threshold:
            missing = sum(self._missing(long) for long in self._long)
            self._long.clear()
            self._intervals.add(interval)
            return missing
        self._long.append(interval)
        if len(self._long) >= _RATE_CHANGE and max(self._long) < 1.5 * min(self._long):
            self._intervals.renew(self._long)
            self._long.clear()
        return 0

    def _missing(self, interval: float) -> int:
        usual = self._intervals.median
        return max(1, round(interval / usual) - 1)

    def _threshold(self) -> float | None:
        if len(self._intervals) < _LEARN:
            return None
        usual = self._intervals.median
        if self._intervals.share_within((1 - _STEADY) * usual, (1 + _STEADY) * usual) >= _STEADY_SHARE:
            return _HOLE * usual
        return _UNEVEN_HOLE * self._intervals.quantile(0.95)
