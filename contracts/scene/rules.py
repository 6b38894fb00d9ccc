"""Every rule with its parameters. A rule that a scene names is on; others are off."""

from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from contracts.event import Contract
from contracts.scene.rules_flow import (
    CollisionSuspicionRule,
    CongestionRule,
    IllegalStoppingRule,
    LaneStatisticsRule,
    LineCountRule,
    SectionSpeedRule,
    SpeedingRule,
    StoppedVehicleRule,
    SuddenSlowdownRule,
)
from contracts.scene.rules_junction import (
    NoEntryRule,
    NoHelmetRule,
    NotYieldingRule,
    ProhibitedTurnRule,
    RedLightRule,
    SolidLineRule,
    StopLineOverrunRule,
    TooManyRidersRule,
    WrongLaneRule,
    WrongWayRule,
)
from contracts.scene.rules_people import (
    AbandonedObjectRule,
    CrowdingRule,
    IntrusionRule,
    LoiteringRule,
    PedestrianRule,
)

RuleId = Literal[
    "line_count",
    "lane_statistics",
    "red_light",
    "stop_line_overrun",
    "wrong_way",
    "speeding",
    "section_speed",
    "wrong_lane",
    "solid_line",
    "prohibited_turn",
    "no_entry",
    "illegal_stopping",
    "not_yielding",
    "no_helmet",
    "too_many_riders",
    "stopped_vehicle",
    "congestion",
    "sudden_slowdown",
    "collision_suspicion",
    "pedestrian_on_carriageway",
    "intrusion",
    "loitering",
    "crowding",
    "abandoned_object",
]
RULE_IDS: tuple[RuleId, ...] = get_args(RuleId)


class Rules(Contract):
    """Which rules are on. A rule that is named is on, with the defaults for what is not written; others are off."""

    line_count: LineCountRule | None = Field(default=None, description="counts crossings of lines")
    lane_statistics: LaneStatisticsRule | None = Field(default=None, description="needs lanes")
    red_light: RedLightRule | None = Field(default=None, description="needs a stop line with signals")
    stop_line_overrun: StopLineOverrunRule | None = Field(default=None, description="needs a stop line with signals")
    wrong_way: WrongWayRule | None = Field(default=None, description="needs a zone or lane with a direction")
    speeding: SpeedingRule | None = Field(default=None, description="needs a calibration and a limit")
    section_speed: SectionSpeedRule | None = Field(default=None, description="needs two gates or lines")
    wrong_lane: WrongLaneRule | None = Field(default=None, description="needs lanes with `use`")
    solid_line: SolidLineRule | None = Field(default=None, description="needs a solid line")
    prohibited_turn: ProhibitedTurnRule | None = Field(default=None, description="needs gates and movements")
    no_entry: NoEntryRule | None = Field(default=None, description="needs a no_entry zone")
    illegal_stopping: IllegalStoppingRule | None = Field(default=None, description="needs a no_stopping zone")
    not_yielding: NotYieldingRule | None = Field(default=None, description="needs a crossing zone")
    no_helmet: NoHelmetRule | None = Field(default=None, description="needs a model that classifies riders")
    too_many_riders: TooManyRidersRule | None = Field(default=None, description="needs nothing but two-wheelers")
    stopped_vehicle: StoppedVehicleRule | None = Field(default=None, description="needs a carriageway zone")
    congestion: CongestionRule | None = Field(default=None, description="needs a carriageway zone or a lane")
    sudden_slowdown: SuddenSlowdownRule | None = Field(default=None, description="needs a calibration and a zone")
    collision_suspicion: CollisionSuspicionRule | None = Field(default=None, description="needs a carriageway zone")
    pedestrian_on_carriageway: PedestrianRule | None = Field(default=None, description="needs a carriageway zone")
    intrusion: IntrusionRule | None = Field(default=None, description="needs a restricted or presence zone")
    loitering: LoiteringRule | None = Field(default=None, description="needs a zone")
    crowding: CrowdingRule | None = Field(default=None, description="needs a zone")
    abandoned_object: AbandonedObjectRule | None = Field(default=None, description="needs a zone")

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

    def on(self) -> tuple[RuleId, ...]:
        """Ids of the rules that are on, in the fixed order."""
        return tuple(rule for rule in RULE_IDS if getattr(self, rule) is not None)
