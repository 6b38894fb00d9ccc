"""A scene and the tracks in it: tracks in, facts out.

Only observed sightings count: a predicted box never crosses a line. A track may be missing for some frames; its path is
then taken as straight, and the facts say how long the gap was. Memory is bounded by the tracks seen in the last
`gone_after_s`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from contracts.classes import VEHICLES
from contracts.scene import SceneConfig
from edge.scene.crossing import LineWatch
from edge.scene.facts import (
    Fact,
    Gone,
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
from edge.scene.geometry import Point
from edge.scene.ground import Ground, ground_of
from edge.scene.motion import HeadingWatch, StandWatch
from edge.scene.presence import ZoneWatch
from edge.scene.sample import Sample, seconds
from edge.scene.speed import MeasuringPlane, SpeedWatch
from edge.track.track import Track

PATH_S = 6.0
PATH_POINTS = 60


class SceneState:
    """What is known about each track in a scene. One per camera; not shared between threads."""

    def __init__(self, scene: SceneConfig) -> None:
        self._scene = scene
        self._size: tuple[int, int] | None = None
        self._places: _Places | None = None
        self._followed: dict[int, _Followed] = {}
        self._at: datetime | None = None

    def update(
        self, tracks: Sequence[Track], at: datetime, image_size: tuple[int, int], *, discontinuity: bool = False
    ) -> list[Fact]:
        """Facts that have become certain with the frame taken at `at`; in order of track id.

        Args:
            tracks: confirmed tracks of the frame, in any order.
            image_size: width, height of the frame, pixels.
            discontinuity: time or picture jumped before this frame. A new size or a time that goes back says the same;
                a second frame of the same time says nothing.
        """
        if at == self._at and image_size == self._size and not discontinuity:
            return []
        broken = discontinuity or image_size != self._size or (self._at is not None and at < self._at)
        facts: list[Fact] = self._forget_all() if broken else []
        self._at = at
        if self._places is None or image_size != self._size:
            self._size, self._places = image_size, _Places(self._scene, image_size)
        for track in sorted(tracks, key=lambda track: track.id):
            if track.observed:
                facts.extend(self._see(track, self._places))
        return facts + self._forget_old(at)

    def path(self, track_id: int) -> tuple[Sample, ...]:
        """Ground points of the last 6 s, oldest first, at most 60; empty for an unknown track."""
        followed = self._followed.get(track_id)
        return () if followed is None else tuple(followed.path)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the newest frame, pixels. ValueError before the first."""
        if self._size is None:
            raise ValueError("no frame was taken in yet")
        return self._size

    def line(self, line_id: str) -> tuple[Point, Point]:
        """Start and end of a directed line, pixels. KeyError when there is none of that id."""
        return self._now().lines[line_id]

    def area(self, area_id: str) -> tuple[Point, ...]:
        """Corners of a zone or lane, pixels. KeyError when there is none of that id."""
        return self._now().zones[area_id]

    def inside(self, track_id: int) -> dict[str, datetime]:
        """Zones and lanes the track is in for certain, each with the moment it entered; empty for an unknown track."""
        followed = self._followed.get(track_id)
        return {} if followed is None else followed.inside

    def stands_since(self, track_id: int) -> datetime | None:
        """Since when the track has been standing; None when it moves or is unknown."""
        followed = self._followed.get(track_id)
        return None if followed is None else followed.stands_since

    def speed(self, track_id: int) -> Speed | None:
        """Newest measured speed; None where none can be given."""
        followed = self._followed.get(track_id)
        return None if followed is None else followed.speed

    @property
    def ground(self) -> Ground | None:
        """Ground plane for the newest frame's size; None without a calibration."""
        return None if self._places is None else self._places.ground

    def _now(self) -> "_Places":
        if self._places is None:
            raise ValueError("no frame was taken in yet")
        return self._places

    @property
    def followed(self) -> int:
        """Tracks in memory."""
        return len(self._followed)

    def _see(self, track: Track, places: "_Places") -> list[Fact]:
        followed = self._followed.get(track.id)
        if followed is None:
            followed = self._followed[track.id] = _Followed(track, places)
        return list(followed.see(track, places, self._scene))

    def _forget_old(self, at: datetime) -> list[Fact]:
        limit_s = self._scene.motion.gone_after_s
        old = [key for key, followed in self._followed.items() if seconds(at, followed.track.at) > limit_s]
        return [_gone(self._followed.pop(key)) for key in sorted(old)]

    def _forget_all(self) -> list[Fact]:
        gone = [_gone(self._followed[key]) for key in sorted(self._followed)]
        self._followed.clear()
        return gone


def _gone(followed: "_Followed") -> Fact:
    return Gone(followed.track, followed.track.at)


class _Places:
    """The scene's geometry in pixels of one picture size."""

    def __init__(self, scene: SceneConfig, image_size: tuple[int, int]) -> None:
        width, height = image_size

        def pixels(p: Point) -> Point:
            return p[0] * width, p[1] * height

        self.lines = {key: (pixels(a), pixels(b)) for key, (a, b) in scene.segments().items()}
        self.zones = {key: tuple(pixels(p) for p in area.polygon) for key, area in scene.areas().items()}
        self.ground: Ground | None = ground_of(scene.calibration, image_size)
        self.measuring: MeasuringPlane | None = None
        if scene.calibration is not None and self.ground is not None and self.ground.is_good:
            self.measuring = MeasuringPlane(self.ground, scene.calibration.time_error_ms / 1000)
        self.directions: dict[str, tuple[Point, float]] = {}
        for zone in scene.areas().values():
            if zone.direction is not None:
                (x1, y1), (x2, y2) = pixels(zone.direction.start), pixels(zone.direction.end)
                self.directions[zone.id] = (x2 - x1, y2 - y1), zone.direction.tolerance_deg


class _Followed:
    """One track's sightings and what they amount to."""

    def __init__(self, track: Track, places: _Places) -> None:
        first = Sample.from_track(track)
        self.track = track
        self.path: deque[Sample] = deque(maxlen=PATH_POINTS)
        self._last: Sample | None = None
        self._lines = {key: LineWatch(first, *line) for key, line in places.lines.items()}
        self._zones = {key: ZoneWatch() for key in places.zones}
        self._headings = {key: HeadingWatch() for key in places.directions}
        self._stand = StandWatch(first)
        self.inside: dict[str, datetime] = {}
        self.stands_since: datetime | None = None
        self._speeds = SpeedWatch(track)
        self.speed: Speed | None = None

    def see(self, track: Track, places: _Places, scene: SceneConfig) -> Iterator[Fact]:
        """Takes the next sighting."""
        before, after = self._last, Sample.from_track(track)
        self.track, self._last = track, after
        self._lengthen(after)
        if places.measuring is not None and track.cls in VEHICLES:
            self.speed = self._speeds.step(track, places.measuring)
            if self.speed is not None:
                yield SpeedMeasured(track, track.at, self.speed)
        if before is not None:
            yield from self._crossings(before, after, places, scene)
        yield from self._presence(before, after, places, scene)
        yield from self._standing(after, scene)
        yield from self._headings_against(places, scene)

    def _lengthen(self, sample: Sample) -> None:
        """The newest sighting always ends the path; the one before stays only when it is a step from its forerunner."""
        path = self.path
        if len(path) >= 2 and seconds(path[-1].at, path[-2].at) < PATH_S / PATH_POINTS:
            path.pop()
        path.append(sample)
        while seconds(sample.at, path[0].at) > PATH_S:
            path.popleft()

    def _crossings(self, before: Sample, after: Sample, places: _Places, scene: SceneConfig) -> Iterator[Fact]:
        margins = scene.motion.line_margin, scene.motion.recross_margin
        for key, watch in self._lines.items():
            crossing = watch.step(before, after, places.lines[key], margins)
            if crossing is not None:
                yield LineCrossed(self.track, key, crossing.direction, crossing.at, crossing.interval_s, crossing.point)

    def _presence(self, before: Sample | None, after: Sample, places: _Places, scene: SceneConfig) -> Iterator[Fact]:
        for key, watch in self._zones.items():
            change = watch.step(before, after, places.zones[key], scene.motion)
            if change is not None:
                entered = change[0] == "entered"
                fact = ZoneEntered if entered else ZoneLeft
                if entered:
                    self.inside[key] = change[1]
                else:
                    self.inside.pop(key, None)
                yield fact(self.track, key, change[1])
            if watch.is_inside and watch.is_seen_inside:
                yield InZone(self.track, key, after.at)

    def _standing(self, after: Sample, scene: SceneConfig) -> Iterator[Fact]:
        change = self._stand.step(after, scene.motion)
        if change is not None:
            stopped = change[0] == "stopped"
            self.stands_since = change[1] if stopped else None
            yield Stopped(self.track, change[1]) if stopped else Moved(self.track, change[1])

    def _headings_against(self, places: _Places, scene: SceneConfig) -> Iterator[Fact]:
        for key, watch in self._headings.items():
            if not self._zones[key].is_inside:
                self._headings[key] = HeadingWatch()
                continue
            allowed, tolerance_deg = places.directions[key]
            against = watch.step(tuple(self.path), allowed, tolerance_deg, scene.motion)
            if against is not None:
                yield HeadingAgainst(self.track, key, against.at, against.travel, against.angle_deg)
