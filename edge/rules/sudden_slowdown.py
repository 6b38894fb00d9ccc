"""Braking hard on the carriageway.

A vehicle that was measured at `from_kmh` or more, at most `BEFORE_S` ago, loses speed over `window_s` at `deceleration`
or more beyond doubt: (Δv - U(Δv)) / window_s >= deceleration. A speed is a mean over its window and comes late, so the
loss is taken from the path itself: a parabola is fitted (least squares) to the way s gone on the ground in the window,

    s(t) = c + v t - a t² / 2,      Δv = a window_s,
    p(t) = t² - t Σt³/Σt² - Σt²/n   (orthogonal to 1 and t, t from the mean time),
    a = -2 Σ p s / Σ p²,            U(Δv) = 2 * 2 σ window_s / sqrt(Σ p²),

with σ the greater of the scatter about the parabola and the error of a ground point (2 % of the box, through the slopes
of the homography). Scatter above `JUMP` times that error (and above `JUMP_M`) is no vehicle's way but a jump to another
one. Two looks in a row must agree, so one bad box brakes nobody. Who was measured just now and has lost less than
`PART` of the least loss is not looked at closer: a mean over the last second has lost more by then. After a finding
the same track is judged anew after `REARM_S`.

Not a finding: usual braking at a red (2 to 3.5 m/s2; the default asks for 5, an emergency).
Unknown: without a calibration, off its valid region, or too far away to tell, nothing is found.

Reads: SpeedMeasured, Gone; paths, zones; the scene's calibration.  Emits: Finding(sudden_slowdown), kind incident.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot, sqrt
from typing import Final

from contracts.scene import SceneConfig, SuddenSlowdownRule
from edge.rules.finding import Finding, Moment
from edge.scene.facts import KMH, Gone, Speed, SpeedMeasured
from edge.scene.ground import Ground
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "sudden_slowdown"
VERSION = 1
REARM_S = 10.0
BEFORE_S = 4.0
LOOK_S = 0.2
PART = 0.1
NOW_S = 0.15
LEAST_POINTS = 5
BOX_NOISE = 0.02  # of width and height, standard deviation
JUMP = 3.0
JUMP_M = 0.15


@dataclass(frozen=True, slots=True)
class Braking:
    """Mean deceleration over a window, its expanded uncertainty (m/s2, k=2), and when the window began."""

    since: datetime
    over_s: float
    mps2: float
    uncertainty_mps2: float


@dataclass(slots=True)
class _Watched:
    """A vehicle that was fast: `fast` is what is told of it, `peak_mps` its greatest speed of at least the last 3 s."""

    fast: Speed
    peak_mps: float
    looked_at: datetime
    braked: Braking | None = None
    told_at: datetime | None = None


class SuddenSlowdown:
    """Finds vehicles that brake hard."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.sudden_slowdown or SuddenSlowdownRule()
        self._zones = tuple(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._watched: dict[int, _Watched] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for brakings that have become certain."""
        for change in moment.changes:
            if isinstance(change, Gone):
                self._watched.pop(change.track.id, None)
        for fact in moment.speeds:
            self._note(fact)
        if not self._watched:
            return []
        found = [self._look(track, moment) for track in moment.tracks if track.id in self._watched]
        return [finding for finding in found if finding is not None]

    def _note(self, fact: SpeedMeasured) -> None:
        """Remembers who was fast."""
        if fact.speed.mps * KMH < self._rule.from_kmh or fact.track.cls.label not in self._classes:
            return
        watched = self._watched.get(fact.track.id)
        if watched is None:
            self._watched[fact.track.id] = _Watched(fact.speed, fact.speed.mps, fact.at)
        elif fact.speed.mps >= watched.fast.mps:
            watched.fast, watched.peak_mps = fact.speed, max(fact.speed.mps, watched.peak_mps)
        elif seconds(fact.at, watched.fast.at) > BEFORE_S - 1:
            watched.fast, watched.peak_mps = fact.speed, watched.fast.mps

    def _look(self, track: Track, moment: Moment) -> Finding | None:
        watched, at = self._watched[track.id], moment.at
        if seconds(at, watched.fast.at) > BEFORE_S or seconds(at, watched.looked_at) < LOOK_S - 1e-6:
            return None
        before, watched.looked_at, watched.braked = watched.braked, at, None
        ground = moment.view.ground
        if ground is None or not ground.is_good or self._keeps_speed(watched, moment.view.speed(track.id), at):
            return None
        braking = braking_of(moment.view.path(track.id), ground, self._rule.window_s)
        if braking is None or braking.mps2 - braking.uncertainty_mps2 < self._rule.deceleration:
            return None
        watched.braked = braking
        zone = next((zone for zone in self._zones if zone in moment.view.inside(track.id)), None)
        is_told = watched.told_at is not None and seconds(at, watched.told_at) < REARM_S
        if before is None or zone is None or is_told:
            return None
        watched.told_at = at
        return self._finding(track, watched.fast, before, braking, moment, zone)

    def _keeps_speed(self, watched: _Watched, now: Speed | None, at: datetime) -> bool:
        """Measured just now, and hardly slower than before."""
        if now is None or seconds(at, now.at) > NOW_S:
            return False
        return watched.peak_mps - now.mps < PART * self._rule.deceleration * self._rule.window_s

    def _finding(
        self, track: Track, fast: Speed, before: Braking, braking: Braking, moment: Moment, zone: str
    ) -> Finding:
        facts = {
            "from_kmh": fast.mps * KMH,
            "deceleration_mps2": braking.mps2,
            "uncertainty_mps2": braking.uncertainty_mps2,
            "over_s": braking.over_s,
            "limit_mps2": self._rule.deceleration,
        }
        return Finding(ID, VERSION, "incident", track, before.since, moment.at, zone, facts, speed=fast)


def braking_of(path: tuple[Sample, ...], ground: Ground, window_s: float) -> Braking | None:
    """Deceleration over the newest window of a path (pixels); None where it was not seen well enough to tell."""
    if len(path) < LEAST_POINTS:
        return None
    newest = path[-1]
    recent = _recent(path, window_s + LOOK_S)
    over_s = seconds(newest.at, recent[0].at)
    if len(recent) < LEAST_POINTS or over_s < window_s or not all(ground.is_valid(s.point) for s in recent):
        return None
    places = [ground.from_origin(sample.point) for sample in recent]
    dx, dy = places[-1][0] - places[0][0], places[-1][1] - places[0][1]
    length = hypot(dx, dy)
    if length == 0:
        return None
    dx, dy = dx / length, dy / length
    way = [(x - places[0][0]) * dx + (y - places[0][1]) * dy for x, y in places]
    times = [seconds(sample.at, recent[0].at) for sample in recent]
    noise = max(_point_error(sample, ground, (dx, dy)) for sample in (recent[0], newest))
    mps2, scatter, spread = _parabola(times, way)
    if scatter > max(JUMP * noise, JUMP_M):
        return None
    return Braking(recent[0].at, over_s, mps2, 2 * 2 * max(scatter, noise) / spread)


def _recent(path: Sequence[Sample], window_s: float) -> list[Sample]:
    """End of a path that is not older than its newest sighting by more than that."""
    newest = path[-1].at
    begin = len(path) - 1
    while begin > 0 and seconds(newest, path[begin - 1].at) <= window_s:
        begin -= 1
    return list(path[begin:])


def _point_error(sample: Sample, ground: Ground, direction: tuple[float, float]) -> float:
    """Standard error of a ground point along the way, metres: box noise through the homography."""
    xu, xv, yu, yv = ground.slopes(sample.point)
    noise = BOX_NOISE * sample.size
    across, up = xu * direction[0] + yu * direction[1], xv * direction[0] + yv * direction[1]
    return hypot(across, up) * noise


def _parabola(times: list[float], way: list[float]) -> tuple[float, float, float]:
    """Deceleration of the fitted parabola, scatter about it (metres), and sqrt(Σ p²)."""
    n = len(times)
    mean = math.fsum(times) / n
    ts = [t - mean for t in times]
    t2 = t3 = 0.0
    for t in ts:
        t2 += t * t
        t3 += t * t * t
    skew, spread = t3 / t2, t2 / n
    ps = []
    p2 = along_p = along_t = total = 0.0
    for t, s in zip(ts, way, strict=True):
        p = t * t - skew * t - spread
        ps.append(p)
        p2 += p * p
        along_p += p * s
        along_t += t * s
        total += s
    bend, middle, slope = along_p / p2, total / n, along_t / t2
    square = 0.0
    for t, p, s in zip(ts, ps, way, strict=True):
        left = s - middle - slope * t - bend * p
        square += left * left
    scatter = sqrt(square / (n - 3))
    return -2 * bend, scatter, sqrt(p2)
