"""Parameters of the rules of flowing and standing traffic: counts, speeds, stops, congestion."""

from typing import Literal, Self

from pydantic import Field, model_validator

from contracts.event import Contract, Slug
from contracts.scene.rules_base import RuleParameters, ZoneRule
from contracts.scene.words import EVERYONE, MOTOR_LABELS, VEHICLE_LABELS, ClassLabel, Ids


class LineCountRule(RuleParameters):
    """Counts crossings of lines in both directions."""

    lines: Ids | None = Field(default=None, description="ids of the lines; without it all")


class LaneStatisticsRule(RuleParameters):
    """Count, mean speed, occupancy and headway of each lane and class, in bins of whole minutes."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users that count")
    lanes: Ids | None = Field(default=None, description="ids of the lanes; without it all")
    bins_min: tuple[Literal[1, 5, 15], ...] = Field(default=(1, 5, 15), min_length=1, description="lengths, minutes")


class Section(Contract):
    """A stretch between two gates of known distance, for section speed."""

    entry: Slug = Field(alias="from", description="id of the gate or line where it begins")
    exit: Slug = Field(alias="to", description="id of the gate or line where it ends")
    length_m: float = Field(gt=0, le=100_000, description="along the road, metres")
    length_error_m: float = Field(default=0.5, ge=0, description="how far off the length may be (k=2), metres")
    limit_kmh: float = Field(gt=0, le=200, description="speed limit along it")

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.entry == self.exit:
            raise ValueError(f"from and to are both {self.entry!r}; expected two lines")
        return self


class SpeedingRule(ZoneRule):
    """A vehicle is faster than the limit, by more than the uncertainty and the tolerance."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="road users judged")
    limit_kmh: float | None = Field(default=None, gt=0, le=200, description="where no lane has a limit of its own")
    tolerance_kmh: float = Field(
        default=5, ge=0, le=50, description="found only where v − U ≥ limit + tolerance; Decree 168/2024 begins at 5"
    )


class SectionSpeedRule(RuleParameters):
    """A vehicle's mean speed between two gates is above the limit."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="road users judged")
    sections: tuple[Section, ...] = Field(min_length=1, description="stretches that are measured")
    tolerance_kmh: float = Field(default=5, ge=0, le=50, description="found only where v − U ≥ limit + tolerance")


class StandingRule(ZoneRule):
    """Bases of the rules about standing vehicles: what is one place, and when standing is waiting in traffic."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="road users judged")
    same_place_iou: float = Field(
        default=0.4, gt=0, lt=1, description="boxes that overlap more are one standing vehicle"
    )
    bridge_s: float = Field(default=5, ge=0, le=600, description="a track may break for so long and still stand")
    forget_s: float = Field(default=120, ge=1, le=86400, description="a place unseen for so long is judged anew")
    queue_gap: float = Field(
        default=4, gt=0, le=50, description="the next in a queue stands within so many box sizes ahead"
    )
    queue_s: float = Field(
        default=120, ge=1, le=86400, description="the head of a queue nothing is known to hold up stands for so long"
    )


class StoppedVehicleRule(StandingRule):
    """A vehicle stands on the carriageway, alone: a queue ahead of it is traffic."""

    min_s: float = Field(default=20, ge=1, le=86400, description="standing for so long, seconds")


class IllegalStoppingRule(StandingRule):
    """A vehicle stops or parks where that is forbidden."""

    stop_s: float = Field(default=10, ge=1, le=86400, description="standing for so long is stopping, seconds")
    park_s: float = Field(default=300, ge=1, le=86400, description="and for so long parking; told once more")
    forget_s: float = Field(default=900, ge=1, le=86400, description="a place unseen for so long is judged anew")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.park_s <= self.stop_s:
            raise ValueError(f"park_s {self.park_s:g} is not above stop_s {self.stop_s:g}; expected a longer time")
        return self


class CongestionRule(ZoneRule):
    """Traffic in a lane or on a carriageway stands or crawls, with the length of the queue."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users that count")
    min_vehicles: int = Field(default=5, ge=2, le=500, description="standing or crawling at once")
    min_s: float = Field(default=60, ge=1, le=3600, description="for so long, waits at a red not counted, seconds")
    bridge_s: float = Field(default=5, ge=0, le=600, description="fewer for at most so long is still the same one")
    clear_s: float = Field(default=30, ge=1, le=3600, description="over when below that for so long, seconds")


class SuddenSlowdownRule(ZoneRule):
    """A vehicle brakes hard on the carriageway."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="road users judged")
    from_kmh: float = Field(default=30, gt=0, le=200, description="it was at least so fast")
    deceleration: float = Field(default=5, gt=0, le=20, description="m/s² over the window and more")
    window_s: float = Field(default=1.5, gt=0.2, le=5, description="braking for so long, seconds")


class CollisionSuspicionRule(ZoneRule):
    """Two road users meet and at least one stops suddenly and stays."""

    stay_s: float = Field(default=5, ge=1, le=300, description="both then stand there for so long, seconds")
    touch: float = Field(default=1.8, gt=0, le=5, description="ground points within so many box sizes of each other")
    impact: float = Field(
        default=2, gt=0, le=50, description="box sizes gone in the last second before the sudden stop, and more"
    )
    closing: float = Field(
        default=1, gt=0, le=50, description="box sizes by which they came nearer in that second, and more"
    )


__all__ = [
    "EVERYONE",
    "CollisionSuspicionRule",
    "CongestionRule",
    "IllegalStoppingRule",
    "LaneStatisticsRule",
    "LineCountRule",
    "Section",
    "SectionSpeedRule",
    "SpeedingRule",
    "StandingRule",
    "StoppedVehicleRule",
    "SuddenSlowdownRule",
]
