"""What happens to each packet of a camera: its time, its place in the ring, its picture for analysis, its health."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

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

    def begin(self) -> None:
        """Another connection: nothing joins it to what came before."""
        self._spec = None
        self._broken = True
        self._backlog.clear()
        self._gaps = GapDetector()
        self._picture = PictureCheck()
        self._last_pts_s = None

    def take(self, unit: Unit, clock: FrameClock, monotonic_s: float, wall_s: float) -> None:
        """One packet, with the moment it came by both clocks of this machine."""
        if unit.spec is not self._spec:
            self._renew(unit.spec)
        ticks = unit.pts if unit.pts is not None else unit.dts
        base = unit.spec.time_base
        if ticks is not None:
            order = unit.dts if unit.dts is not None else ticks
            arrival = Arrival(float(ticks * base), float(order * base), monotonic_s, wall_s, unit.sender_s)
            if clock.observe(arrival):
                self._vitals.jumped()
                self._restart_ring(unit.spec)
                self._gaps.restart()
                self._last_pts_s = None
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
        interval_s = self._gaps.interval_s or self._announced_s()
        pts_s = self._time_stamp(picture, interval_s)
        stamp = clock.stamp(pts_s, interval_s)
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

    def _announced_s(self) -> float:
        rate = self._spec.average_rate if self._spec else None
        return float(1 / rate) if rate else 0.04

    def _time_stamp(self, picture: av.VideoFrame, interval_s: float) -> float:
        """PTS in seconds, growing within a connection; a missing or repeated one is put after the last."""
        pts_s = float(picture.pts * picture.time_base) if picture.pts is not None and picture.time_base else None
        last = self._last_pts_s
        if last is not None and (pts_s is None or pts_s <= last):
            pts_s = last + interval_s
        self._last_pts_s = pts_s if pts_s is not None else 0.0
        return self._last_pts_s
