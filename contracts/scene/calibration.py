"""Where points of the picture lie on the ground: what a person measured."""

import math
from collections.abc import Sequence
from typing import Self

from pydantic import Field, field_validator, model_validator

from contracts.event import Contract
from contracts.polygon import Point, polygon_fault
from contracts.scene.words import ScenePoint


class ControlPoint(Contract):
    """A point seen in the picture and known on the ground: by metres in a local plane, or by WGS 84."""

    image: ScenePoint = Field(description="[x, y] in the picture, each 0..1")
    metres: tuple[float, float] | None = Field(default=None, description="[x, y] in a local plane: east, north")
    wgs84: tuple[float, float] | None = Field(default=None, description="[latitude, longitude], degrees")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.metres is None) == (self.wgs84 is None):
            raise ValueError("give either metres or wgs84")
        if self.wgs84 is not None and not (abs(self.wgs84[0]) <= 85 and abs(self.wgs84[1]) <= 180):
            raise ValueError("wgs84: expected [latitude, longitude] in degrees, latitude within ±85")
        if self.metres is not None and not all(map(math.isfinite, self.metres)):
            raise ValueError("metres: expected two finite numbers")
        return self


class Lens(Contract):
    """Radial distortion of the lens (Brown): r' = r (1 + k1 r² + k2 r⁴), r in focal lengths from the centre."""

    focal: float = Field(gt=0, description="focal length as a share of the picture's width")
    centre: ScenePoint = Field(default=(0.5, 0.5), description="of the distortion, each 0..1")
    k1: float = Field(default=0, ge=-2, le=2, description="first radial term; negative for a barrel")
    k2: float = Field(default=0, ge=-2, le=2, description="second radial term")


LEAST_SHARE = 0.002  # of the picture: points nearer to each other are one
LEAST_M = 0.05
METRES_PER_DEGREE = 111_320.0
LEAST_WIDTH = 0.01  # of the length of the strip that holds the points; a narrower one is a line


class Calibration(Contract):
    """Ground plane of the scene, from points that were surveyed or read off a map."""

    points: tuple[ControlPoint, ...] = Field(
        min_length=4, max_length=256, description="points of the road, around the traffic; six or more tell their error"
    )
    lens: Lens | None = Field(default=None, description="distortion; without it straight lines are taken as straight")
    max_residual_m: float = Field(
        default=0.5, gt=0, le=10, description="a calibration that fits worse (root mean square) gives no speeds"
    )
    valid: tuple[ScenePoint, ...] = Field(
        default=(), description="polygon in which it holds; without it the hull of the points"
    )
    time_error_ms: float = Field(
        default=5, ge=0, le=200, description="standard error of a frame's time, for the uncertainty of speeds"
    )

    @field_validator("points")
    @classmethod
    def _spread(cls, points: tuple[ControlPoint, ...]) -> tuple[ControlPoint, ...]:
        fault = _fault_of(points)
        if fault:
            raise ValueError(fault)
        return points

    @field_validator("valid")
    @classmethod
    def _is_polygon(cls, valid: tuple[ScenePoint, ...]) -> tuple[ScenePoint, ...]:
        fault = polygon_fault(valid) if valid else None
        if fault:
            raise ValueError(fault)
        return valid


def _fault_of(points: Sequence[ControlPoint]) -> str | None:
    """What is wrong with the points as a set and how it is cured; None when they may determine a plane."""
    if len({point.metres is None for point in points}) > 1:
        return "some are in metres and some in wgs84; expected all alike"
    image = [point.image for point in points]
    for places, least, what in ((image, LEAST_SHARE, "in the picture"), (_ground(points), LEAST_M, "on the ground")):
        for second, place in enumerate(places):
            for first in range(second):
                if math.dist(place, places[first]) < least:
                    return f"points {first} and {second} are one place {what}; expected points apart"
        if _on_a_line(places):
            return (
                f"the points, or all but one, lie on one line {what}; "
                "expected four around the traffic, no three of them on a line"
            )
    return None


def _ground(points: Sequence[ControlPoint]) -> list[Point]:
    """Metres; of latitude and longitude roughly, which is enough to tell a line."""
    metres = []
    for point in points:
        if point.wgs84 is not None:
            latitude, longitude = point.wgs84
            metres.append(
                (longitude * METRES_PER_DEGREE * math.cos(math.radians(latitude)), latitude * METRES_PER_DEGREE)
            )
        elif point.metres is not None:
            metres.append(point.metres)
    return metres


def _on_a_line(places: Sequence[Point]) -> bool:
    """Whether all places, or all but one, lie in a strip as good as a line."""
    return any(_is_strip([*places[:left], *places[left + 1 :]]) for left in range(len(places)))


def _is_strip(places: Sequence[Point]) -> bool:
    """Whether the spread across is far below the spread along (principal axes of the places)."""
    count = len(places)
    x, y = math.fsum(p[0] for p in places) / count, math.fsum(p[1] for p in places) / count
    xx, yy = math.fsum((p[0] - x) ** 2 for p in places), math.fsum((p[1] - y) ** 2 for p in places)
    xy = math.fsum((p[0] - x) * (p[1] - y) for p in places)
    apart = math.hypot(xx - yy, 2 * xy)
    return (xx + yy - apart) <= LEAST_WIDTH**2 * (xx + yy + apart)
