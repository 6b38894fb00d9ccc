"""One track in a scene: its sightings, and the facts they amount to.

Written for speed: ten road users at ten frames a second for a day are nine million sightings, and each is asked about
every line and zone. What is far away from a place and was so before is passed over.
"""

from collections import deque
from datetime import datetime

from contracts.classes import VEHICLES
from contracts.scene import Motion
from edge.scene.crossing import LineWatch
from edge.scene.facts import (
    Fact,
    HeadingAgainst,
    InZone,
    LineCrossed,
    Moved,
    Speed,
    SpeedMeasured,
    Stopped,
    ZoneEntered,
    ZoneLeft,
)
from edge.scene.motion import HeadingWatch, StandWatch
from edge.scene.places import Places
from edge.scene.presence import ZoneWatch
from edge.scene.sample import Sample
from edge.scene.speed import SpeedWatch
from edge.track.track import Track

PATH_S = 6.0
PATH_POINTS = 60
STEP_S = PATH_S / PATH_POINTS


class Followed:
    """What is known of one track. `track` is its newest sighting."""

    __slots__ = (
        "_goes",
        "_headings",
        "_is_vehicle",
        "_last",
        "_lines",
        "_margins",
        "_motion",
        "_path",
        "_settled",
        "_speeds",
        "_stand",
        "_told_path",
        "_zones",
        "inside",
        "speed",
        "stands_since",
        "track",
    )

    def __init__(self, track: Track, places: Places, motion: Motion) -> None:
        first = Sample.from_track(track)
        self.track = track
        self.inside: dict[str, datetime] = {}
        self.stands_since: datetime | None = None
        self.speed: Speed | None = None
        self._motion = motion
        self._margins = motion.line_margin, motion.recross_margin
        self._path: deque[Sample] = deque(maxlen=PATH_POINTS)
        self._told_path: tuple[Sample, ...] | None = None
        self._last: Sample | None = None
        self._settled: tuple[str, ...] | None = None  # areas it is in for certain, when it was seen in just these
        self._lines = tuple(LineWatch(first, line.a, line.b) for line in places.lines)
        self._zones = tuple(ZoneWatch() for _ in places.areas)
        self._headings = tuple(HeadingWatch() for _ in places.directed)
        self._goes = False  # was in some zone or lane with its last sighting
        self._stand = StandWatch(first)
        self._speeds = SpeedWatch(track)

    @property
    def path(self) -> tuple[Sample, ...]:
        """Ground points of the last 6 s, oldest first, at most 60."""
        if self._told_path is None:
            self._told_path = tuple(self._path)
        return self._told_path

    def see(self, track: Track, places: Places, facts: list[Fact]) -> None:
        """Takes the next sighting and adds what has become certain with it."""
        before, after = self._last, Sample.from_track(track)
        self.track, self._last = track, after
        self._lengthen(after)
        if places.measuring is not None and track.cls in VEHICLES:
            self.speed = self._speeds.step(track, places.measuring, stands=self._stand.is_standing)
            if self.speed is not None:
                facts.append(SpeedMeasured(track, track.at, self.speed))
        if before is not None:
            self._cross(before, after, places, facts)
        self._be_in(before, after, places, facts)
        self._stand_or_move(after, facts)
        self._go_against(places, facts)

    def _lengthen(self, sample: Sample) -> None:
        """The newest sighting always ends the path; the one before stays only when it is a step from its forerunner."""
        path = self._path
        self._told_path = None
        if len(path) >= 2 and (path[-1].at - path[-2].at).total_seconds() < STEP_S:
            path.pop()
        path.append(sample)
        while (sample.at - path[0].at).total_seconds() > PATH_S:
            path.popleft()

    def _cross(self, before: Sample, after: Sample, places: Places, facts: list[Fact]) -> None:
        x, y = after.point
        for line, watch in zip(places.lines, self._lines, strict=True):
            a = line.a
            is_right = line.dx * (y - a[1]) - line.dy * (x - a[0]) >= 0
            if is_right == watch.is_right and watch.pending is None:
                continue
            crossing = watch.step(before, after, (a, line.b), self._margins)
            if crossing is not None:
                facts.append(
                    LineCrossed(
                        self.track, line.id, crossing.direction, crossing.at, crossing.interval_s, crossing.point
                    )
                )

    def _be_in(self, before: Sample | None, after: Sample, places: Places, facts: list[Fact]) -> None:
        x, y = after.point
        there = places.patchwork.areas_at(after.point)
        if there is not None and there == self._settled:  # nothing can come of it
            facts.extend([InZone(self.track, area_id, after.at) for area_id in there])
            return
        for area, watch in zip(places.areas, self._zones, strict=True):
            if watch.is_away and (x < area.left or x > area.right or y < area.top or y > area.bottom):
                continue
            is_in = area.region.holds(after.point)
            change = watch.see(before, after, area.polygon, self._motion, is_in=is_in)
            if change is not None:
                self._come_or_go(area.id, change[1], facts, comes=change[0] == "entered")
            if watch.is_inside and watch.is_seen_inside:
                facts.append(InZone(self.track, area.id, after.at))
        is_settled = there is not None and len(there) == len(self.inside) and all(key in self.inside for key in there)
        self._settled = there if is_settled else None

    def _come_or_go(self, area_id: str, at: datetime, facts: list[Fact], *, comes: bool) -> None:
        if comes:
            self.inside[area_id] = at
            facts.append(ZoneEntered(self.track, area_id, at))
        else:
            self.inside.pop(area_id, None)
            facts.append(ZoneLeft(self.track, area_id, at))

    def _stand_or_move(self, after: Sample, facts: list[Fact]) -> None:
        change = self._stand.step(after, self._motion)
        if change is None:
            return
        if change[0] == "stopped":
            self.stands_since = change[1]
            facts.append(Stopped(self.track, change[1]))
        else:
            self.stands_since = None
            facts.append(Moved(self.track, change[1]))

    def _go_against(self, places: Places, facts: list[Fact]) -> None:
        if not self.inside and not self._goes:
            return
        self._goes = bool(self.inside)
        for area, watch in zip(places.directed, self._headings, strict=True):
            if not self._zones[area.number].is_inside:
                watch.forget()
                continue
            against = watch.step(self._path, area.allowed, area.tolerance_deg, self._motion)
            if against is not None:
                facts.append(HeadingAgainst(self.track, area.id, against.at, against.travel, against.angle_deg))
