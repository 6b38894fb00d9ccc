"""What happens to each packet of a camera: its time, its place in the ring, its picture for analysis, its health."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import av

from contracts.event import TimeQuality
from edge.frame import Frame
from edge.stream.clock import Arrival, FrameClock
from edge.stream.gaps import GapDetector
from edge.stream.picture import PictureCheck, shrink
from edge.stream.ring import EncodedPacket, PacketRing, StreamSpec
from edge.stream.source import Converter, DecodedPicture, Unit
from edge.stream.stamps import PacketDates, PictureTimes
from edge.stream.vitals import Vitals

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


def to_frame(shot: Shot, camera: str, converter: Converter) -> Frame:
    """The picture as analysis wants it; the converter is the one of the thread that takes it."""
    return Frame(
        camera=camera,
        index=shot.index,
        picture=DecodedPicture(shot.picture, converter),
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
        self._index = 0
        self.begin()

    def begin(self) -> None:
        """Another connection: nothing joins it to what came before."""
        self._spec: StreamSpec | None = None
        self._broken = True
        self._backlog: list[Unit] = []
        self._gaps = GapDetector()
        self._picture = PictureCheck()
        self._dates = PacketDates()
        self._times = PictureTimes()

    def take(self, unit: Unit, clock: FrameClock, monotonic_s: float, wall_s: float) -> None:
        """One packet, with the moment it came by both clocks of this machine."""
        if unit.is_damaged:
            self._vitals.damaged()
        for dated in self._dates.date(unit, self._interval_s(unit.spec)):
            self._take(dated, clock, monotonic_s, wall_s)

    def _take(self, unit: Unit, clock: FrameClock, monotonic_s: float, wall_s: float) -> None:
        if unit.spec is not self._spec:
            self._renew(unit.spec)
        if clock.observe(self._arrival(unit, monotonic_s, wall_s)):
            self._vitals.jumped()
            self._restart_ring(unit.spec)
            self._gaps.restart()
            self._times = PictureTimes()
        if not clock.settled:
            if len(self._backlog) < _MOST_BACKLOG:
                self._backlog.append(replace(unit, frames=()))
            return
        for earlier in self._backlog:
            self._keep(earlier, clock)
        self._backlog.clear()
        for picture in unit.frames:  # first: a stamp may move the clock, and the packet must get its picture's time
            self._show(picture, unit, clock)
        self._keep(unit, clock)

    def _arrival(self, unit: Unit, monotonic_s: float, wall_s: float) -> Arrival:
        base = unit.spec.time_base
        held_s = self._interval_s(unit.spec) if unit.spec.codec in _PARSED else 0.0
        pts_s, order_s = float((unit.pts or 0) * base), float((unit.dts or 0) * base)
        return Arrival(pts_s, order_s, monotonic_s, wall_s, unit.sender_s, held_s)

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
        if unit.data and unit.pts is not None and unit.dts is not None:
            captured_at = clock.time_of(float(unit.pts * unit.spec.time_base))
            self._ring.append(EncodedPacket(unit.data, unit.pts, unit.dts, unit.is_keyframe, captured_at))

    def _show(self, picture: av.VideoFrame, unit: Unit, clock: FrameClock) -> None:
        pts = picture.pts if picture.pts is not None else unit.pts
        base = picture.time_base or unit.spec.time_base
        pts_s = self._times.time(pts, picture.dts, base, self._interval_s(unit.spec))
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

    def _interval_s(self, spec: StreamSpec) -> float:
        """Usual time between pictures, as measured, else as announced."""
        return self._gaps.interval_s or (float(1 / spec.average_rate) if spec.average_rate else 0.04)
