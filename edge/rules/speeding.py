"""Driving faster than the limit, beyond doubt.

A vehicle is speeding when its measured mean speed v, less its expanded uncertainty U (k=2), is at or above the limit
plus the tolerance in every measurement for half a second. Measurements farther apart than 1 s are not one after the
other, but where the later one's window reaches back to the earlier: it was hidden, and its mean speed over that time is
in the later one. The limit is that of the lane it is in, else the rule's;
where lanes with different limits overlap, the highest. Once per track and limit: a change of lane is the same act.
The speed told is the one of these measurements that is most certainly too high. It is told at once, so a vehicle that
goes faster still afterwards is told with less, never with more.

Not a finding: a single high value; a vehicle outside lanes and zones with a limit; a person on foot.
Unknown: without a good calibration, or off its valid region, there is no speed and no finding. The speed is
*screening*: no device with a verification certificate measured it.

Reads: SpeedMeasured, Gone, zones.  Emits: Finding(speeding), kind violation.
"""

import math
from dataclasses import dataclass
from typing import Final

from contracts.scene import Lane, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.facts import KMH, Gone, Speed, SpeedMeasured
from edge.scene.sample import seconds

ID: Final = "speeding"
VERSION = 2
HELD_S = 0.5
BROKEN_S = 1.0  # farther apart measurements do not hold together, but where the later one was begun before the earlier


@dataclass(slots=True)
class _Held:
    """Measurements that are certainly too high, one after the other."""

    limit_kmh: float
    first: Speed
    best: Speed
    last: Speed
    count: int = 1

    def take(self, speed: Speed) -> None:
        self.last = speed
        self.count += 1
        if speed.mps - speed.uncertainty_mps > self.best.mps - self.best.uncertainty_mps:
            self.best = speed


class Speeding:
    """Finds vehicles that are certainly too fast."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.speeding
        self._classes = frozenset(rule.classes if rule else ())
        self._tolerance_kmh = rule.tolerance_kmh if rule else 0.0
        self._limits: dict[str, float] = {}
        for place in scene.zones_of(ID):
            own = place.speed_limit_kmh if isinstance(place, Lane) else None
            limit = own if own is not None else (rule.limit_kmh if rule else None)
            if limit is not None:
                self._limits[place.id] = limit
        self._lanes = frozenset(place.id for place in scene.zones_of(ID) if isinstance(place, Lane))
        self._held: dict[int, _Held] = {}
        self._told: dict[int, set[float]] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for speeds that have been too high for long enough."""
        found = []
        for change in moment.changes:
            if isinstance(change, Gone):
                self._held.pop(change.track.id, None)
                self._told.pop(change.track.id, None)
        for fact in moment.speeds:
            if fact.speed.at == moment.at and fact.track.cls.label in self._classes:
                found.extend(self._measured(fact, moment))
        return found

    def _measured(self, fact: SpeedMeasured, moment: Moment) -> list[Finding]:
        track, speed = fact.track.id, fact.speed
        place = self._place(moment, track)
        held = self._held.pop(track, None)
        if place is None:
            return []
        limit = self._limits[place]
        if (speed.mps - speed.uncertainty_mps) * KMH < limit + self._tolerance_kmh or limit in self._told.get(
            track, ()
        ):
            return []
        if held is None or held.limit_kmh != limit or seconds(speed.at, held.last.at) > max(BROKEN_S, speed.window_s):
            self._held[track] = _Held(limit, speed, speed, speed)
            return []
        held.take(speed)
        if seconds(speed.at, held.first.at) < HELD_S - 1e-6:
            self._held[track] = held
            return []
        self._told.setdefault(track, set()).add(limit)
        return [self._finding(fact, held, place)]

    def _place(self, moment: Moment, track_id: int) -> str | None:
        """Lane (before zone) with the highest limit that the track is in."""
        inside = moment.view.inside(track_id)
        best: tuple[bool, float] | None = None
        chosen = None
        for place in inside:
            limit = self._limits.get(place)
            if limit is None:
                continue
            rank = place in self._lanes, limit
            if best is None or rank > best:
                best, chosen = rank, place
        return chosen

    def _finding(self, fact: SpeedMeasured, held: _Held, place: str) -> Finding:
        speed = held.best
        facts = {"limit_kmh": held.limit_kmh, "tolerance_kmh": self._tolerance_kmh, "measurements": held.count}
        facts |= excess(speed, held.limit_kmh)
        return Finding(ID, VERSION, "violation", fact.track, held.first.at, fact.at, place, facts, speed=speed)


def excess(speed: Speed, limit_kmh: float) -> dict[str, float]:
    """Speed, its uncertainty, and how far it is over the limit: for the law's bands in whole km/h, rounded down."""
    kmh, uncertainty_kmh = speed.mps * KMH, speed.uncertainty_mps * KMH
    return {
        "speed_kmh": kmh,
        "uncertainty_kmh": uncertainty_kmh,
        "excess_kmh": float(math.floor(kmh - limit_kmh + 1e-9)),
        "certain_excess_kmh": kmh - uncertainty_kmh - limit_kmh,
    }
