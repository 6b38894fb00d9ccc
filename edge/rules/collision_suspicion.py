"""Two road users meet, at least one stops suddenly, and both stay where they touch.

Suspected is a pair of which

    one stopped suddenly:    in the second before it stood it went `impact` box sizes and more (usual braking to a stop
                             at 3 m/s2 covers 1.5 m in its last second, less than one box size of a car),
    they met in that second: the distance of their ground points fell by `closing` box sizes and more,
    they touch:              the boxes overlap or nearly do, and the ground points lie within `touch` box sizes,
    both stay:               so, for `stay_s` after the stop.

Box sizes are the mean of both. Once for a pair and place, for two minutes or until one of them drives off. Speeds
before the stop are told in box sizes per second, and in km/h where they were measured.

Not a finding: queueing bumper to bumper and parking (no sudden stop); who stands at a stop line that does not show
green or behind a queue (queue.py); two boxes of one vehicle (they never were apart).
Unknown: a track that breaks at the impact, or that was not followed for a second before it, tells nothing. One who
drives on after a collision is not found. Whether it was a collision; a person decides.

Reads: Stopped, Moved, Gone, SpeedMeasured; paths, zones, signals.  Emits: Finding(collision_suspicion), kind incident.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contracts.scene import CollisionSuspicionRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.rules.queue import QueueWatch, Slow
from edge.scene.facts import KMH, Gone, Moved, Speed, Stopped
from edge.scene.geometry import box_iou, distance
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

ID: Final = "collision_suspicion"
VERSION = 3
GAP = 4.0  # box sizes: a queue
STILL = 0.3  # box sizes: the path stays within it once its road user stands
BEFORE_S = 1.0
NEARLY = 0.1  # of a box's width and height: boxes that nearly overlap
SAME_IOU = 0.1  # what overlaps a place that was told, within SAME_S, is the same collision
SAME_S = 120.0
LOOKED_FOR_S = 1.0  # so long after a stop the other one is looked for: it may not be seen just then
KEPT = 16  # speeds of a track, half a second apart
MAX_TOLD = 32

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Halt:
    """One that stopped suddenly: where it was a second before, and where it stands."""

    fast: int
    zone: str
    noted_at: datetime
    before: Sample
    stopped: Sample
    gone_sizes: float


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two that met, and have stood since; `fast` is the one that stopped suddenly."""

    fast: int
    other: int
    zone: str
    stopped_at: datetime
    gone_sizes: float
    closed_sizes: float


@dataclass(frozen=True, slots=True)
class _Told:
    """A collision that was told: who, and where they stood."""

    at: datetime
    ids: frozenset[int]
    boxes: tuple[Box, Box]


class CollisionSuspicion:
    """Finds pairs that meet, stop suddenly and stay."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.collision_suspicion or CollisionSuspicionRule()
        self._zones = tuple(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._queue = QueueWatch(scene, gap=GAP)
        self._halts: list[_Halt] = []
        self._meetings: list[_Meeting] = []
        self._speeds: dict[int, deque[Speed]] = {}
        self._told: list[_Told] = []

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for meetings after which both have stayed long enough."""
        self._queue.note(moment)
        for told in moment.speeds:
            if told.speed.at == moment.at:
                self._keep(told.track.id, told.speed)
        for fact in moment.changes:
            key = fact.track.id
            if isinstance(fact, Stopped):
                self._note_stop(fact.track, moment)
            elif isinstance(fact, Moved | Gone):
                self._halts = [one for one in self._halts if one.fast != key]
                self._meetings = [one for one in self._meetings if key not in {one.fast, one.other}]
                if isinstance(fact, Gone):
                    self._speeds.pop(key, None)
                else:  # who drives off clears the place: the next to collide there are others
                    self._told = [one for one in self._told if key not in one.ids]
        if self._halts:
            self._meet(moment)
        return self._ripe(moment) if self._meetings else []

    def _keep(self, key: int, speed: Speed) -> None:
        kept = self._speeds.setdefault(key, deque(maxlen=KEPT))
        if not kept or seconds(speed.at, kept[-1].at) >= BEFORE_S / 2:
            kept.append(speed)

    def _note_stop(self, track: Track, moment: Moment) -> None:
        """A road user stands: did it stop suddenly?"""
        zone = self._zone_of(track, moment)
        path = moment.view.path(track.id)
        if zone is None or len(path) < 3:
            return
        stopped_at = _stop_of(path)
        before, stopped = _at(path, stopped_at - timedelta(seconds=BEFORE_S)), _at(path, stopped_at)
        if before is None or stopped is None:
            return
        gone_sizes = distance(before.point, stopped.point) / stopped.size
        if gone_sizes >= self._rule.impact and not self._waits(track, moment):
            self._halts.append(_Halt(track.id, zone, moment.at, before, stopped, gone_sizes))

    def _meet(self, moment: Moment) -> None:
        """Whom those that stopped suddenly came near to and touch."""
        self._halts = [one for one in self._halts if seconds(moment.at, one.noted_at) <= LOOKED_FOR_S]
        tracks = {track.id: track for track in moment.tracks}
        for halt in list(self._halts):
            track = tracks.get(halt.fast)
            met = track and self._met(halt, track, moment)
            if met:
                self._halts.remove(halt)
                self._meetings.extend(met)

    def _met(self, halt: _Halt, track: Track, moment: Moment) -> list[_Meeting]:
        found = []
        for other in moment.tracks:
            if other.id == track.id or other.cls.label not in self._classes or not self._touch(track, other):
                continue
            closed = self._closed(halt.before, halt.stopped, moment.view.path(other.id))
            if closed is not None and closed >= self._rule.closing and not self._queues(other, track, moment):
                stopped_at = halt.stopped.at
                found.append(_Meeting(track.id, other.id, halt.zone, stopped_at, halt.gone_sizes, closed))
        return found

    def _closed(self, before: Sample, stopped: Sample, other: tuple[Sample, ...]) -> float | None:
        """Box sizes by which two came nearer between two moments; None where the other was not followed then."""
        there, here = _at(other, before.at), _at(other, stopped.at)
        if there is None or here is None:
            return None
        size = (stopped.size + here.size) / 2
        return (distance(before.point, there.point) - distance(stopped.point, here.point)) / size

    def _touch(self, a: Track, b: Track) -> bool:
        size = (Sample.from_track(a).size + Sample.from_track(b).size) / 2
        return distance(a.ground, b.ground) <= self._rule.touch * size and _overlap(_box(a), _box(b))

    def _waits(self, track: Track, moment: Moment) -> bool:
        """At a stop line that does not show green."""
        return bool(self._queue.held_by_signal(self._queue.seen(track, moment.view), moment))

    def _queues(self, other: Track, fast: Track, moment: Moment) -> bool:
        """The one it came near to stands in a queue or at a signal: braking hard at its end is no collision yet."""
        view = moment.view
        if view.stands_since(other.id) is None:
            return False
        slow: list[Slow] = self._queue.slow((one for one in moment.tracks if one.id != fast.id), view)
        return self._queue.reason(self._queue.seen(other, view), slow, moment) in {"ahead", "signal"}

    def _ripe(self, moment: Moment) -> list[Finding]:
        tracks = {track.id: track for track in moment.tracks}
        found, waiting = [], []
        for one in self._meetings:
            fast, other = tracks.get(one.fast), tracks.get(one.other)
            stayed_s = seconds(moment.at, one.stopped_at)
            if fast is None or other is None or stayed_s < self._rule.stay_s:
                waiting.append(one)
            elif moment.view.stands_since(other.id) is not None and self._touch(fast, other):
                finding = self._finding(one, fast, other, moment)
                found.extend([] if self._is_told(fast, other, moment.at) else [finding])
        self._meetings = waiting
        return found

    def _is_told(self, fast: Track, other: Track, at: datetime) -> bool:
        """The same collision under another id, or from the other one's side; else it is noted as told."""
        boxes = _box(fast), _box(other)
        self._told = [one for one in self._told if seconds(at, one.at) <= SAME_S][-MAX_TOLD:]
        told = any(box_iou(box, old) >= SAME_IOU for one in self._told for old in one.boxes for box in boxes)
        self._told.append(_Told(at, frozenset({fast.id, other.id}), boxes))
        return told

    def _finding(self, one: _Meeting, fast: Track, other: Track, moment: Moment) -> Finding:
        facts = {
            "other_track": str(other.id),
            "other_class": other.cls.label,
            "impact_sizes": one.gone_sizes,
            "closing_sizes": one.closed_sizes,
            "speed_before_kmh": self._speed_before(fast.id, one.stopped_at),
            "other_speed_before_kmh": self._speed_before(other.id, one.stopped_at),
            "stayed_s": seconds(moment.at, one.stopped_at),
            "stay_s": self._rule.stay_s,
        }
        return Finding(ID, VERSION, "incident", fast, one.stopped_at, moment.at, one.zone, facts)

    def _speed_before(self, key: int, stopped_at: datetime) -> float | None:
        """Greatest speed measured in the three seconds before the stop."""
        kept = self._speeds.get(key, ())
        return max((speed.mps * KMH for speed in kept if 0 <= seconds(stopped_at, speed.at) <= 3), default=None)

    def _zone_of(self, track: Track, moment: Moment) -> str | None:
        if track.cls.label not in self._classes:
            return None
        inside = moment.view.inside(track.id)
        return next((zone for zone in self._zones if zone in inside), None)


def _stop_of(path: tuple[Sample, ...]) -> datetime:
    """First moment from which on the path stays near its end."""
    end = path[-1]
    stopped_at = end.at
    for sample in reversed(path):
        if distance(sample.point, end.point) > STILL * end.size:
            break
        stopped_at = sample.at
    return stopped_at


def _at(path: tuple[Sample, ...], at: datetime) -> Sample | None:
    """Where a path was at a moment (the sighting before it, or 0.2 s after); None where it was not followed."""
    if not path or seconds(path[0].at, at) > 0.2:
        return None
    return next((sample for sample in reversed(path) if sample.at <= at), path[0])


def _box(track: Track) -> Box:
    return track.x1, track.y1, track.x2, track.y2


def _overlap(a: Box, b: Box) -> bool:
    """Boxes overlap, or lie no farther apart than a tenth of their mean width and height."""
    beside = NEARLY * (a[2] - a[0] + b[2] - b[0]) / 2
    above = NEARLY * (a[3] - a[1] + b[3] - b[1]) / 2
    across = min(a[2], b[2]) - max(a[0], b[0]) >= -beside
    return across and min(a[3], b[3]) - max(a[1], b[1]) >= -above
