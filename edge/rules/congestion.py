"""Traffic that stands or crawls in a lane or on a carriageway, and how long its queue is.

Congestion is found when at least `min_vehicles` vehicles stand or crawl (queue.py) in one place for `min_s`; fewer for
up to `bridge_s` does not end it. Time in which a vehicle of the queue stands at a stop line that is known to show red
or yellow does not count: a queue that leaves with the green is none, one that stays through it is. One finding for
each congestion, until there were fewer for `clear_s`. Vehicles in a judged lane belong to the lane, not to the zone
around it.

The finding's track is the last vehicle of the queue: the farthest back against the place's arrow, without an arrow the
one that came to stand last. The queue reaches from the first to the last: in metres, where the speeds of both ends are
measured (their ground points are known then), and as a share of the place's length along the arrow.

Not a finding: a queue at a red; a few parked vehicles (`min_vehicles`); people.
Unknown: a signal whose state is not known holds nobody up, so a queue at it counts. A queue that reaches out of the
picture is longer than what is told.

Reads: standing, zones, paths, speeds, signals, every second.  Emits: Finding(congestion), kind incident.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.scene import CongestionRule, Lane, SceneConfig, Zone
from edge.rules.finding import Finding, Moment
from edge.rules.queue import QueueWatch, Slow
from edge.scene.geometry import Point, distance
from edge.scene.sample import seconds
from edge.scene.view import SceneView

ID: Final = "congestion"
VERSION = 1
LOOK_S = 1.0
GAP = 4.0  # box sizes before a stop line: who is first at it
FRESH_S = 2.0  # a measured place is known for so long


@dataclass(slots=True)
class _Jam:
    """What is known of one place."""

    since: datetime | None = None
    full_at: datetime | None = None  # last time there were enough
    counted_s: float = 0.0
    is_told: bool = False


class Congestion:
    """Finds places where traffic stands or crawls."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.congestion or CongestionRule()
        self._classes = frozenset(self._rule.classes)
        places = scene.zones_of(ID)
        self._places: tuple[Zone | Lane, ...] = tuple(sorted(places, key=lambda place: not isinstance(place, Lane)))
        self._queue = QueueWatch(scene, gap=GAP)
        self._jams = {place.id: _Jam() for place in self._places}
        self._looked_at: datetime | None = None

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for congestions that have lasted long enough."""
        before = self._looked_at
        if before is not None and seconds(moment.at, before) < LOOK_S:
            return []
        self._looked_at = moment.at
        passed_s = 0.0 if before is None else min(seconds(moment.at, before), self._rule.bridge_s)
        judged = [track for track in moment.tracks if track.cls.label in self._classes]
        queues = self._by_place(self._queue.slow(judged, moment.view), moment.view)
        found = []
        for place in self._places:
            finding = self._judge(place, queues[place.id], moment, passed_s)
            if finding is not None:
                found.append(finding)
        return found

    def _by_place(self, slow: Sequence[Slow], view: SceneView) -> dict[str, list[Slow]]:
        """Each slow vehicle in the first place it is in, lanes first."""
        queues: dict[str, list[Slow]] = {place.id: [] for place in self._places}
        for one in slow:
            inside = view.inside(one.track.id)
            place = next((place for place in self._places if place.id in inside), None)
            if place is not None:
                queues[place.id].append(one)
        return queues

    def _judge(self, place: Zone | Lane, queue: list[Slow], moment: Moment, passed_s: float) -> Finding | None:
        jam, rule, at = self._jams[place.id], self._rule, moment.at
        if len(queue) < rule.min_vehicles:
            limit_s = rule.clear_s if jam.is_told else rule.bridge_s
            if jam.full_at is not None and seconds(at, jam.full_at) > limit_s:
                self._jams[place.id] = _Jam()
            return None
        if jam.since is None:
            jam.since = at
        elif not any(self._queue.waits_at_red(one, moment) for one in queue):
            jam.counted_s += passed_s
        jam.full_at = at
        if jam.is_told or jam.counted_s < rule.min_s:
            return None
        jam.is_told = True
        return self._finding(place, queue, moment, jam.since)

    def _finding(self, place: Zone | Lane, queue: list[Slow], moment: Moment, since: datetime) -> Finding:
        last, queue_share = _last_and_share(place, queue, moment.view)
        facts = {
            "vehicles": len(queue),
            "standing": sum(one.stands for one in queue),
            "queue_m": _length_m(queue, moment),
            "queue_ratio": queue_share,
            "min_vehicles": self._rule.min_vehicles,
            "min_s": self._rule.min_s,
        }
        return Finding(ID, VERSION, "incident", last.track, since, moment.at, place.id, facts)


def _last_and_share(place: Zone | Lane, queue: list[Slow], view: SceneView) -> tuple[Slow, float | None]:
    """The last vehicle of a queue, and the queue's share of the place's length; None where no arrow is drawn."""
    if place.direction is None:
        return max(queue, key=lambda one: (view.stands_since(one.track.id) or one.track.at, one.track.id)), None
    (x1, y1), (x2, y2) = place.direction.start, place.direction.end
    width, height = view.size
    arrow = (x2 - x1) * width, (y2 - y1) * height

    def along(point: Point) -> float:
        return point[0] * arrow[0] + point[1] * arrow[1]

    ways = [along(one.point) for one in queue]
    corners = [along(corner) for corner in view.area(place.id)]
    last = min(queue, key=lambda one: (along(one.point), one.track.id))
    return last, min((max(ways) - min(ways)) / (max(corners) - min(corners)), 1.0)


def _length_m(queue: list[Slow], moment: Moment) -> float | None:
    """Greatest distance of two vehicles of the queue whose places on the ground are known, metres."""
    speeds = [moment.view.speed(one.track.id) for one in queue]
    fresh = [speed for speed in speeds if speed is not None and seconds(moment.at, speed.at) <= FRESH_S]
    known = [speed.metres for speed in fresh if speed.metres is not None]
    if len(known) < 2:
        return None
    return max(distance(p, q) for p in known for q in known)
