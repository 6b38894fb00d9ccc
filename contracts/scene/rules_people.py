"""Parameters of the rules about people and things: pedestrians, intrusion, loitering, crowding, left objects."""

from typing import Literal

from pydantic import Field

from contracts.scene.rules_base import ZoneRule
from contracts.scene.words import EVERYONE, ClassLabel


class PedestrianRule(ZoneRule):
    """A person on foot is on the carriageway, and on no crossing. Riders belong to their vehicle and never count."""

    classes: tuple[Literal["person"]] = Field(default=("person",), description="always people")
    min_s: float = Field(default=1, ge=0, le=600, description="on the carriageway for so long, seconds")
    rearm_s: float = Field(
        default=10, ge=0, le=3600, description="off it for so long before the same person counts again"
    )
    faster: float = Field(
        default=2, gt=0, le=20, description="box sizes a second; a person faster than that rides something unseen"
    )
    faster_kmh: float = Field(default=13, gt=0, le=60, description="the same where the camera measures speeds, km/h")


class IntrusionRule(ZoneRule):
    """Somebody is in a restricted zone, or comes into a presence zone that was empty."""

    classes: tuple[ClassLabel, ...] = Field(default=EVERYONE, min_length=1, description="road users judged")
    min_s: float = Field(default=1, ge=0, le=600, description="inside for so long, seconds")
    rearm_s: float = Field(
        default=10, ge=0, le=3600, description="outside for so long before the same one counts again"
    )
    quiet_s: float = Field(default=30, ge=0, le=86400, description="a presence zone must have been empty for so long")


class LoiteringRule(ZoneRule):
    """A person stays in a zone for long."""

    classes: tuple[ClassLabel, ...] = Field(default=("person",), min_length=1, description="road users judged")
    min_s: float = Field(default=120, ge=1, le=86400, description="in the zone for so long, seconds")
    bridge_s: float = Field(default=5, ge=0, le=600, description="out of sight or out of the zone for at most so long")


class CrowdingRule(ZoneRule):
    """Many people are in a zone at once."""

    classes: tuple[ClassLabel, ...] = Field(default=("person",), min_length=1, description="road users that count")
    min_people: int = Field(default=10, ge=2, le=1000, description="at once")
    min_s: float = Field(default=10, ge=0, le=3600, description="for so long, seconds")
    clear_s: float = Field(default=30, ge=1, le=3600, description="over when below that for so long, seconds")


class AbandonedObjectRule(ZoneRule):
    """A person leaves an object and goes away."""

    classes: tuple[ClassLabel, ...] = Field(default=("person",), min_length=1, description="who may own an object")
    min_s: float = Field(default=60, ge=1, le=86400, description="left alone for so long, seconds")
    away: float = Field(default=3, gt=1, le=100, description="its owner is so many of his box sizes away, or gone")
    bridge_s: float = Field(
        default=30, ge=0, le=3600, description="an object hidden for at most so long (people before it) is the same"
    )
