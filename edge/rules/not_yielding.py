"""Driving over a crossing in front of a person who is on it.

A vehicle does not yield when it passes a person on a crossing in front of them: the person was on the crossing
`person_s` before the vehicle's ground point reached it, the vehicle drives over it without a stand, and at the moment
it comes level with the person

- the person is beside its path by at most `near` of the person's own box sizes, and
- the person has not passed its path yet: has been on this side of it for the last 6 s and is not walking away from it;
  or is within the vehicle's own width.

The vehicle's path is its heading over the last 0.6 s; level means that the person, ahead of the vehicle until then, is
no longer ahead of its ground point. A person hidden by the vehicle while it passes is taken to be where they were last
seen, for at most a second. Once per vehicle and crossing within `rearm_s`.

Not a finding: standing, also on the crossing; waiting until the person has passed; passing behind the person; a person
who steps on the crossing after the vehicle; a person farther away; a rider (faster than `walk`, or on a machine).
Unknown: whether the person waved the vehicle on: not seen, a person decides. A heading or a way onto the crossing that
was not seen: no finding.

Reads: tracks, path, inside, stands, Gone.  Emits: Finding(not_yielding), kind violation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.scene import NotYieldingRule, SceneConfig
from edge.rules.class_vote import ClassVote
from edge.rules.encounter import Drive, drive_of, lateral, place_at
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone
from edge.scene.geometry import Point, boundary_fraction, distance, is_inside
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "not_yielding"
VERSION = 1
PERSON = frozenset({"person"})
HIDDEN_S = 1.0  # a person may be hidden by the vehicle for so long
WALK_S = 0.8  # a person's pace is taken over so long
TREMBLE = 0.25  # own box sizes: who was so far on the other side of the path has passed it
AWAY = 0.15  # own box sizes a second: slower than that is not walking away


@dataclass(slots=True)
class _Walker:
    """A person on a crossing: since when, and their path up to when they were last seen there."""

    id: int
    since: datetime
    path: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class _Passing:
    """A vehicle came level with a person: when it had reached the crossing, and how far beside its path they were."""

    walker: _Walker
    reached_at: datetime
    gap: float


class NotYielding:
    """Finds vehicles that pass a person on a crossing in front of them."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.not_yielding or NotYieldingRule()
        self._zones = tuple(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._walkers: dict[tuple[int, str], _Walker] = {}
        self._votes: dict[int, ClassVote] = {}
        self._ahead: dict[tuple[int, int], bool] = {}
        self._told: dict[tuple[int, str], datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have just passed somebody."""
        for fact in moment.facts:
            if isinstance(fact, Gone):
                self._forget(fact.track.id)
        self._see_walkers(moment)
        if not self._walkers:
            self._ahead.clear()
            return []
        found: list[Finding] = []
        for track in moment.tracks:
            if track.cls.label in self._classes:
                found.extend(self._pass(track, moment))
        return found

    def _see_walkers(self, moment: Moment) -> None:
        for track in moment.tracks:
            inside = moment.view.inside(track.id)
            if not any(zone in inside for zone in self._zones):
                self._votes.pop(track.id, None)
            elif track.id not in self._votes:
                self._votes[track.id] = ClassVote()
            vote = self._votes.get(track.id)
            if vote is not None:
                vote.see(track, PERSON)
            is_person = vote is not None and vote.is_carried
            for zone in self._zones:
                key = track.id, zone
                if is_person and zone in inside:
                    self._walkers[key] = _Walker(track.id, inside[zone], moment.view.path(track.id))
                else:
                    self._walkers.pop(key, None)
        old = [key for key, one in self._walkers.items() if seconds(moment.at, one.path[-1].at) > HIDDEN_S]
        for key in old:
            del self._walkers[key]

    def _pass(self, track: Track, moment: Moment) -> Iterator[Finding]:
        drive = drive_of(moment.view.path(track.id))
        if drive is None or moment.view.stands_since(track.id) is not None:
            self._ahead = {key: ahead for key, ahead in self._ahead.items() if key[0] != track.id}
            return
        for (_, zone), walker in self._walkers.items():
            key = track.id, walker.id
            is_ahead = drive.ahead_of(walker.path[-1].point) > 0
            was_ahead = self._ahead.get(key)
            self._ahead[key] = is_ahead
            if was_ahead and not is_ahead:
                passing = self._judge(drive, track, walker, moment.view.area(zone))
                told_at = self._told.get((track.id, zone))
                if passing is None or (told_at is not None and seconds(moment.at, told_at) < self._rule.rearm_s):
                    continue
                self._told[track.id, zone] = moment.at
                yield _finding(passing, drive, track, zone, moment)

    def _judge(self, drive: Drive, track: Track, walker: _Walker, crossing: tuple[Point, ...]) -> _Passing | None:
        """The passing, when the vehicle should have yielded."""
        reached_at = _reached(drive.path, crossing)
        if reached_at is None or seconds(reached_at, walker.since) < self._rule.person_s:
            return None
        here = walker.path[-1]
        gap = lateral(drive, here.point)
        before = place_at(walker.path, max(here.at - timedelta(seconds=WALK_S), walker.path[0].at))
        walked_s = seconds(here.at, before.at)
        if walked_s > 0 and distance(before.point, here.point) / walked_s > self._rule.walk * here.size:
            return None
        if abs(gap) > self._rule.near * here.size:
            return None
        width = (track.x2 - track.x1) / 2
        if abs(gap) > width:
            side = 1 if gap > 0 else -1
            has_passed = any(side * lateral(drive, one.point) < -TREMBLE * one.size for one in walker.path)
            away = side * (gap - lateral(drive, before.point)) / max(walked_s, 1e-6)
            if has_passed or away > AWAY * here.size:
                return None
        return _Passing(walker, reached_at, abs(gap) / here.size)

    def _forget(self, track_id: int) -> None:
        for zone in self._zones:
            self._walkers.pop((track_id, zone), None)
            self._told.pop((track_id, zone), None)
        self._votes.pop(track_id, None)
        self._ahead = {key: ahead for key, ahead in self._ahead.items() if track_id not in key}


def _reached(path: tuple[Sample, ...], crossing: tuple[Point, ...]) -> datetime | None:
    """When the vehicle's newest way over a crossing reached it; None when that was not seen."""
    for number in range(len(path) - 1, 0, -1):
        before, after = path[number - 1], path[number]
        fraction = boundary_fraction(before.point, after.point, crossing)
        if fraction is not None and not is_inside(before.point, crossing):
            return before.at + (after.at - before.at) * fraction
    return None


def _finding(passing: _Passing, drive: Drive, track: Track, zone: str, moment: Moment) -> Finding:
    facts: dict[str, Any] = {
        "person_track": str(passing.walker.id),
        "gap_person_box_sizes": passing.gap,
        "person_before_s": seconds(passing.reached_at, passing.walker.since),
        "pace_box_sizes_per_s": drive.pace,
    }
    return Finding(ID, VERSION, "violation", track, passing.reached_at, moment.at, zone, facts)
