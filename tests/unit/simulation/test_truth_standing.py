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
from tests.simulation.truth_standing import _jams
from tests.simulation.world import World

CAMERA = Camera.looking_at((3.0, -25.0, 8.0), (2.0, 12.0), (1280, 720), 0.65)
ROAD = ((0.0, -18.0), (7.0, -18.0), (7.0, 34.0), (0.0, 34.0))


def acts(*movers: Mover) -> list[Act]:
    """What happened on a road of two lanes to the north, as far as 34 m."""
    zone = {"id": "road", "kind": "carriageway", "polygon": Drawing(CAMERA).polygon(ROAD)}
    rules = {"stopped_vehicle": {"zones": ["road"], "min_s": 20}}
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1, "zones": [zone], "rules": rules})
    ground = {"lanes": {"left": (0.0, 3.5), "right": (3.5, 7.0)}, "forward": (0.0, 1.0), "carriageway": ROAD}
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


def test_a_jam_may_have_begun_with_one_vehicle_fewer() -> None:
    """Four from 10 s, five (the least) from 22 s on, six for sure: and another time that nobody doubts."""
    ticks = np.arange(0, 200, 0.5)
    slow, surely = np.zeros(400, int), np.zeros(400, int)
    slow[20:40], slow[44:150], surely[50:140] = 4, 6, 6
    slow[300:340] = surely[300:340] = 7
    assert list(_jams(ticks, slow, surely, 5, 5.0)) == [(10.0, 74.5, 45.0), (150.0, 169.5, 20.0)]
