"""An act that happened in a simulated world, and what the truth of all rules rests on: ground points in time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.simulation.camera import NEAREST_M
from tests.simulation.pictures import cut_boxes, is_seen
from tests.simulation.trajectory import Floats, Mover
from tests.simulation.world import World

Segment = tuple[tuple[float, float], tuple[float, float]]
FINE_S = 0.005


@dataclass(frozen=True, slots=True)
class Act:
    """Something a rule must find.

    Attributes:
        mover: place in the world's road users; None for an act of a whole lane or zone.
        at: when it began; `until`: a finding may say any moment from `at` to here.
        doubtful: so near to a limit that either answer is right; neither asked for nor held against a finding.
    """

    rule: str
    where: str
    mover: int | None
    at: float
    until: float
    doubtful: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """A road user's way through the picture, in steps of its trajectory, without any fault.

    Attributes:
        t: (N,) moments at which it is seen; `points`: (N, 2) ground points, pixels; `sizes`: (N,) box sizes, pixels.
        x, y: (N,) middle of its front, metres; `ground`: (N, 2) where the ground points lie, metres: what a scene can
            know of a place.
    """

    number: int
    mover: Mover
    t: Floats
    points: Floats
    sizes: Floats
    x: Floats
    y: Floats
    ground: Floats

    def after(self, t: float, seconds: float) -> "slice":
        """Steps from a moment on, for so long."""
        first, last = np.searchsorted(self.t, (t, t + seconds))
        return slice(int(first), int(last))

    def driven(self, start: float, end: float) -> float:
        """Metres its front moved from one moment to another."""
        times = np.linspace(start, end, max(int((end - start) / 0.2), 2))
        x, y = np.interp(times, self.t, self.x), np.interp(times, self.t, self.y)
        return float(np.hypot(np.diff(x), np.diff(y)).sum())


class Ways:
    """All ways through one camera's picture."""

    def __init__(self, world: World) -> None:
        self.world = world
        found = (_way(world, number, mover) for number, mover in enumerate(world.movers))
        self.all = [way for way in found if way is not None]

    def line(self, line_id: str) -> Segment:
        """A directed line, pixels."""
        (ax, ay), (bx, by) = self.world.scene.segments()[line_id]
        width, height = self.world.size
        return (ax * width, ay * height), (bx * width, by * height)

    def crossings(self, line_id: str) -> Iterator[tuple[Way, float, bool]]:
        """Every passage over a line: who, when (to 5 ms), and whether forward."""
        segment = self.line(line_id)
        for way in self.all:
            for t, forward in crossings(self.world, way, segment):
                yield way, t, forward


def _way(world: World, number: int, mover: Mover) -> Way | None:
    seen_from, seen_to = world.times[0], world.times[-1]
    kept = (mover.t >= seen_from) & (mover.t <= seen_to)
    near = np.hypot(mover.x - world.camera.place[0], mover.y - world.camera.place[1]) < 90.0
    t = mover.t[kept & near]
    if len(t) < 2:
        return None
    boxes, depth = world.camera.boxes(mover, t)
    cut = cut_boxes(world.camera, boxes)
    seen = is_seen(boxes, cut) & (depth > NEAREST_M)
    if seen.sum() < 2:
        return None
    points = np.stack([(cut[:, 0] + cut[:, 2]) / 2, cut[:, 3]], axis=1)[seen]
    sizes = np.sqrt((cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1]))[seen]
    x, y, _ = mover.at(t[seen])
    return Way(number, mover, t[seen], points, sizes, x, y, world.camera.to_ground(points))


def side(segment: Segment, points: Floats) -> Floats:
    """(N,) distance right of a line (its forward side), pixels; negative left of it."""
    (ax, ay), (bx, by) = segment
    dx, dy = bx - ax, by - ay
    area = dx * (points[:, 1] - ay) - dy * (points[:, 0] - ax)
    return np.asarray(area / np.hypot(dx, dy))


def _abreast(segment: Segment, points: Floats) -> Floats:
    """(N,) place along a line, 0 at its start, 1 at its end."""
    (ax, ay), (bx, by) = segment
    dx, dy = bx - ax, by - ay
    return np.asarray(((points[:, 0] - ax) * dx + (points[:, 1] - ay) * dy) / (dx * dx + dy * dy))


def crossings(world: World, way: Way, segment: Segment) -> Iterator[tuple[float, bool]]:
    """Moments at which the faultless ground point passes a segment."""
    beyond = side(segment, way.points) >= 0
    for step in np.flatnonzero(beyond[1:] != beyond[:-1]).tolist():
        start, end = way.t[step], way.t[step + 1]
        if end - start > 1.0:
            continue
        fine = np.linspace(start, end, max(int((end - start) / FINE_S), 2) + 1)
        points = world.camera.ground_points(way.mover, fine)
        passed = (side(segment, points) >= 0) == beyond[step + 1]
        index = int(np.argmax(passed))
        if 0 <= _abreast(segment, points[index : index + 1])[0] <= 1:
            yield float(fine[index]), bool(beyond[step + 1])
