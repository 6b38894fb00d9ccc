"""Mean speed between two lines whose distance along the road is known.

The same track crosses the section's first line and later its second; v is the length over the time between. The
vehicle was too fast when v less its expanded uncertainty U (k=2) is at or above the limit plus the tolerance. Once per
passage: who comes again is judged again.

    u²(v) / v² = (u(L) / L)² + (u(T) / T)²          (JCGM 100:2008, 5.1.6: a quotient)
    u²(L) = (length_error_m / 2)² + (b / 2)² / 3     b: usual width of the class; so far the lower edge of a box may
                                                     wander along the vehicle from one line to the other, evenly spread
    u²(T) = Σ ((a i² / 8 v)² / 3 + (0.02 s / p)²)    for each line: i, seconds between the frames around the crossing,
                                                     between which the way is taken as straight, while braking with a
                                                     bends it by at most a i² / 8; box of size s, moving p pixels/s

Not a finding: the second line before the first; another track at the second line.
Unknown: where the track breaks between the lines there is no speed.

Reads: LineCrossed, paths, Gone.  Emits: Finding(section_speed), kind violation.
"""

import math
from typing import Final

from contracts.scene import SceneConfig, Section
from edge.rules.finding import Finding, Moment
from edge.rules.speeding import excess
from edge.scene.facts import KMH, Gone, LineCrossed, Speed
from edge.scene.geometry import distance
from edge.scene.outline import USUAL
from edge.scene.sample import Sample, seconds
from edge.scene.speed import BOX_NOISE

ID: Final = "section_speed"
VERSION = 2
HARD_BRAKING = 4.0  # m/s²
MOST_TIME_ERROR_S = 2.0  # of one crossing; a vehicle that stands on the line gives no time


class SectionSpeed:
    """Finds vehicles whose mean speed between two lines was certainly too high."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.section_speed
        self._sections = rule.sections if rule else ()
        self._classes = frozenset(rule.classes if rule else ())
        self._tolerance_kmh = rule.tolerance_kmh if rule else 0.0
        self._entries = frozenset(section.entry for section in self._sections)
        self._entered: dict[int, dict[str, tuple[LineCrossed, float]]] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for sections that have been left too soon."""
        found = []
        for fact in moment.changes:
            if isinstance(fact, LineCrossed):
                found.extend(self._crossed(fact, moment))
            elif isinstance(fact, Gone):
                self._entered.pop(fact.track.id, None)
        return found

    def _crossed(self, fact: LineCrossed, moment: Moment) -> list[Finding]:
        entered = self._entered.get(fact.track.id, {})
        error_s = _box_error_s(moment.view.path(fact.track.id))
        found = []
        for section in self._sections:
            if section.exit == fact.line and section.entry in entered:
                before, before_error_s = entered.pop(section.entry)
                speed = _speed(section, (before, fact), math.hypot(before_error_s, error_s))
                judged = fact.track.cls.label in self._classes  # by all that was seen of it between the lines
                if judged and speed is not None and self._is_certain(speed, section):
                    found.append(self._finding(section, speed, before, fact, moment))
        if fact.line in self._entries:
            self._entered.setdefault(fact.track.id, {})[fact.line] = fact, error_s
        return found

    def _is_certain(self, speed: Speed, section: Section) -> bool:
        return (speed.mps - speed.uncertainty_mps) * KMH >= section.limit_kmh + self._tolerance_kmh

    def _finding(
        self, section: Section, speed: Speed, before: LineCrossed, after: LineCrossed, moment: Moment
    ) -> Finding:
        facts = {
            "from": section.entry,
            "to": section.exit,
            "length_m": section.length_m,
            "travel_s": speed.window_s,
            "limit_kmh": section.limit_kmh,
            "tolerance_kmh": self._tolerance_kmh,
        } | excess(speed, section.limit_kmh)
        return Finding(ID, VERSION, "violation", after.track, before.at, moment.at, section.exit, facts, speed=speed)


def _speed(section: Section, crossings: tuple[LineCrossed, LineCrossed], box_error_s: float) -> Speed | None:
    before, after = crossings
    travel_s = seconds(after.at, before.at)
    if travel_s <= 0 or box_error_s > MOST_TIME_ERROR_S:
        return None
    width = USUAL[after.track.cls].width
    length_error = math.hypot(section.length_error_m / 2, width / 2 / math.sqrt(3))
    mps = section.length_m / travel_s
    bent_s = [HARD_BRAKING * crossing.interval_s**2 / 8 / mps / math.sqrt(3) for crossing in crossings]
    error_s = math.hypot(box_error_s, *bent_s)
    uncertainty = 2 * mps * math.hypot(length_error / section.length_m, error_s / travel_s)
    return Speed(after.at, mps, uncertainty, travel_s, None, "section")


def _box_error_s(path: tuple[Sample, ...]) -> float:
    """What the trembling box makes of a crossing's moment (standard uncertainty, seconds); infinite when it stands."""
    if len(path) < 2:
        return math.inf
    newest = path[-1]
    earlier = next((sample for sample in reversed(path) if seconds(newest.at, sample.at) >= 0.4), path[0])
    elapsed = seconds(newest.at, earlier.at)
    pixels = distance(newest.point, earlier.point)
    if elapsed <= 0 or pixels <= 0:
        return math.inf
    return BOX_NOISE * newest.size * elapsed / pixels
