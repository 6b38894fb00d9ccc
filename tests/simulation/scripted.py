"""Violators (and people on foot) with their own kinematics, put where and when the road is free.

The traffic is known for the whole hour before they come, so a way is tried at random moments until nobody is run over:
no collision is ever shown to the rules, and nobody is put into the middle of a queue.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from contracts.classes import RoadUserClass
from tests.simulation.trajectory import SIZES, Floats, Mover

TICK_S = 0.1
BUCKETS_PER_S = 5
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leg:
    """For so long, ending at that speed (metres per second); the speed changes evenly."""

    seconds: float
    to_speed: float


def cruise(length_m: float, speed: float) -> Leg:
    """Over a distance at one speed."""
    return Leg(length_m / speed, speed)


def drive(
    name: str, cls: RoadUserClass, way: Sequence[Spot], start_s: float, start_speed: float, legs: Iterable[Leg]
) -> Mover:
    """A road user along a way (a chain of points, metres), which ends with its way or its legs."""
    spots = np.asarray(way, np.float64)
    steps = np.hypot(*np.diff(spots, axis=0).T)
    reach = np.r_[0.0, np.cumsum(steps)]
    times, speeds = [0.0], [start_speed]
    for leg in legs:
        times.append(times[-1] + leg.seconds)
        speeds.append(leg.to_speed)
    t = np.arange(0.0, times[-1], TICK_S)
    v = np.interp(t, times, speeds)
    s = np.r_[0.0, np.cumsum((v[1:] + v[:-1]) / 2 * TICK_S)]
    last = int(np.searchsorted(s, reach[-1], side="right"))
    t, s = t[:last], s[:last]
    x = np.asarray(np.interp(s, reach, spots[:, 0]), np.float64)
    y = np.asarray(np.interp(s, reach, spots[:, 1]), np.float64)
    ahead = np.minimum(s + 0.5, reach[-1])
    behind = np.maximum(ahead - 1.0, 0.0)
    dx = np.interp(ahead, reach, spots[:, 0]) - np.interp(behind, reach, spots[:, 0])
    dy = np.interp(ahead, reach, spots[:, 1]) - np.interp(behind, reach, spots[:, 1])
    return Mover(name, cls, SIZES[cls], start_s + t, x, y, np.unwrap(np.arctan2(dy, dx)))


def arc(start: Spot, heading: float, turn: float, radius: float, steps: int = 12) -> list[Spot]:
    """Points of a turn, anticlockwise for a positive angle (radians), without the first."""
    side = math.copysign(1.0, turn)
    cx, cy = start[0] - side * radius * math.sin(heading), start[1] + side * radius * math.cos(heading)
    angles = [heading - side * math.pi / 2 + turn * number / steps for number in range(1, steps + 1)]
    return [(cx + radius * math.cos(angle), cy + radius * math.sin(angle)) for angle in angles]


class Occupancy:
    """Where everybody is, five times a second."""

    def __init__(self, movers: Iterable[Mover]) -> None:
        self._buckets: dict[int, list[tuple[float, float, float, float, float]]] = {}
        for mover in movers:
            self.add(mover)

    def add(self, mover: Mover) -> None:
        """One more."""
        first, last = math.ceil(mover.t[0] * BUCKETS_PER_S), math.floor(mover.t[-1] * BUCKETS_PER_S)
        if last < first:
            return
        ticks = np.arange(first, last + 1)
        times = ticks / BUCKETS_PER_S
        x, y = mover.middle(times)
        heading = mover.at(times)[2]
        for tick, *pose in zip(ticks.tolist(), x.tolist(), y.tolist(), heading.tolist(), strict=True):
            self._buckets.setdefault(tick, []).append((*pose, mover.size[0], mover.size[1]))

    def is_free(self, mover: Mover, gap_m: float) -> bool:
        """Nobody comes nearer to it than that, along or beside it."""
        first, last = math.ceil(mover.t[0] * BUCKETS_PER_S), math.floor(mover.t[-1] * BUCKETS_PER_S)
        times: Floats = np.arange(first, last + 1) / BUCKETS_PER_S
        x, y = mover.middle(times)
        heading = mover.at(times)[2]
        poses = zip(x.tolist(), y.tolist(), heading.tolist(), strict=True)
        return not any(
            _touch((px, py, ph, mover.size[0], mover.size[1]), other, gap_m)
            for tick, (px, py, ph) in enumerate(poses, start=first)
            for other in self._buckets.get(tick, ())
        )


def _touch(own: tuple[float, ...], other: tuple[float, ...], gap_m: float) -> bool:
    """Footprints nearer than the gap; the other's is taken as the rectangle around it in our own directions."""
    x, y, heading, length, width = own
    ox, oy, oheading, olength, owidth = other
    dx, dy = ox - x, oy - y
    if abs(dx) + abs(dy) > 24.0:
        return False
    c, s = math.cos(heading), math.sin(heading)
    along, aside = abs(dx * c + dy * s), abs(dy * c - dx * s)
    oc, os = abs(math.cos(oheading - heading)), abs(math.sin(oheading - heading))
    reach = (length + olength * oc + owidth * os) / 2 + gap_m
    breadth = (width + olength * os + owidth * oc) / 2 + min(gap_m, 0.4)
    return along < reach and aside < breadth


def insert(
    occupancy: Occupancy,
    make: Callable[[int, float, np.random.Generator], Mover],
    rng: np.random.Generator,
    *,
    wanted: int,
    between: tuple[float, float],
    gap_m: float = 0.5,
    tries: int = 25,
) -> list[Mover]:
    """Up to that many road users, each at a random moment at which its way is free.

    Args:
        make: road user of a number and a start (seconds).
    """
    placed = []
    for number in range(wanted):
        for _ in range(tries):
            mover = make(number, float(rng.uniform(*between)), rng)
            if len(mover.t) > 2 and mover.t[-1] < between[1] and occupancy.is_free(mover, gap_m):
                occupancy.add(mover)
                placed.append(mover)
                break
    return placed
