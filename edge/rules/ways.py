"""Ways through a junction: at which gates each vehicle came in and went out.

A gate is crossed *forward* inwards and *backward* outwards.
"""

from collections.abc import Sequence

from contracts.scene import Movement, SceneConfig
from edge.rules.finding import Moment
from edge.scene.facts import Gone, LineCrossed


class Ways:
    """Entries and exits of the tracks alive."""

    def __init__(self, scene: SceneConfig) -> None:
        self._gates = frozenset(gate.id for gate in scene.gates)
        self._movements = {movement.id: movement for movement in scene.movements}
        self.entry: dict[int, LineCrossed] = {}
        self.exit: dict[int, LineCrossed] = {}

    def follow(self, moment: Moment) -> None:
        """Takes the moment's crossings of gates. A new entry begins a new way."""
        for fact in moment.changes:
            if isinstance(fact, LineCrossed) and fact.line in self._gates:
                if fact.direction == "forward":
                    self.entry[fact.track.id] = fact
                    self.exit.pop(fact.track.id, None)
                else:
                    self.exit[fact.track.id] = fact

    def forget_gone(self, moment: Moment) -> None:
        """Drops what is known about tracks that are gone; call it when the moment was judged."""
        for fact in moment.changes:
            if isinstance(fact, Gone):
                self.entry.pop(fact.track.id, None)
                self.exit.pop(fact.track.id, None)

    def takes(self, track_id: int, movements: Sequence[str]) -> bool | None:
        """Whether the vehicle's way is one of these movements; None while its exit is not known.

        Where its entry was not seen, any of these movements with that exit will do: the place that asks lies on their
        way in. Where all movements from its entry (or from theirs) are among these, the exit does not matter.
        """
        asked = [self._movements[movement] for movement in movements]
        entries = {movement.entry for movement in asked}
        entry = self.entry.get(track_id)
        if entry is not None:
            entries &= {entry.line}
            if not entries:
                return False
        exits = {movement.exit for movement in asked if movement.entry in entries}
        if self._is_all(entries, asked):
            return True
        way_out = self.exit.get(track_id)
        return None if way_out is None else way_out.line in exits

    def _is_all(self, entries: set[str], asked: Sequence[Movement]) -> bool:
        return all(movement in asked for movement in self._movements.values() if movement.entry in entries)
