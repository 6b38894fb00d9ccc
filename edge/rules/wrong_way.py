"""Driving against the allowed direction of a zone.

A vehicle goes the wrong way when its ground point, inside a zone with a direction, moves within `tolerance_deg` of the
exact opposite of the zone's arrow for `min_s` and over `min_travel` box sizes. Once per track and zone.

Not a finding: turning across the direction, a short reversing, standing, a track that jumps to an oncoming vehicle
(both halves of the heading window must agree).
Unknown: whether the vehicle was pushed, directed by an officer, or on an emergency run; a person decides.

Reads: HeadingAgainst, Gone.  Emits: Finding(wrong_way), kind violation.
"""

from typing import Final

from contracts.scene import SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, HeadingAgainst
from edge.scene.sample import seconds

ID: Final = "wrong_way"
VERSION = 1


class WrongWay:
    """Finds vehicles that go against a zone's direction."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.wrong_way
        self._zones = frozenset(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(rule.classes if rule else ())
        self._min_s = rule.min_s if rule else 0.0
        self._min_travel = rule.min_travel if rule else 0.0
        self._told: set[tuple[int, str]] = set()

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for ways against the direction that have become long enough."""
        found = []
        for fact in moment.facts:
            if isinstance(fact, HeadingAgainst) and self._is_new_and_certain(fact, moment):
                self._told.add((fact.track.id, fact.zone))
                found.append(_finding(fact, moment))
            elif isinstance(fact, Gone):
                self._told -= {(fact.track.id, zone) for zone in self._zones}
        return found

    def _is_new_and_certain(self, fact: HeadingAgainst, moment: Moment) -> bool:
        return (
            fact.zone in self._zones
            and (fact.track.id, fact.zone) not in self._told
            and fact.track.cls.label in self._classes
            and seconds(moment.at, fact.at) >= self._min_s
            and fact.travel >= self._min_travel
        )


def _finding(fact: HeadingAgainst, moment: Moment) -> Finding:
    facts = {
        "against_s": seconds(moment.at, fact.at),
        "travel_box_sizes": fact.travel,
        "image_angle_deg": fact.angle_deg,
    }
    return Finding(ID, VERSION, "violation", fact.track, fact.at, moment.at, fact.zone, facts)
