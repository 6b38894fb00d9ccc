"""Crossing of a counted line.

A road user counts when its ground point passes the line and goes clearly beyond it (the scene's `line_margin`). Each
direction has the label the scene gives it. The moment is interpolated between the two frames around the crossing.

Not counted: who stands on the line and trembles; who walks around its end; who is first seen beyond it.
Unknown: a track that breaks at the line counts when it goes on within 2 s, under whatever number; `interval_s` tells
how long it was not seen. After a longer break it may be missed.

Reads: LineCrossed.  Emits: Finding(line_count), kind count.
"""

from typing import Final

from contracts.scene import SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.facts import LineCrossed

ID: Final = "line_count"
VERSION = 1


class LineCount:
    """Counts crossings of the scene's counted lines."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.line_count
        self._lines = {line.id: line for line in scene.lines_of_count()}
        self._classes = frozenset(rule.classes if rule else ())

    def judge(self, moment: Moment) -> list[Finding]:
        """One finding for each crossing."""
        return [
            self._finding(fact, moment)
            for fact in moment.changes
            if isinstance(fact, LineCrossed) and fact.line in self._lines and fact.track.cls.label in self._classes
        ]

    def _finding(self, fact: LineCrossed, moment: Moment) -> Finding:
        line = self._lines[fact.line]
        label = line.forward if fact.direction == "forward" else line.backward
        facts = {"direction": fact.direction, "label": label, "interval_s": fact.interval_s}
        return Finding(ID, VERSION, "count", fact.track, fact.at, moment.at, fact.line, facts)
