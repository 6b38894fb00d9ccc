"""A square with a closed yard beside it and a street behind: who waits, gathers, leaves a bag, goes in, or collides.

No traffic simulator: everybody has a script, so what happened is known by how it was made. Scripts take turns, each in
its own part of the square; people who only pass through walk where nobody stands.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation.camera import Camera
from tests.simulation.drawing import Drawing
from tests.simulation.pictures import frame_times
from tests.simulation.place_junction import RATES, SIZES_PX
from tests.simulation.scripted import Leg, Occupancy, Spot, cruise, drive, insert
from tests.simulation.trajectory import Mover
from tests.simulation.world import WARM_UP_S, World

SQUARE = ((-9.0, 0.0), (5.0, 0.0), (5.0, 20.0), (-9.0, 20.0))
YARD = ((6.0, 3.0), (10.0, 3.0), (10.0, 18.0), (6.0, 18.0))
STREET = ((-22.0, 24.0), (22.0, 24.0), (22.0, 33.0), (-22.0, 33.0))
LANES_Y = (26.0, 30.5)
LOITER_S, CROWD_S, CROWD, ALONE_S = 40.0, 10.0, 10, 20.0
SLOW_S = 0.6  # to start and to stop walking
BAG_M = (0.45, 0.35, 0.55)
DOOR_S, DOOR_M = 7.0, 2.0  # longer than the rules bridge, and farther than they look
WEST, EAST = -14.0, 5.5  # people come and go at the western end of the picture, and by doors along the eastern side

Script = Callable[[int, float, np.random.Generator], list[Mover]]


def plaza(seed: int, seconds: float, folder: Path, *, lawful: bool = False) -> World:
    """The world of a seed. `lawful`: people who pass through or wait shortly, and vehicles that do not touch."""
    del folder  # nothing is simulated by others
    rng = np.random.default_rng([seed, 5])
    until = WARM_UP_S + seconds
    movers = [
        mover
        for script, every_s in ((_waiting, 75.0), (_gathering, 80.0), (_bag, 65.0), (_street, 60.0))
        for mover in _in_turns(partial(script, lawful=lawful), every_s, until, rng)
    ]
    occupancy = Occupancy(movers)
    between, hours = (WARM_UP_S + 5, until - 40), seconds / 3600
    through = insert(occupancy, _through, rng, wanted=round(150 * hours), between=between, gap_m=0.3, tries=40)
    movers += [one for one in through if not _shares_a_door(one, [*movers, *through])]
    movers += insert(occupancy, _along_the_yard, rng, wanted=round(40 * hours), between=between, gap_m=0.3, tries=40)
    if not lawful:
        movers += insert(occupancy, _into_the_yard, rng, wanted=round(80 * hours), between=between, gap_m=0.3, tries=40)
    camera = _camera(rng)
    ground: dict[str, Any] = {"square": SQUARE, "yard": YARD, "street": STREET}
    times = frame_times(rng, float(rng.choice(RATES)), WARM_UP_S, until)
    return World("plaza", seed, camera, _scene(camera, rng), tuple(movers), times, {}, ground)


def _in_turns(script: Script, every_s: float, until: float, rng: np.random.Generator) -> Iterator[Mover]:
    """One script after the other, each over before the next begins."""
    begin = WARM_UP_S + 4.0
    for number in range(int((until - begin) / every_s)):
        yield from script(number, begin + number * every_s + float(rng.uniform(0, 3)), rng)


def _walk(name: str, way: list[Spot], start: float, pace: float, stands: list[tuple[float, float]]) -> Mover:
    """Somebody on foot, who after so many metres stands for so long; (metres, seconds) each."""
    legs: list[Leg] = []
    gone = 0.0
    for at_m, stand_s in stands:
        legs += [cruise(at_m - gone - pace * SLOW_S / 2, pace), Leg(SLOW_S, 0.0), Leg(stand_s, 0.0), Leg(SLOW_S, pace)]
        gone = at_m + pace * SLOW_S / 2
    return drive(name, RoadUserClass.PERSON, way, start, pace, [*legs, cruise(200.0, pace)])


def _across(y: float, rng: np.random.Generator) -> list[Spot]:
    """A way over the square from one side to the other."""
    way = [(WEST, y), (EAST, y)]
    return way if rng.random() < 0.5 else way[::-1]


def _waiting(number: int, start: float, rng: np.random.Generator, *, lawful: bool) -> list[Mover]:
    """Two who wait: long, or not long."""
    found = []
    for side in range(2):
        y, pace = 2.5 + 2.0 * side + float(rng.uniform(-0.4, 0.4)), float(rng.uniform(1.2, 1.6))
        is_long = rng.random() < 0.65 and not lawful
        stand_s = float(rng.uniform(LOITER_S - 4, LOITER_S + 6) if is_long else rng.uniform(3, 20))
        at_m = float(rng.uniform(8.0, 14.0))
        found.append(_walk(f"waiting.{number}.{side}", _across(y, rng), start + 2.0 * side, pace, [(at_m, stand_s)]))
    return found


def _gathering(number: int, start: float, rng: np.random.Generator, *, lawful: bool) -> list[Mover]:
    """Many who come together and stay; few; or many who only walk through."""
    kind = rng.random()
    stays, many = kind < 0.75, (kind < 0.5 or kind >= 0.75) and not lawful
    count = int(rng.integers(CROWD + 1, CROWD + 5)) if many else 3
    pace, stand_s = float(rng.uniform(1.4, 1.7)), float(rng.uniform(16, 26)) if stays else 0.0
    found = []
    for one in range(count):
        row, column = divmod(one, 5)
        way = [(WEST, 13.0 + 1.1 * row), (EAST, 13.0 + 1.1 * row)]
        at_m = 14.5 - 1.2 * column
        begin = start + 0.75 * column  # who stands farther ahead comes first
        found.append(_walk(f"group.{number}.{one}", way, begin, pace, [(at_m, stand_s)] if stays else []))
    return found


def _bag(number: int, start: float, rng: np.random.Generator, *, lawful: bool) -> list[Mover]:
    """Somebody puts a bag down and goes; comes back for it in time; or stays beside it."""
    kind = 1.0 if lawful else rng.random()
    y, pace = 8.5 + float(rng.uniform(-0.5, 0.5)), float(rng.uniform(1.2, 1.6))
    x = float(rng.uniform(-3.0, -1.4)) + 2.4 * (number % 2)  # not on the very place of the one before
    there, put_at = x - WEST, start + (x - WEST) / pace + SLOW_S
    way: list[Spot] = [(WEST, y), (EAST, y)]
    if kind < 0.6:
        owner = _walk(f"leaving.{number}", way, start, pace, [(there, 3.0)])
        taken_at = put_at + 3.0 + float(rng.uniform(ALONE_S + 9, ALONE_S + 16))
    elif kind < 0.8:
        out = float(rng.uniform(4.0, 5.5))
        x = min(x, EAST - out)
        there, put_at = x - WEST, start + (x - WEST) / pace + SLOW_S
        way = [(WEST, y), (x + out, y), (x, y), (WEST, y)]
        owner = _walk(f"fetching.{number}", way, start, pace, [(there, 3.0), (there + 2 * out, 2.0)])
        taken_at = float(owner.t[-1]) - (x - WEST) / pace - 1.0
    else:
        owner = _walk(f"minding.{number}", way, start, pace, [(there, float(rng.uniform(25, 32)))])
        taken_at = float(owner.t[-1]) - (EAST - x) / pace - 0.8
    t = np.arange(put_at + 0.8, taken_at, 0.1)
    flat = np.zeros(len(t))
    bag = Mover(f"bag.{number}", RoadUserClass.OBJECT, BAG_M, t, flat + x + 0.35, flat + y - 0.45, flat)
    return [owner, bag]


def _street(number: int, start: float, rng: np.random.Generator, *, lawful: bool) -> list[Mover]:
    """A vehicle that stands on the street, and one that runs into it, stops behind it, or goes by."""
    kind, speed = float(rng.uniform(0.5 if lawful else 0.0, 1.0)), float(rng.uniform(9.0, 12.0))
    stand_s = float(rng.uniform(9, 16))
    x = float(rng.uniform(-4.0, 8.0))
    y = LANES_Y[0]
    name = "crash" if kind < 0.5 else "behind" if kind < 0.75 else "by"
    way: list[Spot] = [(-45.0, y), (60.0, y)]
    before = [cruise(x + 45.0 - 9.0, 6.0), Leg(3.0, 0.0), Leg(stand_s + 6.0, 0.0), Leg(4.0, 8.0), Leg(20.0, 8.0)]
    stands = drive(f"{name}.{number}.b", RoadUserClass.CAR, way, start, 6.0, before)
    reach = x + 45.0 - stands.size[0]  # metres of way up to its rear
    hits_at = start + (x + 45.0 - 9.0) / 6.0 + 3.0 + 4.0
    cls = RoadUserClass.CAR if rng.random() < 0.5 else RoadUserClass.MOTORCYCLE
    if name == "crash":
        stop_s = float(rng.uniform(0.25, 0.4))
        legs = [cruise(reach - speed * stop_s / 2 + 0.1, speed), Leg(stop_s, 0.0)]
    elif name == "behind":
        brake_s = speed / float(rng.uniform(2.5, 3.5))
        legs = [cruise(reach - 1.0 - speed * brake_s / 2, speed), Leg(brake_s, 0.0)]
    else:
        y = LANES_Y[0] + 2.6
        legs = [cruise(90.0, speed)]
    begin = hits_at - sum(leg.seconds for leg in legs)
    # It starts two seconds after the one before it, and both drive on.
    legs += [] if name == "by" else [Leg(stand_s + 4.0, 0.0), Leg(5.0, 8.0), Leg(20.0, 8.0)]
    other = drive(f"{name}.{number}.a", cls, [(-45.0, y), (60.0, y)], begin, speed, legs)
    return [stands, other]


def _through(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Only passes through the square."""
    way = _across(float(rng.uniform(0.8, 19.0)), rng)
    return _walk(f"through.{number}", way, start, float(rng.uniform(1.1, 1.7)), [])


def _shares_a_door(mover: Mover, others: list[Mover]) -> bool:
    """Another comes out, or goes in, where it goes in or out, just before or after: nobody could tell who is who."""
    doors = [
        (float(one.t[end]), float(one.y[end]), one) for one in others for end in (0, -1) if one.x[end] > EAST - 0.5
    ]
    own = [(t, y) for t, y, one in doors if one is mover]
    return any(
        abs(t - at) < DOOR_S and abs(y - y0) < DOOR_M for t, y, one in doors if one is not mover for at, y0 in own
    )


def _along_the_yard(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Walks beside the yard, not in it."""
    way = [(5.3, -3.0), (5.3, 23.0)]
    return _walk(f"beside.{number}", way if rng.random() < 0.5 else way[::-1], start, float(rng.uniform(1.1, 1.7)), [])


def _into_the_yard(number: int, start: float, rng: np.random.Generator) -> Mover:
    """Goes into the yard and comes out."""
    y, deep = float(rng.uniform(5, 16)), float(rng.uniform(7.2, 9.0))
    way = [(4.5, y - 1.0), (deep, y - 1.0), (deep, y + 0.5), (4.5, y + 0.5)]
    return _walk(f"intruder.{number}", way, start, float(rng.uniform(1.0, 1.6)), [])


def _camera(rng: np.random.Generator) -> Camera:
    size = SIZES_PX[int(rng.integers(len(SIZES_PX)))]
    lens = float(rng.uniform(0.60, 0.68)), float(rng.uniform(-0.16, -0.02)), float(rng.uniform(0, 0.02))
    place = float(rng.uniform(-4, 4)), float(rng.uniform(-16, -13)), float(rng.uniform(7.5, 10))
    return Camera.looking_at(place, (0.5, 10.0), size, *lens)


def _scene(camera: Camera, rng: np.random.Generator) -> SceneConfig:
    draw = Drawing(camera)
    areas = (("square", "presence", SQUARE), ("yard", "restricted", YARD), ("street", "carriageway", STREET))
    zones = [{"id": name, "kind": kind, "polygon": draw.polygon(area)} for name, kind, area in areas]
    spots = [(x, y) for x in (-8.0, 0.0, 8.0) for y in (1.0, 8.0, 15.0, 22.0, 31.0)]
    document = {
        "version": 1,
        "scene_version": 1,
        "name": "simulated square",
        "zones": zones,
        "calibration": draw.calibration(spots, rng),
        "rules": {
            "loitering": {"zones": ["square"], "min_s": LOITER_S},
            "crowding": {"zones": ["square"], "min_people": CROWD, "min_s": CROWD_S, "clear_s": 10},
            "abandoned_object": {"zones": ["square"], "min_s": ALONE_S},
            "intrusion": {"zones": ["yard"]},
            "collision_suspicion": {"zones": ["street"]},
        },
    }
    return SceneConfig.model_validate(document)
