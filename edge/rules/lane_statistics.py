"""Figures of each lane: count, mean speed, occupancy and headway, in bins of whole minutes.

Counted is who passes the lane's *middle cross-section*: the line across the lane, perpendicular to its arrow, half-way
between the lane's first and last corner along it; on the ground where all of the lane lies in the calibration's valid
region, else in the picture. A road user counts when its ground point goes over it in the arrow's direction, inside the
lane; once per track and lane; at the moment interpolated between two sightings, also when frames are missing between
them.

    count       by class, as the track was classified when it passed
    mean speed  arithmetic mean of the measured speeds at the section (time mean speed), km/h; none measured: null
    headway     mean time from the one before to this one, any class, by bin of the second; nobody before: null
    occupancy   share of the observed time in which somebody's ground point is in the lane and within half a box size
                of the section along the arrow (it stands for the vehicle's length, which a picture does not give)

Bins are aligned to UTC minutes and told with the first frame at or after their end; `complete` is false where less than
`COMPLETE` of the bin was observed (the camera's first bin, an outage). What is seen only after a bin was told belongs
to the next one. The bin that is open when the stream ends is not told.

Not counted: who is first seen beyond the section, who goes against the arrow, who trembles on the section.
Unknown: a track that breaks at the section may be missed.

Reads: tracks, speeds, Gone.  Emits: Finding(lane_statistics) without a track, kind count, `act` 1min, 5min, 15min.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from contracts.scene import Lane, LaneStatisticsRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.scene.facts import KMH, Gone
from edge.scene.geometry import Point, along, distance, is_inside
from edge.scene.ground import Ground
from edge.scene.sample import Sample, seconds
from edge.scene.view import SceneView
from edge.track.track import Track

ID: Final = "lane_statistics"
VERSION = 1
COMPLETE = 0.98  # of a bin's time
BREAK_S = 2.0  # frames farther apart: nothing was observed between them
Segment = tuple[Point, Point]
FRESH_S = 1.0  # a speed older than that was not measured at the section


@dataclass(frozen=True, slots=True)
class Passage:
    """A road user passed a lane's section."""

    at: datetime
    label: str
    kmh: float | None
    headway_s: float | None


@dataclass(slots=True)
class _Bin:
    """One lane's figures of one bin."""

    start: datetime
    minutes: int
    observed_s: float = 0.0
    covered_s: float = 0.0
    passages: list[Passage] = field(default_factory=list)
    end: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.end = self.start + timedelta(minutes=self.minutes)

    def facts(self) -> dict[str, Any]:
        labels = sorted({passage.label for passage in self.passages})
        return {
            "bin_min": self.minutes,
            "complete": self.observed_s >= COMPLETE * 60 * self.minutes,
            "observed_s": self.observed_s,
            "total": _figures(self.passages),
            "classes": {label: _figures([p for p in self.passages if p.label == label]) for label in labels},
            "headway_s": _mean([p.headway_s for p in self.passages if p.headway_s is not None]),
            "occupancy_ratio": min(self.covered_s / self.observed_s, 1.0) if self.observed_s else None,
        }


class LaneStatistics:
    """Counts and measures at the middle of each lane."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.lane_statistics or LaneStatisticsRule()
        self._classes = frozenset(rule.classes)
        self._lanes = [_Section(lane, sorted(set(rule.bins_min))) for lane in scene.lanes_of(ID)]
        self._at: datetime | None = None

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for bins that are over."""
        before, self._at = self._at, moment.at
        step_s = 0.0 if before is None else seconds(moment.at, before)
        gone = [fact.track.id for fact in moment.changes if isinstance(fact, Gone)]
        tracks = [(track, Sample.from_track(track)) for track in moment.tracks if track.cls.label in self._classes]
        found: list[Finding] = []
        for section in self._lanes:
            section.forget(gone)
            section.see(tracks, moment.view, step_s if step_s <= BREAK_S else 0.0)
            found.extend(section.close(moment.at))
        return found


class _Section:
    """The middle cross-section of one lane, and its open bins."""

    def __init__(self, lane: Lane, minutes: Sequence[int]) -> None:
        self._lane = lane
        self._minutes = minutes
        self._bins: dict[int, _Bin] = {}
        self._seen: dict[int, tuple[Sample, float]] = {}
        self._counted: set[int] = set()
        self._last_at: datetime | None = None
        self._size: tuple[int, int] | None = None
        self._normal: Point = (0.0, 0.0)
        self._middle = 0.0
        self._polygon: tuple[Point, ...] = ()

    def forget(self, gone: Sequence[int]) -> None:
        """Drops tracks that will not be seen again."""
        for key in gone:
            self._seen.pop(key, None)
            self._counted.discard(key)

    def see(self, tracks: Sequence[tuple[Track, Sample]], view: SceneView, step_s: float) -> None:
        """Takes in one frame; `step_s` is the observed time since the one before."""
        if view.size != self._size:
            self._draw(view)
        covered, seen, middle = False, self._seen, self._middle
        normal_x, normal_y = self._normal
        for track, sample in tracks:
            x, y = sample.point
            way = x * normal_x + y * normal_y - middle
            before = seen.get(track.id)
            seen[track.id] = sample, way
            if way >= 0 and before is not None and before[1] < 0 and track.id not in self._counted:
                self._count(track, before, (sample, way), view)
            if not covered and abs(way) <= sample.size / 2:
                covered = is_inside(sample.point, self._polygon)
        for one in self._bins.values():
            one.observed_s += step_s
            one.covered_s += step_s if covered else 0.0

    def close(self, at: datetime) -> list[Finding]:
        """Findings of the bins that have ended; opens those that begin."""
        found = []
        for minutes in self._minutes:
            one = self._bins.get(minutes)
            if one is None:
                self._bins[minutes] = _Bin(_start(at, minutes), minutes)
            elif at >= one.end:
                fresh = self._bins[minutes] = _Bin(_start(at, minutes), minutes)
                fresh.passages = [passage for passage in one.passages if passage.at >= one.end]
                one.passages = [passage for passage in one.passages if passage.at < one.end]
                act = f"{minutes}min"
                found.append(Finding(ID, VERSION, "count", None, one.start, at, self._lane.id, one.facts(), act=act))
        return found

    def _draw(self, view: SceneView) -> None:
        """Puts the section half-way along the lane: on the ground where that is known, else in the picture."""
        self._size = view.size
        arrow = self._lane.direction.in_pixels(*self._size)
        self._polygon = view.area(self._lane.id)
        a, b = _on_ground(arrow, self._polygon, view.ground) or _across(arrow, self._polygon)
        (px, py), (qx, qy) = arrow
        with_arrow = (a[1] - b[1]) * (qx - px) + (b[0] - a[0]) * (qy - py) > 0
        length = distance(a, b) if with_arrow else -distance(a, b)
        self._normal = (a[1] - b[1]) / length, (b[0] - a[0]) / length
        self._middle = a[0] * self._normal[0] + a[1] * self._normal[1]
        self._seen.clear()

    def _count(self, track: Track, before: tuple[Sample, float], after: tuple[Sample, float], view: SceneView) -> None:
        fraction = before[1] / (before[1] - after[1])
        if not is_inside(along(before[0].point, after[0].point, fraction), self._polygon):
            return
        self._counted.add(track.id)
        at = before[0].at + (after[0].at - before[0].at) * fraction
        speed = view.speed(track.id)
        fresh = speed is not None and abs(seconds(at, speed.at)) <= FRESH_S
        headway_s = None if self._last_at is None else abs(seconds(at, self._last_at))
        self._last_at = at
        kmh = speed.mps * KMH if speed is not None and fresh else None
        for one in self._bins.values():
            one.passages.append(Passage(at, track.cls.label, kmh, headway_s))


def _across(arrow: Segment, polygon: Sequence[Point]) -> Segment:
    """Line across an area, perpendicular to an arrow, half-way between its first and last corner along it."""
    (x1, y1), (x2, y2) = arrow
    length = distance((x1, y1), (x2, y2))
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    ways = [(x - x1) * ux + (y - y1) * uy for x, y in polygon]
    aside = [(x - x1) * uy - (y - y1) * ux for x, y in polygon]
    middle, beside = (min(ways) + max(ways)) / 2, (min(aside) + max(aside)) / 2
    x, y = x1 + middle * ux + beside * uy, y1 + middle * uy - beside * ux
    half = max((max(aside) - min(aside)) / 2, 1e-9)
    return (x + half * uy, y - half * ux), (x - half * uy, y + half * ux)


def _on_ground(arrow: Segment, polygon: Sequence[Point], ground: Ground | None) -> Segment | None:
    """The same line drawn on the ground, as it is seen; None where the lane reaches beyond what is known of it."""
    if ground is None or not ground.is_good or not all(ground.is_valid(p) for p in (*arrow, *polygon)):
        return None
    begin, end = (ground.metres(p) for p in arrow)
    a, b = (ground.pixel(p) for p in _across((begin, end), [ground.metres(p) for p in polygon]))
    return None if a is None or b is None else (a, b)


def _start(at: datetime, minutes: int) -> datetime:
    """Start of the bin a moment lies in, UTC."""
    utc = at.astimezone(UTC).replace(second=0, microsecond=0)
    return utc - timedelta(minutes=utc.minute % minutes)


def _figures(passages: Sequence[Passage]) -> dict[str, Any]:
    speeds = [passage.kmh for passage in passages if passage.kmh is not None]
    return {"count": len(passages), "mean_speed_kmh": _mean(speeds), "measured": len(speeds)}


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
