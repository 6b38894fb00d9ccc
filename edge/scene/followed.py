"""One track in a scene: its sightings, and the facts they amount to.

Written for speed: ten road users at ten frames a second for a day are nine million sightings, and each is asked about
every line and zone. What is far away from a place and was so before is passed over.
"""

from collections import deque
from datetime import datetime, timedelta

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
from edge.scene.region import Here
from edge.scene.sample import Sample
from edge.scene.speed import SpeedWatch
from edge.track.track import Track

PATH_S = 6.0
PATH_POINTS = 60
STEP, LONG = timedelta(seconds=PATH_S / PATH_POINTS), timedelta(seconds=PATH_S)


class Followed:
    """What is known of one track. `track` is its newest sighting."""

    __slots__ = (
        "_goes",
        "_headings",
        "_last",
        "_lines",
        "_margins",
        "_motion",
        "_path",
        "_settled",
        "_sides",
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
        self._sides: tuple[bool, ...] | None = None  # of the lines it is on for certain, when it was seen on just these
        self._settled: tuple[str, ...] | None = None  # the same of the areas it is in
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
        here = places.patchwork.at(after.point)
        if before is not None and here.sides is not self._sides:
            self._cross(before, after, here, places, facts)
        if here.areas is self._settled:  # nothing can come of it
            at = after.at
            facts += [InZone(track, area_id, at) for area_id in here.areas]
        else:
            self._be_in(before, after, here, places, facts)
        self._stand_or_move(after, facts)
        if self.inside or self._goes:
            self._go_against(places, facts)

    def _lengthen(self, sample: Sample) -> None:
        """The newest sighting always ends the path; the one before stays only when it is a step from its forerunner."""
        path, at = self._path, sample.at
        self._told_path = None
        if len(path) >= 2 and path[-1].at - path[-2].at < STEP:
            path.pop()
        path.append(sample)
        while at - path[0].at > LONG:
            path.popleft()

    def _cross(self, before: Sample, after: Sample, here: Here, places: Places, facts: list[Fact]) -> None:
        is_settled = True
        for line, watch, is_right in zip(places.lines, self._lines, here.sides, strict=True):
            if is_right is watch.is_right and watch.pending is None:
                continue
            crossing = watch.step(before, after, (line.a, line.b), self._margins)
            if crossing is not None:
                facts.append(
                    LineCrossed(
                        self.track, line.id, crossing.direction, crossing.at, crossing.interval_s, crossing.point
                    )
                )
            is_settled = is_settled and is_right is watch.is_right
        self._sides = here.sides if is_settled else None

    def _be_in(self, before: Sample | None, after: Sample, here: Here, places: Places, facts: list[Fact]) -> None:
        areas, inside = here.areas, self.inside
        for area, watch in zip(places.areas, self._zones, strict=True):
            is_in = area.id in areas
            if watch.is_away and not is_in:
                continue
            change = watch.see(before, after, area.polygon, self._motion, is_in=is_in)
            if change is not None:
                self._come_or_go(area.id, change[1], facts, comes=change[0] == "entered")
            if is_in and watch.is_inside:
                facts.append(InZone(self.track, area.id, after.at))
        is_settled = len(areas) == len(inside) and all(key in inside for key in areas)
        self._settled = areas if is_settled else None

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
        self._goes = bool(self.inside)
        for area, watch in zip(places.directed, self._headings, strict=True):
            if not self._zones[area.number].is_inside:
                watch.forget()
                continue
            against = watch.step(self._path, area.allowed, area.tolerance_deg, self._motion)
            if against is not None:
                facts.append(HeadingAgainst(self.track, area.id, against.at, against.travel, against.angle_deg))
