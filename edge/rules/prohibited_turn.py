"""Making a movement that is forbidden: a turn, going straight on, or a U-turn.

A vehicle makes a movement when it comes in over the movement's entry gate (forward) and goes out over its exit gate
(backward) within `within_s`; the last entry counts. It is forbidden for the turn's classes while its hours hold at the
way out. A U-turn goes in and out over one gate; it must have been `depth` box sizes inside, or come out half a box
size beside where it went in, so that shunting at the gate is none. Once per entry and turn.

Not a finding: a movement of another class or hour; longer than `within_s`; trembling on a gate.
Unknown: an entry or an exit that was not seen: no finding. A vehicle that backs out over the gate it came in over, from
`depth` or more, looks like a U-turn; an officer's hand signal and an emergency run are not seen: a person decides.

Reads: LineCrossed (gates), Gone, tracks.  Emits: Finding(prohibited_turn), kind violation.
"""

from typing import Any, Final

from contracts.scene import Movement, SceneConfig, Turn
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Finding, Moment
from edge.rules.hours import is_in_force
from edge.rules.ways import Ways
from edge.scene.facts import Gone, LineCrossed
from edge.scene.geometry import distance, signed_distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "prohibited_turn"
VERSION = 2
ASIDE = 0.5  # box sizes between the way in and the way out of a U-turn: a bus turns within half its own box of the gate


class _Way:
    """A vehicle on its way in: its class, and how far in it has been (box sizes)."""

    __slots__ = ("deepest", "track", "votes")

    def __init__(self, track: Track, turns: int) -> None:
        self.track = track
        self.deepest = 0.0
        self.votes = [ClassVote() for _ in range(turns)]


class ProhibitedTurn:
    """Finds vehicles that make a forbidden movement."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.prohibited_turn
        movements = {movement.id: movement for movement in scene.movements}
        self._turns: list[tuple[Turn, Movement, frozenset[str]]] = []
        for turn in rule.turns if rule else ():
            classes = frozenset(turn.classes) & frozenset(rule.classes if rule else ())
            self._turns.append((turn, movements[turn.movement], classes))
        self._within_s = rule.within_s if rule else 0.0
        self._depth = rule.depth if rule else 0.0
        self._zone = scene.zone_info
        self._entries = frozenset(movement.entry for _, movement, _ in self._turns)
        self._ways = Ways(scene)
        self._inside: dict[int, _Way] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have just left by a forbidden way."""
        self._ways.follow(moment)
        exits: list[LineCrossed] = []
        for fact in moment.changes:
            if isinstance(fact, LineCrossed):
                if fact.direction == "forward" and fact.line in self._entries:
                    self._inside[fact.track.id] = _Way(fact.track, len(self._turns))
                elif fact.direction == "backward" and fact.track.id in self._inside:
                    exits.append(fact)
            elif isinstance(fact, Gone):
                self._inside.pop(fact.track.id, None)
        self._follow(moment)
        found = [finding for way_out in exits for finding in self._left(way_out, moment)]
        self._ways.forget_gone(moment)
        return found

    def _follow(self, moment: Moment) -> None:
        if not self._inside:
            return
        for track in moment.tracks:
            way = self._inside.get(track.id)
            entry = self._ways.entry.get(track.id)
            if way is None or entry is None:
                continue
            way.track = track
            for vote, (_, _, classes) in zip(way.votes, self._turns, strict=True):
                vote.see(track, classes)
            here = Sample.from_track(track)
            way.deepest = max(way.deepest, signed_distance(*moment.view.line(entry.line), here.point) / here.size)

    def _turned_round(self, way: _Way, entry: LineCrossed, way_out: LineCrossed) -> bool:
        """It was well inside, or came out beside where it went in, which shunting does not."""
        aside = distance(entry.point, way_out.point) / Sample.from_track(way_out.track).size
        return way.deepest >= self._depth or aside >= ASIDE

    def _left(self, way_out: LineCrossed, moment: Moment) -> list[Finding]:
        entry, way = self._ways.entry.get(way_out.track.id), self._inside.get(way_out.track.id)
        if entry is None or way is None or self._ways.exit.get(way_out.track.id) is not way_out:
            return []
        del self._inside[way_out.track.id]
        took_s = seconds(way_out.at, entry.at)
        if took_s > self._within_s or (entry.line == way_out.line and not self._turned_round(way, entry, way_out)):
            return []
        found = []
        for vote, (turn, movement, _) in zip(way.votes, self._turns, strict=True):
            is_this = (movement.entry, movement.exit) == (entry.line, way_out.line)
            if is_this and vote.is_carried and is_in_force(turn.hours, way_out.at, self._zone):
                facts: dict[str, Any] = {
                    "movement": turn.movement,
                    "kind": turn.kind,
                    "took_s": took_s,
                    "within_s": self._within_s,
                    "depth_box_sizes": way.deepest,
                }
                found.append(Finding(ID, VERSION, "violation", way.track, entry.at, moment.at, movement.id, facts))
        return found
