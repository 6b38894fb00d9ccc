"""Passing a stop line on red and standing beyond it.

A vehicle overruns the stop line when its ground point passes the line forward on red (after `grace_s`, judged as in
red_light), and it then stands `over` box sizes beyond the line for `min_s` while the same red holds. Once per passage.

Told as soon as it is certain; where the heads govern only some movements (`movements` of the stop line), when the exit
gate has told that the vehicle's is one of them. Who moves off later in the same red also runs the light: red_light
tells that as the graver act of its own, with `after_overrun` true, so that an officer decides one of the two.

Not a finding: standing on the line or trembling there; standing beyond it since before red; having been on the line
when red began; passing through without a stand.
Unknown: a head that is unknown at the crossing or while it stands, an exit that was not seen where the heads govern
only some movements: no finding. An officer's hand signal is not seen.

Reads: LineCrossed (stop lines, gates), Moved, Gone, stands, signals.
Emits: Finding(stop_line_overrun), kind violation.
"""

from typing import Any, Final

from contracts.scene import SceneConfig, StopLine, StopLineOverrunRule
from edge.rules.finding import Finding, Moment
from edge.rules.stop_line import Overrun, Passage, Passages, overrun, signal_spans
from edge.rules.ways import Ways
from edge.scene.sample import seconds

ID: Final = "stop_line_overrun"
VERSION = 1


class StopLineOverrun:
    """Finds vehicles that stand over a stop line on red."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.stop_line_overrun or StopLineOverrunRule()
        self._lines = {line.id: line for line in scene.stop_lines_of(ID)}
        self._classes = frozenset(self._rule.classes)
        self._passages = Passages(self._lines.values())
        self._ways = Ways(scene)

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for stands that have become long enough."""
        self._passages.follow(moment)
        self._ways.follow(moment)
        self._ways.forget_gone(moment)
        if not self._passages.open:
            return []
        found: list[Finding] = []
        seen = {track.id: track for track in moment.tracks}
        for (track_id, line_id), passage in self._passages.open.items():
            track = seen.get(track_id)
            if track is None or passage.is_overrun:
                continue
            passage.see(track, self._classes)
            line = self._lines[line_id]
            if passage.stand is None:
                passage.stand = overrun(passage, line, moment, self._rule)
            if passage.stand is not None and passage.vote.is_carried and self._is_governed(line, track_id):
                passage.is_overrun = True
                found.append(self._finding(passage, passage.stand, moment))
        return found

    def _is_governed(self, line: StopLine, track_id: int) -> bool:
        """Whether the line's heads govern the vehicle's movement, as far as that is known by now."""
        return not line.movements or bool(self._ways.takes(track_id, line.movements))

    def _finding(self, passage: Passage, stand: Overrun, moment: Moment) -> Finding:
        line, crossing = self._lines[passage.crossing.line], passage.crossing
        facts: dict[str, Any] = {
            "red_for_s": seconds(crossing.at, stand.red_began),
            "grace_s": self._rule.grace_s,
            "interval_s": crossing.interval_s,
            "stood_s": stand.stood_s,
            "beyond_box_sizes": stand.beyond_box_sizes,
        }
        spans = signal_spans(moment.signals, line.signals, crossing.at, moment.at)
        return Finding(ID, VERSION, "violation", passage.track, crossing.at, moment.at, line.id, facts, spans)
