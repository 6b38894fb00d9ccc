"""How long each road user has been in each zone, and whether that was already said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from edge.rules.finding import Moment
from edge.scene.facts import Gone, ZoneEntered, ZoneLeft
from edge.scene.geometry import Point, distance
from edge.scene.sample import seconds
from edge.track.track import Track

SAME_PLACE = 1.0  # box sizes: a track that begins so near to where another was lost is the same road user


@dataclass(slots=True)
class _Stay:
    since: datetime
    seen_at: datetime
    point: Point
    left_at: datetime | None = None
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Dwell:
    """A road user that has been in a zone for long enough."""

    track: Track
    zone: str
    since: datetime
    dwell_s: float


class Dwells:
    """Stays in zones. A stay that lasts `min_s` is told once; it is told anew after `rearm_s` outside.

    A track that begins where another was lost in the zone, within `rearm_s`, goes on with its stay: a swapped id is
    neither a second intruder nor a second chance. Memory is bounded by who was inside in the last `rearm_s` or is now.

    Args:
        exempt: ids of zones in which a stay does not count; it begins when they were left.
    """

    def __init__(
        self,
        zones: Iterable[str],
        classes: Collection[str],
        *,
        min_s: float,
        rearm_s: float,
        exempt: Iterable[str] = (),
    ) -> None:
        self._zones = tuple(zones)
        self._exempt = frozenset(exempt)
        self._classes = frozenset(classes)
        self._min_s = min_s
        self._rearm_s = rearm_s
        self._stays: dict[tuple[int, str], _Stay] = {}

    def ripe(self, moment: Moment) -> list[Dwell]:
        """Stays that have become long enough in this moment, in the order of the facts.

        Only who is seen inside in this very frame: a person who has just stepped off the road is not on it.
        """
        self._follow(moment)
        found: list[Dwell] = []
        if not self._stays:
            return found
        for fact in moment.inside:
            if fact.track.cls.label not in self._classes:
                continue
            stay = self._stays.get((fact.track.id, fact.zone))
            if stay is None or stay.is_told or self._is_exempt(fact.track, moment):
                continue
            dwell_s = seconds(moment.at, stay.since)
            if dwell_s >= self._min_s:
                stay.is_told = True
                found.append(Dwell(fact.track, fact.zone, stay.since, dwell_s))
        return found

    def _is_exempt(self, track: Track, moment: Moment) -> bool:
        return bool(self._exempt) and not self._exempt.isdisjoint(moment.view.inside(track.id))

    def is_occupied(self, zone: str) -> bool:
        """Somebody whose stay was long enough is in the zone."""
        return any(key[1] == zone and stay.is_told and stay.left_at is None for key, stay in self._stays.items())

    def _follow(self, moment: Moment) -> None:
        for seen in moment.inside if self._stays else ():
            if stay := self._stays.get((seen.track.id, seen.zone)):
                stay.seen_at, stay.point = seen.at, seen.track.ground
        for fact in moment.changes:
            if isinstance(fact, ZoneEntered):
                self._enter(fact, moment)
            elif isinstance(fact, ZoneLeft):
                stay = self._stays.get((fact.track.id, fact.zone))
                if stay is not None:
                    stay.left_at = fact.at
                elif fact.zone in self._exempt:
                    self._begin_anew(fact)
            elif isinstance(fact, Gone):
                self._lose(fact)
        self._forget(moment.at)

    def _lose(self, gone: Gone) -> None:
        """A track that is gone has left where it was last seen."""
        for zone in self._zones:
            stay = self._stays.get((gone.track.id, zone))
            if stay is not None and stay.left_at is None:
                stay.left_at = stay.seen_at

    def _forget(self, at: datetime) -> None:
        if not self._stays:
            return
        old = [
            key
            for key, stay in self._stays.items()
            if stay.left_at is not None and seconds(at, stay.left_at) > self._rearm_s
        ]
        for key in old:
            del self._stays[key]

    def _begin_anew(self, fact: ZoneLeft) -> None:
        """What was spent in an exempt zone does not count."""
        for zone in self._zones:
            stay = self._stays.get((fact.track.id, zone))
            if stay is not None and not stay.is_told:
                stay.since = max(stay.since, fact.at)

    def _enter(self, fact: ZoneEntered, moment: Moment) -> None:
        if fact.zone not in self._zones:
            return
        key = fact.track.id, fact.zone
        before = self._stays.get(key)
        if before is not None and before.left_at is not None and seconds(fact.at, before.left_at) < self._rearm_s:
            before.left_at = None
            if not before.is_told:
                before.since = fact.at
            return
        lost = self._lost_near(fact, moment) if before is None else None
        stay = _Stay(fact.at, moment.at, fact.track.ground) if lost is None else self._stays.pop(lost)
        stay.seen_at, stay.point, stay.left_at = moment.at, fact.track.ground, None
        self._stays[key] = stay

    def _lost_near(self, fact: ZoneEntered, moment: Moment) -> tuple[int, str] | None:
        """Stay of a track that was lost inside just before this one began, at about its place; the nearest."""
        path = moment.view.path(fact.track.id)
        if not path:
            return None
        first = path[0]
        near = [
            (gap, key)
            for key, stay in self._stays.items()
            if key[1] == fact.zone
            and (stay.left_at is None or stay.left_at == stay.seen_at)
            and 0 < seconds(first.at, stay.seen_at) <= self._rearm_s
            and (gap := distance(stay.point, first.point)) <= SAME_PLACE * first.size
        ]
        return min(near)[1] if near else None
