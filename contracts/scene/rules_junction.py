"""Parameters of the rules of a junction: signals, stop lines, lanes, turns, crossings."""

from typing import Literal

from pydantic import Field

from contracts.event import Contract, Slug
from contracts.scene.rules_base import RuleParameters, StopLineRule, ZoneRule
from contracts.scene.words import EVERYONE, MOTOR_LABELS, VEHICLE_LABELS, ClassLabel, Hours, Ids


class RedLightRule(StopLineRule):
    """A vehicle passes a stop line on red and goes on."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    grace_s: float = Field(default=0.5, ge=0, le=5, description="red for so long before a crossing counts, seconds")
    clear_s: float = Field(
        default=4, ge=0, le=5, description="who was on the line when red began may still clear it for so long, seconds"
    )
    proceed: float = Field(default=1.0, gt=0, le=50, description="box sizes beyond the line: it has gone on")
    proceed_s: float = Field(
        default=12, gt=0, le=120, description="within so many seconds of the crossing, or of moving off after a stand"
    )


class StopLineOverrunRule(StopLineRule):
    """A vehicle passes a stop line on red and stands behind it."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    grace_s: float = Field(default=0.5, ge=0, le=5, description="red for so long before a crossing counts, seconds")
    clear_s: float = Field(
        default=4, ge=0, le=5, description="who was on the line when red began is not judged for so long, seconds"
    )
    min_s: float = Field(default=2, ge=0.5, le=60, description="standing over the line on red for so long, seconds")
    over: float = Field(
        default=0.25, ge=0, le=5, description="box sizes beyond the line; nearer it stands on the line and trembles"
    )


class WrongWayRule(ZoneRule):
    """A vehicle goes against the allowed direction of a zone or lane."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    min_s: float = Field(default=1, ge=0, le=60, description="against the direction for so long, seconds")
    min_travel: float = Field(default=1, ge=0, le=100, description="and so far, box sizes")
    reverse: float = Field(
        default=3,
        ge=0,
        le=100,
        description="so far, box sizes, when it stood or came the other way just before: it may only be backing up",
    )
    rearm_s: float = Field(
        default=10, ge=0, le=600, description="ways against within so many seconds are one act, also in another place"
    )


class WrongLaneRule(RuleParameters):
    """A vehicle drives in a lane its class may not use."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    lanes: Ids | None = Field(default=None, description="ids of the lanes; without it all with `use`")
    margin: float = Field(
        default=0.25, ge=0, le=5, description="box sizes inside the lane's edge; nearer it straddles and is not judged"
    )
    min_s: float = Field(default=1.5, ge=0, le=60, description="in the lane for so long, seconds")
    min_travel: float = Field(default=1.5, ge=0, le=100, description="and so far, box sizes")


class SolidLineRule(RuleParameters):
    """A vehicle changes over a solid line."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    lines: Ids | None = Field(default=None, description="ids of solid lines; without it all")
    beyond: float = Field(default=0.5, gt=0, le=10, description="box sizes beyond the line: clearly on the other side")
    settle: float = Field(default=0.3, ge=0, le=10, description="or so many box sizes beyond it")
    settle_s: float = Field(default=1.5, ge=0, le=60, description="for so long, seconds")
    rearm_s: float = Field(
        default=15, ge=0, le=600, description="crossings within so many seconds are one act (out and back)"
    )


class Turn(Contract):
    """A movement that is forbidden."""

    movement: Slug = Field(description="id of the movement")
    kind: Literal["left", "right", "straight", "u_turn"] = Field(description="what drivers call it")
    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="for whom")
    hours: tuple[Hours, ...] = Field(default=(), description="when; without it always")


class ProhibitedTurnRule(RuleParameters):
    """A vehicle makes a movement that is forbidden."""

    classes: tuple[ClassLabel, ...] = Field(default=VEHICLE_LABELS, min_length=1, description="road users judged")
    turns: tuple[Turn, ...] = Field(min_length=1, description="what is forbidden")
    within_s: float = Field(default=60, gt=0, le=600, description="from entry to exit at most so long, seconds")
    depth: float = Field(
        default=1.5, ge=0, le=50, description="a U-turn goes so many box sizes in; less is a shunting at the gate"
    )


class NoEntryRule(ZoneRule):
    """A road user goes into a zone closed to it."""

    min_s: float = Field(default=0.6, ge=0, le=60, description="inside for so long, seconds")
    min_travel: float = Field(default=0.5, ge=0, le=100, description="and so far, box sizes: who stands there is none")
    margin: float = Field(default=0.04, ge=0, le=5, description="box sizes inside the zone's edge")


class NotYieldingRule(ZoneRule):
    """A vehicle drives over a crossing in front of a person who is on it."""

    classes: tuple[ClassLabel, ...] = Field(default=MOTOR_LABELS, min_length=1, description="vehicles judged")
    person_s: float = Field(default=0.5, ge=0, le=30, description="the person is on the crossing for so long before")
    near: float = Field(default=3, gt=0, le=50, description="path within so many of the person's box sizes of them")
    walk: float = Field(
        default=2.5, gt=0, le=50, description="who goes faster (own box sizes a second) is a rider, not on foot"
    )
    rearm_s: float = Field(default=10, ge=0, le=600, description="passes over one crossing within so long are one act")


class NoHelmetRule(RuleParameters):
    """A rider without a helmet. Needs a model that classifies riders; without one it says that nothing is found."""

    classes: tuple[ClassLabel, ...] = Field(default=("motorcycle",), min_length=1, description="vehicles judged")
    min_sightings: int = Field(default=5, ge=1, le=100, description="sightings with a bare head")
    min_share: float = Field(default=0.8, gt=0.5, le=1, description="share of the newest clear sightings with one")
    min_s: float = Field(default=0.5, ge=0, le=3, description="over so long, seconds")


class TooManyRidersRule(RuleParameters):
    """More people on a two-wheeler than allowed."""

    classes: tuple[ClassLabel, ...] = Field(default=("motorcycle",), min_length=1, description="vehicles judged")
    allowed: int = Field(default=2, ge=1, le=4, description="people, the driver among them")
    min_sightings: int = Field(default=5, ge=1, le=100, description="sightings with more than that")
    min_share: float = Field(default=0.7, gt=0.5, le=1, description="share of the newest sightings with more")
    min_s: float = Field(default=1, ge=0, le=3, description="over so long, seconds")


__all__ = [
    "EVERYONE",
    "NoEntryRule",
    "NoHelmetRule",
    "NotYieldingRule",
    "ProhibitedTurnRule",
    "RedLightRule",
    "SolidLineRule",
    "StopLineOverrunRule",
    "TooManyRidersRule",
    "Turn",
    "WrongLaneRule",
    "WrongWayRule",
]
