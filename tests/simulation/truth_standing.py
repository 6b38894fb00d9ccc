"""Acts of who stands or walks where he should not; judged on the simulated world, metres and true speeds."""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.simulation.acts import Act, Way, Ways
from tests.simulation.truth_flow import lane_at, runs, speeds

STANDS_MPS = 0.15
CRAWLS_MPS = 1.0
JAM_MPS = 10 / 3.6  # slower is to crawl, in the rules' published words
AHEAD_M, LANE_M = 30.0, 3.5
FARTHEST_M = 38.0  # who stands or crawls between the two may be counted as a queue or not
NUDGE_S, NUDGE_M = 2.0, 1.0  # a metre: what a car may move and still stand, by the scene's stop_radius
EDGE_M = 0.3  # who stands so near to a zone's edge is in it or not
Spots = Sequence[tuple[float, float]]


def stands(way: Way, slower_mps: float = STANDS_MPS) -> Iterator[tuple[float, float]]:
    """Times from which and to which it stood, or was slower than a speed, seconds.

    A nudge (the simulator shoves aside who waits to change lanes) does not end a stand: the place is the same.
    """
    spans: list[tuple[float, float]] = []
    for first, last in runs(speeds(way) < slower_mps):
        since, until = float(way.t[first]), float(way.t[last])
        if spans and since - spans[-1][1] <= NUDGE_S and way.driven(spans[-1][1], since) <= NUDGE_M:
            since = spans.pop()[0]
        spans.append((since, until))
    yield from spans


def inside(polygon: Spots, x: "np.ndarray", y: "np.ndarray", *, wider_m: float = 0.0) -> "np.ndarray":
    """(N,) points in a convex polygon given anticlockwise, or so near to it."""
    within = np.ones(len(x), bool)
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        within &= (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -wider_m * np.hypot(bx - ax, by - ay)
    return within


def illegal_stopping(ways: Ways) -> Iterator[Act]:
    """Who stands in a no-stopping zone."""
    rule = ways.world.scene.rules.illegal_stopping
    for zone, polygon in ways.world.ground.get("no_stopping", {}).items():
        for way in ways.all:
            if rule is None or way.mover.cls.label not in rule.classes:
                continue
            x, y = way.ground.T
            for since, until in stands(way):
                if until - since < rule.stop_s - 1.5:
                    continue
                step = int(np.searchsorted(way.t, since))
                place = x[step : step + 1], y[step : step + 1]
                if not inside(polygon, *place, wider_m=EDGE_M)[0]:
                    continue
                alone, alone_s = _alone(ways, way, since, until)
                why = "hardly long enough" if until - since < rule.stop_s + 1.5 else ""
                why = why or ("at the zone's edge" if not inside(polygon, *place, wider_m=-EDGE_M)[0] else "")
                among = "among others that stand" if alone_s < rule.stop_s + 1.5 else ""
                figures = {"stood_s": until - since, "alone_s": alone_s, "name": way.mover.name}
                # While others stand around, it may stand as traffic: the act begins when that is over, if it ever is.
                yield Act("illegal_stopping", zone, way.number, since, until if among else alone, why or among, figures)


def stopped_vehicle(ways: Ways) -> Iterator[Act]:
    """Who stands on the carriageway with free road ahead; the queue of a jam beyond the picture may be told or not."""
    rule = ways.world.scene.rules.stopped_vehicle
    if rule is None:
        return
    standing = [(way, *span) for way in ways.all for span in stands(way) if span[1] - span[0] >= 2.0]
    for way, begun, until in standing:
        since = _came_into(ways, way, begun, until)
        if since is None or until - since < rule.min_s - 1.5 or way.mover.cls.label not in rule.classes:
            continue
        free = _free_from(ways, way, since, until, standing)
        figures = {"stood_s": until - since, "name": way.mover.name, "free_s": until - free}
        broken = "breakdown" in way.mover.name or "jam" in way.mover.name
        if not broken:
            if _longest_clear_s(ways, way, since, until, standing) >= min(rule.queue_s, rule.min_s) - 5:
                yield Act("stopped_vehicle", "road", way.number, since, until, "head of a queue", figures)
            continue
        loose = max(
            _free_from(ways, way, since, until, standing, reach_m=FARTHEST_M),
            _crawled_until(ways, way, since, until, FARTHEST_M),  # the rule's own words: stands or crawls ahead
        )
        why = "hardly long enough" if until - loose < rule.min_s + 2.0 else ""
        why = why or ("in a queue at first" if free > since + 1 else "")
        (_, alone_s), passed = _alone(ways, way, since, until), _passed(ways, way, since, until)
        figures |= {"alone_s": alone_s, "passed": passed}
        head = until - since >= rule.min_s + 10.0 and passed >= 5
        why = why or ("among others that stand" if alone_s < rule.min_s + 2.0 and not head else "")
        yield Act("stopped_vehicle", "road", way.number, since, loose, why, figures)


def _came_into(ways: Ways, way: Way, since: float, until: float) -> float | None:
    """From when on who stands is on the carriageway: some are shoved onto it by and by. None: never."""
    first, last = np.searchsorted(way.t, (since, until))
    within = inside(ways.world.ground["carriageway"], *way.ground[first : last + 1].T)
    return float(way.t[first + int(within.argmax())]) if within.any() else None


def _free_from(
    ways: Ways,
    way: Way,
    since: float,
    until: float,
    standing: Sequence[tuple[Way, float, float]],
    *,
    reach_m: float = AHEAD_M,
) -> float:
    """From when on nobody stood ahead of it in its lane, at most `reach_m` between, as far as the camera sees."""
    ahead = _stood_ahead(ways, way, since, until, standing, reach_m=reach_m)
    return max([since, *(min(ended, until) for _, ended in ahead)])


def _longest_clear_s(
    ways: Ways, way: Way, since: float, until: float, standing: Sequence[tuple[Way, float, float]]
) -> float:
    """Longest time of a stand in which nobody stood with its rear ahead of the front: who comes by may stand there."""
    ahead = sorted(_stood_ahead(ways, way, since, until, standing, rear=True))
    longest, clear_from = 0.0, since
    for begun, ended in [*ahead, (until, until)]:
        longest = max(longest, min(begun, until) - clear_from)
        clear_from = max(clear_from, ended)
    return longest


def _stood_ahead(
    ways: Ways,
    way: Way,
    since: float,
    until: float,
    standing: Sequence[tuple[Way, float, float]],
    *,
    rear: bool = False,
    reach_m: float = AHEAD_M,
) -> list[tuple[float, float]]:
    """Begin and end of each stand ahead of one, in its lane, at most `reach_m` of road between.

    Args:
        rear: who stands beside it, its rear not ahead of our front, is not ahead.
    """
    lane = lane_at(ways, way)[int(np.searchsorted(way.t, since))]
    own = float(np.interp(since, way.t, way.y))
    found = []
    for other, begun, ended in standing:
        if other is way or ended < since or begun > until:
            continue
        ahead = float(np.interp(begun, other.t, other.y)) - own
        step = min(int(np.searchsorted(other.t, begun)), len(other.t) - 1)
        length = other.mover.size[0]
        if (length if rear else 0.0) < ahead < reach_m + length and lane_at(ways, other)[step] == lane:
            found.append((begun, ended))
    return found


def _crawled_until(ways: Ways, way: Way, since: float, until: float, reach_m: float) -> float:
    """Last moment at which somebody who stood or crawled was ahead, at most `reach_m` of road between.

    Within a lane's width aside: who changes lanes in a jam goes through both. Who came from behind does not count.
    """
    t = np.arange(since, until, 0.25)
    x, y = np.interp(since, way.t, way.x), np.interp(since, way.t, way.y)
    last = since
    for other in ways.all:
        if other is way or other.t[0] > until or other.t[-1] < since or other.mover.cls.label == "person":
            continue
        v = np.interp(t, other.t, speeds(other), left=99.0, right=99.0)
        ahead, aside = np.interp(t, other.t, other.y) - y, np.abs(np.interp(t, other.t, other.x) - x)
        near = (ahead > 0) & (ahead < reach_m + other.mover.size[0]) & (aside < LANE_M) & (v < JAM_MPS)
        came_by = np.maximum.accumulate(ahead < 0)
        held = t[near & ~came_by]
        last = max(last, float(held[-1])) if len(held) else last
    return last


BESIDE_M = 16.0


def _alone(ways: Ways, way: Way, since: float, until: float) -> tuple[float, float]:
    """Longest time within a stand in which nobody else stood or crept near it: its beginning and length, seconds."""
    t = np.arange(since, until, 0.25)
    x, y = np.interp(since, way.t, way.x), np.interp(since, way.t, way.y)
    free = np.ones(len(t), bool)
    for other in ways.all:
        if other is way or other.t[0] > until or other.t[-1] < since or other.mover.cls.label == "person":
            continue
        v = np.interp(t, other.t, speeds(other), left=99.0, right=99.0)
        gap = np.hypot(np.interp(t, other.t, other.x) - x, np.interp(t, other.t, other.y) - y)
        free &= (v > 2 * CRAWLS_MPS) | (gap > BESIDE_M)
    first, last = max(runs(free), key=lambda run: run[1] - run[0], default=(0, -1))
    return since + 0.25 * first, 0.25 * (last - first + 1)


def _passed(ways: Ways, way: Way, since: float, until: float) -> int:
    """How many went by while it stood."""
    y = float(np.interp(since, way.t, way.y))
    count = 0
    for other in ways.all:
        if other is way or other.t[0] > until or other.t[-1] < since or other.mover.cls.label == "person":
            continue
        begin, end = np.interp((since, until), other.t, other.y)
        count += bool(begin < y - 3 and end > y + 8)
    return count


def congestion(ways: Ways) -> Iterator[Act]:
    """Times in which many stand or crawl in a zone."""
    rule = ways.world.scene.rules.congestion
    if rule is None:
        return
    first, last = ways.world.times[0], ways.world.times[-1]
    ticks = np.arange(first, last, 0.5)
    slow, surely = np.zeros(len(ticks), int), np.zeros(len(ticks), int)
    for way in ways.all:
        if way.mover.cls.label not in rule.classes:
            continue
        x, y = way.ground.T
        within = inside(ways.world.ground["carriageway"], x, y)
        v = speeds(way)
        steps = np.searchsorted(way.t, ticks)
        there = (steps < len(way.t)) & (ticks >= way.t[0])
        steps = np.minimum(steps, len(way.t) - 1)
        slow += there & within[steps] & (v[steps] < JAM_MPS)
        surely += there & within[steps] & (v[steps] < STANDS_MPS)
    for since, until, sure in _jams(ticks, slow, surely, rule.min_vehicles, rule.bridge_s):
        if until - since < rule.min_s * 0.8:
            continue
        why = "" if sure > rule.min_s + 8 else "hardly long enough"
        figures = {"slow_s": until - since, "sure_s": sure}
        yield Act("congestion", "road", None, since, until, why, figures)


def _jams(
    ticks: "np.ndarray", slow: "np.ndarray", surely: "np.ndarray", least: int, bridge_s: float
) -> Iterator[tuple[float, float, float]]:
    """Begin, end, and how long it was one beyond doubt, of each time with enough slow vehicles (bridged).

    By one vehicle, in the picture or slow by a hair, the count is in doubt: beyond doubt it is one with one more, and
    it may have begun when there was one fewer.
    """
    gap_s = max(bridge_s, 10.0)
    many, nearly = ticks[slow >= least], _parts(ticks[slow >= least - 1], gap_s)
    for part in _parts(many, gap_s) if len(many) else ():
        clear = (ticks >= part[0]) & (ticks <= part[-1]) & (surely >= least + 1)
        begun = next(float(wider[0]) for wider in nearly if wider[0] <= part[0] <= wider[-1])
        yield begun, float(part[-1]), float(clear.sum() * 0.5)


def _parts(ticks: "np.ndarray", gap_s: float) -> list["np.ndarray"]:
    return np.split(ticks, np.flatnonzero(np.diff(ticks) > gap_s) + 1)


def no_entry(ways: Ways) -> Iterator[Act]:
    """Who of a closed class goes in."""
    rule = ways.world.scene.rules.no_entry
    for zone, (polygon, closed) in ways.world.ground.get("no_entry", {}).items():
        for way in ways.all:
            if rule is None or way.mover.cls.label not in closed:
                continue
            yield from _stay_in(ways, way, "no_entry", zone, polygon, rule.min_s + 0.2)


def pedestrian(ways: Ways) -> Iterator[Act]:
    """People on foot on the carriageway."""
    rule = ways.world.scene.rules.pedestrian_on_carriageway
    for way in ways.all:
        if rule is None or way.mover.cls.label != "person":
            continue
        yield from _stay_in(
            ways, way, "pedestrian_on_carriageway", "road", ways.world.ground["carriageway"], rule.min_s
        )


def _stay_in(ways: Ways, way: Way, rule: str, zone: str, polygon: Spots, min_s: float) -> Iterator[Act]:
    x, y = way.ground.T
    for first, last in runs(inside(polygon, x, y)):
        since, until = float(way.t[first]), float(way.t[last])
        if until - since < min_s - 0.5:
            continue
        why = "hardly long enough" if until - since < min_s + 0.6 else ""
        yield Act(rule, zone, way.number, since, since, why, {"name": way.mover.name, "stay_s": until - since})
