"""What a person draws into a camera's picture: lines, zones, lanes, gates, signal heads.

Points are `[x, y]` as shares of the picture's width and height, from the top left, so a scene survives a change of
resolution. Every directed line is crossed *forward* by whoever walks from its left to its right (left and right of a
walk from `start` to `end`): a line drawn from left to right in the picture is crossed forward by whoever comes down
the picture.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from contracts.event import Contract, Slug
from contracts.polygon import Point, polygon_fault
from contracts.scene.words import VEHICLE_LABELS, ClassLabel, Hours, Ids, ScenePoint

ZoneKind = Literal["carriageway", "restricted", "presence", "junction", "crossing", "no_stopping", "no_entry"]
LEAST = 0.005  # of the picture: shorter lines are slips of the mouse


def _same_place(start: Point, end: Point) -> bool:
    return max(abs(start[0] - end[0]), abs(start[1] - end[1])) < LEAST


class Place(Contract):
    """Something with an id. Ids of all places of a scene differ."""

    id: Slug = Field(description="short name, unique among all places of the scene")
    name: str = Field(default="", description="as people call it; shown on screens")


class Segment(Place):
    """A directed line on the road."""

    start: ScenePoint
    end: ScenePoint

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if _same_place(self.start, self.end):
            raise ValueError("start and end are the same place; expected a line at least 0.005 of the picture long")
        return self


class Line(Segment):
    """A line that is counted, each direction with its label."""

    forward: Slug = Field(default="forward", description="label of a crossing from left to right of start→end")
    backward: Slug = Field(default="backward", description="label of a crossing from right to left of start→end")

    @model_validator(mode="after")
    def _two_labels(self) -> Self:
        if self.forward == self.backward:
            raise ValueError(f"forward and backward are both {self.forward!r}; expected two different labels")
        return self


class StopLine(Segment):
    """A stop line. Drawn so that *forward* is into the junction; it reaches over the lanes it stops, kerb to kerb."""

    signals: Ids = Field(default=(), description="signal heads that govern it; without them no red light is judged")
    movements: Ids = Field(
        default=(),
        description="movements these heads govern, when they do not govern all (an arrow); without it every movement",
    )


class Gate(Segment):
    """A line through which traffic enters or leaves the scene; *forward* is inwards, to the junction."""


class SolidLine(Place):
    """A solid line painted on the road, as a chain of points along it."""

    points: tuple[ScenePoint, ...] = Field(min_length=2, max_length=32, description="along the line, in order")
    forbidden: Literal["both", "forward", "backward"] = Field(
        default="both", description="way over it that is forbidden; where the other side is dashed only one is"
    )

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        for number, (start, end) in enumerate(pairwise(self.points)):
            if _same_place(start, end):
                raise ValueError(f"points {number} and {number + 1} are the same place; expected points apart")
        return self


class Direction(Contract):
    """An arrow in the picture that shows where traffic of the zone may go."""

    start: ScenePoint
    end: ScenePoint
    tolerance_deg: float = Field(
        default=50, gt=0, lt=90, description="a heading within this angle of the arrow's exact opposite is against it"
    )

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if _same_place(self.start, self.end):
            raise ValueError("start and end are the same place; expected an arrow in the allowed direction")
        return self

    def in_pixels(self, width: int, height: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Start and end in a picture of this size."""
        (x1, y1), (x2, y2) = self.start, self.end
        return (x1 * width, y1 * height), (x2 * width, y2 * height)


class Area(Place):
    """An area of the ground. A road user is in it when the bottom centre of its box is."""

    polygon: tuple[ScenePoint, ...] = Field(description="3 to 64 corners in order; sides must not cross")

    @field_validator("polygon")
    @classmethod
    def _is_polygon(cls, polygon: tuple[Point, ...]) -> tuple[Point, ...]:
        fault = polygon_fault(polygon)
        if fault:
            raise ValueError(fault)
        return polygon


class Zone(Area):
    """An area with a meaning."""

    kind: ZoneKind = Field(
        description="carriageway: where vehicles drive; restricted: nobody may be here; presence: tell when somebody "
        "comes after it was empty; junction: the box of a junction; crossing: where people cross on foot; "
        "no_stopping: no stopping or parking; no_entry: closed to some classes or at some hours"
    )
    direction: Direction | None = Field(default=None, description="allowed direction, for wrong_way")
    closed_to: tuple[ClassLabel, ...] = Field(
        default=VEHICLE_LABELS, min_length=1, description="no_entry and no_stopping: road users it holds for"
    )
    hours: tuple[Hours, ...] = Field(
        default=(), description="no_entry and no_stopping: when it holds; without it always"
    )


class LaneUse(Contract):
    """Who may use a lane, and when."""

    classes: tuple[ClassLabel, ...] = Field(min_length=1, description="road users allowed")
    hours: tuple[Hours, ...] = Field(default=(), description="when this holds; without it always")


class Lane(Area):
    """A lane of the carriageway. List lanes in order, from the kerb to the middle of the road."""

    direction: Direction = Field(description="where its traffic goes")
    use: tuple[LaneUse, ...] = Field(
        default=(), description="who may use it; the first entry whose hours hold counts; without any: everyone"
    )
    speed_limit_kmh: float | None = Field(default=None, gt=0, le=200, description="limit; none: not judged")


class Movement(Contract):
    """A way through the junction: in at one gate, out at another. In and out of one gate is a U-turn."""

    id: Slug = Field(description="short name, unique among the movements")
    name: str = Field(default="", description="as people call it; shown on screens")
    entry: Slug = Field(alias="from", description="id of the gate where it enters")
    exit: Slug = Field(alias="to", description="id of the gate where it leaves")


class SignalHead(Place):
    """A signal head: where it is in the picture, or who tells its state."""

    region: tuple[ScenePoint, ScenePoint] | None = Field(
        default=None, description="top left and bottom right of the lamps in the picture; without it only a feed tells"
    )
    lamps: tuple[Literal["red", "yellow", "green"], ...] = Field(
        default=("red", "yellow", "green"), min_length=1, description="in order, from the top (or the left)"
    )
    layout: Literal["vertical", "horizontal"] = Field(default="vertical", description="how the lamps are arranged")
    feed: str | None = Field(default=None, min_length=1, description="name of this head in the controller's feed")

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if self.region is not None:
            (x1, y1), (x2, y2) = self.region
            if x2 <= x1 or y2 <= y1:
                raise ValueError("region: expected [top left, bottom right], each [x, y]")
        if len(set(self.lamps)) != len(self.lamps):
            raise ValueError("lamps: a colour stands twice; expected each once")
        return self


class Position(Contract):
    """Where the camera hangs."""

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False, description="WGS 84, degrees")
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False, description="WGS 84, degrees")
    heading_deg: float | None = Field(default=None, ge=0, lt=360, description="where it looks, clockwise from north")


def segments_of(line: SolidLine) -> Iterator[tuple[str, Point, Point]]:
    """Pieces of a solid line, each as id, start, end. Their ids are `ID#1`, `ID#2`, …"""
    for number, (start, end) in enumerate(pairwise(line.points), start=1):
        yield f"{line.id}#{number}", start, end
