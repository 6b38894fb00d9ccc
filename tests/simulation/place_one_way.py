"""The northern street of a one-way pair: standing vehicles, closed side street, people on the road, riders against."""

from pathlib import Path
from typing import Any

import numpy as np

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation import networks
from tests.simulation.camera import Camera
from tests.simulation.demand import Demand, Flow
from tests.simulation.drawing import Drawing
from tests.simulation.pictures import frame_times
from tests.simulation.place_junction import RATES, SIZES_PX, across
from tests.simulation.scripted import Leg, Occupancy, cruise, drive, insert
from tests.simulation.sumo import simulate
from tests.simulation.trajectory import Mover
from tests.simulation.world import WARM_UP_S, World

REACH_M = 220.0
SOUTH_M, NORTH_M = -18.0, 34.0  # of what the camera sees
LANES = {"lane-0": (7.0, 10.5), "lane-1": (3.5, 7.0), "lane-2": (0.0, 3.5)}
KERB_STRIP = (10.4, 14.2)
NO_STOPPING_M = (6.0, 32.0)
MOUTH = ((13.5, -4.5), (25.0, -4.5), (25.0, 2.5), (13.5, 2.5))
CLOSED_TO = ("car", "bus", "truck")
JAM_EVERY_S, JAM_S = 420.0, 150.0
STOPS_PER_H, STOP_TRIES, APART_S = 60, 60, 2.0


def one_way(seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
    """The world of a seed."""
    rng = np.random.default_rng([seed, 4])
    until = WARM_UP_S + seconds
    plan = networks.one_way_pair(reach_m=REACH_M, gap_m=60)
    demand = Demand(0.7 if seed % 2 else 0.3, _flows(lawful=lawful))
    routes = demand.routes(until, "" if lawful else _standing(rng, until))
    movers = simulate(plan.build(folder), routes, folder, seconds=until, seed=seed + 1)
    occupancy = Occupancy(movers)
    between, hours = (WARM_UP_S + 5, until - 70), 0.0 if lawful else seconds / 3600
    movers += _one_after_the_other(occupancy, rng, round(STOPS_PER_H * hours), between)
    movers += insert(occupancy, _against, rng, wanted=round(45 * hours), between=between, gap_m=0.3, tries=40)
    movers += insert(occupancy, _walking, rng, wanted=round(45 * hours), between=between, gap_m=0.4, tries=60)
    camera = _camera(rng)
    ground: dict[str, Any] = {
        "lanes": LANES,
        "forward": (0.0, 1.0),
        "stretch": (SOUTH_M, NORTH_M),
        "carriageway": ((0.0, SOUTH_M), (10.5, SOUTH_M), (10.5, NORTH_M), (0.0, NORTH_M)),
        "no_stopping": {"kerb": _box(*KERB_STRIP, *NO_STOPPING_M)},
        "no_entry": {"mouth": (MOUTH, CLOSED_TO)},
    }
    times = frame_times(rng, float(rng.choice(RATES)), WARM_UP_S, until)
    return World("one_way", seed, camera, _scene(camera, rng), tuple(movers), times, {}, ground)


def _camera(rng: np.random.Generator) -> Camera:
    size = SIZES_PX[int(rng.integers(len(SIZES_PX)))]
    lens = float(rng.uniform(0.62, 0.70)), float(rng.uniform(-0.16, -0.02)), float(rng.uniform(0, 0.02))
    height, aside = float(rng.uniform(7.0, 10)), float(rng.uniform(3, 8))
    if rng.random() < 0.5:
        return Camera.looking_at((aside, SOUTH_M - 15, height), (7.0, 0.0), size, *lens)
    return Camera.looking_at((aside, NORTH_M + 15, height), (7.0, 16.0), size, *lens)


def _flows(*, lawful: bool) -> tuple[Flow, ...]:
    through = Flow("R1", "R2", 620), Flow("X1", "R2", 60), Flow("L1", "L2", 150)
    return through if lawful else (*through, Flow("R1", "X3", 70), Flow("X1", "X3", 30))


def _standing(rng: np.random.Generator, until: float) -> str:
    """Vehicles that stop in a live lane inside the picture, and three at once beyond it that hold everybody up."""
    vehicles: list[tuple[float, str]] = []
    t = WARM_UP_S / 2 + float(rng.uniform(0, 60))
    while t < until - 200:
        vehicles += _jam(t)
        after = t + JAM_S + 60
        while after < t + JAM_EVERY_S - 40:
            lane, where = int(rng.integers(1, 3)), float(rng.uniform(8, 17))
            stand_s = float(rng.uniform(38, 62)) if rng.random() < 0.8 else float(rng.uniform(5, 12))
            name = f"breakdown{int(after)}"
            vehicles.append((after, _vehicle(name, after, "car", lane, REACH_M + where, stand_s)))
            after += stand_s + float(rng.uniform(15, 40))
        t += JAM_EVERY_S
    return "".join(text for _, text in sorted(vehicles))


def _jam(t: float) -> list[tuple[float, str]]:
    return [(t, _vehicle(f"jam{int(t)}-{lane}", t, "truck", lane, REACH_M + NORTH_M + 12, JAM_S)) for lane in range(3)]


def _vehicle(name: str, depart: float, kind: str, lane: int, at_m: float, stand_s: float) -> str:
    """A vehicle that stands at a place of the northern edge; places count from the southern end of the street."""
    end = at_m - REACH_M - 4.0  # the northern edge begins about at the junction
    stop = f'<stop lane="R2_{lane}" endPos="{end:.1f}" startPos="{end - 3:.1f}" duration="{stand_s:.1f}"/>'
    route = '<route edges="R1 R2"/>'
    head = f'<vehicle id="{name}" type="{kind}" depart="{depart:.1f}" departSpeed="max" departLane="{lane}">'
    return f"{head}{route}{stop}</vehicle>"


def _stopping(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Pulls over to the kerb, stands, and goes on."""
    cls = RoadUserClass.CAR if rng.random() < 0.6 else RoadUserClass.MOTORCYCLE
    stand_s = float(rng.uniform(14, 45)) if rng.random() < 0.75 else float(rng.uniform(3, 6))
    place, aside = float(rng.uniform(11, 18)), float(rng.uniform(11.8, 12.4))
    way = [(8.75, -55.0), (8.75, place - 16), (aside, place - 5), (aside, place + 4), (8.75, place + 15), (8.75, 120.0)]
    legs = [
        cruise(55 + place - 22, 9.0),
        Leg(4.7, 0.0),
        Leg(stand_s, 0.0),
        Leg(4.0, 9.0),
        Leg(8, 12.0),
    ]
    return drive(f"stopping.{number}", cls, way, start, 9.0, legs)


def _one_after_the_other(
    occupancy: Occupancy, rng: np.random.Generator, count: int, between: tuple[float, float]
) -> list[Mover]:
    """Stops at the kerb at any time, one at a time: two side by side would be a queue."""
    found: list[Mover] = []
    taken: list[tuple[float, float]] = []
    for number in range(count):
        for _ in range(STOP_TRIES):
            mover = _stopping(number, float(rng.uniform(*between)), rng)
            at_kerb = mover.t[mover.x > KERB_STRIP[0]]
            begin, end = float(at_kerb[0]) - APART_S, float(at_kerb[-1]) + APART_S
            alone = all(end < other_begin or begin > other_end for other_begin, other_end in taken)
            if alone and mover.t[-1] < between[1] and occupancy.is_free(mover, 0.5):
                occupancy.add(mover)
                taken.append((begin, end))
                found.append(mover)
                break
    return found


def _against(number: int, start: float, rng: np.random.Generator) -> Mover:
    x, speed = float(rng.uniform(9.2, 9.9)), float(rng.uniform(3.5, 9))
    cls = RoadUserClass.MOTORCYCLE if rng.random() < 0.75 else RoadUserClass.BICYCLE
    return drive(f"against.{number}", cls, [(x, 65.0), (x, -50.0)], start, speed, [cruise(115, speed)])


def _walking(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Crosses the road away from any crossing."""
    y, pace = float(rng.uniform(9, 28)), float(rng.uniform(1.0, 1.7))
    way = [(-2.5, y), (14.5, y)]
    if rng.random() < 0.5:
        way.reverse()
    return drive(f"walking.{number}", RoadUserClass.PERSON, way, start, pace, [cruise(17, pace)])


def _box(left: float, right: float, low: float, high: float) -> tuple[tuple[float, float], ...]:
    return (left, low), (right, low), (right, high), (left, high)


def _scene(camera: Camera, rng: np.random.Generator) -> SceneConfig:
    draw = Drawing(camera)
    lanes = [
        {
            "id": lane,
            "polygon": draw.polygon(_box(left, right, SOUTH_M, NORTH_M)),
            "direction": draw.arrow(((left + right) / 2, 0.0), ((left + right) / 2, 20.0)),
        }
        for lane, (left, right) in LANES.items()
    ]
    kerb = draw.polygon(_box(*KERB_STRIP, *NO_STOPPING_M))
    zones = [
        {"id": "road", "kind": "carriageway", "polygon": draw.polygon(_box(0.0, 10.5, SOUTH_M, NORTH_M))},
        {"id": "kerb", "kind": "no_stopping", "polygon": kerb, "closed_to": ["car", "motorcycle", "bus", "truck"]},
        {"id": "mouth", "kind": "no_entry", "polygon": draw.polygon(MOUTH), "closed_to": CLOSED_TO},
    ]
    document = {
        "version": 1,
        "scene_version": 1,
        "name": "simulated one-way street",
        "lines": [{"id": "count", **draw.line(*across((5.25, 8.0), (0, 1), 5.75))}],
        "lanes": lanes,
        "zones": zones,
        "calibration": draw.calibration([(x, y) for x in (-2.0, 3.5, 7.0, 15.5) for y in (-20, -5, 8, 20, 36)], rng),
        "rules": {
            "line_count": {},
            "lane_statistics": {},
            "wrong_way": {},
            "no_entry": {},
            "illegal_stopping": {},
            "stopped_vehicle": {"zones": ["road"]},
            "congestion": {"zones": ["road"]},
            "pedestrian_on_carriageway": {},
        },
    }
    return SceneConfig.model_validate(document)
