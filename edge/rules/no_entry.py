"""Driving in a zone that is closed to the vehicle's class at this hour.

A road user goes into a no_entry zone when its ground point comes in while the zone's hours hold, stays in for `min_s`,
goes `min_travel` box sizes in there, is then `margin` box sizes inside the zone's edge, and was inside in four of five
sightings since. It must belong to the zone's `closed_to` and to the rule's `classes`. Once per road user and zone.

Not a finding: passing along the edge; standing in the zone since before it was first seen; being inside since before
the hours began; a class the zone is open to.
Unknown: permits, emergency runs, an officer's hand signal: not seen; a person decides. Where the way in was not seen
(it lies outside the picture), being seen inside and driving is taken as going in at first sight.

Reads: ZoneEntered, ZoneLeft, InZone, Gone.  Emits: Finding(no_entry), kind violation.
"""

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
from edge.scene.geometry import Point, distance, edge_distance
from edge.scene.sample import Sample, seconds

ID: Final = "no_entry"
VERSION = 1
STEADY = 0.8  # share of the sightings since it came in: who drives along the edge is inside in half of them


@dataclass(slots=True)
class _Stay:
    """A road user in a closed zone."""

    entered_at: datetime
    first: Point | None = None
    sightings: int = 0
    inside: int = 0
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
                self._enter(fact)
            elif isinstance(fact, ZoneLeft):
                self._stays.pop((fact.track.id, fact.zone), None)
            elif isinstance(fact, Gone):
                for zone in self._zones:
                    self._stays.pop((fact.track.id, zone), None)
                    self._told.discard((fact.track.id, zone))
        if self._stays:
            for inside in moment.inside:
                found.extend(self._inside(inside, moment))
            seen = {track.id for track in moment.tracks}
            for (track_id, _), stay in self._stays.items():
                stay.sightings += track_id in seen
        return found

    def _enter(self, fact: ZoneEntered) -> None:
        zone, key = self._zones.get(fact.zone), (fact.track.id, fact.zone)
        if zone is not None and key not in self._told and is_in_force(zone.hours, fact.at, self._zone_info):
            self._stays[key] = _Stay(fact.at)

    def _inside(self, fact: InZone, moment: Moment) -> list[Finding]:
        key = fact.track.id, fact.zone
        stay = self._stays.get(key)
        if stay is None:
            return []
        stay.inside += 1
        stay.vote.see(fact.track, self._closed[fact.zone])
        here = Sample.from_track(fact.track)
        stay.first = stay.first or here.point
        depth = edge_distance(here.point, moment.view.area(fact.zone)) / here.size
        if depth < self._rule.margin:
            return []
        travel = distance(stay.first, here.point) / here.size
        is_long = seconds(moment.at, stay.entered_at) >= self._rule.min_s
        is_steady = stay.inside >= STEADY * (stay.sightings + 1)
        if not is_long or not is_steady or travel < self._rule.min_travel or not stay.vote.is_carried:
            return []
        del self._stays[key]
        self._told.add(key)
        facts: dict[str, Any] = {
            "inside_s": seconds(moment.at, stay.entered_at),
            "travel_box_sizes": travel,
            "depth_box_sizes": depth,
            "closed_to": list(self._zones[fact.zone].closed_to),
        }
        return [Finding(ID, VERSION, "violation", fact.track, stay.entered_at, moment.at, fact.zone, facts)]


def _zones(places: Iterable[object]) -> list[Zone]:
    """Zones can be closed; lanes say who may use them instead (wrong_lane)."""
    return [place for place in places if isinstance(place, Zone)]
