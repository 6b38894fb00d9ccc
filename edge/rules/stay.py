"""Long stays in zones, over short absences: who steps out or is hidden for a moment has not left.

Other than a dwell (dwell.py), a stay outlives its track: a new track that begins where a lost one was last seen is the
same road user, when the gap is short. Who was seen to leave the zone is not lost.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from edge.rules.finding import Moment
from edge.scene.facts import InZone
from edge.scene.geometry import Point, distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

SAME_PLACE = 1.0  # box sizes: a track that begins so near to where another was lost goes on with its stay


@dataclass(slots=True)
class Stay:
    """One road user in one zone.

    Attributes:
        since: when it came.
        seen_at, point: newest sighting inside, and where (pixels).
        absent_s: how long it was out of the zone or out of sight in between.
        is_outside: it was last seen, and out of the zone: it went, and nobody else goes on with its stay.
        is_told: it was said already.
    """

    since: datetime
    seen_at: datetime
    point: Point
    absent_s: float = 0.0
    is_outside: bool = False
    is_told: bool = False


class Stays:
    """Stays of road users in zones. Memory is bounded by those seen inside in the last `bridge_s`."""

    def __init__(self, zones: Iterable[str], classes: Collection[str], *, bridge_s: float) -> None:
        self._zones = frozenset(zones)
        self._classes = frozenset(classes)
        self._bridge_s = bridge_s
        self._stays: dict[tuple[int, str], Stay] = {}

    def inside(self, moment: Moment) -> list[tuple[Track, str, Stay]]:
        """Who is seen inside in this very frame, with the stay, in the order of the facts."""
        here: list[tuple[Track, str, Stay]] = []
        facts = [fact for fact in moment.inside if self._is_judged(fact)]
        seen = {(fact.track.id, fact.zone) for fact in facts}
        for fact in facts:
            stay = self._stays.get((fact.track.id, fact.zone)) or self._begun(fact, moment, seen)
            gap_s = seconds(moment.at, stay.seen_at)
            stay.absent_s += gap_s if gap_s > 1 else 0.0
            stay.seen_at, stay.point, stay.is_outside = moment.at, fact.track.ground, False
            here.append((fact.track, fact.zone, stay))
        present = {track.id for track in moment.tracks}
        for key, stay in self._stays.items():
            if key not in seen and key[0] in present:
                stay.is_outside = True
        self._forget(moment.at)
        return here

    def _is_judged(self, fact: InZone) -> bool:
        return fact.zone in self._zones and fact.track.cls.label in self._classes

    def _begun(self, fact: InZone, moment: Moment, seen: Collection[tuple[int, str]]) -> Stay:
        """The stay of a track that has none: a lost one's that it goes on with, or its own."""
        since = moment.view.inside(fact.track.id).get(fact.zone, moment.at)
        path = moment.view.path(fact.track.id)
        first = path[0] if path else Sample.from_track(fact.track)
        key = self._lost_near(first, fact.zone, seen)
        stay = Stay(since, since, fact.track.ground) if key is None else self._stays.pop(key)
        self._stays[fact.track.id, fact.zone] = stay
        return stay

    def _lost_near(self, first: Sample, zone: str, seen: Collection[tuple[int, str]]) -> tuple[int, str] | None:
        """Stay of a track that was lost just before the first sighting, at about its place; the nearest."""
        near = [
            (gap, key)
            for key, stay in self._stays.items()
            if key[1] == zone
            and key not in seen
            and not stay.is_outside
            and 0 < seconds(first.at, stay.seen_at) <= self._bridge_s
            and (gap := distance(stay.point, first.point)) <= SAME_PLACE * first.size
        ]
        return min(near)[1] if near else None

    def _forget(self, at: datetime) -> None:
        old = [key for key, stay in self._stays.items() if seconds(at, stay.seen_at) > self._bridge_s]
        for key in old:
            del self._stays[key]
