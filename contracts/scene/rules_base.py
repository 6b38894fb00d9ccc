"""Bases of rule parameters: where a rule looks, whom it judges, when a dwell counts again."""

from pydantic import Field

from contracts.event import Contract
from contracts.scene.words import EVERYONE, ClassLabel, Ids


class RuleParameters(Contract):
    """Base of every rule's parameters."""

    classes: tuple[ClassLabel, ...] = Field(default=EVERYONE, min_length=1, description="road users judged")


class ZoneRule(RuleParameters):
    """Looks at zones (and at lanes where the rule says so)."""

    zones: Ids | None = Field(default=None, description="ids of the zones or lanes; without it all that fit")


class StopLineRule(RuleParameters):
    """Looks at stop lines with signal heads."""

    stop_lines: Ids | None = Field(default=None, description="ids of the stop lines; without it all with signals")
