"""A signalised junction of four arms, seen from behind or from the front of its southern approach."""

from pathlib import Path
from typing import Any

import numpy as np

from contracts.scene import SceneConfig
from tests.simulation import networks
from tests.simulation.camera import Camera
from tests.simulation.demand import Demand, Flow
from tests.simulation.drawing import Drawing, Spot
from tests.simulation.pictures import frame_times
from tests.simulation.sumo import lane_end, link_index, programme, simulate
from tests.simulation.world import WARM_UP_S, Programme, World

SETBACK_M = 7.0  # of the painted line from where SUMO's junction begins; the zebra lies between
LAWFUL_GAP_M = SETBACK_M + 0.6
SIZES_PX = ((1280, 720), (1920, 1080), (1280, 720), (960, 540))
RATES = (8.0, 10.0, 12.5, 10.0, 15.0, 12.5, 25.0)
TEMPERS = {
    "runner": {"jmDriveAfterRedTime": "1000", "jmDriveRedSpeed": "14", "jmStoplineGap": "1"},
    "overrunner": {"jmStoplineGap": "5.2"},
}


def across(centre: Spot, forward: Spot, half_m: float) -> tuple[Spot, Spot]:
    """Ends of a line crossed forward in a direction (a unit vector), so far to both sides."""
    (x, y), (fx, fy) = centre, forward
    return (x + fy * half_m, y - fx * half_m), (x - fy * half_m, y + fx * half_m)


def camera_at_junction(rng: np.random.Generator, end_m: float) -> Camera:
    """A camera that sees the southern stop line and all ways out."""
    size = SIZES_PX[int(rng.integers(len(SIZES_PX)))]
    lens = float(rng.uniform(0.62, 0.70)), float(rng.uniform(-0.16, -0.02)), float(rng.uniform(0, 0.02))
    height, aside = float(rng.uniform(7.5, 10)), float(rng.uniform(1, 8))
    if rng.random() < 0.5:
        place = aside, -(end_m + SETBACK_M) - float(rng.uniform(17, 21)), height
        return Camera.looking_at(place, (2.0, place[1] + 36), size, *lens)
    place = aside, end_m + float(rng.uniform(14, 18)), height
    return Camera.looking_at(place, (2.0, place[1] - 38), size, *lens)


def cross(seed: int, seconds: float, folder: Path) -> World:
    """The world of a seed."""
    rng = np.random.default_rng([seed, 1])
    cycle = int(rng.choice([50, 60, 70]))
    net = networks.junction("NESW", dict.fromkeys("NESW", 3), reach_m=150, cycle_s=cycle).build(folder)
    end_m = -lane_end(net, "Si_0")[1]
    demand = Demand(0.7 if seed % 2 else 0.3, _flows(), {"jmStoplineGap": f"{LAWFUL_GAP_M}"}, TEMPERS)
    until = WARM_UP_S + seconds
    movers = simulate(net, demand.routes(until), folder, seconds=until, seed=seed + 1)
    camera = camera_at_junction(rng, end_m)
    scene = _scene(camera, end_m, rng)
    phases = programme(net)
    head = Programme.of("south", phases, link_index(net, "Si", "No"), until + 120)
    rate = float(rng.choice(RATES))
    stop = across((5.25, -end_m - SETBACK_M), (0, 1), 5.25)
    return World(
        "cross",
        seed,
        camera,
        scene,
        tuple(movers),
        frame_times(rng, rate, WARM_UP_S, until),
        {"south": head},
        {"stop_lines": {"stop": stop}},
    )


def _flows() -> tuple[Flow, ...]:
    ways = [("Si", "No", 420.0), ("Si", "Eo", 80.0), ("Si", "Wo", 40.0), ("Si", "So", 25.0)]
    others = [("Ni", "So", 160.0), ("Wi", "Eo", 130.0), ("Ei", "Wo", 130.0), ("Wi", "So", 40.0), ("Ei", "No", 40.0)]
    lawful = tuple(Flow(start, end, rate) for start, end, rate in ways + others)
    return (*lawful, Flow("Si", "No", 70, "runner"), Flow("Si", "Wo", 10, "runner"), Flow("Si", "No", 90, "overrunner"))


def _scene(camera: Camera, end_m: float, rng: np.random.Generator) -> SceneConfig:
    draw = Drawing(camera)
    stop_y = -end_m - SETBACK_M
    gate_m = end_m + 2.5
    gates: list[dict[str, Any]] = []
    for arm, (dx, dy) in networks.ARMS.items():
        reach = end_m + SETBACK_M + 3 if arm == "S" else gate_m
        gates.append({"id": f"gate-{arm}", **draw.line(*across((dx * reach, dy * reach), (-dx, -dy), 10.5))})
    ways = {"straight": "N", "right": "E", "left": "W", "back": "S"}
    document = {
        "version": 1,
        "scene_version": 1,
        "name": "simulated junction",
        "signal_heads": [{"id": "south", "feed": "south"}],
        "stop_lines": [{"id": "stop", **draw.line(*across((5.25, stop_y), (0, 1), 5.25)), "signals": ["south"]}],
        "gates": gates,
        "movements": [{"id": way, "from": "gate-S", "to": f"gate-{arm}"} for way, arm in ways.items()],
        "calibration": draw.calibration(_marks(end_m), rng),
        "rules": {"red_light": {}, "stop_line_overrun": {}},
    }
    return SceneConfig.model_validate(document)


def _marks(end_m: float) -> list[Spot]:
    """Corners a surveyor would take: of lines, kerbs and crossings."""
    spots = [(x, -end_m - SETBACK_M) for x in (-10.5, 0.0, 10.5)]
    spots += [(sx * end_m, sy * end_m) for sx in (-1, 1) for sy in (-1, 1)]
    spots += [(x, y) for x in (-8.0, 0.0, 8.0) for y in (-6.0, 8.0, end_m + 4)]
    return spots


__all__ = ["across", "camera_at_junction", "cross"]
