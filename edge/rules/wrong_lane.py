"""Driving in a lane that is not for the vehicle's class at this hour.

A vehicle is in the wrong lane when its ground point is in the lane, `margin` box sizes inside its sides, for `min_s`
and over `min_travel` box sizes (the geometric mean of its size at both ends: it grows as it comes), and the lane's
`use` does not allow its class: the first entry of `use` whose hours hold says who may; where none holds, everyone may.
Both at the beginning and at the end of that time it must not be allowed.
Once per vehicle and lane.

Not a finding: straddling two lanes or driving on the edge (seen nearer to a side than `margin`; longer than 0.5 s
starts the time anew; who is hidden is not seen near it); crossing a lane on the way to another; standing.
Unknown: a turn ahead for which the lane has to be used (draw the lane so far as it binds), a blocked lane beside it, an
officer's hand signal, an emergency run: not seen; a person decides.

Reads: InZone (lanes), ZoneLeft, Gone.  Emits: Finding(wrong_lane), kind violation.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from contracts.scene import ClassLabel, Lane, SceneConfig, WrongLaneRule
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Finding, Moment
from edge.rules.hours import is_in_force
from edge.scene.facts import Gone, InZone, ZoneLeft
from edge.scene.geometry import Point, distance, segment_distance, sides_along
from edge.scene.sample import Sample, seconds

ID: Final = "wrong_lane"
VERSION = 3
STRADDLE_S = 0.5
EVERY_LABEL: frozenset[str] = frozenset(get_args(ClassLabel))


@dataclass(slots=True)
class _Drive:
    """A vehicle clearly within a lane: since when and where, since when seen near the edge, a vote on its class."""

    first: Sample
    near_since: datetime | None = None
    vote: ClassVote = field(default_factory=ClassVote)


class WrongLane:
    """Finds vehicles in lanes that are not for them."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.wrong_lane or WrongLaneRule()
        self._lanes = {lane.id: lane for lane in scene.lanes_of(ID)}
        self._bound = frozenset(key for key, lane in self._lanes.items() if lane.use)  # others are for everyone
        self._classes = frozenset(self._rule.classes)
        self._zone_info = scene.zone_info
        self._drives: dict[tuple[int, str], _Drive] = {}
        self._told: set[tuple[int, str]] = set()
        self._sides: dict[str, list[tuple[Point, Point]]] = {}
        self._size = 0, 0

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for drives in a wrong lane that have become long enough."""
        found: list[Finding] = []
        for fact in moment.changes:
            if isinstance(fact, ZoneLeft):
                self._drives.pop((fact.track.id, fact.zone), None)
            elif isinstance(fact, Gone):
                for lane in self._lanes:
                    self._drives.pop((fact.track.id, lane), None)
                    self._told.discard((fact.track.id, lane))
        for inside in moment.inside:
            if inside.zone in self._bound and (inside.track.id, inside.zone) not in self._told:
                found.extend(self._inside(inside, moment))
        return found

    def _inside(self, fact: InZone, moment: Moment) -> list[Finding]:
        key, lane = (fact.track.id, fact.zone), self._lanes[fact.zone]
        here = Sample.from_track(fact.track)
        drive = self._drives.get(key)
        is_clear = self._room_px(here.point, lane, moment) >= self._rule.margin * here.size
        if drive is not None and drive.near_since and seconds(moment.at, drive.near_since) > STRADDLE_S:
            del self._drives[key]
            drive = None
        if not is_clear:
            if drive is not None and drive.near_since is None:
                drive.near_since = moment.at
            return []
        if drive is None:
            drive = self._drives[key] = _Drive(here)
        drive.near_since = None
        drive.vote.see(fact.track, self._wrong(lane, moment.at))
        travel = distance(drive.first.point, here.point) / math.sqrt(drive.first.size * here.size)
        if seconds(moment.at, drive.first.at) < self._rule.min_s or travel < self._rule.min_travel:
            return []
        if not drive.vote.is_carried or fact.track.cls.label not in self._wrong(lane, drive.first.at):
            return []
        return [self._told_once(fact, lane, drive, travel, moment)]

    def _room_px(self, point: Point, lane: Lane, moment: Moment) -> float:
        """To the nearer side. The ends do not count: far away a box is as high as many metres of the road there."""
        if self._size != moment.view.size:
            self._size = moment.view.size
            self._sides.clear()
        if lane.id not in self._sides:
            arrow = lane.direction.in_pixels(*self._size)
            self._sides[lane.id] = sides_along(moment.view.area(lane.id), *arrow)
        return min(segment_distance(point, *side) for side in self._sides[lane.id])

    def _told_once(self, fact: InZone, lane: Lane, drive: _Drive, travel: float, moment: Moment) -> Finding:
        key, since = (fact.track.id, lane.id), drive.first.at
        del self._drives[key]
        self._told.add(key)
        facts: dict[str, Any] = {
            "in_lane_s": seconds(moment.at, since),
            "travel_box_sizes": travel,
            "allowed": sorted(EVERY_LABEL - self._closed(lane, moment.at)),
        }
        return Finding(ID, VERSION, "violation", fact.track, since, moment.at, lane.id, facts)

    def _wrong(self, lane: Lane, at: datetime) -> frozenset[str]:
        """Classes that are judged and may not use a lane at a moment."""
        return self._closed(lane, at) & self._classes

    def _closed(self, lane: Lane, at: datetime) -> frozenset[str]:
        for use in lane.use:
            if is_in_force(use.hours, at, self._zone_info):
                return EVERY_LABEL - set(use.classes)
        return frozenset()
