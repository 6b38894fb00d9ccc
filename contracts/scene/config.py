"""One camera's scene: what is fixed at it and drawn by a person, and which rules are on."""

from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from contracts.event import Contract
from contracts.polygon import Point
from contracts.scene.calibration import Calibration
from contracts.scene.consistency import faults_of, fits
from contracts.scene.motion import Motion
from contracts.scene.places import (
    Gate,
    Lane,
    Line,
    Movement,
    Position,
    SignalHead,
    SolidLine,
    StopLine,
    Zone,
    segments_of,
)
from contracts.scene.regions import DetectionRegion
from contracts.scene.rules import RuleId, Rules
from contracts.scene.rules_base import StopLineRule, ZoneRule


class SceneConfig(Contract):
    """One camera's scene file."""

    version: Literal[1] = Field(description="of this file's format: 1")
    scene_version: int = Field(ge=1, description="raise it at each change; every event carries it")
    name: str = Field(default="", description="of the place, as people call it")
    position: Position | None = Field(default=None, description="where the camera hangs; leave out when unknown")
    time_zone: str = Field(default="Asia/Ho_Chi_Minh", description="IANA name; hours in this file are local to it")
    calibration: Calibration | None = Field(default=None, description="ground plane; needed for metres and speeds")
    lines: tuple[Line, ...] = Field(default=(), max_length=64, description="lines that are counted")
    stop_lines: tuple[StopLine, ...] = Field(default=(), max_length=32, description="stop lines")
    solid_lines: tuple[SolidLine, ...] = Field(default=(), max_length=32, description="painted solid lines")
    gates: tuple[Gate, ...] = Field(default=(), max_length=32, description="where traffic enters and leaves")
    movements: tuple[Movement, ...] = Field(default=(), max_length=64, description="ways from gate to gate")
    lanes: tuple[Lane, ...] = Field(default=(), max_length=32, description="from the kerb to the middle of the road")
    zones: tuple[Zone, ...] = Field(default=(), max_length=64, description="areas of the ground")
    signal_heads: tuple[SignalHead, ...] = Field(default=(), max_length=32, description="signal heads")
    detection_regions: tuple[DetectionRegion, ...] = Field(
        default=(), max_length=8, description="parts of the picture that are seen larger, beside the whole"
    )
    motion: Motion = Field(default=Motion(), description="how tracks become facts")
    rules: Rules = Field(default=Rules(), description="which rules are on, with their parameters")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is not a time zone; expected a name such as Asia/Ho_Chi_Minh") from None
        return name

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = list(faults_of(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def zone_info(self) -> ZoneInfo:
        """The scene's time zone."""
        return ZoneInfo(self.time_zone)

    def segments(self) -> dict[str, tuple[Point, Point]]:
        """Every directed line with its id, in shares of the picture; a solid line as its pieces `ID#1`, `ID#2`, …"""
        straight = {line.id: (line.start, line.end) for line in (*self.lines, *self.stop_lines, *self.gates)}
        pieces = {key: (a, b) for line in self.solid_lines for key, a, b in segments_of(line)}
        return straight | pieces

    def areas(self) -> dict[str, Zone | Lane]:
        """Every zone and lane with its id."""
        places: tuple[Zone | Lane, ...] = (*self.zones, *self.lanes)
        return {place.id: place for place in places}

    def lines_of_count(self) -> tuple[Line, ...]:
        """Lines that are counted; none when the rule is off."""
        rule = self.rules.line_count
        if rule is None:
            return ()
        return tuple(line for line in self.lines if rule.lines is None or line.id in rule.lines)

    def zones_of(self, rule: RuleId) -> tuple[Zone | Lane, ...]:
        """Zones and lanes a rule judges: those it names, else all that fit its kind; none when it is off."""
        parameters = getattr(self.rules, rule)
        if not isinstance(parameters, ZoneRule):
            return ()
        places: tuple[Zone | Lane, ...] = (*self.zones, *self.lanes)
        if parameters.zones is not None:
            return tuple(place for place in places if place.id in parameters.zones)
        return tuple(place for place in places if fits(rule, place))

    def stop_lines_of(self, rule: RuleId) -> tuple[StopLine, ...]:
        """Stop lines a rule judges: those it names, else all with signals; none when it is off."""
        parameters = getattr(self.rules, rule)
        if not isinstance(parameters, StopLineRule):
            return ()
        if parameters.stop_lines is not None:
            return tuple(line for line in self.stop_lines if line.id in parameters.stop_lines)
        return tuple(line for line in self.stop_lines if line.signals)

    def lanes_of(self, rule: RuleId) -> tuple[Lane, ...]:
        """Lanes a rule with `lanes` judges: those it names, else all that fit; none when it is off."""
        parameters = getattr(self.rules, rule)
        if parameters is None:
            return ()
        named = getattr(parameters, "lanes", None)
        return tuple(lane for lane in self.lanes if (fits(rule, lane) if named is None else lane.id in named))
