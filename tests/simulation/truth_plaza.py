"""Acts on a square: who stays, how many, what is left behind, who goes in, who collides; judged on the scripts."""

from collections.abc import Iterator

import numpy as np

from tests.simulation.acts import Act, Way, Ways
from tests.simulation.trajectory import Mover
from tests.simulation.truth_flow import runs
from tests.simulation.truth_standing import Spots, inside

UNSURE_S = 1.5  # when somebody came in or went is told from boxes: so uncertain
TICK_S = 0.25
PERSON_M = 0.9  # box size of a person
NEAR_M = 1.2  # who is nearer to an object than this has certainly not left it
PUT_S = 3.0  # until a new object is known to stand
CREEPS_MPS = 0.3


def loitering(ways: Ways) -> Iterator[Act]:
    """Who stays in the square for long."""
    rule = ways.world.scene.rules.loitering
    for way in _people(ways):
        for since, until in _stays(way, ways.world.ground["square"]):
            if rule is None or until - since < rule.min_s - UNSURE_S:
                continue
            why = "hardly long enough" if until - since < rule.min_s + UNSURE_S else ""
            figures = {"stay_s": until - since, "name": way.mover.name}
            yield Act("loitering", "square", way.number, since, since, why, figures)


def intrusion(ways: Ways) -> Iterator[Act]:
    """Who goes into the yard."""
    rule = ways.world.scene.rules.intrusion
    for way in _people(ways):
        for since, until in _stays(way, ways.world.ground["yard"]):
            if rule is None or until - since < rule.min_s - 0.5:
                continue
            why = "hardly long enough" if until - since < rule.min_s + 0.6 else ""
            figures = {"stay_s": until - since, "name": way.mover.name}
            yield Act("intrusion", "yard", way.number, since, since, why, figures)


def crowding(ways: Ways) -> Iterator[Act]:
    """Times in which many are in the square."""
    rule = ways.world.scene.rules.crowding
    if rule is None:
        return
    ticks = np.arange(ways.world.times[0], ways.world.times[-1], TICK_S)
    count = np.zeros(len(ticks), int)
    for way in _people(ways):
        for since, until in _stays(way, ways.world.ground["square"]):
            count += (ticks >= since) & (ticks <= until)
    many = ticks[count >= rule.min_people]
    if not len(many):
        return
    gaps = np.diff(many)
    for part in np.split(many, np.flatnonzero(gaps > rule.clear_s + 2.0) + 1):
        sure_s = _longest_s((count >= rule.min_people + 1) & (ticks >= part[0]) & (ticks <= part[-1]), TICK_S)
        if part[-1] - part[0] < rule.min_s - UNSURE_S:
            continue
        between = np.diff(part)
        why = "" if sure_s > rule.min_s + UNSURE_S else "hardly many, or long enough"
        why = why or ("perhaps two" if bool((between > rule.clear_s - 2.0).any()) else "")
        figures = {"lasted_s": float(part[-1] - part[0]), "sure_s": sure_s}
        yield Act("crowding", "square", None, float(part[0]), float(part[-1]), why, figures)


def abandoned_object(ways: Ways) -> Iterator[Act]:
    """Bags whose owner has gone away from them."""
    rule = ways.world.scene.rules.abandoned_object
    owners = {mover.name.split(".")[1]: mover for mover in ways.world.movers if mover.name.split(".")[0] in OWNERS}
    for way in ways.all:
        if rule is None or not way.mover.name.startswith("bag."):
            continue
        owner = owners[way.mover.name.split(".")[1]]
        t = np.arange(float(way.t[0]), float(way.t[-1]), 0.1)
        gap = _gap(way, owner, t)
        left, alone_s = _since(t, gap, NEAR_M), _longest_s(gap > rule.away * PERSON_M, 0.1)
        if left is None or alone_s < rule.min_s - 4.0:
            continue
        gone = [_since(t, other, 2 * rule.away * PERSON_M) for other in (gap, *_beside(ways, way, owner, t))]
        away = None if None in gone else max(one for one in gone if one is not None)
        why = "hardly long enough" if away is None or float(t[-1]) - away < rule.min_s + UNSURE_S else ""
        figures = {"alone_s": alone_s, "name": way.mover.name}
        yield Act("abandoned_object", "square", way.number, left, away or float(t[-1]), why, figures)


def _gap(bag: Way, mover: Mover, t: "np.ndarray") -> "np.ndarray":
    """Metres from a bag to somebody at moments; infinite before he came and after he went."""
    x, y = np.interp(t, mover.t, mover.x), np.interp(t, mover.t, mover.y)
    gap = np.hypot(x - bag.mover.x[0], y - bag.mover.y[0])
    gap[(t > mover.t[-1]) | (t < mover.t[0])] = np.inf
    return np.asarray(gap)


def _beside(ways: Ways, bag: Way, owner: Mover, t: "np.ndarray") -> Iterator["np.ndarray"]:
    """Gaps of others who were near while it was put down: it may be theirs as well, until they have gone too."""
    for way in _people(ways):
        if way.mover is owner or way.t[0] > t[0] + PUT_S or way.t[-1] < t[0]:
            continue
        gap = _gap(bag, way.mover, t)
        if float(gap[t <= t[0] + PUT_S].min()) < 2 * PERSON_M:
            yield gap


OWNERS = frozenset({"leaving", "fetching", "minding"})


def collision_suspicion(ways: Ways) -> Iterator[Act]:
    """Who runs into another on the street."""
    rule = ways.world.scene.rules.collision_suspicion
    for way in ways.all:
        kind, _, part = [*way.mover.name.split("."), "", ""][:3]
        if rule is None or kind != "crash" or part != "a":
            continue
        speed = way.mover.speed()
        step = int(np.argmax(speed < CREEPS_MPS))
        at = float(way.mover.t[step])
        if not way.t[0] < at < way.t[-1]:
            continue
        yield Act("collision_suspicion", "street", way.number, at, at, "", {"name": way.mover.name})


def _people(ways: Ways) -> Iterator[Way]:
    return (way for way in ways.all if way.mover.cls.label == "person")


def _stays(way: Way, polygon: Spots) -> Iterator[tuple[float, float]]:
    """From when to when it is in an area, each time."""
    for first, last in runs(inside(polygon, way.ground[:, 0], way.ground[:, 1])):
        yield float(way.t[first]), float(way.t[last])


def _since(t: "np.ndarray", gap: "np.ndarray", farther_m: float) -> float | None:
    """Since when it is farther away, to the end; None when it is not at the end."""
    near = np.flatnonzero(gap <= farther_m)
    if not len(near):
        return float(t[0])
    return None if near[-1] == len(t) - 1 else float(t[near[-1] + 1])


def _longest_s(holds: "np.ndarray", tick_s: float) -> float:
    """Longest unbroken time for which something holds."""
    return tick_s * float(max((last - first + 1 for first, last in runs(holds)), default=0))
