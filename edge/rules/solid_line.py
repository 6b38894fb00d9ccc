"""Changing over a solid line.

A vehicle crosses a solid line when its ground point passes any piece of it in a forbidden direction, it was `settle`
box sizes away from the line before, within the path that is kept (6 s), and it then ends up clearly on the other side:
`beyond` box sizes away, or `settle` box sizes for `settle_s`. The pieces of one line are one line. Crossings of one
line by one vehicle within `rearm_s` of each other are one act: out and back in one overtaking is told once, with the
first crossing that was forbidden.

Not a finding: a box that wobbles over the line; driving along with a wheel on it, and then away from it; coming back
before it was clear; the allowed way over a line that is dashed on one side; passing beyond an end of the line.
Unknown: on which side it was, when it was first seen on the line or has been driving on it for longer than its path is
kept: no finding. Why it had to (a parked vehicle in the way, an officer's hand signal): not judged here, a person
decides. A vehicle hidden when it passed the line has crossed it all the same; `interval_s` says how long it was not
seen.

Reads: LineCrossed (`ID#1`, `ID#2`, …), Gone, tracks.  Emits: Finding(solid_line), kind violation.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contracts.scene import SceneConfig, SolidLineRule
from contracts.scene.places import segments_of
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, LineCrossed, LineDirection
from edge.scene.geometry import segment_distance, signed_distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "solid_line"
VERSION = 2


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
                self._cross(fact, moment)
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

    def _cross(self, fact: LineCrossed, moment: Moment) -> None:
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
        elif self._came_from(fact, line, moment):
            self._over[key] = _Over(fact)

    def _came_from(self, fact: LineCrossed, line: str, moment: Moment) -> bool:
        """Was clear of the line on the other side before: else it may have been beside it all the time."""
        back: LineDirection = "backward" if fact.direction == "forward" else "forward"
        path = [sample for sample in moment.view.path(fact.track.id) if sample.at <= fact.at]
        return any(self._away(line, back, sample, moment) >= self._rule.settle for sample in reversed(path))

    def _follow(self, key: tuple[int, str], over: _Over, track: Track, moment: Moment) -> list[Finding]:
        over.vote.see(track, self._classes)
        away = self._away(key[1], over.crossing.direction, Sample.from_track(track), moment)
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

    def _away(self, line: str, direction: LineDirection, here: Sample, moment: Moment) -> float:
        """Box sizes away from the line, on the side to which this direction leads; negative on the other."""
        pieces = [moment.view.line(piece) for piece in self._pieces[line]]
        nearest = min(pieces, key=lambda piece: segment_distance(here.point, *piece))
        # Across the line alone: beyond an end of it, who drives along is not away from it.
        right_px = signed_distance(*nearest, here.point)
        return (right_px if direction == "forward" else -right_px) / here.size


def _finding(crossing: LineCrossed, line: str, track: Track, away: float, moment: Moment) -> Finding:
    facts: dict[str, Any] = {
        "direction": crossing.direction,
        "beyond_box_sizes": away,
        "interval_s": crossing.interval_s,
    }
    return Finding(ID, VERSION, "violation", track, crossing.at, moment.at, line, facts)
