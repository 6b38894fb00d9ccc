"""Geometry of two road users who meet: how one drives, and where the other is beside its path.

Measured on the ground, in metres, where a good calibration holds for all of them; else in the picture, in pixels. Each
path brings its own box size: what is so many box sizes in the picture is so many times the usual size on the ground.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.scene.geometry import Point, along, distance
from edge.scene.ground import Ground
from edge.scene.sample import Sample, seconds

HEADING_S = 0.6  # the heading is taken over so long
MOVES = 0.25  # box sizes gone in that time: less has no heading


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a meeting is measured: on the ground, or (None) in the picture."""

    ground: Ground | None

    @classmethod
    def of(cls, ground: Ground | None, places: Iterable[Point]) -> "Plan":
        """On the ground when a good calibration holds at all these places of the picture."""
        holds = ground is not None and ground.is_good and all(ground.is_valid(place) for place in places)
        return cls(ground if holds else None)

    def has(self, point: Point) -> bool:
        """Whether a point of the picture has a place on the plan: at and above the horizon there is no ground."""
        with suppress(ValueError):
            self.place(point)
            return True
        return False

    def place(self, point: Point) -> Point:
        """A point of the picture on the plan. ValueError at and above the horizon."""
        return point if self.ground is None else self.ground.metres(point)

    def path(self, samples: Iterable[Sample], size_m: float) -> tuple[Sample, ...]:
        """Sightings on the plan; on the ground of this size. Those above the horizon are left out."""
        if self.ground is None:
            return tuple(samples)
        placed: list[Sample] = []
        for sample in samples:
            with suppress(ValueError):
                placed.append(Sample(sample.at, self.ground.metres(sample.point), size_m))
        return tuple(placed)


@dataclass(frozen=True, slots=True)
class Drive:
    """A road user that moves.

    Attributes:
        path: its ground points, oldest first.
        heading: unit vector on the plan.
        pace: box sizes a second.
    """

    path: tuple[Sample, ...]
    heading: Point
    pace: float

    def ahead_of(self, point: Point, since: Point | None = None) -> float:
        """How far a point is ahead of the ground point (or of another place), along the heading; negative behind it."""
        x, y = self.path[-1].point if since is None else since
        return (point[0] - x) * self.heading[0] + (point[1] - y) * self.heading[1]


def drive_of(path: tuple[Sample, ...]) -> Drive | None:
    """How a road user drives at the end of its path; None when it hardly moves or was seen too shortly."""
    if len(path) < 2:
        return None
    here = path[-1]
    there = place_at(path, here.at - timedelta(seconds=HEADING_S))
    gone_px, over_s = distance(there.point, here.point), seconds(here.at, there.at)
    if over_s <= 0 or gone_px < MOVES * here.size:
        return None
    heading = (here.point[0] - there.point[0]) / gone_px, (here.point[1] - there.point[1]) / gone_px
    return Drive(path, heading, gone_px / over_s / here.size)


def lateral(drive: Drive, point: Point) -> float:
    """How far a point is beside the line of a drive; one side is positive, the other negative."""
    x, y = drive.path[-1].point
    return drive.heading[0] * (point[1] - y) - drive.heading[1] * (point[0] - x)


def place_at(path: Sequence[Sample], at: datetime) -> Sample:
    """Where a road user was at a moment, straight between two sightings; before the first and after the last, there."""
    if at <= path[0].at:
        return path[0]
    for number in range(len(path) - 1, 0, -1):  # what is asked for is mostly recent
        before, after = path[number - 1], path[number]
        if before.at <= at < after.at:
            share = seconds(at, before.at) / seconds(after.at, before.at)
            size = before.size + (after.size - before.size) * share
            return Sample(at, along(before.point, after.point, share), size)
    return path[-1]
