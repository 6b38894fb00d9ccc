"""What happens to each packet of a camera: its time, its place in the ring, its picture for analysis, its health."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from contracts.event import TimeQuality
from edge.frame import Frame
from edge.stream.clock import Arrival, FrameClock
from edge.stream.gaps import GapDetector
from edge.stream.picture import PictureCheck, shrink
from edge.stream.ring import EncodedPacket, PacketRing, StreamSpec
from edge.stream.source import Converter, Unit
from edge.stream.vitals import Vitals

_TICK_S = 0.0001  # times of two pictures differ by at least this
_PARSED = frozenset({"h264", "hevc"})  # FFmpeg's parser sees the end of a picture at the start of the next
_MOST_BACKLOG = 600  # packets kept while the clock settles


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A decoded picture before its conversion, which only happens when somebody takes it."""

    picture: av.VideoFrame
    index: int
    captured_at: datetime
    quality: TimeQuality
    discontinuity: bool


def keep_newer(older: Shot, newer: Shot) -> Shot:
    """The newer picture, with the older one's break in time."""
    return replace(newer, discontinuity=True) if older.discontinuity else newer


def to_frame(shot: Shot, camera: str, convert: Callable[[av.VideoFrame], NDArray[np.uint8]]) -> Frame:
    """The picture as analysis wants it."""
    return Frame(
        camera=camera,
        index=shot.index,
        image=convert(shot.picture),
        captured_at=shot.captured_at,
        time_quality=shot.quality,
        discontinuity=shot.discontinuity,
    )


class Intake:
    """Takes the packets of one camera, connection after connection. One thread."""

    def __init__(self, ring: PacketRing, vitals: Vitals, emit: Callable[[Shot], None]) -> None:
        self._ring = ring
        self._vitals = vitals
        self._emit = emit
        self._converter = Converter()
        self._gaps = GapDetector()
        self._picture = PictureCheck()
        self._index = 0
        self._spec: StreamSpec | None = None
        self._broken = True
        self._backlog: list[Unit] = []
        self._last_pts_s: float | None = None
        self._pts = _Stamps()
        self._dts = _Stamps()

    def begin(self) -> None:
        """Another connection: nothing joins it to what came before."""
        self._spec = None
        self._broken = True
        self._backlog.clear()
        self._gaps = GapDetector()
        self._picture = PictureCheck()
        self._forget_stamps()

    def _forget_stamps(self) -> None:
        self._last_pts_s = None
        self._pts = _Stamps()
        self._dts = _Stamps()

    def take(self, unit: Unit, clock: FrameClock, monotonic_s: float, wall_s: float) -> None:
        """One packet, with the moment it came by both clocks of this machine."""
        if unit.spec is not self._spec:
            self._renew(unit.spec)
        ticks = unit.pts if unit.pts is not None else unit.dts
        base = unit.spec.time_base
        if ticks is not None:
            order = unit.dts if unit.dts is not None else ticks
            held_s = self._interval_s() if unit.spec.codec in _PARSED else 0.0
            arrival = Arrival(float(ticks * base), float(order * base), monotonic_s, wall_s, unit.sender_s, held_s)
            if clock.observe(arrival):
                self._vitals.jumped()
                self._restart_ring(unit.spec)
                self._gaps.restart()
                self._forget_stamps()
        if unit.is_damaged:
            self._vitals.damaged()
        if not clock.settled:
            if len(self._backlog) < _MOST_BACKLOG:
                self._backlog.append(replace(unit, frames=()))
            return
        for earlier in self._backlog:
            self._keep(earlier, clock)
        self._backlog.clear()
        self._keep(unit, clock)
        for picture in unit.frames:
            self._show(picture, clock)

    def _renew(self, spec: StreamSpec) -> None:
        if self._spec is not None:
            self._vitals.sized(spec)
        if self._spec is None or (self._spec.width, self._spec.height) != (spec.width, spec.height):
            self._broken = True
        self._restart_ring(spec)

    def _restart_ring(self, spec: StreamSpec) -> None:
        self._spec = spec
        self._ring.restart(spec)

    def _keep(self, unit: Unit, clock: FrameClock) -> None:
        """Puts the packet into the ring; one without any time stamp cannot be placed in a clip."""
        pts = unit.pts if unit.pts is not None else unit.dts
        if not unit.data or pts is None:
            return
        dts = unit.dts if unit.dts is not None else pts
        captured_at = clock.time_of(float(pts * unit.spec.time_base))
        self._ring.append(EncodedPacket(unit.data, pts, dts, unit.is_keyframe, captured_at))

    def _show(self, picture: av.VideoFrame, clock: FrameClock) -> None:
        pts_s = self._time_stamp(picture, self._interval_s())
        stamp = clock.stamp(pts_s)
        if self._gaps.observe(pts_s):
            self._vitals.lost()
        shot = Shot(picture, self._index, stamp.captured_at, stamp.quality, stamp.discontinuity or self._broken)
        self._broken = False
        self._index += 1
        if self._picture.is_due(pts_s):
            self._picture.look(shrink(self._converter.luma(picture)), pts_s)
            self._vitals.looked(black=self._picture.black, frozen=self._picture.frozen)
        self._vitals.frame(stamp.captured_at, stamp.quality)
        self._emit(shot)

    def _interval_s(self) -> float:
        """Usual time between pictures, as measured, else as announced."""
        rate = self._spec.average_rate if self._spec else None
        return self._gaps.interval_s or (float(1 / rate) if rate else 0.04)

    def _time_stamp(self, picture: av.VideoFrame, interval_s: float) -> float:
        """Presentation time in seconds, growing within a connection.

        Pictures leave the decoder in order, so a PTS that does not grow is faulty (AVI with packed B-frames); where
        PTS were wrong more often than decoding times, the latter are taken. What still does not grow is put one
        interval after the last.
        """
        base = picture.time_base or Fraction(1, 90000)
        pts_s = self._pts.judge(picture.pts, base)
        dts_s = self._dts.judge(picture.dts, base)
        chosen = pts_s if self._pts.faults <= self._dts.faults or dts_s is None else dts_s
        last = self._last_pts_s
        if last is not None and (chosen is None or chosen < last + _TICK_S):
            chosen = last + interval_s
        self._last_pts_s = chosen if chosen is not None else 0.0
        return self._last_pts_s


class _Stamps:
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
