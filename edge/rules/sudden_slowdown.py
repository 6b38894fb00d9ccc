"""Braking hard on the carriageway.

A vehicle that was at least `from_kmh` fast loses speed, over `window_s` and more, at `deceleration` or more beyond
doubt:

    (v0 - v1 - U(v0 - v1)) / (t1 - t0) >= deceleration,   U(v0 - v1) = sqrt(U(v0)^2 + U(v1)^2)

v0 and v1 are measured speeds with expanded uncertainties U (k=2). Each speed is itself a mean over its window, which
makes the figure smaller than the true deceleration, never larger. The speeds between must fall too (within their U): a
track that jumps to a slower vehicle does not brake. After a finding the same track is judged anew after `REARM_S`.

Not a finding: usual braking at a red (2 to 3.5 m/s2; the default asks for 5, an emergency); vehicles whose speed is not
measured.
Unknown: speeds too uncertain to tell; then nothing is found.

Reads: SpeedMeasured, Gone, zones.  Emits: Finding(sudden_slowdown), kind incident.
"""

from collections import deque
from datetime import datetime
from math import hypot
from typing import Final

from contracts.scene import SceneConfig, SuddenSlowdownRule
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, Speed, SpeedMeasured
from edge.scene.sample import seconds

ID: Final = "sudden_slowdown"
VERSION = 1
KMH = 3.6
REARM_S = 10.0
STEP_S = 0.09  # speeds are kept no denser
GAP_S = 0.6  # without a speed for so long, what was before is not compared


class SuddenSlowdown:
    """Finds vehicles that brake hard."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.sudden_slowdown or SuddenSlowdownRule()
        self._zones = tuple(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._speeds: dict[int, deque[Speed]] = {}
        self._told_at: dict[int, datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for brakings that have become certain."""
        found = []
        for fact in moment.facts:
            if isinstance(fact, SpeedMeasured) and fact.track.cls.label in self._classes:
                finding = self._see(fact, moment)
                if finding is not None:
                    found.append(finding)
            elif isinstance(fact, Gone):
                self._speeds.pop(fact.track.id, None)
                self._told_at.pop(fact.track.id, None)
        return found

    def _see(self, fact: SpeedMeasured, moment: Moment) -> Finding | None:
        kept = self._speeds.setdefault(fact.track.id, deque())
        now = fact.speed
        if kept and seconds(now.at, kept[-1].at) > GAP_S:
            kept.clear()
        if not kept or seconds(now.at, kept[-1].at) >= STEP_S:
            kept.append(now)
        while len(kept) > 2 and seconds(now.at, kept[1].at) >= self._rule.window_s:
            kept.popleft()
        before = kept[0]
        over_s = seconds(now.at, before.at)
        if over_s < self._rule.window_s or before.mps * KMH < self._rule.from_kmh:
            return None
        lost, doubt = before.mps - now.mps, hypot(before.uncertainty_mps, now.uncertainty_mps)
        if (lost - doubt) / over_s < self._rule.deceleration or not _falls(kept):
            return None
        return self._tell(fact, before, over_s, moment)

    def _tell(self, fact: SpeedMeasured, before: Speed, over_s: float, moment: Moment) -> Finding | None:
        key = fact.track.id
        told_at = self._told_at.get(key)
        inside = moment.view.inside(key)
        zone = next((zone for zone in self._zones if zone in inside), None)
        if zone is None or (told_at is not None and seconds(moment.at, told_at) < REARM_S):
            return None
        self._told_at[key] = moment.at
        now = fact.speed
        doubt = hypot(before.uncertainty_mps, now.uncertainty_mps)
        facts = {
            "from_kmh": before.mps * KMH,
            "to_kmh": now.mps * KMH,
            "deceleration_mps2": (before.mps - now.mps) / over_s,
            "uncertainty_mps2": doubt / over_s,
            "over_s": over_s,
            "limit_mps2": self._rule.deceleration,
        }
        return Finding(ID, VERSION, "incident", fact.track, before.at, moment.at, zone, facts, speed=now)


def _falls(speeds: deque[Speed]) -> bool:
    """Every speed between the first and the last lies between them, within its own uncertainty."""
    high, low = speeds[0], speeds[-1]
    return all(
        low.mps - speed.uncertainty_mps <= speed.mps <= high.mps + speed.uncertainty_mps for speed in speeds
    ) and any(low.mps < speed.mps < high.mps for speed in speeds)
