"""Why does a road user stand? Somebody ahead, a signal, a group that waits, or nothing that is known.

Distances between two road users are in the mean of their box sizes, half of each: in the size of the larger alone, a
bus close to the camera would stand next to everybody far down the street. Box sizes shrink the far end of a street all
the same: where the scene knows its ground, nobody is near who is more than `NEAR_M` of it away. *Ahead* is along the
lane it is in, else along the way it came (the last seconds before it stood), else along the zone's arrow; where none is
known, nothing is ahead of anybody.

    ahead   another vehicle stands or crawls ahead, at most `gap` away, in the same lane or not more than `BESIDE` aside
            (of the mean of both sizes where that is larger; or half a lane on the ground the scene knows, where ahead
            is told, too; 2.5 m of a lorry or bus), and does not face it; not one that crawls by, which was behind it
            since it stands
    signal  a stop line with signal heads is at most `gap` before it or `OVER_LINE` behind it, and not every head of it
            shows green: also where a state is not known
    group   others stand at most `gap` away on any side, or the road ahead lies outside the picture, or it stands at a
            stop line without heads: it may be the head of a queue nothing is known to hold up (a signal out of sight),
            or a vehicle that broke down and a queue behind it
    unseen  a group, and the road ahead lies outside the picture: the queue may go on there
    none    it stands alone and the road ahead is free

Who stands must have stood for the scene's `stop_window_s`, and who crawls is followed for `CRAWL_S`, so a false box of
some frames is no reason to anybody. *Crawls*: slower than `CRAWL_KMH`, where speed is measured or the scene knows its
ground, else than `CRAWL_SIZES` box sizes a second: far down a street who drives on hardly moves in the picture.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import hypot, inf
from typing import Literal

from contracts.classes import RoadUserClass
from contracts.scene import VEHICLE_LABELS, Lane, SceneConfig
from contracts.signals import SignalState
from edge.rules.finding import Moment
from edge.scene.facts import KMH, Gone, Moved, Stopped
from edge.scene.geometry import Point, distance, signed_side
from edge.scene.ground import Ground
from edge.scene.sample import Sample, seconds
from edge.scene.view import SceneView
from edge.track.track import Track

Reason = Literal["ahead", "signal", "group", "unseen", "none"]

NEAR_M = 30.0  # a car and its queue leave no such gap, and a lorry is 12 m long
BESIDE, BESIDE_M = 0.75, 1.75  # box sizes, as seen from most cameras, and metres: half a lane
BESIDE_LONG_M = 2.5  # a lorry or bus fills its lane, and the middle of its box is not its own where its side is seen
OVER_LINE = 2.5  # box sizes: vehicles wait over the stop line
LINE_END = 0.5  # box sizes beyond an end of a stop line
EDGE = 2.0  # box sizes: road ahead that must be in the picture
PAST = 0.5  # box sizes ahead: gone by; the road ahead may be far away and small
CRAWL_S = 1.5
CRAWL_KMH = 10.0
CRAWL_SIZES = 0.75  # a second
HEADING_SIZES = 0.5  # way before the stand that gives a heading
SAME, ALIKE = 0.2, 2.0  # box sizes of the larger: nearer, and not twice as large, it is a second box of one vehicle
FACING = -0.5  # cosine: more than 120 degrees apart
RED: frozenset[SignalState] = frozenset({"red", "red_yellow", "yellow"})
VEHICLES = frozenset(VEHICLE_LABELS)
LONG = frozenset({RoadUserClass.BUS, RoadUserClass.TRUCK})


@dataclass(frozen=True, slots=True)
class Slow:
    """A road user that stands or crawls."""

    track: Track
    point: Point
    size: float
    lanes: frozenset[str]
    heading: Point | None
    stands: bool


class QueueWatch:
    """Knows which way standing road users look and says why they stand.

    Memory: a heading for each track alive, and of each that stands and is asked of, who was behind it.
    """

    def __init__(self, scene: SceneConfig, *, gap: float) -> None:
        self._gap = gap
        self._scene = scene
        self._came: dict[int, Point] = {}
        self._behind: dict[int, set[int]] = {}
        self._lanes = frozenset(lane.id for lane in scene.lanes)
        self._arrows = {
            place.id: (place.direction.start, place.direction.end)
            for place in sorted(scene.areas().values(), key=lambda place: not isinstance(place, Lane))
            if place.direction is not None
        }

    def note(self, moment: Moment) -> None:
        """Takes in what became certain; every frame."""
        for fact in moment.changes:
            if isinstance(fact, Stopped):
                heading = _heading_of(moment.view.path(fact.track.id), fact.at)
                if heading is not None:
                    self._came[fact.track.id] = heading
            elif isinstance(fact, Moved):
                self._behind.pop(fact.track.id, None)
            elif isinstance(fact, Gone):
                self._came.pop(fact.track.id, None)
                self._behind.pop(fact.track.id, None)
                for behind in self._behind.values():
                    behind.discard(fact.track.id)

    def slow(self, tracks: Iterable[Track], view: SceneView) -> list[Slow]:
        """Those of the tracks that stand or crawl; vehicles only: who got out to look is no queue."""
        found = []
        for track in tracks:
            if track.cls.label not in VEHICLES:
                continue
            stands = view.stands_since(track.id) is not None
            if stands or crawls(view, track.id):
                found.append(self.seen(track, view, stands=stands))
        return found

    def seen(self, track: Track, view: SceneView, *, stands: bool = True) -> Slow:
        """One road user, with its lanes and the way it looks."""
        inside = view.inside(track.id)
        sample = Sample.from_track(track)
        heading = self._heading(track.id, inside, view, stands=stands)
        return Slow(track, sample.point, sample.size, self._lanes.intersection(inside), heading, stands)

    def reason(self, who: Slow, others: Iterable[Slow], moment: Moment, *, told: Iterable[int] = ()) -> Reason:
        """Why somebody stands.

        Args:
            who: the road user that stands; asked of at least every few seconds while it does, for who comes by is
                known by having been behind it.
            others: all that stand or crawl now, `who` may be among them.
            moment: now.
            told: ids of those that stand for no good reason; to wait behind them is only `group`.
        """
        self._note_behind(who, moment)
        near = [other for other in others if self._is_near(who, other, moment.view.ground)]
        if any(other.track.id not in told and self._is_ahead(who, other, moment.view) for other in near):
            return "ahead"
        held = self.held_by_signal(who, moment)
        if held:
            return "signal"
        leaves, others_stand = self._leaves_picture(who, moment.view), any(other.stands for other in near)
        if leaves and others_stand:
            return "unseen"
        return "group" if held is False or leaves or others_stand else "none"

    def held_by_signal(self, who: Slow, moment: Moment) -> bool | None:
        """Whether a stop line it stands at does not show green; False: at a line without heads; None: at none."""
        found: bool | None = None
        for states in self._states_at(who, moment):
            if any(state != "green" for state in states):
                return True
            if not states:
                found = False
        return found

    def waits_at_red(self, who: Slow, moment: Moment) -> bool:
        """It stands at a stop line a head of which is known to show red or yellow."""
        return any(not RED.isdisjoint(states) for states in self._states_at(who, moment))

    def passes(self, who: Slow, mover: tuple[Sample, ...]) -> bool:
        """Somebody's path leads by on either side, from behind to ahead: it was near when it came level.

        How far aside it is later tells nothing: towards the camera the lanes run apart in the picture.
        """
        if who.heading is None or len(mover) < 2:
            return False
        before = apart(who, who.heading, mover[0].point)
        if before[0] >= 0 or apart(who, who.heading, mover[-1].point)[0] <= PAST:
            return False
        for sample in mover[1:]:
            here = apart(who, who.heading, sample.point)
            if here[0] >= 0:
                return min(before[1], here[1]) <= self._gap
            before = here
        return False

    def _states_at(self, who: Slow, moment: Moment) -> Iterator[list[SignalState]]:
        """States of the heads of each stop line it stands at."""
        for line in self._scene.stop_lines:
            if self._is_at_line(who, moment.view.line(line.id)):
                yield [moment.signals.state(head, moment.at) for head in line.signals]

    def _note_behind(self, who: Slow, moment: Moment) -> None:
        """Remembers who is, or lately was, behind a vehicle that stands: what goes round it does not hold it up.

        A path knows a few seconds; who came by may queue ahead for longer.
        """
        since = moment.view.stands_since(who.track.id)
        if who.heading is None or since is None:
            return
        behind = self._behind.setdefault(who.track.id, set())
        for track in moment.tracks:
            if track.id in behind or track.id == who.track.id:
                continue
            before = next((one for one in moment.view.path(track.id) if one.at >= since), None)
            if before is not None and _apart_best(who, who.heading, before.point, moment.view.ground)[0] < 0:
                behind.add(track.id)

    def _is_near(self, who: Slow, other: Slow, ground: Ground | None) -> bool:
        if other.track.id == who.track.id:
            return False
        apart_px, larger = distance(who.point, other.point), max(who.size, other.size)
        if apart_px > self._gap * (who.size + other.size) / 2:
            return False
        if apart_px <= SAME * larger and larger <= ALIKE * min(who.size, other.size):
            return False
        apart_m = _metres(ground, who.point, other.point)
        return apart_m is None or apart_m <= NEAR_M

    def _is_ahead(self, who: Slow, other: Slow, view: SceneView) -> bool:
        if who.heading is None:
            return False
        if other.heading is not None and _dot(who.heading, other.heading) < FACING:
            return False
        if not other.stands and other.track.id in self._behind.get(who.track.id, ()):
            return False
        _, aside = apart(who, who.heading, other.point)
        ahead, metres_aside = _apart_best(who, who.heading, other.point, view.ground)
        wider = max(1.0, (1.0 + other.size / who.size) / 2)  # half of each: a lorry holds up who is behind its side
        half_m = BESIDE_LONG_M if other.track.cls in LONG else BESIDE_M
        is_beside = aside <= BESIDE * wider or not who.lanes.isdisjoint(other.lanes) or metres_aside <= half_m
        return ahead > 0 and is_beside

    def _is_at_line(self, who: Slow, line: tuple[Point, Point]) -> bool:
        a, b = line
        length = distance(a, b)
        before = -signed_side(a, b, who.point) / length / who.size  # forward is to the right
        if not -OVER_LINE <= before <= self._gap:
            return False
        along = ((who.point[0] - a[0]) * (b[0] - a[0]) + (who.point[1] - a[1]) * (b[1] - a[1])) / length
        return -LINE_END * who.size <= along <= length + LINE_END * who.size

    def _leaves_picture(self, who: Slow, view: SceneView) -> bool:
        if who.heading is None:
            return False
        x, y = (p + h * EDGE * who.size for p, h in zip(who.point, who.heading, strict=True))
        width, height = view.size
        return not (0 <= x <= width and 0 <= y <= height)

    def _heading(self, track_id: int, inside: dict[str, datetime], view: SceneView, *, stands: bool) -> Point | None:
        came = self._came.get(track_id) if stands else _heading_of(view.path(track_id))
        for place, arrow in self._arrows.items():
            if place in inside and (came is None or place in self._lanes):
                (x1, y1), (x2, y2) = arrow
                return _unit((x2 - x1) * view.size[0], (y2 - y1) * view.size[1])
        return came


def crawls(view: SceneView, track_id: int) -> bool:
    """Moves, but no faster than traffic in a jam. A path too short to tell: it does not.

    Where no speed is measured (beyond the region in which it may be spoken of) the ground's metres still tell a jam.
    """
    path = view.path(track_id)
    if not path:
        return False
    now = path[-1]
    speed = view.speed(track_id)
    if speed is not None and seconds(now.at, speed.at) <= 1:
        return speed.mps * KMH <= CRAWL_KMH
    before = next((sample for sample in reversed(path) if seconds(now.at, sample.at) >= CRAWL_S), None)
    if before is None:
        return False
    gone_m = _metres(view.ground, before.point, now.point)
    if gone_m is not None:
        return gone_m * KMH <= CRAWL_KMH * seconds(now.at, before.at)
    return distance(before.point, now.point) <= CRAWL_SIZES * now.size * seconds(now.at, before.at)


def _apart_best(who: Slow, heading: Point, point: Point, ground: Ground | None) -> tuple[float, float]:
    """How far a point is ahead of somebody (negative: behind) and to the side, metres.

    In the picture a way and what is square to it are no longer square where the camera looks across the road. Without
    a good ground plane: ahead in box sizes, and infinitely far to the side.
    """
    if ground is None or not ground.is_good:
        return apart(who, heading, point)[0], inf
    (x, y), size = who.point, who.size
    try:
        behind = ground.from_origin((x - heading[0] * size, y - heading[1] * size))
        here, there = ground.from_origin(who.point), ground.from_origin(point)
    except ValueError:  # at the horizon
        return apart(who, heading, point)[0], inf
    u, v = _unit(here[0] - behind[0], here[1] - behind[1])
    dx, dy = there[0] - here[0], there[1] - here[1]
    return dx * u + dy * v, abs(dx * v - dy * u)


def _metres(ground: Ground | None, a: Point, b: Point) -> float | None:
    """Metres between two places; None without a good ground plane, and at the horizon."""
    if ground is None or not ground.is_good:
        return None
    try:
        return distance(ground.from_origin(a), ground.from_origin(b))
    except ValueError:
        return None


def _heading_of(path: tuple[Sample, ...], before: datetime | None = None) -> Point | None:
    """Direction of the way gone (to the newest place, from `before` on backwards); None when too short to tell."""
    if len(path) < 2:
        return None
    place = path[-1]
    start = path[0]
    if (before is not None and start.at >= before) or distance(start.point, place.point) < HEADING_SIZES * place.size:
        return None
    return _unit(place.point[0] - start.point[0], place.point[1] - start.point[1])


def apart(who: Slow, heading: Point, point: Point) -> tuple[float, float]:
    """How far a point is ahead of somebody (negative: behind) and to the side, box sizes."""
    dx, dy = point[0] - who.point[0], point[1] - who.point[1]
    return (dx * heading[0] + dy * heading[1]) / who.size, abs(dx * heading[1] - dy * heading[0]) / who.size


def _dot(u: Point, v: Point) -> float:
    return u[0] * v[0] + u[1] * v[1]


def _unit(x: float, y: float) -> Point:
    length = hypot(x, y)
    return x / length, y / length
