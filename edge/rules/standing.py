"""Vehicles that stand in zones: each place once, however its track breaks, and whether it stands there as traffic.

What is remembered is the *place*, not the track: a new track whose box overlaps the place (`same_place_iou`) soon after
is the same vehicle, so a parked car whose track breaks keeps its first moment and is told once. A place is free again
when its vehicle was seen away from it, or when nobody was seen there for `forget_s`.

A vehicle that stands has *stood free* since nobody stood or crawled ahead of it and no signal held it up, and has
*stood alone* since it was not in a group either (see queue.py). It stands **for no reason of traffic** when it

    has stood alone for a time,
    or has stood free for that time while at least two others went by and on, not all within `PASS_S`,
    or has stood free for `queue_s`, and others stand around it only where the road ahead is in the picture: the head of
    a queue that fills the picture to its edge may be waiting for what is not seen.

The time runs while it stands in the zone: what it stood just outside does not count.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.scene import Lane, SceneConfig, StandingRule, Zone
from edge.rules.finding import Moment
from edge.rules.queue import QueueWatch, Reason, Slow
from edge.scene.facts import Gone, Moved
from edge.scene.geometry import box_iou
from edge.scene.sample import seconds
from edge.track.track import Track

MAX_PLACES = 256
AWAY_IOU = 0.1  # a vehicle that overlaps the place it was told at less than this has left it
LOOK_S = 1.0  # a place is looked at so often, and when its time is up
PASS_S = 5.0  # a queue that starts passes a slow starter within this
MAX_PASSED = 8
HELD: frozenset[Reason] = frozenset({"ahead", "signal"})

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Place:
    """Where a vehicle stands.

    Attributes:
        since: when it came to stand.
        free_since: since then nobody stood ahead and no signal held it up.
        alone_since: since then it was not in a group either.
        known_since: since then it was free, and no queue reached over the picture's edge ahead of it.
        told: what was already said of it.
        passed: tracks that went by since and do not stand, and when they were first seen ahead.
        act_since: when the act that was told began.
    """

    track_id: int
    box: Box
    since: datetime
    seen_at: datetime
    free_since: datetime
    alone_since: datetime
    reason: Reason = "none"
    looked_at: datetime | None = None
    told: set[str] = field(default_factory=set)
    passed: dict[int, datetime] = field(default_factory=dict)
    act_since: datetime = field(init=False)
    known_since: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.act_since = self.known_since = self.since

    def start(self, since: datetime) -> None:
        """Somebody else's time begins."""
        self.since = self.free_since = self.alone_since = self.known_since = self.act_since = since
        self.reason = "none"
        self.looked_at = None
        self.passed.clear()

    def was_passed(self) -> bool:
        """Others went by, at different times: what holds it up does not hold up traffic."""
        return len(self.passed) >= 2 and seconds(max(self.passed.values()), min(self.passed.values())) >= PASS_S


@dataclass(frozen=True, slots=True)
class Stand:
    """A vehicle that stands in a zone now."""

    track: Track
    zone: Zone | Lane
    place: Place


class StandingVehicles:
    """Standing vehicles of one rule: where, since when and why."""

    def __init__(self, scene: SceneConfig, rule: StandingRule, zones: Collection[Zone | Lane]) -> None:
        self._rule = rule
        self._zones = tuple(zones)
        self._classes = frozenset(rule.classes)
        self._queue = QueueWatch(scene, gap=rule.queue_gap)
        self._places: list[Place] = []
        self._held: dict[int, Place] = {}  # place of each track, from its stop until it moves or is gone

    def step(self, moment: Moment) -> list[Stand]:
        """Who stands in the zones, by track id; every frame."""
        self._queue.note(moment)
        for fact in moment.changes:
            if isinstance(fact, Moved | Gone):
                self._held.pop(fact.track.id, None)
        if self._places:
            self._free_places(moment)
        found = []
        for track in moment.tracks:
            since = moment.view.stands_since(track.id)
            zone = None if since is None else self._zone_of(track, moment)
            if since is not None and zone is not None:
                since = max(since, moment.view.inside(track.id)[zone.id])
                found.append(Stand(track, zone, self._place_of(track, since, moment)))
        return found

    def look(self, stands: Collection[Stand], moment: Moment, time_s: float, *, blame: str = "") -> None:
        """Asks why they stand, of each at least once a second and when `time_s` is up.

        Args:
            stands: of this moment.
            moment: now.
            time_s: the rule's time.
            blame: to wait behind somebody of whom this was told is no reason of its own; "" to let it be one.
        """
        due = [stand for stand in stands if _is_due(stand.place, moment.at, time_s)]
        if not due:
            return
        slow = self._queue.slow(moment.tracks, moment.view)
        told = {place.track_id for place in self._places if blame and blame in place.told}
        movers = [track.id for track in moment.tracks if moment.view.stands_since(track.id) is None]
        for stand in due:
            who = self._queue.seen(stand.track, moment.view)
            self._update(stand.place, self._queue.reason(who, slow, moment, told=told), moment.at)
            self._note_passing(stand.place, who, movers, moment)

    def has_no_reason(self, stand: Stand, at: datetime, time_s: float) -> bool:
        """It stands for no reason of traffic, for at least `time_s`."""
        place = stand.place
        if place.reason in HELD:
            return False
        free_s = seconds(at, place.free_since)
        return (
            seconds(at, place.alone_since) >= time_s
            or (free_s >= time_s and place.was_passed())
            or seconds(at, place.known_since) >= max(self._rule.queue_s, time_s)
        )

    def is_double(self, place: Place, word: str) -> bool:
        """Another place of which `word` was told overlaps: two tracks have come to follow one vehicle."""
        return any(
            other is not place and word in other.told and box_iou(other.box, place.box) >= self._rule.same_place_iou
            for other in self._places
        )

    def _update(self, place: Place, reason: Reason, at: datetime) -> None:
        """A reason holds until the look at which it is gone."""
        lately = {reason, place.reason}
        place.reason, place.looked_at = reason, at
        if lately & HELD:
            place.free_since = place.alone_since = place.known_since = at
            place.passed.clear()
        elif "unseen" in lately:
            place.alone_since = place.known_since = at
        elif "group" in lately:
            place.alone_since = at

    def _note_passing(self, place: Place, who: Slow, movers: Collection[int], moment: Moment) -> None:
        """Who went by and stands now, too, has only come further forward in the same queue."""
        for passer in [key for key in place.passed if moment.view.stands_since(key) is not None]:
            del place.passed[passer]
        if len(place.passed) >= MAX_PASSED:
            return
        for mover in movers:
            if mover not in place.passed and self._queue.passes(who, moment.view.path(mover)):
                place.passed[mover] = moment.at

    def _zone_of(self, track: Track, moment: Moment) -> Zone | Lane | None:
        """First of the rule's zones the vehicle is in; None also for classes that are not judged."""
        if track.cls.label not in self._classes:
            return None
        inside = moment.view.inside(track.id)
        return next((zone for zone in self._zones if zone.id in inside), None)

    def _place_of(self, track: Track, since: datetime, moment: Moment) -> Place:
        """Place the standing track is at. While it stands it keeps its place, even where one box is bad."""
        box = track.x1, track.y1, track.x2, track.y2
        place = self._held.get(track.id)
        if place is None:
            place = self._held[track.id] = self._place_at(box, track.id, since, moment)
            # It has left where it stood before: the next in the queue starts its own time there.
            self._places = [
                other for other in self._places if other is place or other.told or other.track_id != track.id
            ]
        if box_iou(place.box, box) >= self._rule.same_place_iou:
            place.box = box
        place.track_id, place.seen_at = track.id, moment.at
        return place

    def _place_at(self, box: Box, track_id: int, since: datetime, moment: Moment) -> Place:
        """Place where a track has come to stand: known, taken over from a track that broke, or new.

        A place whose own vehicle is seen standing there is that one's: who stops close behind it has another.
        """
        seen = {track.id for track in moment.tracks}
        kept = [place for key, place in self._held.items() if key != track_id and key in seen]
        free = [place for place in self._places if not any(place is other for other in kept)]
        place = max(free, key=lambda place: box_iou(place.box, box), default=None)
        if place is None or box_iou(place.box, box) < self._rule.same_place_iou:
            place = Place(track_id, box, since, moment.at, since, since)
            self._places.append(place)
            del self._places[:-MAX_PLACES]
        elif not place.told and seconds(since, place.seen_at) > self._rule.bridge_s:
            place.start(since)
        return place

    def _free_places(self, moment: Moment) -> None:
        """Drops places whose vehicle was seen away from them, and those unseen for long.

        A place that was told is given up only when its vehicle is clearly away and nobody else is there. Somebody else
        who is there at that very moment is the same vehicle under a swapped id: better silent than told twice.
        """
        boxes = {track.id: (track.x1, track.y1, track.x2, track.y2) for track in moment.tracks}
        self._places = [place for place in self._places if self._is_taken(place, boxes, moment)]

    def _is_taken(self, place: Place, boxes: dict[int, Box], moment: Moment) -> bool:
        if moment.view.stands_since(place.track_id) is not None or not self._is_away(place, boxes):
            return seconds(moment.at, place.seen_at) <= self._rule.forget_s
        if not place.told:
            return False
        others = [key for key, box in boxes.items() if box_iou(place.box, box) >= self._rule.same_place_iou]
        if others:
            place.track_id = others[0]
        return bool(others)

    def _is_away(self, place: Place, boxes: dict[int, Box]) -> bool:
        box = boxes.get(place.track_id)
        if box is None:
            return False
        return box_iou(place.box, box) < (AWAY_IOU if place.told else self._rule.same_place_iou)


def _is_due(place: Place, at: datetime, time_s: float) -> bool:
    if place.looked_at is None or seconds(at, place.looked_at) >= LOOK_S:
        return True
    ripe_at = place.alone_since + timedelta(seconds=time_s)
    return place.looked_at < ripe_at <= at


def figures(place: Place, at: datetime) -> dict[str, object]:
    """What is told of a stand: how long in all, how long free, why it may stand, how many went by."""
    return {
        "dwell_s": seconds(at, place.since),
        "free_s": seconds(at, place.free_since),
        "around": place.reason,
        "passed_by": len(place.passed),
    }
