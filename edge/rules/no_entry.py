"""Driving in a zone that is closed to the vehicle's class at this hour.

A road user goes into a no_entry zone when its ground point comes in while the zone's hours hold, stays in for `min_s`,
goes `min_travel` box sizes in there (the geometric mean of its size at both ends: it grows as it comes), is `margin`
box sizes inside the zone's edge, and was inside in four of five sightings since. Half of the margin will do where it is
the mean of `MEANT` sightings or more: a zone seen at a slant may be hardly higher than the box trembles, and the mean
of four is twice as certain as one. It must belong to the zone's `closed_to` and to the rule's `classes`. Once per road
user and zone.

Not a finding: passing along the edge; standing in the zone since before it was first seen; being inside since before
the hours began; a class the zone is open to.
Unknown: permits, emergency runs, an officer's hand signal: not seen; a person decides. Where the way in was not seen
(it lies outside the picture), being seen inside and driving is taken as going in at first sight.

Reads: ZoneEntered, ZoneLeft, InZone, Gone; paths.  Emits: Finding(no_entry), kind violation.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contracts.scene import NoEntryRule, SceneConfig
from contracts.scene.places import Zone
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Finding, Moment
from edge.rules.hours import is_in_force
from edge.scene.facts import Gone, InZone, ZoneEntered, ZoneLeft
from edge.scene.geometry import distance, edge_distance
from edge.scene.sample import Sample, seconds

ID: Final = "no_entry"
VERSION = 2
STEADY = 0.8  # share of the sightings since it came in: who drives along the edge is inside in half of them
MEANT = 4  # sightings whose mean is told with half the error of one; errors of more are not independent


@dataclass(slots=True)
class _Stay:
    """A road user in a closed zone.

    Attributes:
        first: its first sighting in there.
        sightings, inside: since it was in there for certain, and how many of them were.
        depths: sum of their distances from the zone's edge, box sizes; negative outside.
    """

    entered_at: datetime
    first: Sample | None
    sightings: int = 0
    inside: int = 0
    depths: float = 0.0
    vote: ClassVote = field(default_factory=ClassVote)


class NoEntry:
    """Finds road users in a zone that is closed to them."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.no_entry or NoEntryRule()
        self._zones: dict[str, Zone] = {zone.id: zone for zone in _zones(scene.zones_of(ID))}
        self._closed = {key: frozenset(zone.closed_to) & set(self._rule.classes) for key, zone in self._zones.items()}
        self._zone_info = scene.zone_info
        self._stays: dict[tuple[int, str], _Stay] = {}
        self._told: set[tuple[int, str]] = set()

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for road users that have become clearly inside."""
        found: list[Finding] = []
        for fact in moment.changes:
            if isinstance(fact, ZoneEntered):
                self._enter(fact, moment)
            elif isinstance(fact, ZoneLeft):
                self._stays.pop((fact.track.id, fact.zone), None)
            elif isinstance(fact, Gone):
                for zone in self._zones:
                    self._stays.pop((fact.track.id, zone), None)
                    self._told.discard((fact.track.id, zone))
        if self._stays:
            for inside in moment.inside:
                found.extend(self._inside(inside, moment))
            self._note_outside(moment)
        return found

    def _enter(self, fact: ZoneEntered, moment: Moment) -> None:
        zone, key = self._zones.get(fact.zone), (fact.track.id, fact.zone)
        if zone is not None and key not in self._told and is_in_force(zone.hours, fact.at, self._zone_info):
            path = moment.view.path(fact.track.id)
            self._stays[key] = _Stay(fact.at, next((one for one in path if one.at >= fact.at), None))

    def _note_outside(self, moment: Moment) -> None:
        """Sightings outside a zone it has not left for certain: it drives along the edge, or its box trembled."""
        seen = {track.id: track for track in moment.tracks}
        inside = {(fact.track.id, fact.zone) for fact in moment.inside}
        for key, stay in self._stays.items():
            if key[0] in seen and key not in inside:
                stay.sightings += 1
                stay.depths -= _depth(Sample.from_track(seen[key[0]]), key[1], moment)

    def _inside(self, fact: InZone, moment: Moment) -> list[Finding]:
        key = fact.track.id, fact.zone
        stay = self._stays.get(key)
        if stay is None:
            return []
        here = Sample.from_track(fact.track)
        first = stay.first = stay.first or here
        depth = _depth(here, fact.zone, moment)
        stay.sightings += 1
        stay.inside += 1
        stay.depths += depth
        stay.vote.see(fact.track, self._closed[fact.zone])
        travel = distance(first.point, here.point) / math.sqrt(first.size * here.size)
        inside_s = seconds(moment.at, stay.entered_at)
        if inside_s < self._rule.min_s or travel < self._rule.min_travel or not self._is_clear(stay, depth):
            return []
        del self._stays[key]
        self._told.add(key)
        facts: dict[str, Any] = {
            "inside_s": inside_s,
            "travel_box_sizes": travel,
            "depth_box_sizes": depth,
            "closed_to": list(self._zones[fact.zone].closed_to),
        }
        return [Finding(ID, VERSION, "violation", fact.track, stay.entered_at, moment.at, fact.zone, facts)]

    def _is_clear(self, stay: _Stay, depth: float) -> bool:
        """It is inside beyond the tremble of its box, steadily, and of a class the zone is closed to."""
        is_deep_on_the_whole = stay.sightings >= MEANT and 2 * stay.depths >= self._rule.margin * stay.sightings
        is_steady = stay.inside >= STEADY * stay.sightings
        return (depth >= self._rule.margin or is_deep_on_the_whole) and is_steady and stay.vote.is_carried


def _depth(here: Sample, zone: str, moment: Moment) -> float:
    """Distance from the zone's edge, box sizes."""
    return edge_distance(here.point, moment.view.area(zone)) / here.size


def _zones(places: Iterable[object]) -> list[Zone]:
    """Zones can be closed; lanes say who may use them instead (wrong_lane)."""
    return [place for place in places if isinstance(place, Zone)]
