"""When the truth says that a broken-down car stood with free road ahead, on ways whose answer is known by hand."""

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation.acts import Act, Ways
from tests.simulation.camera import Camera
from tests.simulation.drawing import Drawing
from tests.simulation.scripted import Leg, cruise, drive
from tests.simulation.trajectory import Mover
from tests.simulation.truth import acts_of
from tests.simulation.truth_standing import _jams, stands
from tests.simulation.world import World

CAMERA = Camera.looking_at((3.0, -25.0, 8.0), (2.0, 12.0), (1280, 720), 0.65)
ROAD = ((0.0, -18.0), (7.0, -18.0), (7.0, 34.0), (0.0, 34.0))


def acts(*movers: Mover, kerb: bool = False) -> list[Act]:
    """What happened on a road of two lanes to the north, as far as 34 m; or at its kerb, where nobody may stop."""
    kind = "no_stopping" if kerb else "carriageway"
    zone = {"id": "road", "kind": kind, "polygon": Drawing(CAMERA).polygon(ROAD)}
    rules = {"illegal_stopping": {"stop_s": 10}} if kerb else {"stopped_vehicle": {"zones": ["road"], "min_s": 20}}
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1, "zones": [zone], "rules": rules})
    ground = {"lanes": {"left": (0.0, 3.5), "right": (3.5, 7.0)}, "forward": (0.0, 1.0), "carriageway": ROAD}
    ground |= {"no_stopping": {"kerb": ROAD}} if kerb else {}
    return acts_of(Ways(World("test", 1, CAMERA, scene, movers, np.arange(0, 80, 0.1), {}, ground)))


def breakdown() -> Mover:
    """Comes to stand 10 m north after 9 s and stays for 50."""
    legs = [cruise(20, 4.0), Leg(4.0, 0.0), Leg(50.0, 0.0)]
    return drive("breakdown1", RoadUserClass.CAR, [(1.75, -18.0), (1.75, 60.0)], 0.0, 4.0, legs)


def test_alone_it_is_one_from_its_first_moment() -> None:
    (act,) = acts(breakdown())
    assert act.doubtful == ""
    assert act.at == pytest.approx(9.0, abs=0.3)
    assert act.until == pytest.approx(act.at, abs=0.3)


def test_who_crawls_ahead_holds_it_up_for_as_long() -> None:
    """A car that changes lanes ahead at 5 km/h for a quarter of a minute, then goes: either moment may be told."""
    legs = [cruise(25, 1.4), Leg(2.0, 9.0), cruise(40, 9.0)]
    (act,) = acts(breakdown(), drive("m.1", RoadUserClass.CAR, [(4.0, 14.0), (4.0, 90.0)], 8.0, 1.4, legs))
    assert act.doubtful == ""
    assert act.at == pytest.approx(9.0, abs=0.3)
    assert act.until == pytest.approx(8.0 + 25 / 1.4, abs=2.0)


def test_the_road_between_counts_from_the_rear_of_who_stands_ahead() -> None:
    """The lorry's front is 32 m ahead, its rear 25 m."""
    legs = [Leg(70.0, 0.0)]
    lorry = drive("jam", RoadUserClass.TRUCK, [(1.75, 42.0), (1.75, 60.0)], 0.0, 0.0, legs)
    told = {act.mover: act.doubtful for act in acts(breakdown(), lorry)}
    assert told[0] != ""


def test_who_stood_with_nobody_ahead_may_be_told_though_somebody_came_by_and_stands_there_now() -> None:
    """Nobody broke down: a car waits for 50 s behind nothing; after 30 s of it a motorcycle goes by and stops ahead."""
    legs = [cruise(20, 4.0), Leg(4.0, 0.0), Leg(50.0, 0.0)]
    car = drive("f1", RoadUserClass.CAR, [(1.75, -18.0), (1.75, 60.0)], 0.0, 4.0, legs)
    legs = [cruise(30, 6.0), Leg(3.0, 0.0), Leg(60.0, 0.0)]
    passer = drive("f2", RoadUserClass.MOTORCYCLE, [(1.0, -18.0), (1.0, 60.0)], 31.0, 6.0, legs)
    told = {act.mover: act.doubtful for act in acts(car, passer)}
    assert told[0] == "head of a queue"


def test_a_jam_may_have_begun_with_one_vehicle_fewer() -> None:
    """Four from 10 s, five (the least) from 22 s on, six for sure: and another time that nobody doubts."""
    ticks = np.arange(0, 200, 0.5)
    slow, surely = np.zeros(400, int), np.zeros(400, int)
    slow[20:40], slow[44:150], surely[50:140] = 4, 6, 6
    slow[300:340] = surely[300:340] = 7
    assert list(_jams(ticks, slow, surely, 5, 5.0)) == [(10.0, 74.5, 45.0), (150.0, 169.5, 20.0)]


def test_a_stop_at_the_kerb_may_be_told_from_when_the_others_left() -> None:
    """A lorry stands beside it for its first 20 s: the act begins then, at the latest."""
    legs = [cruise(20, 4.0), Leg(4.0, 0.0), Leg(50.0, 0.0)]
    stop = drive("stopping.1", RoadUserClass.CAR, [(5.25, -18.0), (5.25, 60.0)], 0.0, 4.0, legs)
    legs = [Leg(29.0, 0.0), Leg(3.0, 12.0), cruise(40, 12.0)]
    lorry = drive("m.1", RoadUserClass.TRUCK, [(1.75, 12.0), (1.75, 90.0)], 0.0, 0.0, legs)
    (act,) = (act for act in acts(stop, lorry, kerb=True) if act.mover == 0)
    assert (act.rule, act.doubtful) == ("illegal_stopping", "")
    assert act.at == pytest.approx(9.0, abs=0.3)
    assert act.until == pytest.approx(29.5, abs=1.5)


def test_a_nudge_does_not_end_a_stand() -> None:
    """Shoved forward by a hand's breadth within two seconds, it stands on at the same place."""
    legs = [Leg(20, 0.0), Leg(0.6, 0.55), Leg(0.9, 0.0), Leg(30, 0.0)]
    mover = drive("m", RoadUserClass.MOTORCYCLE, [(1.75, 0.0), (1.75, 60.0)], 0.0, 0.0, legs)
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1})
    ((since, until),) = stands(Ways(World("test", 1, CAMERA, scene, (mover,), np.arange(0, 60, 0.1), {}, {})).all[0])
    assert until - since > 40


@pytest.mark.parametrize(("y", "doubtful"), [(5.0, ""), (33.9, "at the zone's edge"), (34.2, "at the zone's edge")])
def test_who_stands_on_the_edge_of_the_zone_is_in_it_or_not(y: float, doubtful: str) -> None:
    front = y + 4.4  # its ground point is where it stands nearest to the camera: its rear
    stop = drive("stopping.1", RoadUserClass.CAR, [(5.25, front), (5.25, 60.0)], 0.0, 0.0, [Leg(50.0, 0.0)])
    (act,) = acts(stop, kerb=True)
    assert act.doubtful == doubtful


def test_who_stands_among_others_all_the_time_may_be_told_at_any() -> None:
    stop = drive("stopping.1", RoadUserClass.CAR, [(5.25, 10.0), (5.25, 60.0)], 0.0, 0.0, [Leg(50.0, 0.0)])
    lorry = drive("m.1", RoadUserClass.TRUCK, [(1.75, 12.0), (1.75, 90.0)], 0.0, 0.0, [Leg(50.0, 0.0)])
    act = next(act for act in acts(stop, lorry, kerb=True) if act.mover == 0)
    assert act.doubtful == "among others that stand"
    assert act.until == pytest.approx(50.0, abs=0.5)


def test_who_stands_beside_the_road_and_is_shoved_onto_it_stands_there_from_then_on() -> None:
    """The simulator shoves aside who waits at a mouth, a hand's breadth at a time."""
    legs = [Leg(5.0, 0.0), Leg(2.0, 0.1), cruise(4.0, 0.1), Leg(30.0, 0.0)]
    waits = drive("breakdown2", RoadUserClass.CAR, [(-1.0, 10.0), (60.0, 10.0)], 0.0, 0.0, legs)
    (act,) = acts(waits)
    assert act.at > 12
