"""A carriageway of three lanes, the kerb lane for two-wheelers behind a solid line; seen from behind or in front."""

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
from tests.simulation.place_junction import RATES, SIZES_PX, across
from tests.simulation.scripted import Leg, Occupancy, cruise, drive, insert
from tests.simulation.sumo import simulate
from tests.simulation.trajectory import Mover
from tests.simulation.world import WARM_UP_S, World

LIMIT_KMH = 60.0
FIRST_M, LAST_M = 14.0, 66.0  # of the stretch the camera sees
LANES = {"lane-0": (7.0, 10.5), "lane-1": (3.5, 7.0), "lane-2": (0.0, 3.5)}
TWO_WHEELERS, FOUR_WHEELERS = ("bicycle", "motorcycle"), ("car", "bus", "truck")
ALLOWED = {"lane-0": TWO_WHEELERS, "lane-1": FOUR_WHEELERS, "lane-2": FOUR_WHEELERS}
SOLID: tuple[Spot, ...] = ((7.0, 20.0), (7.0, 40.0), (7.0, 60.0))
LAWFUL = {"speedFactor": "normc(0.85,0.07,0.6,1.0)"}
TEMPERS = {
    "speeder": {"speedFactor": "normc(1.45,0.15,1.2,1.75)"},
    "intruder": {},  # SUMO lets it into the other lanes by calling it another class
}


def camera_over_road(rng: np.random.Generator) -> Camera:
    """A camera that sees the stretch."""
    size = SIZES_PX[int(rng.integers(len(SIZES_PX)))]
    lens = float(rng.uniform(0.62, 0.70)), float(rng.uniform(-0.16, -0.02)), float(rng.uniform(0, 0.02))
    height, aside = float(rng.uniform(6.5, 10)), float(rng.uniform(3, 8))
    if rng.random() < 0.5:
        return Camera.looking_at((aside, 0.0, height), (5.5, 30), size, *lens)
    return Camera.looking_at((aside, 80.0, height), (5.5, 50), size, *lens)


def motorway(seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
    """The world of a seed."""
    rng = np.random.default_rng([seed, 3])
    until = WARM_UP_S + seconds
    plan = networks.motorway(reach_m=300, lanes=3, limit_kmh=LIMIT_KMH)
    demand = Demand(0.7 if seed % 2 else 0.3, _flows(lawful=lawful), LAWFUL, TEMPERS)
    routes = _intruders(demand.routes(until))
    movers = simulate(plan.build(folder), routes, folder, seconds=until, seed=seed + 1)
    occupancy = Occupancy(movers)
    between = WARM_UP_S + 5, until - 15
    hours = 0.0 if lawful else seconds / 3600
    movers += insert(occupancy, _line_crosser, rng, wanted=round(45 * hours), between=between, gap_m=2.0)
    movers += insert(occupancy, _braking, rng, wanted=round(45 * hours), between=between, gap_m=1.0)
    movers += insert(occupancy, _against, rng, wanted=round(40 * hours), between=between, gap_m=0.3)
    camera = camera_over_road(rng)
    ground: dict[str, Any] = {"lanes": LANES, "allowed": ALLOWED, "solid": {"solid": SOLID}, "forward": (0.0, 1.0)}
    ground |= {"stretch": (FIRST_M, LAST_M), "limit_kmh": LIMIT_KMH}
    times = frame_times(rng, float(rng.choice(RATES)), WARM_UP_S, until)
    return World("motorway", seed, camera, _scene(camera, rng), tuple(movers), times, {}, ground)


def _flows(*, lawful: bool) -> tuple[Flow, ...]:
    through = Flow("A", "B", 900)
    return (through,) if lawful else (through, Flow("A", "B", 110, "speeder"), Flow("A", "B", 70, "intruder"))


def _intruders(routes: str) -> str:
    """Lets intruders use the lanes of the others, and keeps everybody else to their own."""
    swapped = {"motorcycle": "passenger", "bicycle": "passenger", "car": "motorcycle"}
    for cls, vclass in swapped.items():
        own = {"motorcycle": "motorcycle", "bicycle": "bicycle", "car": "passenger"}[cls]
        routes = routes.replace(f'id="{cls}_intruder" vClass="{own}"', f'id="{cls}_intruder" vClass="{vclass}"')
    for cls in ("bus", "truck"):
        routes = routes.replace(f'id="{cls}_intruder" vClass="{cls}"', f'id="{cls}_intruder" vClass="motorcycle"')
    return routes


def _line_crosser(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Changes over the solid line, from either side."""
    speed, length = float(rng.uniform(9, 15)), float(rng.uniform(16, 26))
    old, new = (5.25, 8.75) if rng.random() < 0.5 else (8.75, 5.25)
    cls = RoadUserClass.CAR if old < new else RoadUserClass.MOTORCYCLE
    middle = float(rng.uniform(30, 50))
    share = np.linspace(0, 1, 25)
    ease = share * share * (3 - 2 * share)
    change = [
        (float(old + (new - old) * e), float(middle - length / 2 + length * s))
        for s, e in zip(share, ease, strict=True)
    ]
    return drive(f"crosser.{number}", cls, [(old, -20.0), *change, (new, 130.0)], start, speed, [cruise(150, speed)])


def _braking(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Brakes as in an emergency, then goes on."""
    fast, slow, rate = float(rng.uniform(17, 20)), float(rng.uniform(1, 3)), float(rng.uniform(7.4, 8.6))
    lane, cls = float(rng.choice([1.75, 5.25])), RoadUserClass.CAR
    where = float(rng.uniform(24, 34))
    legs = [cruise(20 + where, fast), Leg((fast - slow) / rate, slow), Leg(1.0, slow), Leg(5, 12), Leg(10, 15)]
    return drive(f"braking.{number}", cls, [(lane, -20.0), (lane, 130.0)], start, fast, legs)


def _against(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Rides against the traffic at the kerb."""
    x, speed = float(rng.uniform(9.4, 10.0)), float(rng.uniform(4, 9))
    cls = RoadUserClass.MOTORCYCLE if rng.random() < 0.8 else RoadUserClass.BICYCLE
    return drive(f"against.{number}", cls, [(x, 90.0), (x, -10.0)], start, speed, [cruise(100, speed)])


def _scene(camera: Camera, rng: np.random.Generator) -> SceneConfig:
    draw = Drawing(camera)
    lanes: list[dict[str, Any]] = []
    for lane, (left, right) in LANES.items():
        middle = (left + right) / 2
        lanes.append(
            {
                "id": lane,
                "polygon": draw.polygon([(left, FIRST_M), (right, FIRST_M), (right, LAST_M), (left, LAST_M)]),
                "direction": draw.arrow((middle, 25.0), (middle, 50.0)),
                "use": [{"classes": ALLOWED[lane]}],
                "speed_limit_kmh": LIMIT_KMH,
            }
        )
    road = draw.polygon([(-0.5, FIRST_M), (10.5, FIRST_M), (10.5, LAST_M), (-0.5, LAST_M)])
    counted = across((5.25, 38.0), (0, 1), 5.75)
    ends = {"begin": across((5.25, 20.0), (0, 1), 5.75), "end": across((5.25, 60.0), (0, 1), 5.75)}
    section = {"from": "begin", "to": "end", "length_m": 40.0, "limit_kmh": LIMIT_KMH, "length_error_m": 0.2}
    document = {
        "version": 1,
        "scene_version": 1,
        "name": "simulated motorway",
        "lines": [{"id": "count", **draw.line(*counted)}, *({"id": k, **draw.line(*v)} for k, v in ends.items())],
        "solid_lines": [{"id": "solid", "points": [draw.point(*spot) for spot in SOLID]}],
        "lanes": lanes,
        "zones": [{"id": "road", "kind": "carriageway", "polygon": road}],
        "calibration": draw.calibration(
            [(x, y) for x in (-1.5, 3.5, 7.0, 12.0) for y in (12.5, 22, 35, 50, 67.5)], rng
        ),
        "rules": {
            "line_count": {"lines": ["count"]},
            "lane_statistics": {},
            "wrong_way": {},
            "speeding": {},
            "section_speed": {"sections": [section]},
            "wrong_lane": {},
            "solid_line": {},
            "sudden_slowdown": {"window_s": 1.5},
        },
    }
    return SceneConfig.model_validate(document)
