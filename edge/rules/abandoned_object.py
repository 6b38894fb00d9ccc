"""A person leaves an object and goes away.

Who is within one of his box sizes of an object while it is put down (from its first sighting until it stands) owns it;
that may be several. When all of them are more than `away` of their box sizes off, or out of sight, the object is alone;
it is reported when it stands alone for `min_s`. The act begins when the last owner left. Once per object: an object
that is hidden for at most `bridge_s` and stands there again is the same.

A new track that begins where an owner's track was lost, not away yet, is the owner: a swapped id leaves nothing behind.
Who was lost when he had gone away has gone; whoever comes in by the same door is somebody else.

Not a finding: an object that moves again (somebody took it); one whose owner comes back in time.
Unknown: whose an object is that was there before anybody was seen near it. Nobody can be said to have left it, so it is
not found; nor is one put down by somebody the camera did not see. What is in it is never known.

Reads: InZone of objects, tracks, Gone, and the view's standing.  Emits: Finding(abandoned_object), kind incident.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from contracts.classes import RoadUserClass
from contracts.scene import AbandonedObjectRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone
from edge.scene.geometry import Point, box_iou, distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "abandoned_object"
VERSION = 2

NEAR = 1.0  # box sizes of a person: so near to an object he may have put it down
HIDDEN_S = 2.0  # an owner unseen for so long is out of sight
HEIR = 1.5  # box sizes: a track that begins so near to where an owner was lost …
HEIR_S = 5.0  # … and so soon after it is the owner
SAME_IOU = 0.3  # boxes of standing objects that overlap more are one object
MAX_OBJECTS = 256

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Owner:
    """Where and when an owner was last seen, his size, and since when he is away."""

    at: datetime
    point: Point
    size: float
    away_since: datetime | None = None


@dataclass(slots=True)
class _Left:
    """An object that is being put down, or was. `box`: where it was put."""

    track: Track
    seen_at: datetime
    owners: dict[int, _Owner] = field(default_factory=dict)
    box: Box | None = None
    has_stood: bool = False  # under its present track id
    is_told: bool = False

    def alone_since(self) -> datetime | None:
        """Since when no owner is near; None while one is, or where none is known."""
        away = [owner.away_since for owner in self.owners.values()]
        if not away or None in away:
            return None
        return max(moment for moment in away if moment is not None)


class AbandonedObject:
    """Finds objects that were left alone by who put them down."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.abandoned_object or AbandonedObjectRule()
        self._zones = frozenset(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._objects: dict[int, _Left] = {}
        self._began: dict[int, Sample] = {}  # first sighting of everybody alive who may own an object

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for objects that have been alone for long enough."""
        people = self._people(moment)
        zones: dict[int, str] = {}
        for fact in moment.inside:
            if fact.track.cls is RoadUserClass.OBJECT and fact.zone in self._zones:
                zones.setdefault(fact.track.id, fact.zone)
        for track in moment.tracks:
            if track.id in zones:
                self._see(track, moment, people)
        found = []
        for key, left in self._objects.items():
            if left.box is not None:
                self._watch(left, people, moment.at)
            if key in zones and (finding := self._judged(left, zones[key], moment.at)):
                found.append(finding)
        self._forget(moment.at)
        return found

    def _people(self, moment: Moment) -> dict[int, Sample]:
        """Everybody in this frame who may own an object."""
        for fact in moment.changes:
            if isinstance(fact, Gone):
                self._began.pop(fact.track.id, None)
        people = {}
        for track in moment.tracks:
            if track.cls.label in self._classes:
                people[track.id] = sample = Sample.from_track(track)
                self._began.setdefault(track.id, sample)
        return people

    def _see(self, track: Track, moment: Moment, people: dict[int, Sample]) -> None:
        stands = moment.view.stands_since(track.id) is not None
        left = self._objects.get(track.id) or self._hidden_at(track, moment.at)
        if left is None or (left.has_stood and not stands):  # new, or taken up again
            left = _Left(track, moment.at)
            while len(self._objects) >= MAX_OBJECTS:
                del self._objects[next(iter(self._objects))]
        self._objects[track.id] = left
        left.track, left.seen_at, left.has_stood = track, moment.at, left.has_stood or stands
        if left.box is None:
            for key, person in people.items():
                if distance(person.point, track.ground) <= NEAR * person.size:
                    left.owners[key] = _Owner(person.at, person.point, person.size)
            if stands:
                left.box = _box(track)

    def _hidden_at(self, track: Track, at: datetime) -> _Left | None:
        """Object that stood where a new track begins and is not seen now; it goes on under the new id."""
        for key, left in self._objects.items():
            if left.box is not None and left.seen_at < at and box_iou(left.box, _box(track)) >= SAME_IOU:
                del self._objects[key]
                left.has_stood = False
                return left
        return None

    def _watch(self, left: _Left, people: dict[int, Sample], at: datetime) -> None:
        """Where the owners of an object are now."""
        for key in list(left.owners):
            owner = left.owners[key]
            seen = people.get(key)
            if seen is None and seconds(at, owner.at) >= HIDDEN_S:
                heir = self._heir(owner, people) if owner.away_since is None else None
                if heir is None:
                    owner.away_since = owner.away_since or owner.at
                    continue
                del left.owners[key]
                seen = people[heir]
                owner = left.owners.setdefault(heir, owner)
            if seen is not None:
                owner.at, owner.point, owner.size = seen.at, seen.point, seen.size
                is_away = distance(seen.point, left.track.ground) > self._rule.away * seen.size
                owner.away_since = (owner.away_since or at) if is_away else None

    def _heir(self, owner: _Owner, people: dict[int, Sample]) -> int | None:
        """Track that began when and where this owner's was lost: the same person under another id."""
        for key in people:
            began = self._began[key]
            late_s = seconds(began.at, owner.at)
            if -HIDDEN_S / 2 <= late_s <= HEIR_S and distance(began.point, owner.point) <= HEIR * owner.size:
                return key
        return None

    def _judged(self, left: _Left, zone: str, at: datetime) -> Finding | None:
        since = left.alone_since()
        if left.is_told or left.box is None or since is None or seconds(at, since) < self._rule.min_s:
            return None
        left.is_told = True
        gone = sum(seconds(at, owner.at) >= HIDDEN_S for owner in left.owners.values())
        facts = {
            "alone_s": seconds(at, since),
            "owners": len(left.owners),
            "owners_out_of_sight": gone,
            "min_s": self._rule.min_s,
            "away_box_sizes": self._rule.away,
        }
        return Finding(ID, VERSION, "incident", left.track, since, at, zone, facts)

    def _forget(self, at: datetime) -> None:
        old = [key for key, left in self._objects.items() if seconds(at, left.seen_at) > self._rule.bridge_s]
        for key in old:
            del self._objects[key]


def _box(track: Track) -> Box:
    return track.x1, track.y1, track.x2, track.y2
