"""A small world of road users that move by formula, seen by a detector with known faults."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from contracts.classes import RoadUserClass
from edge.detections import Detections

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Event time so many seconds after the start."""
    return START + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Actor:
    """One thing a detector may see. `place` gives the bottom centre (pixels) at a time, None when out of sight."""

    cls: RoadUserClass
    place: Callable[[float], tuple[float, float] | None]
    width: float
    height: float
    confidence: float = 0.8

    def row(self, t: float) -> tuple[float, float, float, float, float, int] | None:
        """x1, y1, x2, y2, confidence, class at a time."""
        where = self.place(t)
        if where is None:
            return None
        x, y = where
        return x - self.width / 2, y - self.height, x + self.width / 2, y, self.confidence, int(self.cls)


def line(
    x: float, y: float, vx: float = 0.0, vy: float = 0.0, *, since: float = 0.0, until: float = 1e9
) -> Callable[[float], tuple[float, float] | None]:
    """Straight road at constant speed (pixels per second), in sight from `since` to `until`."""
    return lambda t: (x + vx * t, y + vy * t) if since <= t <= until else None


def car(x: float, y: float, vx: float = 0.0, vy: float = 0.0, confidence: float = 0.8) -> Actor:
    """A car of 90 by 50 pixels."""
    return Actor(RoadUserClass.CAR, line(x, y, vx, vy), 90, 50, confidence)


def motorcycle(place: Callable[[float], tuple[float, float] | None], riders: int = 1) -> list[Actor]:
    """A motorcycle of 40 by 50 pixels with its riders, each a box of its own."""
    machine = Actor(RoadUserClass.MOTORCYCLE, place, 40, 50, 0.7)
    return [machine, *(Actor(RoadUserClass.PERSON, above(place, 12 - 6 * seat, 12), 32, 62) for seat in range(riders))]


def above(
    place: Callable[[float], tuple[float, float] | None], dx: float, dy: float
) -> Callable[[float], tuple[float, float] | None]:
    """Place so many pixels to the right and above another."""

    def moved(t: float) -> tuple[float, float] | None:
        where = place(t)
        return None if where is None else (where[0] + dx - 9, where[1] - dy)

    return moved


def pedestrian(place: Callable[[float], tuple[float, float] | None]) -> Actor:
    """A person of 30 by 80 pixels on foot."""
    return Actor(RoadUserClass.PERSON, place, 30, 80)


def see(
    actors: Iterable[Actor], t: float, *, jitter: float = 0.0, miss: float = 0.0, rng: np.random.Generator | None = None
) -> Detections:
    """What a detector gives at a time: boxes that tremble by `jitter` pixels and are missed with chance `miss`."""
    rows = [row for actor in actors if (row := actor.row(t)) is not None]
    if rng is not None:
        rows = [row for row in rows if rng.random() >= miss]
    if not rows:
        return Detections.empty()
    table = np.array(rows, np.float64)
    if rng is not None:
        table[:, :4] += rng.normal(0, jitter, (len(rows), 4))
    return Detections(table[:, :4].astype(np.float32), table[:, 4].astype(np.float32), table[:, 5].astype(np.int64))


def every(seconds: float, until: float, start: float = 0.0) -> list[float]:
    """Evenly spaced times."""
    return [float(t) for t in np.arange(start, until, seconds)]
