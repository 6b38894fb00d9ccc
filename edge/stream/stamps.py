"""Time stamps that cameras and files leave out, repeat or confuse, put right. Pure."""

from dataclasses import replace
from fractions import Fraction

from edge.stream.source import Unit

_TICK_S = 0.0001  # times of two pictures differ by at least this
_MOST_HELD = 5


class PacketDates:
    """Gives undated packets a time next to their neighbours.

    FFmpeg's parser loses the time of a connection's first packet, which is the key frame a clip starts with: it is
    held until the next one tells.
    """

    def __init__(self) -> None:
        self._held: list[Unit] = []
        self._last: int | None = None

    def date(self, unit: Unit, interval_s: float) -> list[Unit]:
        """Units that can go on, in order, each with `pts` and `dts`; none while the first are held."""
        step = max(1, round(interval_s / unit.spec.time_base))
        ticks = unit.dts if unit.dts is not None else unit.pts
        if ticks is None and self._last is None and len(self._held) < _MOST_HELD:
            self._held.append(unit)
            return []
        if ticks is None:
            ticks = len(self._held) * step if self._last is None else self._last + step
        earlier, self._held = self._held, []
        self._last = ticks
        dated = [_dated(each, ticks - step * (len(earlier) - index)) for index, each in enumerate(earlier)]
        return [*dated, _dated(unit, ticks)]


def _dated(unit: Unit, ticks: int) -> Unit:
    if unit.pts is not None and unit.dts is not None:
        return unit
    return replace(
        unit,
        pts=unit.pts if unit.pts is not None else ticks,
        dts=unit.dts if unit.dts is not None else ticks,
    )


class PictureTimes:
    """Presentation times of decoded pictures, always growing."""

    def __init__(self) -> None:
        self._pts = _Ticks()
        self._dts = _Ticks()
        self._last_s: float | None = None

    def time(self, pts: int | None, dts: int | None, base: Fraction, interval_s: float) -> float:
        """Seconds at which a picture is shown.

        Pictures leave the decoder in order, so a PTS that does not grow is faulty (AVI with packed B-frames); where
        PTS were wrong more often than decoding times, the latter are taken. What still does not grow is put one
        interval after the last.
        """
        pts_s = self._pts.judge(pts, base)
        dts_s = self._dts.judge(dts, base)
        chosen = pts_s if self._pts.faults <= self._dts.faults or dts_s is None else dts_s
        last = self._last_s
        if last is not None and (chosen is None or chosen < last + _TICK_S):
            chosen = last + interval_s
        self._last_s = chosen if chosen is not None else 0.0
        return self._last_s


class _Ticks:
    """Counts how often one kind of time stamp is missing or does not grow."""

    def __init__(self) -> None:
        self.faults = 0
        self._last: int | None = None

    def judge(self, ticks: int | None, base: Fraction) -> float | None:
        """Seconds; None where there is no time stamp."""
        if ticks is None or (self._last is not None and ticks <= self._last):
            self.faults += 1
        if ticks is None:
            return None
        self._last = ticks if self._last is None else max(self._last, ticks)
        return float(ticks * base)
