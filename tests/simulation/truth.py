"""Acts that happened at junctions, judged on the simulated world: metres, signal programmes, true paths.

Nothing of the rules' code is used: a mistake there must not make the truth wrong the same way.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tests.simulation import truth_flow as flow
from tests.simulation import truth_standing as standing
from tests.simulation.acts import Act, Way, Ways

NEAR_GRACE_S = 0.15  # a crossing this near to the end of the grace may be told either way
GONE_ON_M = 6.0  # driven on after the line on red: has gone on
STAYED_M = 3.5  # driven on at most so far: has stopped behind the line
STANDS_MPS = 0.1


def red_light_and_overrun(ways: Ways) -> Iterator[Act]:
    """Vehicles that pass a stop line on red: those who go on, and those who stand behind it."""
    scene = ways.world.scene
    for line in scene.stop_lines:
        if not line.signals:
            continue
        for way, at, forward in ways.crossings(line.id):
            if forward and way.mover.cls.label != "person":
                yield from _on_red(ways, way, at, line.id, line.signals[0])


def _on_red(ways: Ways, way: Way, at: float, line: str, head: str) -> Iterator[Act]:
    rules = ways.world.scene.rules
    state, since, until = ways.world.signals[head].at(at)
    grace_s = rules.red_light.grace_s if rules.red_light else 0.5
    age = at - since
    if state != "red" or age < grace_s - NEAR_GRACE_S:
        return
    why = "near the end of the grace" if age < grace_s + NEAR_GRACE_S else ""
    why = why or _straddled(ways, way, line, since + grace_s)
    last = min(at + 12.0, until, float(way.t[-1]))
    driven = way.driven(at, last)
    stood = _stood(way, at, last)
    figures = {"age_s": age, "driven_m": driven, "stood_s": stood, "name": way.mover.name}
    if driven >= GONE_ON_M:
        yield Act("red_light", line, way.number, at, at, why, figures)
        return
    cut_off = last >= way.t[-1] - 0.5
    if driven <= STAYED_M and stood >= 2.6:
        yield Act("red_light", line, way.number, at, last, "stands, then goes", figures) if cut_off else Act(
            "stop_line_overrun", line, way.number, at, last, why, figures
        )
        return
    yield Act("red_light", line, way.number, at, last, why or "neither gone on nor stopped", figures)
    yield Act("stop_line_overrun", line, way.number, at, last, why or "neither gone on nor stopped", figures)


def _straddled(ways: Ways, way: Way, line: str, red_at: float) -> str:
    """A vehicle whose front was over the line when red began stood on it: no violation, though its box says so."""
    front = ways.world.ground["stop_lines"].get(line)
    if front is None:
        return ""
    (ax, ay), (bx, by) = front
    x, y, _ = way.mover.at(np.array([red_at]))
    beyond = (bx - ax) * (y[0] - ay) - (by - ay) * (x[0] - ax)
    return "on the line when red began" if beyond < 0 and way.mover.t[0] < red_at else ""


def _stood(way: Way, start: float, end: float) -> float:
    """Longest time it stood, seconds."""
    steps = way.after(start, end - start)
    t, x, y = way.t[steps], way.x[steps], way.y[steps]
    if len(t) < 3:
        return 0.0
    still = np.hypot(np.gradient(x, t), np.gradient(y, t)) < STANDS_MPS
    longest = began = 0.0
    was = False
    for moment, stands in zip(t.tolist(), still.tolist(), strict=True):
        if stands and not was:
            began = moment
        if stands:
            longest = max(longest, moment - began)
        was = stands
    return longest


TRUTHS: dict[tuple[str, ...], Callable[[Ways], Iterator[Act]]] = {
    ("red_light", "stop_line_overrun"): red_light_and_overrun,
    ("line_count",): flow.line_count,
    ("wrong_lane",): flow.wrong_lane,
    ("wrong_way",): flow.wrong_way,
    ("solid_line",): flow.solid_line,
    ("speeding",): flow.speeding,
    ("section_speed",): flow.section_speed,
    ("sudden_slowdown",): flow.sudden_slowdown,
    ("illegal_stopping",): standing.illegal_stopping,
    ("stopped_vehicle",): standing.stopped_vehicle,
    ("congestion",): standing.congestion,
    ("no_entry",): standing.no_entry,
    ("pedestrian_on_carriageway",): standing.pedestrian,
}
"""Rules to the function that tells their acts."""


def acts_of(ways: Ways) -> list[Act]:
    """Every act of the rules the scene has switched on, in order of time."""
    on = set(ways.world.scene.rules.on())
    found = [act for rules, tell in TRUTHS.items() if on & set(rules) for act in tell(ways) if act.rule in on]
    return sorted(found, key=lambda act: (act.at, act.rule, act.where))
