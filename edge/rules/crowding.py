"""Many people in a zone at once.

A crowd is reported when at least `min_people` were in the zone for `min_s`. Single frames in which some are hidden do
not break it: for at most a fifth of the time there may be fewer. It is over, and the next one is a new finding, when
there were fewer for `clear_s`. The finding names the person nearest to the middle of the crowd, so that its evidence
has a close-up.

Not a finding: a group that walks through in less than `min_s`.
Unknown: how many really are there. In a dense crowd people hide each other: the number is the least.

Reads: InZone.  Emits: Finding(crowding), kind incident.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from contracts.scene import CrowdingRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.geometry import distance
from edge.scene.sample import seconds
from edge.track.track import Track

ID: Final = "crowding"
VERSION = 1

SEEN_S = 0.5  # somebody unseen for so long is not counted: a swapped id must not count twice for long
LOW_SHARE = 0.2  # of the time there may be fewer
LOW_S = 1.0  # and for so long in any case
STEP_S = 1.0  # longest time one frame stands for: a gap of the camera says nothing


@dataclass(slots=True)
class _Crowd:
    """What is known about one zone. `since` is None while there is no crowd."""

    people: dict[int, Track] = field(default_factory=dict)
    since: datetime | None = None
    full_s: float = 0.0
    low_s: float = 0.0
    most: int = 0
    low_since: datetime | None = None
    is_told: bool = False

    def clear(self) -> None:
        self.since, self.low_since, self.is_told = None, None, False
        self.full_s = self.low_s = 0.0
        self.most = 0


class Crowding:
    """Finds crowds, each once."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.crowding or CrowdingRule()
        self._classes = frozenset(self._rule.classes)
        self._crowds = {zone.id: _Crowd() for zone in scene.zones_of(ID)}
        self._at: datetime | None = None

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for crowds that have lasted long enough."""
        for fact in moment.inside:
            if fact.zone in self._crowds and fact.track.cls.label in self._classes:
                self._crowds[fact.zone].people[fact.track.id] = fact.track
        step_s = 0.0 if self._at is None else min(seconds(moment.at, self._at), STEP_S)
        self._at = moment.at
        found = []
        for zone, crowd in self._crowds.items():
            crowd.people = {key: track for key, track in crowd.people.items() if seconds(moment.at, track.at) < SEEN_S}
            if self._is_certain(crowd, moment.at, step_s):
                crowd.is_told = True
                found.append(self._finding(crowd, zone, moment.at))
        return found

    def _is_certain(self, crowd: _Crowd, at: datetime, step_s: float) -> bool:
        """Takes one frame in; whether the crowd has just lasted long enough."""
        count = len(crowd.people)
        is_full = count >= self._rule.min_people
        if crowd.since is None:
            if is_full:
                crowd.since, crowd.most = at, count
            return is_full and self._rule.min_s == 0
        crowd.most = max(crowd.most, count)
        if is_full:
            crowd.low_since = None
            crowd.full_s += step_s
            return not crowd.is_told and seconds(at, crowd.since) >= self._rule.min_s
        crowd.low_s += step_s
        crowd.low_since = crowd.low_since or at
        if crowd.is_told:
            if seconds(at, crowd.low_since) >= self._rule.clear_s:
                crowd.clear()
        elif crowd.low_s > max(LOW_S, LOW_SHARE * (crowd.full_s + crowd.low_s)):
            crowd.clear()
        return False

    def _finding(self, crowd: _Crowd, zone: str, at: datetime) -> Finding:
        since = crowd.since or at
        facts = {
            "people": len(crowd.people),
            "most_people": crowd.most,
            "lasted_s": seconds(at, since),
            "fewer_s": crowd.low_s,
            "min_people": self._rule.min_people,
            "min_s": self._rule.min_s,
        }
        return Finding(ID, VERSION, "incident", _in_the_middle(list(crowd.people.values())), since, at, zone, facts)


def _in_the_middle(people: list[Track]) -> Track:
    """Who is nearest to the mean of all ground points; of two equally near the older track."""
    middle = (
        math.fsum(track.ground[0] for track in people) / len(people),
        math.fsum(track.ground[1] for track in people) / len(people),
    )
    return min(people, key=lambda track: (distance(track.ground, middle), track.id))
