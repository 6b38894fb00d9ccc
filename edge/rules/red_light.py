"""Passing a stop line while its signals are red, and going on.

A vehicle runs the light when its ground point passes the stop line forward later than `grace_s` after red began, and it
then goes on: `proceed` box sizes beyond the line, within `proceed_s`, without slowing down to a stand there (seen there
twice, where it was not seen for a second before). The moment of the crossing is known to half the time between the two
sightings around it (`interval_s / 2`), and that counts for the driver at both ends: red began `grace_s` or more before
`at - interval_s / 2`, and held until `at + interval_s / 2`. All heads of the line must be red. Who passes the line on
red, stands, and moves off again in the same red runs the light when moving off. When the light changes before the
vehicle is `proceed` beyond, it counts only where the vehicle drove over the line (at least half as fast there as after
it, no halt between): creeping over it, or halting beyond it, and starting with the green is none.
Once per vehicle, line and red.

Not a finding: standing on or beyond the line, trembling there, standing beyond it (stop_line_overrun tells that);
passing before red, also when moving off during red (Law 36/2024, article 11: who is past the line clears the junction);
being on the line when red began (the front reached it, ground point before it) and passing within `clear_s`; yellow,
red and yellow, flashing yellow, off; a movement the heads do not govern (`movements` of the stop line: the exit gate
decides).
Unknown: a head that is unknown (dark, glare, two sources disagree) at the crossing, an exit that was not seen where the
heads govern only some movements, a vehicle first seen on the line just after red began: no finding. An officer's hand
signal, an emergency run: not seen; a person decides.

Reads: LineCrossed (stop lines, gates), Moved, Gone, path, signals.  Emits: Finding(red_light), kind violation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.scene import RedLightRule, SceneConfig, StopLine
from edge.rules.finding import Finding, Moment
from edge.rules.stop_line import Passage, Passages, beyond, beyond_at, may_clear, overrun, red_since, signal_spans
from edge.rules.ways import Ways
from edge.scene.facts import Gone
from edge.scene.geometry import Point, distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "red_light"
VERSION = 1
MOVED_OFF = 0.5  # box sizes from where it was seen to move off: a box that trembles has not moved off
LONE_S = 1.0  # unseen for so long before, one sighting beyond the line is not believed
STEADY = 0.5  # share of its pace: slower than that it is stopping, or was only just starting
SETTLE_S = 0.8  # after `proceed` was reached: somebody who stops there has slowed down by then
HALT, HALT_S = 0.25, 0.4  # below this share of its pace over the line for so long: it halted
PACE_S = 1.0  # pace is taken over at most so long


@dataclass(slots=True)
class _Going:
    """How a vehicle went on: when it was `proceed` beyond the line, its pace then (box sizes a second).

    `is_lone`: so far it was seen there once, long after it was seen before: it may be somebody else.
    """

    reached_at: datetime
    pace: float
    went_at: datetime
    path: tuple[Sample, ...]
    is_steady: bool = False
    is_lone: bool = False


class RedLight:
    """Finds vehicles that run a red light."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.red_light or RedLightRule()
        self._lines = {line.id: line for line in scene.stop_lines_of(ID)}
        self._overrun_lines = {line.id for line in scene.stop_lines_of("stop_line_overrun")}
        self._overrun = scene.rules.stop_line_overrun
        self._classes = frozenset(self._rule.classes)
        self._passages = Passages(self._lines.values())
        self._ways = Ways(scene)
        self._going: dict[tuple[int, str], _Going] = {}
        self._told: dict[tuple[int, str], datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have gone on; judged in the order of their crossings."""
        gone = self._passages.follow(moment)
        self._ways.follow(moment)
        found = [finding for passage in gone for finding in self._end(passage, moment)]
        self._forget_gone(moment)
        if self._passages.open:
            seen = {track.id: track for track in moment.tracks}
            for key, passage in list(self._passages.open.items()):
                if key[0] in seen:
                    found.extend(self._advance(passage, seen[key[0]], moment))
        if self._going:
            self._going = {key: going for key, going in self._going.items() if key in self._passages.open}
        return found

    def _forget_gone(self, moment: Moment) -> None:
        self._ways.forget_gone(moment)
        for fact in moment.changes:
            if isinstance(fact, Gone):
                for line in self._lines:
                    self._told.pop((fact.track.id, line), None)

    def _advance(self, passage: Passage, track: Track, moment: Moment) -> list[Finding]:
        line = self._lines[passage.crossing.line]
        passage.see(track, self._classes)
        self._note_overrun(passage, line, moment)
        going = self._follow(passage, line, track, moment)
        if going is None or not going.is_steady or not passage.vote.is_carried:
            return []
        governed = self._is_governed(line, track.id)
        if governed is None:
            return []
        del self._passages.open[track.id, line.id]
        return self._decide(passage, going, moment) if governed else []

    def _end(self, passage: Passage, moment: Moment) -> list[Finding]:
        """The vehicle left the picture: it went on if it was beyond the line and not slowing down when last seen."""
        line, track = self._lines[passage.crossing.line], passage.track
        going = self._going.pop((track.id, line.id), None)
        if going is None or not passage.vote.is_carried or not self._is_governed(line, track.id):
            return []
        last = going.path[-1].at
        if going.is_lone:
            return []
        if not going.is_steady and not self._keeps_pace(going, moment.view.line(line.id), last):
            return []
        return self._decide(passage, going, moment)

    def _follow(self, passage: Passage, line: StopLine, track: Track, moment: Moment) -> _Going | None:
        """How it goes on, when it does; None while it is not `proceed` beyond, or stands."""
        key = track.id, line.id
        pixels = moment.view.line(line.id)
        here = Sample.from_track(track)
        away = beyond(pixels, here)
        is_off = passage.left_from is None or distance(passage.left_from, here.point) >= MOVED_OFF * here.size
        if away < self._rule.proceed or not is_off or moment.view.stands_since(track.id) is not None:
            self._going.pop(key, None)
            return None
        going, path = self._going.get(key), moment.view.path(track.id)
        if going is None or going.went_at != passage.went_at:
            pace = _pace(path, pixels, moment.at, max(passage.went_at, moment.at - timedelta(seconds=PACE_S)))
            going = self._going[key] = _Going(moment.at, pace or 0.0, passage.went_at, path, is_lone=_is_lone(path))
        else:
            going.is_lone = False
        going.path = path
        if not going.is_steady and not going.is_lone:
            is_far = away >= 2 * self._rule.proceed
            waited = seconds(moment.at, going.reached_at) >= SETTLE_S
            going.is_steady = is_far or (waited and self._keeps_pace(going, pixels, moment.at))
        return going

    def _keeps_pace(self, going: _Going, pixels: tuple[Point, Point], now: datetime) -> bool:
        pace = _pace(going.path, pixels, now, now - timedelta(seconds=SETTLE_S))
        return pace is not None and pace > 0 and pace >= STEADY * going.pace

    def _decide(self, passage: Passage, going: _Going, moment: Moment) -> list[Finding]:
        line, rule, track = self._lines[passage.crossing.line], self._rule, passage.track
        if seconds(going.reached_at, passage.went_at) > rule.proceed_s:
            return []
        grace = timedelta(seconds=rule.grace_s)
        certain = max(passage.latest, passage.went_at)
        began = red_since(moment.signals, line.signals, passage.earliest - grace, min(certain, moment.at))
        if began is None or self._told.get((track.id, line.id)) == began:
            return []
        pixels = moment.view.line(line.id)
        if may_clear(passage, pixels, began, rule.clear_s):
            return []
        is_red_still = red_since(moment.signals, line.signals, began, going.reached_at) is not None
        if not is_red_still and not self._drove_over(passage, going, pixels):
            return []
        self._told[track.id, line.id] = began
        return [self._finding(passage, going, moment, began)]

    def _drove_over(self, passage: Passage, going: _Going, line: tuple[Point, Point]) -> bool:
        """Whether it was about as fast over the line as after it. Off a stand beyond the line it was not."""
        if passage.left_at is not None:
            return False
        crossed = passage.crossing.at
        before = _pace(passage.path, line, crossed, crossed - timedelta(seconds=PACE_S / 2))
        after = self._rule.proceed / max(seconds(going.reached_at, crossed), 1e-6)
        return before is not None and before >= STEADY * after and not _halted(going, line, crossed, before)

    def _note_overrun(self, passage: Passage, line: StopLine, moment: Moment) -> None:
        rule = self._overrun
        if rule is None or passage.is_overrun or line.id not in self._overrun_lines:
            return
        passage.is_overrun = overrun(passage, line, moment, rule) is not None

    def _is_governed(self, line: StopLine, track_id: int) -> bool | None:
        """Whether the line's heads govern the vehicle's movement; None while its exit is not known."""
        return True if not line.movements else self._ways.takes(track_id, line.movements)

    def _finding(self, passage: Passage, going: _Going, moment: Moment, began: datetime) -> Finding:
        line, crossing = self._lines[passage.crossing.line], passage.crossing
        went = passage.went_at
        facts: dict[str, Any] = {
            "red_for_s": seconds(crossing.at, began),
            "grace_s": self._rule.grace_s,
            "interval_s": crossing.interval_s,
            "proceed_box_sizes": self._rule.proceed,
            "proceeded_after_s": seconds(going.reached_at, went),
            "crossed_before_s": seconds(went, crossing.at),
            "after_overrun": passage.is_overrun,
        }
        spans = signal_spans(moment.signals, line.signals, crossing.at, moment.at)
        return Finding(ID, VERSION, "violation", passage.track, went, moment.at, line.id, facts, spans, path=going.path)


def _is_lone(path: tuple[Sample, ...]) -> bool:
    return len(path) < 2 or seconds(path[-1].at, path[-2].at) > LONE_S


def _halted(going: _Going, line: tuple[Point, Point], crossed: datetime, pace: float) -> bool:
    """Whether it all but stopped between the line and `proceed` beyond it: a halt too short to be told as a stand."""
    step, start = timedelta(seconds=HALT_S), crossed
    while start + step <= going.reached_at:
        slow = _pace(going.path, line, start + step, start)
        if slow is not None and slow < HALT * pace:
            return True
        start += step / 2
    return False


def _pace(path: tuple[Sample, ...], line: tuple[Point, Point], end: datetime, start: datetime) -> float | None:
    """Box sizes a second away from the line, from `start` (or the oldest sighting) to `end`; None where too short."""
    if not path:
        return None
    start = max(start, path[0].at)
    if seconds(end, start) <= 0:
        return None
    there, here = beyond_at(path, line, start), beyond_at(path, line, end)
    return None if there is None or here is None else (here - there) / seconds(end, start)
