"""Acts that happened in flowing traffic: counts, speeds, lanes, directions; judged on the simulated world."""

from collections.abc import Iterator

import numpy as np

from tests.simulation.acts import Act, Way, Ways
from tests.simulation.trajectory import Floats

KMH = 3.6
STEP_S = 0.1


def line_count(ways: Ways) -> Iterator[Act]:
    """Every passage over a counted line."""
    for line in ways.world.scene.lines_of_count():
        for way, at, _ in ways.crossings(line.id):
            yield Act("line_count", line.id, way.number, at, at)


def lane_at(ways: Ways, way: Way) -> "np.ndarray":
    """(N,) number of the lane the middle of the vehicle is in, -1 beside all."""
    x, y = way.mover.middle(way.t)
    number = np.full(len(x), -1)
    ahead = ways.world.ground["forward"]
    across = x * ahead[1] - y * ahead[0]
    for index, (left, right) in enumerate(ways.world.ground["lanes"].values()):
        number[(across >= left) & (across < right)] = index
    return number


def runs(true: "np.ndarray") -> Iterator[tuple[int, int]]:
    """First and last step of each unbroken time for which something holds."""
    inside = np.r_[False, true, False]
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)


def in_stretch(ways: Ways, way: Way) -> "np.ndarray":
    """(N,) the ground point is in the drawn part of the road, told by metres along it."""
    first, last = ways.world.ground["stretch"]
    ahead = ways.world.ground["forward"]
    along = way.ground[:, 0] * ahead[0] + way.ground[:, 1] * ahead[1]
    return np.asarray((along >= first) & (along <= last))


def wrong_lane(ways: Ways) -> Iterator[Act]:
    """Classes in lanes that are not theirs."""
    rule = ways.world.scene.rules.wrong_lane
    min_s = rule.min_s if rule else 0.0
    for way in ways.all:
        number, seen = lane_at(ways, way), in_stretch(ways, way)
        number[~seen] = -1
        for index, (lane, allowed) in enumerate(ways.world.ground["allowed"].items()):
            if way.mover.cls.label in allowed or way.mover.cls.label == "person":
                continue
            for first, last in runs(number == index):
                start, end = float(way.t[first]), float(way.t[last])
                stay_s, driven = end - start, way.driven(start, end)
                if stay_s < min_s - 0.6 or driven < 2.0:
                    continue
                why = "short stay" if stay_s < min_s + 1.2 or driven < 12.0 else ""
                why = why or _straddling(ways, way, lane, slice(first, last + 1))
                yield Act("wrong_lane", lane, way.number, start, end, why, {"stay_s": stay_s, "name": way.mover.name})


def _straddling(ways: Ways, way: Way, lane: str, steps: slice) -> str:
    """Its side is within 35 cm of the lane's edge: it drives on the edge, or is about to."""
    left, right = ways.world.ground["lanes"][lane]
    x, _ = way.mover.middle(way.t[steps])
    room = float(np.median(np.minimum(x - left, right - x))) - way.mover.size[1] / 2
    return "on the edge of the lane" if room < 0.35 else ""


def wrong_way(ways: Ways) -> Iterator[Act]:
    """Who drives against the road."""
    ahead = ways.world.ground["forward"]
    for way in ways.all:
        seen = in_stretch(ways, way)
        if way.mover.cls.label == "person" or seen.sum() < 3:
            continue
        t = way.t[seen]
        x, y = way.x[seen], way.y[seen]
        gone = (x[-1] - x[0]) * ahead[0] + (y[-1] - y[0]) * ahead[1]
        if gone > -3.0:
            continue
        lane = _usual(lane_at(ways, way)[seen])
        where = list(ways.world.ground["lanes"])[lane] if lane >= 0 else ""
        why = "hardly against" if gone > -8.0 or t[-1] - t[0] < 2.0 else ""
        yield Act("wrong_way", where, way.number, float(t[0]), float(t[-1]), why, {"name": way.mover.name})


def _usual(number: "np.ndarray") -> int:
    values, counts = np.unique(number, return_counts=True)
    return int(values[counts.argmax()])


def solid_line(ways: Ways) -> Iterator[Act]:
    """Whose middle goes over a solid line."""
    for line, spots in ways.world.ground["solid"].items():
        x0, (first, last) = spots[0][0], (spots[0][1], spots[-1][1])
        for way in ways.all:
            if way.mover.cls.label == "person":
                continue
            x, y = way.mover.middle(way.t)
            beyond = x >= x0
            for step in np.flatnonzero(beyond[1:] != beyond[:-1]).tolist():
                at = float(way.t[step + 1])
                if first <= y[step] <= last:
                    cut = min(y[step] - first, last - y[step]) < 4.0
                    figures = {"name": way.mover.name, "y": float(y[step])}
                    yield Act("solid_line", line, way.number, at, at, "near its end" if cut else "", figures)


def speeding(ways: Ways) -> Iterator[Act]:
    """Who is faster than limit and tolerance; near them either answer is right, U being what it is."""
    rule = ways.world.scene.rules.speeding
    if rule is None:
        return
    for way in ways.all:
        if way.mover.cls.label in {"person", "bicycle"}:
            continue
        seen = in_stretch(ways, way)
        if seen.sum() < 5:
            continue
        number, t, v = lane_at(ways, way)[seen], way.t[seen], speeds(way)[seen]
        over = ways.world.ground["limit_kmh"] + rule.tolerance_kmh
        best = float(v.max()) * KMH
        if best < over:
            continue
        fast_s = max((float(t[last] - t[first]) for first, last in runs(v * KMH >= over + 8.0)), default=0.0)
        why = "" if fast_s >= 1.2 else "little more than limit and tolerance"
        usual = _usual(number)
        stays = usual >= 0 and bool((number == usual).all())  # told in either lane where it changes lanes at speed
        lane = list(ways.world.ground["lanes"])[usual] if stays else ""
        yield Act("speeding", lane, way.number, float(t[0]), float(t[-1]), why, {"kmh": best, "name": way.mover.name})


def speeds(way: Way) -> Floats:
    """(N,) speed, metres per second."""
    return np.asarray(np.hypot(np.gradient(way.x, way.t), np.gradient(way.y, way.t)))


def section_speed(ways: Ways) -> Iterator[Act]:
    """Whose mean speed over a section is above limit and tolerance."""
    rule = ways.world.scene.rules.section_speed
    for section in rule.sections if rule else ():
        entered = {way.number: at for way, at, forward in ways.crossings(section.entry) if forward}
        for way, at, forward in ways.crossings(section.exit):
            begun = entered.get(way.number)
            if not forward or begun is None or way.mover.cls.label in {"person", "bicycle"}:
                continue
            driven = way.driven(begun, at) / (at - begun) * KMH
            over = section.limit_kmh + (rule.tolerance_kmh if rule else 0.0)
            if driven < over:
                continue
            why = "" if driven >= over + 9.0 else "little more than limit and tolerance"
            figures = {"kmh": driven, "name": way.mover.name}
            yield Act("section_speed", section.exit, way.number, begun, at, why, figures)


def sudden_slowdown(ways: Ways) -> Iterator[Act]:
    """Who brakes as in an emergency."""
    rule = ways.world.scene.rules.sudden_slowdown
    if rule is None:
        return
    for way in ways.all:
        seen = in_stretch(ways, way)
        t, v = way.t[seen], speeds(way)[seen]
        if way.mover.cls.label in {"person", "bicycle"} or len(t) < 25 or v.max() * KMH < rule.from_kmh - 3:
            continue
        steps = round(rule.window_s / STEP_S)
        lost = (v[:-steps] - v[steps:]) / (t[steps:] - t[:-steps])
        if lost.max() < rule.deceleration - 0.2:
            continue
        step = int(lost.argmax())
        drop = float(v[max(step - 8, 0)] - v[step:].min())
        clear = lost.max() >= rule.deceleration + 2.0 and drop > 12.0 and v[step] * KMH > rule.from_kmh + 3
        began = float(t[max(step - 10, 0)])
        figures = {"name": way.mover.name, "deceleration": float(lost.max()), "drop_mps": drop}
        why = "" if clear else "near the limit"
        yield Act("sudden_slowdown", "", way.number, began, float(t[min(step + 20, len(t) - 1)]), why, figures)
