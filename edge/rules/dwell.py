"""How long each road user has been in each zone, and whether that was already said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from edge.rules.finding import Moment
from edge.scene.facts import Gone, InZone, ZoneEntered, ZoneLeft
from edge.scene.sample import seconds
from edge.track.track import Track


@dataclass(slots=True)
class _Stay:
    since: datetime
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
        found = []
        for fact in moment.facts:
            if not isinstance(fact, InZone) or fact.track.cls.label not in self._classes:
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
        for fact in moment.facts:
            if isinstance(fact, ZoneEntered):
                self._enter(fact)
            elif isinstance(fact, ZoneLeft):
                stay = self._stays.get((fact.track.id, fact.zone))
                if stay is not None:
                    stay.left_at = fact.at
                elif fact.zone in self._exempt:
                    self._begin_anew(fact)
            elif isinstance(fact, Gone):
                for zone in self._zones:
                    self._stays.pop((fact.track.id, zone), None)

    def _begin_anew(self, fact: ZoneLeft) -> None:
        """What was spent in an exempt zone does not count."""
        for zone in self._zones:
            stay = self._stays.get((fact.track.id, zone))
            if stay is not None and not stay.is_told:
                stay.since = max(stay.since, fact.at)

    def _enter(self, fact: ZoneEntered) -> None:
        if fact.zone not in self._zones:
            return
        key = fact.track.id, fact.zone
        before = self._stays.get(key)
        if before is not None and before.left_at is not None and seconds(fact.at, before.left_at) < self._rearm_s:
            before.left_at = None
            if not before.is_told:
                before.since = fact.at
            return
        self._stays[key] = _Stay(fact.at)
