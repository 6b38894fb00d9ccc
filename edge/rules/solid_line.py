"""Changing over a solid line.

A vehicle crosses a solid line when its ground point passes any piece of it in a forbidden direction and it then ends
up clearly on the other side: `beyond` box sizes away from the line, or `settle` box sizes for `settle_s`. The pieces of
one line are one line. Crossings of one line by one vehicle within `rearm_s` of each other are one act: out and back in
one overtaking is told once, with the first crossing that was forbidden.

Not a finding: a box that wobbles over the line; driving along with a wheel on it; coming back before it was clear; the
allowed way over a line that is dashed on one side; passing beyond an end of the line.
Unknown: why it had to (a parked vehicle in the way, an officer's hand signal): not judged here, a person decides. A
vehicle hidden when it passed the line has crossed it all the same; `interval_s` says how long it was not seen.

Reads: LineCrossed (`ID#1`, `ID#2`, …), Gone, tracks.  Emits: Finding(solid_line), kind violation.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contracts.scene import SceneConfig, SolidLineRule
from contracts.scene.places import segments_of
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, LineCrossed
from edge.scene.geometry import Point, segment_distance, signed_side
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "solid_line"
VERSION = 1


@dataclass(slots=True)
class _Over:
    """A vehicle whose ground point passed a solid line, in a forbidden direction or not, and is not yet clear of it."""

    crossing: LineCrossed
    vote: ClassVote = field(default_factory=ClassVote)
    settled_since: datetime | None = None


class SolidLines:
    """Finds vehicles that change over a solid line."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.solid_line or SolidLineRule()
        named = self._rule.lines
        lines = [line for line in scene.solid_lines if named is None or line.id in named]
        self._forbidden = {line.id: line.forbidden for line in lines}
        self._pieces = {line.id: [key for key, _, _ in segments_of(line)] for line in lines}
        self._line_of = {key: line for line, keys in self._pieces.items() for key in keys}
        self._classes = frozenset(self._rule.classes)
        self._over: dict[tuple[int, str], _Over] = {}
        self._last_act: dict[tuple[int, str], datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have become clear of a line they passed."""
        for fact in moment.changes:
            if isinstance(fact, LineCrossed):
                self._cross(fact)
            elif isinstance(fact, Gone):
                for line in self._pieces:
                    self._over.pop((fact.track.id, line), None)
                    self._last_act.pop((fact.track.id, line), None)
        if not self._over:
            return []
        seen = {track.id: track for track in moment.tracks}
        found: list[Finding] = []
        for key, over in list(self._over.items()):
            if key[0] in seen:
                found.extend(self._follow(key, over, seen[key[0]], moment))
        return found

    def _cross(self, fact: LineCrossed) -> None:
        line = self._line_of.get(fact.line)
        if line is None:
            return
        key = fact.track.id, line
        before = self._over.pop(key, None)
        if before is not None and before.crossing.direction != fact.direction:
            return  # back before it was clear
        told_at = self._last_act.get(key)
        if told_at is not None and seconds(fact.at, told_at) < self._rule.rearm_s:
            self._last_act[key] = max(fact.at, told_at)
        else:
            self._over[key] = _Over(fact)

    def _follow(self, key: tuple[int, str], over: _Over, track: Track, moment: Moment) -> list[Finding]:
        over.vote.see(track, self._classes)
        away = self._away(key[1], over, track, moment)
        if away < self._rule.settle:
            over.settled_since = None
        elif over.settled_since is None:
            over.settled_since = moment.at
        is_clear = away >= self._rule.beyond
        is_settled = over.settled_since is not None and seconds(moment.at, over.settled_since) >= self._rule.settle_s
        if not (is_clear or is_settled) or not over.vote.is_carried:
            return []
        del self._over[key]
        if self._forbidden[key[1]] not in {"both", over.crossing.direction}:
            return []
        self._last_act[key] = over.crossing.at
        return [_finding(over.crossing, key[1], track, away, moment)]

    def _away(self, line: str, over: _Over, track: Track, moment: Moment) -> float:
        """Box sizes the vehicle is away from the line, on the side it went to; negative when it is back."""
        here = Sample.from_track(track)
        pieces = [moment.view.line(piece) for piece in self._pieces[line]]
        gap_px, nearest = min(((segment_distance(here.point, a, b), (a, b)) for a, b in pieces), key=_first)
        is_right = signed_side(*nearest, here.point) >= 0
        is_other_side = is_right == (over.crossing.direction == "forward")
        return (gap_px if is_other_side else -gap_px) / here.size


def _first(pair: tuple[float, tuple[Point, Point]]) -> float:
    return pair[0]


def _finding(crossing: LineCrossed, line: str, track: Track, away: float, moment: Moment) -> Finding:
    facts: dict[str, Any] = {
        "direction": crossing.direction,
        "beyond_box_sizes": away,
        "interval_s": crossing.interval_s,
    }
    return Finding(ID, VERSION, "violation", track, crossing.at, moment.at, line, facts)
