"""Holes in a stream's time stamps: pictures that were taken but never arrived.

Decoders hide lost packets (no exception, no corrupt flag), so loss is read from the presentation times. What
counts as a hole depends on how regular the camera is: a steady 25 fps camera loses a picture when 80 ms pass, an
uneven one may well pause that long by itself.
"""

from collections import deque
from statistics import median

_WINDOW = 60  # intervals: 2.4 s at 25 fps, a minute at 1 fps
_LEARN = 8  # intervals before a judgement
_STEADY = 0.15  # an interval within this share of the median is regular
_STEADY_SHARE = 0.75  # of the window's intervals must be regular; one in ten lost still leaves 0.89
_HOLE = 1.75  # times the median interval: between one frame (1) and one lost (2)
_UNEVEN_HOLE = 4.0  # times the longest usual interval of an uneven camera
_RATE_CHANGE = 3  # long intervals in a row mean a new rate (night mode), not loss


class GapDetector:
    """Counts holes in one stream's presentation times; feed it every decoded frame in order."""

    def __init__(self) -> None:
        self._intervals: deque[float] = deque(maxlen=_WINDOW)
        self._last: float | None = None
        self._long: list[float] = []

    def restart(self) -> None:
        """Forgets the last frame, not the rate: call at a discontinuity."""
        self._last = None
        self._long.clear()

    @property
    def interval_s(self) -> float | None:
        """Usual time between frames, seconds; None while too few were seen."""
        return median(self._intervals) if len(self._intervals) >= _LEARN else None

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
            self._intervals.append(interval)
            return missing
        self._long.append(interval)
        if len(self._long) >= _RATE_CHANGE and max(self._long) < 1.5 * min(self._long):
            self._intervals.clear()
            self._intervals.extend(self._long)
            self._long.clear()
        return 0

    def _missing(self, interval: float) -> int:
        usual = median(self._intervals)
        return max(1, round(interval / usual) - 1)

    def _threshold(self) -> float | None:
        if len(self._intervals) < _LEARN:
            return None
        usual = median(self._intervals)
        regular = sum(abs(interval - usual) <= _STEADY * usual for interval in self._intervals)
        if regular >= _STEADY_SHARE * len(self._intervals):
            return _HOLE * usual
        longest = sorted(self._intervals)[int(0.95 * (len(self._intervals) - 1))]
        return _UNEVEN_HOLE * longest
