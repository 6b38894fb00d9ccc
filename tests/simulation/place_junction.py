"""Signalised junctions of four and of three arms, seen from behind or from the front of its southern approach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation import networks
from tests.simulation.camera import Camera
from tests.simulation.demand import Demand, Flow
from tests.simulation.drawing import Drawing, Spot
from tests.simulation.pictures import frame_times
from tests.simulation.scripted import Occupancy, cruise, drive, insert
from tests.simulation.sumo import lane_end, link_index, programme, set_links, simulate
from tests.simulation.trajectory import Mover
from tests.simulation.world import WARM_UP_S, Programme, World

SETBACK_M = 7.0  # of the painted line from where SUMO's junction begins; the zebra lies between
LAWFUL_GAP_M = SETBACK_M + 0.6
SIZES_PX = ((1280, 720), (1920, 1080), (1280, 720), (960, 540))
RATES = (8.0, 8.0, 10.0, 10.0, 10.0, 12.5, 12.5, 15.0, 15.0, 25.0)
RUNNER = {"jmDriveAfterRedTime": "1000", "jmDriveRedSpeed": "14", "jmStoplineGap": "1"}


def across(centre: Spot, forward: Spot, half_m: float) -> tuple[Spot, Spot]:
    """Ends of a line crossed forward in a direction (a unit vector), so far to both sides."""
    (x, y), (fx, fy) = centre, forward
    return (x + fy * half_m, y - fx * half_m), (x - fy * half_m, y + fx * half_m)


def camera_at_junction(rng: np.random.Generator, end_m: float, must_see: Sequence[Spot], *, behind: bool) -> Camera:
    """A camera behind or before the southern approach that sees these points. ValueError when none is found."""
    for _ in range(500):
        size = SIZES_PX[int(rng.integers(len(SIZES_PX)))]
        lens = float(rng.uniform(0.56, 0.68)), float(rng.uniform(-0.14, -0.02)), float(rng.uniform(0, 0.02))
        height, aside = float(rng.uniform(7.5, 10)), float(rng.uniform(0, 7))
        sign = 1 if behind else -1
        y = -(end_m + SETBACK_M) - rng.uniform(17, 22) if behind else end_m + rng.uniform(14, 19)
        target = float(rng.uniform(0, 4)), float(y) + sign * float(rng.uniform(28, 36))
        camera = Camera.looking_at((aside, float(y), height), target, size, *lens)
        if camera.sees(must_see, margin=0.02):
            return camera
    raise ValueError("no camera sees the whole junction: widen its lens or move it back")


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the junctions: arms, ways out from the south, who goes where, and which of the ways are forbidden."""

    name: str
    arms: str
    ways: Mapping[str, str]
    flows: tuple[Flow, ...]
    forbidden: tuple[str, ...]
    straight: str


CROSS = Shape(
    "cross",
    "NESW",
    {"straight": "N", "right": "E", "left": "W", "back": "S"},
    (
        *(Flow("Si", "No", 420), Flow("Si", "Eo", 110), Flow("Si", "Wo", 45), Flow("Si", "So", 28)),
        *(Flow("Ni", "So", 160), Flow("Wi", "Eo", 120), Flow("Ei", "Wo", 120), Flow("Wi", "So", 40)),
        *(Flow("Ei", "No", 40), Flow("Si", "No", 90, "runner"), Flow("Si", "No", 120, "overrunner")),
    ),
    ("left", "back"),
    "No",
)
TEE = Shape(
    "tee",
    "ESW",
    {"right": "E", "left": "W", "back": "S"},
    (
        *(Flow("Si", "Eo", 260), Flow("Si", "Wo", 240), Flow("Si", "So", 50)),
        *(Flow("Wi", "Eo", 120), Flow("Ei", "Wo", 100), Flow("Wi", "So", 60), Flow("Ei", "So", 60)),
        *(Flow("Si", "Wo", 80, "runner"), Flow("Si", "Wo", 80, "overrunner"), Flow("Si", "Eo", 40, "overrunner")),
    ),
    ("back",),
    "Wo",
)


def cross(seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
    """A junction of four arms, of a seed."""
    return _junction(CROSS, seed, seconds, folder, lawful=lawful)


def tee(seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
    """A junction of three arms, of a seed."""
    return _junction(TEE, seed, seconds, folder, lawful=lawful)


def _junction(shape: Shape, seed: int, seconds: float, folder: Path, *, lawful: bool) -> World:
    rng = np.random.default_rng([seed, 1])
    cycle = int(rng.choice([50, 60, 70]))
    plan = networks.junction(shape.arms, dict.fromkeys("NESW", 3), reach_m=150, cycle_s=cycle)
    net = networks.junction_with_u_turns(plan, "S", folder)
    end_m = -lane_end(net, "Si_0")[1]
    free_right = seed % 3 == 0  # the heads govern every way but the right turn, which has an arrow of its own
    if free_right:
        set_links(net, [link_index(net, "Si", "Eo")], "g")
    behind = bool(rng.random() < 0.5)
    corners = [corner for gate in _gates(shape, end_m).values() for corner in gate]
    camera = camera_at_junction(rng, end_m, corners, behind=behind)
    tempers = {"runner": RUNNER, "overrunner": {"jmStoplineGap": "2.4" if behind else "3.2"}}
    demand = Demand(
        0.7 if seed % 2 else 0.3, _flows(shape, lawful=lawful), {"jmStoplineGap": f"{LAWFUL_GAP_M}"}, tempers
    )
    until = WARM_UP_S + seconds
    movers = simulate(net, demand.routes(until), folder, seconds=until, seed=seed + 1)
    walkers = partial(_on_zebra, end_m)
    wanted, between = round((0 if lawful else 240) * seconds / 3600), (WARM_UP_S, until - 30)
    movers += insert(Occupancy(movers), walkers, rng, wanted=wanted, between=between, gap_m=0.4, tries=60)
    head = Programme.of("south", programme(net), link_index(net, "Si", shape.straight), until + 120)
    times = frame_times(rng, float(rng.choice(RATES)), WARM_UP_S, until)
    ground = {
        "stop_lines": {"stop": across((5.25, -end_m - SETBACK_M), (0, 1), 5.25)},
        "crossings": {"zebra": _zebra(end_m)},
        "ways": {way: ("gate-S", f"gate-{arm}") for way, arm in shape.ways.items()},
        "forbidden": shape.forbidden,
    }
    scene = _scene(shape, camera, end_m, rng, free_right=free_right, depth=0.4)
    return World(shape.name, seed, camera, scene, tuple(movers), times, {"south": head}, ground)


def _flows(shape: Shape, *, lawful: bool) -> tuple[Flow, ...]:
    """Who goes where; the lawful take no way that is forbidden."""
    if not lawful:
        return shape.flows
    barred = {("Si", f"{shape.ways[way]}o") for way in shape.forbidden}
    return tuple(flow for flow in shape.flows if flow.mix == "lawful" and (flow.start, flow.end) not in barred)


def _gates(shape: Shape, end_m: float) -> dict[str, tuple[Spot, Spot]]:
    """Ends of each arm's gate, forward inwards."""
    gates = {}
    for arm in shape.arms:
        dx, dy = networks.ARMS[arm]
        reach = end_m + SETBACK_M + 3 if arm == "S" else end_m + 2.5
        gates[f"gate-{arm}"] = across((dx * reach, dy * reach), (-dx, -dy), 13.0)
    return gates


def _zebra(end_m: float) -> tuple[Spot, ...]:
    return (-10.5, -end_m - 5.5), (10.5, -end_m - 5.5), (10.5, -end_m - 1.5), (-10.5, -end_m - 1.5)


def _on_zebra(end_m: float, number: int, start: float, rng: np.random.Generator) -> Mover:
    """Walks over the southern crossing."""
    y, pace = -end_m - float(rng.uniform(2.5, 4.5)), float(rng.uniform(1.0, 1.7))
    way = [(-13.5, y), (13.5, y)]
    if rng.random() < 0.5:
        way.reverse()
    return drive(f"walking.{number}", RoadUserClass.PERSON, way, start, pace, [cruise(27, pace)])


def _scene(
    shape: Shape, camera: Camera, end_m: float, rng: np.random.Generator, *, free_right: bool, depth: float
) -> SceneConfig:
    draw = Drawing(camera)
    stop_y = -end_m - SETBACK_M
    gates: list[dict[str, Any]] = [{"id": name, **draw.line(*ends)} for name, ends in _gates(shape, end_m).items()]
    stop = {"id": "stop", **draw.line(*across((5.25, stop_y), (0, 1), 5.25)), "signals": ["south"]}
    if free_right:
        stop["movements"] = [way for way in shape.ways if way != "right"]
    turns = [{"movement": way, "kind": {"left": "left", "back": "u_turn"}[way]} for way in shape.forbidden]
    document = {
        "version": 1,
        "scene_version": 1,
        "name": f"simulated {shape.name}",
        "signal_heads": [{"id": "south", "feed": "south"}],
        "stop_lines": [stop],
        "gates": gates,
        "movements": [{"id": way, "from": "gate-S", "to": f"gate-{arm}"} for way, arm in shape.ways.items()],
        "zones": [{"id": "zebra", "kind": "crossing", "polygon": draw.polygon(_zebra(end_m))}],
        "calibration": draw.calibration(_marks(end_m), rng),
        "rules": {
            "red_light": {},
            "stop_line_overrun": {},
            "prohibited_turn": {"turns": turns, "depth": depth},
            "not_yielding": {},
        },
    }
    return SceneConfig.model_validate(document)


def _marks(end_m: float) -> list[Spot]:
    """Corners a surveyor would take: of lines, kerbs and crossings."""
    spots = [(x, -end_m - SETBACK_M) for x in (-10.5, 0.0, 10.5)]
    spots += [(sx * end_m, sy * end_m) for sx in (-1, 1) for sy in (-1, 1)]
    spots += [(x, y) for x in (-8.0, 0.0, 8.0) for y in (-6.0, 8.0, end_m + 4)]
    return spots


__all__ = ["across", "camera_at_junction", "cross", "tee"]
