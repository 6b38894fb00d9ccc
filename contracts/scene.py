"""What is fixed at a camera and drawn by a person: lines, zones, allowed directions, rules with their parameters.

Points are `[x, y]` as shares of the picture's width and height, from the top left, so a scene survives a change of
resolution. Distances a rule uses are in *box sizes* (the square root of the box's area in pixels): without a
calibration that is the only measure that shrinks with the road user into the distance.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from contracts.event import Contract, Slug
from contracts.polygon import Point, polygon_fault

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
ScenePoint = Annotated[tuple[Share, Share], Field(description="[x, y], each 0..1, from the picture's top left")]
ClassLabel = Literal["person", "bicycle", "motorcycle", "car", "bus", "truck"]
ZoneKind = Literal["carriageway", "restricted", "presence"]
RuleId = Literal["line_count", "wrong_way", "stopped_vehicle", "pedestrian_on_carriageway", "intrusion"]

EVERYONE: tuple[ClassLabel, ...] = ("person", "bicycle", "motorcycle", "car", "bus", "truck")
VEHICLE_LABELS: tuple[ClassLabel, ...] = ("bicycle", "motorcycle", "car", "bus", "truck")
MOTOR_LABELS: tuple[ClassLabel, ...] = ("motorcycle", "car", "bus", "truck")


class Line(Contract):
    """A directed line on the road.

    Walk from `start` to `end`: a crossing from your left to your right is *forward*, from right to left *backward*.
    A line drawn from left to right in the picture is crossed forward by whoever comes down the picture.
    """

    id: Slug = Field(description="short name, unique among lines and zones")
    name: str = Field(default="", description="as people call it; shown on screens")
    start: ScenePoint
    end: ScenePoint
    forward: Slug = Field(default="forward", description="label of a crossing from left to right of start→end")
    backward: Slug = Field(default="backward", description="label of a crossing from right to left of start→end")

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if max(abs(self.start[0] - self.end[0]), abs(self.start[1] - self.end[1])) < 0.005:
            raise ValueError("start and end are the same place; expected a line at least 0.005 of the picture long")
        if self.forward == self.backward:
            raise ValueError(f"forward and backward are both {self.forward!r}; expected two different labels")
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
        if max(abs(self.start[0] - self.end[0]), abs(self.start[1] - self.end[1])) < 0.005:
            raise ValueError("start and end are the same place; expected an arrow in the allowed direction")
        return self


class Zone(Contract):
    """An area of the ground. A road user is in it when the bottom centre of its box is."""

    id: Slug = Field(description="short name, unique among lines and zones")
    name: str = Field(default="", description="as people call it; shown on screens")
    kind: ZoneKind = Field(
        description="carriageway: where vehicles drive; restricted: nobody may be here; "
        "presence: tell when somebody comes after it was empty"
    )
    polygon: tuple[ScenePoint, ...] = Field(description="3 to 64 corners in order; sides must not cross")
    direction: Direction | None = Field(default=None, description="allowed direction, for wrong_way")

    @field_validator("polygon")
    @classmethod
    def _is_polygon(cls, polygon: tuple[Point, ...]) -> tuple[Point, ...]:
        fault = polygon_fault(polygon)
        if fault:
            raise ValueError(fault)
        return polygon


class Position(Contract):
    """Where the camera hangs."""

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False, description="WGS 84, degrees")
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False, description="WGS 84, degrees")
    heading_deg: float | None = Field(default=None, ge=0, lt=360, description="where it looks, clockwise from north")


class Motion(Contract):
    """How tracks become facts. The defaults fit most cameras from 5 to 30 frames per second."""

    line_margin: float = Field(default=0.1, ge=0, le=5, description="box sizes beyond a line before it is crossed")
    recross_margin: float = Field(default=0.5, ge=0, le=5, description="the same for a track's way back over it")
    zone_settle_s: float = Field(default=0.4, ge=0, le=10, description="inside (or outside) for so long to be so")
    zone_margin: float = Field(default=0.1, ge=0, le=5, description="box sizes outside a zone before it is left")
    stop_radius: float = Field(
        default=0.25, gt=0, le=2, description="box sizes; a road user standing still stays within this"
    )
    stop_window_s: float = Field(default=2, gt=0, le=60, description="within the radius for so long is standing")
    move_settle_s: float = Field(default=0.5, ge=0, le=10, description="outside the radius for so long is moving again")
    heading_window_s: float = Field(
        default=1, gt=0, le=10, description="heading is taken over the last so many seconds"
    )
    heading_travel: float = Field(default=0.3, gt=0, le=10, description="box sizes; below that there is no heading")
    gone_after_s: float = Field(default=2, gt=0, le=60, description="a track unseen for so long is gone")


class LineCountRule(Contract):
    """Counts crossings of lines in both directions."""

    lines: tuple[Slug, ...] | None = Field(default=None, description="ids of the lines; without it all")
    classes: tuple[ClassLabel, ...] = Field(default=EVERYONE, min_length=1, description="road users that count")


class ZoneRule(Contract):
    """Base of rules that look at zones."""

    zones: tuple[Slug, ...] | None = Field(default=None, description="ids of the zones; without it all that fit")


class WrongWayRule(ZoneRule):
    """A vehicle goes against the allowed direction of a zone."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    min_s: float = Field(default=1, ge=0, le=60, description="against the direction for so long, seconds")
    min_travel: float = Field(default=1, ge=0, le=100, description="and so far, box sizes")


class StoppedVehicleRule(ZoneRule):
    """A vehicle stands on the carriageway."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="road users judged")
    min_s: float = Field(default=20, ge=1, le=86400, description="standing for so long, seconds")
    same_place_iou: float = Field(
        default=0.4, gt=0, lt=1, description="boxes that overlap more are one standing vehicle"
    )
    bridge_s: float = Field(default=5, ge=0, le=600, description="a track may break for so long and still stand")
    forget_s: float = Field(default=120, ge=1, le=86400, description="a place unseen for so long is judged anew")


class PedestrianRule(ZoneRule):
    """A person on foot is on the carriageway. Riders belong to their vehicle and never count."""

    min_s: float = Field(default=1, ge=0, le=600, description="on the carriageway for so long, seconds")
    rearm_s: float = Field(
        default=10, ge=0, le=3600, description="off it for so long before the same person counts again"
    )


class IntrusionRule(ZoneRule):
    """Somebody is in a restricted zone, or comes into a presence zone that was empty."""

    classes: tuple[ClassLabel, ...] = Field(default=EVERYONE, min_length=1, description="road users judged")
    min_s: float = Field(default=1, ge=0, le=600, description="inside for so long, seconds")
    rearm_s: float = Field(
        default=10, ge=0, le=3600, description="outside for so long before the same one counts again"
    )
    quiet_s: float = Field(default=30, ge=0, le=86400, description="a presence zone must have been empty for so long")


class Rules(Contract):
    """Which rules are on. A rule that is named is on, with the defaults for what is not written; others are off."""

    line_count: LineCountRule | None = Field(default=None, description="counts crossings of lines")
    wrong_way: WrongWayRule | None = Field(default=None, description="needs a zone with a direction")
    stopped_vehicle: StoppedVehicleRule | None = Field(default=None, description="needs a carriageway zone")
    pedestrian_on_carriageway: PedestrianRule | None = Field(default=None, description="needs a carriageway zone")
    intrusion: IntrusionRule | None = Field(default=None, description="needs a restricted or presence zone")

    @model_validator(mode="before")
    @classmethod
    def _named_is_on(cls, document: Any) -> Any:
        """`line_count:` without anything after it is on with defaults."""
        if not isinstance(document, dict):
            return document
        unknown = sorted(str(rule) for rule in document if rule not in cls.model_fields)
        if unknown:
            raise ValueError(f"unknown rule {', '.join(unknown)}: expected {', '.join(cls.model_fields)}")
        return {rule: {} if parameters is None else parameters for rule, parameters in document.items()}


class SceneConfig(Contract):
    """One camera's scene file."""

    version: Literal[1] = Field(description="of this file's format: 1")
    scene_version: int = Field(ge=1, description="raise it at each change; every event carries it")
    name: str = Field(default="", description="of the place, as people call it")
    position: Position | None = Field(default=None, description="where the camera hangs; leave out when unknown")
    lines: tuple[Line, ...] = Field(default=(), max_length=64, description="directed lines")
    zones: tuple[Zone, ...] = Field(default=(), max_length=64, description="areas of the ground")
    motion: Motion = Field(default=Motion(), description="how tracks become facts")
    rules: Rules = Field(default=Rules(), description="which rules are on, with their parameters")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._repeated_ids(), *self._unknown_places(), *self._rules_without_place()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def lines_of_count(self) -> tuple[Line, ...]:
        """Lines that are counted; none when the rule is off."""
        rule = self.rules.line_count
        if rule is None:
            return ()
        return tuple(line for line in self.lines if rule.lines is None or line.id in rule.lines)

    def zones_of(self, rule: RuleId) -> tuple[Zone, ...]:
        """Zones a rule judges: those it names, else all that fit its kind; none when it is off."""
        parameters = getattr(self.rules, rule)
        if not isinstance(parameters, ZoneRule):
            return ()
        if parameters.zones is not None:
            return tuple(zone for zone in self.zones if zone.id in parameters.zones)
        return tuple(zone for zone in self.zones if _fits(rule, zone))

    def _repeated_ids(self) -> Iterator[str]:
        seen: set[str] = set()
        for index, place, kind in _places(self):
            if place.id in seen:
                yield f"{kind}.{index}.id: {place.id!r} stands twice; ids of lines and zones must differ"
            seen.add(place.id)

    def _unknown_places(self) -> Iterator[str]:
        if self.rules.line_count is not None:
            yield from _strangers("rules.line_count.lines", self.rules.line_count.lines, [x.id for x in self.lines])
        for rule in Rules.model_fields:
            parameters = getattr(self.rules, rule)
            if isinstance(parameters, ZoneRule):
                yield from _strangers(f"rules.{rule}.zones", parameters.zones, [zone.id for zone in self.zones])

    def _rules_without_place(self) -> Iterator[str]:
        if self.rules.line_count is not None and not self.lines_of_count():
            yield "rules.line_count: is on, but there is no line; expected at least one under lines"
        for rule, needed in _NEEDS.items():
            if getattr(self.rules, rule) is None:
                continue
            zones = self.zones_of(rule)
            if not zones:
                yield f"rules.{rule}: is on, but no zone fits; expected {needed}"
            if rule == "wrong_way":
                for zone in zones:
                    if zone.direction is None:
                        yield f"rules.wrong_way.zones: zone {zone.id!r} has no direction; expected a zone with one"


_NEEDS: dict[RuleId, str] = {
    "wrong_way": "a zone with a direction",
    "stopped_vehicle": "a zone of kind carriageway",
    "pedestrian_on_carriageway": "a zone of kind carriageway",
    "intrusion": "a zone of kind restricted or presence",
}


def _fits(rule: RuleId, zone: Zone) -> bool:
    if rule == "wrong_way":
        return zone.direction is not None
    if rule == "intrusion":
        return zone.kind in {"restricted", "presence"}
    return zone.kind == "carriageway"


def _places(scene: SceneConfig) -> Iterator[tuple[int, Line | Zone, str]]:
    for index, line in enumerate(scene.lines):
        yield index, line, "lines"
    for index, zone in enumerate(scene.zones):
        yield index, zone, "zones"


def _strangers(path: str, named: tuple[str, ...] | None, known: list[str]) -> Iterator[str]:
    for place in named or ():
        if place not in known:
            yield f"{path}: {place!r} is not in this scene; expected one of {', '.join(known) or '(none drawn yet)'}"
