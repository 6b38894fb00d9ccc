"""Sightings of one road user that say yes or no, and whether the newest of them agree."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contracts.scene import NoHelmetRule, TooManyRidersRule
from edge.scene.facts import Fact, Gone
from edge.scene.sample import seconds

WINDOW_S = 4.0  # sightings older than this do not count


@dataclass(slots=True)
class Vote:
    """The sightings of the last 4 s. Memory is bounded by them."""

    is_told: bool = False
    _seen: deque[tuple[datetime, bool]] = field(default_factory=deque)
    _yes: int = 0

    def add(self, at: datetime, *, yes: bool) -> None:
        """Takes the next sighting, in the order of time."""
        self._seen.append((at, yes))
        self._yes += yes
        while seconds(at, self._seen[0][0]) > WINDOW_S:
            self._yes -= self._seen.popleft()[1]

    @property
    def sightings(self) -> int:
        """How many count."""
        return len(self._seen)

    @property
    def yes(self) -> int:
        """How many of them say yes."""
        return self._yes

    @property
    def since(self) -> datetime | None:
        """First sighting that said yes."""
        return next((at for at, yes in self._seen if yes), None)

    def is_certain(self, min_sightings: int, min_share: float, min_s: float) -> bool:
        """Whether enough of them say yes, over long enough."""
        if self._yes < min_sightings or self._yes < min_share * len(self._seen):
            return False
        since = self.since
        return since is not None and seconds(self._seen[-1][0], since) >= min_s


class Votes:
    """One vote for each track alive; each is told once."""

    def __init__(self, rule: NoHelmetRule | TooManyRidersRule) -> None:
        self._rule = rule
        self._votes: dict[int, Vote] = {}

    def forget(self, changes: Sequence[Fact]) -> None:
        """Drops the votes of tracks that are gone."""
        for fact in changes:
            if isinstance(fact, Gone):
                self._votes.pop(fact.track.id, None)

    def add(self, track: int, at: datetime, *, yes: bool) -> Vote | None:
        """Takes a sighting of a track; its vote when, with this sighting, it has become certain."""
        vote = self._votes.setdefault(track, Vote())
        vote.add(at, yes=yes)
        rule = self._rule
        if vote.is_told or not vote.is_certain(rule.min_sightings, rule.min_share, rule.min_s):
            return None
        vote.is_told = True
        return vote
