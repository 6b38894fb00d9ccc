"""A vehicle standing on the carriageway.

A motor vehicle is reported when it has stood in a carriageway zone for `min_s`. What is remembered is the *place*, not
the track: a new track whose box overlaps the place (`same_place_iou`) soon after is the same vehicle, so a parked car
whose track breaks is one finding and keeps its first moment. A place is free again when its vehicle was seen away from
it, or when nobody was seen there for `forget_s`.

Not a finding: a vehicle that creeps (faster than stop_radius / stop_window_s box sizes per second).
Unknown: whether it stands in a queue, at a signal, or broken down; choose zone and `min_s` so that it does not matter.

Reads: Stopped, Moved, ZoneEntered, ZoneLeft, Gone.  Emits: Finding(stopped_vehicle), kind incident.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.scene import SceneConfig, StoppedVehicleRule
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Fact, Gone, Moved, Stopped, ZoneEntered, ZoneLeft
from edge.scene.geometry import box_iou
from edge.scene.sample import seconds
from edge.track.track import Track

ID: Final = "stopped_vehicle"
VERSION = 1

MAX_PLACES = 256
AWAY_IOU = 0.1  # a vehicle that overlaps the place it was told at less than this has left it

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Place:
    track_id: int
    box: Box
    since: datetime
    seen_at: datetime
    is_told: bool = False


class StoppedVehicle:
    """Finds vehicles that stand on the carriageway, each once."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.stopped_vehicle or StoppedVehicleRule()
        self._zones = tuple(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._inside: dict[int, set[str]] = {}
        self._standing: dict[int, datetime] = {}
        self._places: list[_Place] = []
        self._held: dict[int, _Place] = {}  # place of each track, from its stop until it moves or is gone

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have stood long enough."""
        for fact in moment.facts:
            self._note(fact)
        self._free_places(moment)
        found = []
        for track in moment.tracks:
            zone = self._zone_of(track)
            if zone is None or track.id not in self._standing:
                continue
            place = self._place_of(track, moment.at)
            stood_s = seconds(moment.at, place.since)
            if not place.is_told and stood_s >= self._rule.min_s:
                place.is_told = True
                if self._is_double(place):
                    continue
                facts = {"dwell_s": stood_s}
                found.append(Finding(ID, VERSION, "incident", track, place.since, moment.at, zone, facts))
        return found

    def _note(self, fact: Fact) -> None:
        key = fact.track.id
        match fact:
            case ZoneEntered():
                self._inside.setdefault(key, set()).add(fact.zone)
            case ZoneLeft():
                self._inside.get(key, set()).discard(fact.zone)
            case Stopped():
                self._standing[key] = fact.at
            case Moved():
                self._standing.pop(key, None)
                self._held.pop(key, None)
            case Gone():
                self._standing.pop(key, None)
                self._held.pop(key, None)
                self._inside.pop(key, None)

    def _zone_of(self, track: Track) -> str | None:
        """First of the rule's zones the vehicle is in; None also for classes that are not judged."""
        if track.cls.label not in self._classes:
            return None
        inside = self._inside.get(track.id, set())
        return next((zone for zone in self._zones if zone in inside), None)

    def _place_of(self, track: Track, at: datetime) -> _Place:
        """Place the standing track is at. While it stands it keeps its place, even where one box is bad."""
        box = track.x1, track.y1, track.x2, track.y2
        place = self._held.get(track.id)
        if place is None:
            place = self._held[track.id] = self._place_at(box, track.id, at)
            # It has left where it stood before: the next in the queue starts its own time there.
            self._places = [
                other for other in self._places if other is place or other.is_told or other.track_id != track.id
            ]
        if box_iou(place.box, box) >= self._rule.same_place_iou:
            place.box = box
        place.track_id, place.seen_at = track.id, at
        return place

    def _place_at(self, box: Box, track_id: int, at: datetime) -> _Place:
        """Place where a track has come to stand: known, taken over from a track that broke, or new."""
        stood_since = self._standing[track_id]
        place = max(self._places, key=lambda place: box_iou(place.box, box), default=None)
        if place is None or box_iou(place.box, box) < self._rule.same_place_iou:
            place = _Place(track_id, box, stood_since, at)
            self._places.append(place)
            del self._places[:-MAX_PLACES]
        elif not place.is_told and seconds(stood_since, place.seen_at) > self._rule.bridge_s:
            place.since = stood_since
        return place

    def _is_double(self, place: _Place) -> bool:
        """Another place at which a vehicle was told overlaps: two tracks have come to follow one vehicle."""
        return any(
            other is not place and other.is_told and box_iou(other.box, place.box) >= self._rule.same_place_iou
            for other in self._places
        )

    def _free_places(self, moment: Moment) -> None:
        """Drops places whose vehicle was seen away from them, and those unseen for long.

        A place that was told is given up only when its vehicle is clearly away and nobody else is there. Somebody else
        who is there at that very moment is the same vehicle under a swapped id: better silent than told twice.
        """
        boxes = {track.id: (track.x1, track.y1, track.x2, track.y2) for track in moment.tracks}

        def is_taken(place: _Place) -> bool:
            if place.track_id in self._standing or not self._is_away(place, boxes):
                return seconds(moment.at, place.seen_at) <= self._rule.forget_s
            others = [key for key, box in boxes.items() if box_iou(place.box, box) >= self._rule.same_place_iou]
            if place.is_told and others:
                place.track_id = others[0]
                return True
            return False

        self._places = [place for place in self._places if is_taken(place)]

    def _is_away(self, place: _Place, boxes: dict[int, Box]) -> bool:
        box = boxes.get(place.track_id)
        if box is None:
            return False
        return box_iou(place.box, box) < (AWAY_IOU if place.is_told else self._rule.same_place_iou)
