"""Driving over a crossing in front of a person who is on it.

A vehicle does not yield when it passes a person on a crossing in front of them: the person was on the crossing
`person_s` before the vehicle's ground point reached it, the vehicle drives over it without a stand, and at the moment
it comes level with the person

- the person is beside its path by at most `near` of the person's own box sizes, and
- the person has not passed its path yet: has been on this side of it for the last 6 s and is not walking away from it;
  or is within the vehicle's own width.

All this is measured on the ground where a good calibration holds (a person's box size is then 0.9 m, a vehicle as wide
as its class usually is); else in the picture, which is right for a camera that looks along the road or across it.
The vehicle's path is its heading over the last 0.6 s; level means that the person, ahead of the vehicle until then, is
no longer ahead of its ground point, while it is on the crossing or at most a second after. A vehicle that was not seen
for half a second must be seen twice: one box alone may be anybody's. Where it came level between two sightings the
person is taken to be where they were at that moment. A person hidden by the vehicle while it passes is
taken to be where they were last seen, for at most a second. Once per vehicle and crossing within `rearm_s`.

Boxes tremble: a vehicle drives when its ground point has gone farther within 0.7 s than the noise of its box could
move it. One that stood when it reached the crossing, or since, has made a stand; one that stood before the crossing, at
the stop line say, and drove off over it has not.

Not a finding: standing, also on the crossing; waiting until the person has passed; passing behind the person; a person
who steps on the crossing after the vehicle; a person farther away; a rider (faster than `walk`, or on a machine).
Unknown: whether the person waved the vehicle on: not seen, a person decides. A heading or a way onto the crossing that
was not seen: no finding.

Reads: InZone, ZoneLeft, Stopped, Moved, Gone, tracks, path, inside, stands.
Emits: Finding(not_yielding), kind violation.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import hypot, sqrt
from typing import Any, Final

from contracts.scene import NotYieldingRule, SceneConfig
from edge.rules.class_vote import ClassVote
from edge.rules.encounter import Drive, Plan, drive_of, lateral, place_at
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, InZone, Moved, Stopped, ZoneLeft
from edge.scene.geometry import Point, boundary_fraction, distance, is_inside
from edge.scene.sample import Sample, seconds
from edge.scene.speed import BOX_NOISE
from edge.track.track import Track

ID: Final = "not_yielding"
VERSION = 5
PERSON = frozenset({"person"})
PERSON_M = 0.9  # box size of a person on the ground: 0.5 m by 1.7 m, the square root of its area
HALF_WIDTH_M = {"bicycle": 0.35, "motorcycle": 0.4, "car": 0.9, "bus": 1.25, "truck": 1.25}
RECENT = 15  # sightings of a vehicle that its heading may rest on
LONE_S = 0.5  # unseen for so long before, one sighting of a vehicle is not believed
HIDDEN_S = 1.0  # a person may be hidden by the vehicle for so long
WALK_S = 0.8  # a person's pace is taken over so long
TREMBLE = 0.25  # own box sizes: who was so far on the other side of the path has passed it
OVER_S = 1.0  # after it left the crossing a vehicle may still come level with a person for so long
DRIVES_S = 0.7  # whether a vehicle drives is told over so long: who has halted for that time drives no more
SMOOTH = 3  # from means of so many sightings at either end
SURE = 4.0  # of their standard deviations gone: that is no tremble
AWAY = 0.15  # own box sizes a second: slower than that is not walking away

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Walker:
    """Somebody on a crossing: since when, and where they were last seen there; whether they are on foot, by a vote."""

    id: int
    zone: str
    since: datetime
    last: Sample
    vote: ClassVote = field(default_factory=ClassVote)


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
        self._zones = frozenset(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._walkers: dict[tuple[int, str], _Walker] = {}
        self._last: dict[int, Sample] = {}  # each vehicle as it was believed in last
        # How far ahead of a vehicle people were when it was last near them, in the plan's units, and when that was.
        self._ahead: dict[tuple[int, int], tuple[float, datetime]] = {}
        self._stood: dict[int, tuple[datetime, datetime | None]] = {}  # each vehicle's last stand: since when, until
        self._told: dict[tuple[int, str], datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have just passed somebody."""
        self._note(moment)
        around = [(self._reach(walker), walker) for walker in self._on_foot(moment.at)]
        if not around:
            self._last.clear()
            self._ahead.clear()
            return []
        found: list[Finding] = []
        for track in moment.tracks:
            if track.cls.label not in self._classes:
                continue
            before, here = self._last.get(track.id), Sample.from_track(track)
            near = [] if before is None else [one for box, one in around if _touches(before.point, here.point, box)]
            if near and _is_lone(moment.view.path(track.id)):
                continue  # judged with the next sighting, from where it was before
            self._last[track.id] = here
            if before is not None and near:
                found.extend(self._pass(track, before, near, moment))
        return found

    def _note(self, moment: Moment) -> None:
        """Who came on a crossing, left it, moved off, or is gone."""
        for fact in moment.changes:
            if isinstance(fact, ZoneLeft):
                self._walkers.pop((fact.track.id, fact.zone), None)
            elif isinstance(fact, Stopped):
                self._stood[fact.track.id] = fact.at, None
            elif isinstance(fact, Moved) and fact.track.id in self._stood:
                self._stood[fact.track.id] = self._stood[fact.track.id][0], fact.at
            elif isinstance(fact, Gone):
                self._forget(fact.track.id)
        for inside in moment.inside:
            if inside.zone in self._zones:
                self._see_walker(inside, moment)

    def _see_walker(self, fact: InZone, moment: Moment) -> None:
        key, sample = (fact.track.id, fact.zone), Sample.from_track(fact.track)
        walker = self._walkers.get(key)
        if walker is None:
            since = moment.view.inside(fact.track.id).get(fact.zone, fact.at)
            walker = self._walkers[key] = _Walker(fact.track.id, fact.zone, since, sample)
        walker.last = sample
        walker.vote.see(fact.track, PERSON)

    def _on_foot(self, at: datetime) -> list[_Walker]:
        """People on a crossing who were seen there a moment ago."""
        return [one for one in self._walkers.values() if one.vote.is_carried and seconds(at, one.last.at) <= HIDDEN_S]

    def _reach(self, walker: _Walker) -> Box:
        """Rectangle around the person, half as wide again as `near`: a slanted view does not fall out of it."""
        (x, y), reach = walker.last.point, 1.5 * self._rule.near * walker.last.size
        return x - reach, y - reach, x + reach, y + reach

    def _pass(self, track: Track, before: Sample, near: list[_Walker], moment: Moment) -> Iterator[Finding]:
        """Findings about people a vehicle, that was at `before` when it was seen last, has come level with."""
        own = moment.view.path(track.id)
        if moment.view.stands_since(track.id) is not None and not _drives(track, own):
            return
        # Where the people are decides: a vehicle that has driven out of the calibrated area is not measured otherwise.
        plan = Plan.of(moment.view.ground, [walker.last.point for walker in near])
        drive = drive_of(plan.path(own[-RECENT:], 1.0))
        if drive is None or not plan.has(before.point):
            return
        for walker in near:
            key, place = (track.id, walker.id), plan.place(walker.last.point)
            ahead = drive.ahead_of(place)
            fresh = drive.ahead_of(place, since=plan.place(before.point)), before.at
            was_ahead, was_at = self._ahead.pop(key, fresh)
            if ahead > 0:
                self._ahead[key] = ahead, moment.at
            if not ahead <= 0 < was_ahead:
                continue
            told_at = self._told.get((track.id, walker.zone))
            if told_at is not None and seconds(moment.at, told_at) < self._rule.rearm_s:
                continue
            level_at = was_at + (moment.at - was_at) * (was_ahead / (was_ahead - ahead))
            passing = self._judge(drive, plan, track, walker, level_at, moment)
            if passing is not None:
                self._told[track.id, walker.zone] = moment.at
                yield _finding(passing, track, moment)

    def _judge(
        self, drive: Drive, plan: Plan, track: Track, walker: _Walker, level_at: datetime, moment: Moment
    ) -> _Passing | None:
        """The passing, when the vehicle should have yielded to where the person was when it came level with them."""
        reached_at = self._came_over(track, walker, moment)
        if reached_at is None:
            return None
        whole = plan.path(moment.view.path(walker.id), PERSON_M)
        if not whole:
            return None
        here = place_at(whole, min(level_at, walker.last.at))
        path = [one for one in whole if one.at <= here.at] or [here]
        gap = lateral(drive, here.point)
        if abs(gap) > self._rule.near * here.size:
            return None
        before = place_at(path, here.at - timedelta(seconds=WALK_S))
        walked_s = max(seconds(here.at, before.at), 1e-3)
        if distance(before.point, here.point) / walked_s > self._rule.walk * here.size:
            return None
        if abs(gap) > ((track.x2 - track.x1) / 2 if plan.ground is None else HALF_WIDTH_M.get(track.cls.label, 1.0)):
            side = 1 if gap > 0 else -1
            has_passed = any(side * lateral(drive, one.point) < -TREMBLE * one.size for one in path)
            away = side * (gap - lateral(drive, before.point)) / walked_s
            if has_passed or away > AWAY * here.size:
                return None
        return _Passing(walker, reached_at, abs(gap) / here.size)

    def _came_over(self, track: Track, walker: _Walker, moment: Moment) -> datetime | None:
        """When the vehicle reached the crossing, after the person; None where it drives over it no more, or stood."""
        own, crossing = moment.view.path(track.id), moment.view.area(walker.zone)
        reached_at = _reached(own, crossing)
        if reached_at is None or seconds(reached_at, walker.since) < self._rule.person_s:
            return None
        if self._stood_there(track, reached_at, moment) or not _drives(track, own):
            return None
        was_over = _was_over(own, crossing, max(reached_at, moment.at - timedelta(seconds=OVER_S)))
        return reached_at if was_over else None

    def _stood_there(self, track: Track, reached_at: datetime, moment: Moment) -> bool:
        """Whether it stood when it reached the crossing, or since.

        A scene says that somebody moves again when he is well off his place, which may be on the crossing already: of
        who stood before it his path tells whether he had driven off when he reached it; who trembled over its edge had
        not.
        """
        since, until = self._stood.get(track.id, (None, None))
        if since is None or (until is not None and until < reached_at):
            return False
        before = tuple(one for one in moment.view.path(track.id) if one.at <= reached_at)
        return since >= reached_at or not _drives(track, before)

    def _forget(self, track_id: int) -> None:
        self._last.pop(track_id, None)
        self._stood.pop(track_id, None)
        for pair in [pair for pair in self._ahead if track_id in pair]:
            del self._ahead[pair]
        for zone in self._zones:
            self._walkers.pop((track_id, zone), None)
            self._told.pop((track_id, zone), None)


def _drives(track: Track, path: tuple[Sample, ...]) -> bool:
    """Whether a vehicle has gone farther in the picture of late than the noise of its box alone would have moved it."""
    if len(path) < 2:
        return False
    count = min(SMOOTH, len(path) // 2)
    since = path[-1].at - timedelta(seconds=DRIVES_S)
    first = next((number for number, one in enumerate(path) if one.at >= since), 0)
    if track.x2 <= track.x1 or track.y2 <= track.y1:
        return False
    if len(path) - first < 2 * count:
        first = len(path) - 2 * count
    (x0, y0), (x1, y1) = _mean(path[first : first + count]), _mean(path[-count:])
    # The middle of the lower side: the mean of two sides that tremble by the width, and one that does by the height.
    across, up = BOX_NOISE * (track.x2 - track.x1) / sqrt(2), BOX_NOISE * (track.y2 - track.y1)
    return hypot((x1 - x0) / across, (y1 - y0) / up) >= SURE * sqrt(2 / count)


def _is_lone(path: tuple[Sample, ...]) -> bool:
    """Whether a vehicle was seen just once after it was not seen for long: it may be somebody else."""
    return len(path) < 2 or seconds(path[-1].at, path[-2].at) > LONE_S


def _mean(samples: tuple[Sample, ...]) -> Point:
    return (
        math.fsum(sample.point[0] for sample in samples) / len(samples),
        math.fsum(sample.point[1] for sample in samples) / len(samples),
    )


def _touches(p: Point, q: Point, box: Box) -> bool:
    """Whether the step p→q may touch a rectangle: it is not all to one side of it. Cheap."""
    x1, y1, x2, y2 = box
    (px, py), (qx, qy) = p, q
    return not ((px < x1 and qx < x1) or (px > x2 and qx > x2) or (py < y1 and qy < y1) or (py > y2 and qy > y2))


def _reached(path: tuple[Sample, ...], crossing: tuple[Point, ...]) -> datetime | None:
    """When the vehicle's newest way over a crossing reached it; None when that was not seen."""
    for number in range(len(path) - 1, 0, -1):
        before, after = path[number - 1], path[number]
        fraction = boundary_fraction(before.point, after.point, crossing)
        if fraction is not None and not is_inside(before.point, crossing):
            return before.at + (after.at - before.at) * fraction
    return None


def _was_over(path: tuple[Sample, ...], crossing: tuple[Point, ...], since: datetime) -> bool:
    """Whether the vehicle was on the crossing at `since` or later: who has long driven on comes level with nobody."""
    for number in range(len(path) - 1, 0, -1):
        before, after = path[number - 1], path[number]
        if after.at < since:
            return False
        if is_inside(after.point, crossing) or boundary_fraction(before.point, after.point, crossing) is not None:
            return True
    return False


def _finding(passing: _Passing, track: Track, moment: Moment) -> Finding:
    drive = drive_of(moment.view.path(track.id))
    facts: dict[str, Any] = {
        "person_track": str(passing.walker.id),
        "gap_person_box_sizes": passing.gap,
        "person_before_s": seconds(passing.reached_at, passing.walker.since),
        "pace_box_sizes_per_s": drive.pace if drive is not None else 0.0,
    }
    return Finding(ID, VERSION, "violation", track, passing.reached_at, moment.at, passing.walker.zone, facts)
