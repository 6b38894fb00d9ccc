"""Passing a stop line on red and standing beyond it.

A vehicle overruns the stop line when its ground point passes the line forward on red (after `grace_s`, judged as in
red_light), and it then stands `over` box sizes beyond the line for `min_s` while the same red holds. Once per passage.

Told as soon as it is certain. Who moves off later in the same red also runs the light: red_light tells that as the
graver act of its own, with `after_overrun` true, so that an officer decides one of the two.

Not a finding: standing on the line or trembling there; standing beyond it since before red; having been on the line
when red began; passing through without a stand.
Unknown: a head that is unknown at the crossing or while it stands: no finding. An officer's hand signal is not seen.

Reads: LineCrossed (stop lines), Moved, Gone, stands, signals.  Emits: Finding(stop_line_overrun), kind violation.
"""

from typing import Any, Final

from contracts.scene import SceneConfig, StopLineOverrunRule
from edge.rules.finding import Finding, Moment
from edge.rules.stop_line import Overrun, Passage, Passages, overrun, signal_spans
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

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for stands that have become long enough."""
        self._passages.follow(moment)
        if not self._passages.open:
            return []
        found: list[Finding] = []
        seen = {track.id: track for track in moment.tracks}
        for (track_id, line_id), passage in self._passages.open.items():
            track = seen.get(track_id)
            if track is None or passage.is_overrun:
                continue
            passage.see(track, self._classes)
            stand = overrun(passage, self._lines[line_id], moment, self._rule)
            if stand is not None and passage.vote.is_carried:
                passage.is_overrun = True
                found.append(self._finding(passage, stand, moment))
        return found

    def _finding(self, passage: Passage, stand: Overrun, moment: Moment) -> Finding:
        line, crossing = self._lines[passage.crossing.line], passage.crossing
        facts: dict[str, Any] = {
            "red_for_s": seconds(crossing.at, stand.red_began),
            "grace_s": self._rule.grace_s,
            "interval_s": crossing.interval_s,
            "stood_s": seconds(moment.at, stand.since),
            "beyond_box_sizes": stand.beyond_box_sizes,
        }
        spans = signal_spans(moment.signals, line.signals, crossing.at, moment.at)
        return Finding(ID, VERSION, "violation", passage.track, crossing.at, moment.at, line.id, facts, spans)
