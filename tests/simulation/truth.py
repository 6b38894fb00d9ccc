"""Acts that happened at junctions, judged on the simulated world: metres, signal programmes, true paths.

Nothing of the rules' code is used: a mistake there must not make the truth wrong the same way.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from contracts.scene import NotYieldingRule
from tests.simulation import truth_flow as flow
from tests.simulation import truth_plaza as plaza
from tests.simulation import truth_standing as standing
from tests.simulation.acts import Act, Way, Ways, crossings, side
from tests.simulation.truth_flow import speeds
from tests.simulation.truth_standing import Spots, inside, stands

NEAR_GRACE_S = 0.15  # a crossing this near to the end of the grace may be told either way
GONE_ON_M = 6.0  # driven on after the line on red: has gone on
STAYED_M = 2.0  # driven on at most so far: has not
CREEPS_MPS = 2.0
STANDS_S = 1.5, 3.0  # standing for less is no stand beyond doubt, for more is one


def red_light_and_overrun(ways: Ways) -> Iterator[Act]:
    """Vehicles that pass a stop line on red: those who go on, and those who stand behind it."""
    scene = ways.world.scene
    for line in scene.stop_lines:
        if not line.signals:
            continue
        passed = [
            act
            for way, at, forward in ways.crossings(line.id)
            if forward and way.mover.cls.label != "person"
            if not line.movements or _goes_out(ways, way, line.movements)
            for act in _on_red(ways, way, at, line.id, line.signals[0])
        ]
        yield from once(passed)


def once(acts: Iterable[Act]) -> Iterator[Act]:
    """Acts without those that lie within an earlier one of the same road user and rule.

    Who backs over the line while waiting (SUMO's front slides back by centimetres in a bend) and passes it again on
    the same red has run one light: the rule is once per vehicle, line and red.
    """
    until: dict[tuple[str, int | None], float] = {}
    for act in acts:
        key = act.rule, act.mover
        if act.at > until.get(key, act.at - 1.0):
            yield act
        until[key] = max(act.until, until.get(key, act.until))


def _goes_out(ways: Ways, way: Way, names: Sequence[str]) -> bool:
    """It leaves by one of these ways, or is not seen leaving."""
    outs = {name: gates[1] for name, gates in ways.world.ground["ways"].items()}
    taken = [
        name for name, gate in outs.items() for _, forward in crossings(ways.world, way, ways.line(gate)) if not forward
    ]
    return not taken or taken[-1] in names


def _on_red(ways: Ways, way: Way, at: float, line: str, head: str) -> Iterator[Act]:
    rules = ways.world.scene.rules
    state, since, until = ways.world.signals[head].at(at)
    grace_s = rules.red_light.grace_s if rules.red_light else 0.5
    age = at - since
    if state != "red" or age < grace_s - NEAR_GRACE_S:
        return
    why = "near the end of the grace" if age < grace_s + NEAR_GRACE_S else ""
    why = why or _straddled(ways, way, line, since + grace_s)
    last = min(until, float(way.t[-1]))
    spans = [(max(begun, at), min(end, last)) for begun, end in stands(way) if end > at and begun < last]
    spans = [span for span in spans if span[1] - span[0] >= 1.0]
    stood = max((end - begun for begun, end in spans), default=0.0)
    moved_off = max((end for _, end in spans), default=at)
    crept = [(max(begun, at), min(end, last)) for begun, end in stands(way, CREEPS_MPS) if end > at and begun < last]
    crept = [span for span in crept if span[1] - span[0] >= 1.0]
    driven = way.driven(moved_off, min(moved_off + 12.0, last))
    beyond = _beyond(ways, way, line, min(moved_off + 12.0, last))
    pace = np.interp((at, last), way.t, speeds(way))
    figures = {"age_s": age, "driven_m": driven, "stood_s": stood, "beyond": beyond, "name": way.mover.name}
    figures["steady"] = float(pace[0] / max(pace[1], 0.1))
    proceed = rules.red_light.proceed if rules.red_light else 1.0
    yield from _gone_on(line, way, (at, max([moved_off, *(end for _, end in crept)])), why, figures, proceed)
    if stood < STANDS_S[0] and crept:
        yield Act("stop_line_overrun", line, way.number, at, crept[-1][1], "creeps", figures)
    if stood >= STANDS_S[0]:
        over = _beyond(ways, way, line, moved_off)
        least = rules.stop_line_overrun.over if rules.stop_line_overrun else 0.0
        if over < 0.6 * least:
            return
        why = why or ("hardly long enough" if stood < STANDS_S[1] else "")
        why = why or ("on the line" if over < 1.4 * least else "far into the junction" if over > 3.5 else "")
        yield Act("stop_line_overrun", line, way.number, at, moved_off, why, {**figures, "over": over})


def _gone_on(
    line: str, way: Way, span: tuple[float, float], why: str, figures: dict[str, Any], proceed: float
) -> Iterator[Act]:
    """Red light: it goes on after the line, at once or after a stand (the end of `span`), while it is still red.

    The rule asks for `proceed` box sizes beyond the line (of a lorry that is farther than `GONE_ON_M`), or, when the
    light changes before, that it drove over the line and did not just start there.
    """
    at, moved_off = span
    driven = figures["driven_m"]
    drove_over = moved_off == at and figures["steady"] >= 0.7  # the rule asks for half its pace there
    if driven >= GONE_ON_M and (drove_over or figures["beyond"] >= 1.3 * proceed):
        yield Act("red_light", line, way.number, at, moved_off + 1.0, why, figures)
    elif driven > STAYED_M or moved_off == at:  # never slow: the light changed while it drove over the line
        yield Act("red_light", line, way.number, at, moved_off + 1.0, why or "hardly gone on before it ended", figures)


def _beyond(ways: Ways, way: Way, line: str, t: float) -> float:
    """Box sizes its ground point is beyond a line at a moment."""
    step = min(int(np.searchsorted(way.t, t)), len(way.t) - 1)
    return float(side(ways.line(line), way.points[step : step + 1])[0] / way.sizes[step])


def _straddled(ways: Ways, way: Way, line: str, red_at: float) -> str:
    """A vehicle whose front was over the line when red began stood on it: no violation, though its box says so."""
    front = ways.world.ground["stop_lines"].get(line)
    if front is None:
        return ""
    (ax, ay), (bx, by) = front
    x, y, _ = way.mover.at(np.array([red_at]))
    beyond = (bx - ax) * (y[0] - ay) - (by - ay) * (x[0] - ax)
    return "on the line when red began" if beyond < 0 and way.mover.t[0] < red_at else ""


def prohibited_turn(ways: Ways) -> Iterator[Act]:
    """Who takes a way through the junction that is forbidden."""
    ground = ways.world.ground
    for name in ground["forbidden"]:
        entry, exit_ = ground["ways"][name]
        entered = {way.number: at for way, at, forward in ways.crossings(entry) if forward}
        for way, at, forward in ways.crossings(exit_):
            begun = entered.get(way.number)
            if forward or begun is None or not 0 < at - begun < 60 or way.mover.cls.label == "person":
                continue
            why = "slow" if at - begun > 55 else ""
            yield Act("prohibited_turn", "", way.number, begun, at, why, {"way": name, "name": way.mover.name})


PERSON_M = 0.9  # box size of a person: what the rule's `near` counts in
BAND_M = 0.35  # paths told from boxes are so uncertain, on the ground: nearer to a limit either answer is right
SINCE_S = 0.25  # so uncertain is when a box comes onto a crossing
DRIVES_MPS = 1.5
STOOD_NEAR_M = 1.0  # who drove so little in the second before he reached a crossing stood at its edge, or before it
TURNS_RAD, TURN_S = 0.6, 0.5  # who turns more within so long of the meeting has no straight path that counts


def not_yielding(ways: Ways) -> Iterator[Act]:
    """Who drives over a crossing close before a person who walks on it towards the vehicle's path."""
    rule = ways.world.scene.rules.not_yielding
    for zone, polygon in ways.world.ground["crossings"].items():
        people = [(way, on) for way in ways.all if way.mover.cls.label == "person" for on in _on(way, polygon)]
        for way in ways.all:
            if rule is None or way.mover.cls.label not in rule.classes:
                continue
            told_at = -math.inf
            for on in _on(way, polygon):
                met = [one for person, there in people for one in _passes(way, on, person, there, rule)]
                for at, why, figures in sorted(met, key=lambda one: (one[1] != "", one[0]))[:1]:
                    again = "" if at - told_at > rule.rearm_s else "soon after another"  # once, in the rule's words
                    yield Act("not_yielding", zone, way.number, min(on[0], at), max(on[1], at), why or again, figures)
                    told_at = at


def _passes(
    way: Way, on: tuple[float, float], person: Way, there: tuple[float, float], rule: NotYieldingRule
) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """When it comes level with a person before whom it drives over the crossing, whether doubtful, and figures.

    Places are those of the faultless ground points: what a scene can know of them.
    """
    start, end = max(on[0] - 0.5, there[0]), min(on[1] + 1.0, there[1])
    if end - start < 0.1:
        return
    t = np.arange(start, end, 0.05)
    x, y = (np.interp(t, way.t, way.ground[:, axis]) for axis in (0, 1))
    px, py = (np.interp(t, person.t, person.ground[:, axis]) for axis in (0, 1))
    heading = np.interp(t, way.mover.t, way.mover.heading)
    ahead = (px - x) * np.cos(heading) + (py - y) * np.sin(heading)
    aside = (py - y) * np.cos(heading) - (px - x) * np.sin(heading)
    v = speeds(way)[way.after(on[0], on[1] - on[0])]
    is_slow = not len(v) or float(v.min()) < DRIVES_MPS or way.driven(on[0] - 1.0, on[0]) < STOOD_NEAR_M
    for step in np.flatnonzero((ahead[:-1] > 0) & (ahead[1:] <= 0)).tolist():
        gap, since_s = abs(float(aside[step])), max(on[0], there[0]) - there[0]
        # Where the person goes, not where the vehicle turns to.
        gone = (py[step + 1] - py[step]) * np.cos(heading[step]) - (px[step + 1] - px[step]) * np.sin(heading[step])
        limit = _limit(way, float(np.sign(aside[step]) * gone) < -1e-4, rule)
        if gap > limit + BAND_M or since_s < rule.person_s - SINCE_S:
            continue
        turn = np.interp(t[step] + np.array([-TURN_S, TURN_S]), way.mover.t, way.mover.heading)
        clear = gap < limit - BAND_M and since_s > rule.person_s + SINCE_S and abs(turn[1] - turn[0]) <= TURNS_RAD
        figures = {"gap_m": gap, "name": way.mover.name, "person": person.mover.name}
        yield float(t[step]), "" if clear and not is_slow else "hardly in front", figures


def _limit(way: Way, nears: bool, rule: NotYieldingRule) -> float:
    """How near is too near, metres: to a person who comes nearer to its path; to one who leaves it, its own width."""
    return rule.near * PERSON_M if nears else way.mover.size[1] / 2


def _on(way: Way, polygon: Spots) -> list[tuple[float, float]]:
    """From when to when its ground point is on an area of the ground, each time."""
    within = np.r_[False, inside(polygon, way.ground[:, 0], way.ground[:, 1]), False]
    edges = np.flatnonzero(within[1:] != within[:-1])
    return [
        (float(way.t[first]), float(way.t[last - 1]))
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


TRUTHS: dict[tuple[str, ...], Callable[[Ways], Iterator[Act]]] = {
    ("red_light", "stop_line_overrun"): red_light_and_overrun,
    ("prohibited_turn",): prohibited_turn,
    ("not_yielding",): not_yielding,
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
    ("loitering",): plaza.loitering,
    ("crowding",): plaza.crowding,
    ("abandoned_object",): plaza.abandoned_object,
    ("intrusion",): plaza.intrusion,
    ("collision_suspicion",): plaza.collision_suspicion,
}
"""Rules to the function that tells their acts."""


def acts_of(ways: Ways) -> list[Act]:
    """Every act of the rules the scene has switched on, in order of time."""
    on = set(ways.world.scene.rules.on())
    found = [act for rules, tell in TRUTHS.items() if on & set(rules) for act in tell(ways) if act.rule in on]
    return sorted(found, key=lambda act: (act.at, act.rule, act.where))
