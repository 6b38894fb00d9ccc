"""What the truth says of moving traffic, on ways whose answer is known by hand."""

from typing import Any

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation.acts import Ways
from tests.simulation.camera import Camera
from tests.simulation.drawing import Drawing
from tests.simulation.scripted import cruise, drive
from tests.simulation.truth import _gone_on
from tests.simulation.truth_flow import speeding
from tests.simulation.world import World

CAMERA = Camera.looking_at((3.0, -25.0, 8.0), (2.0, 12.0), (1280, 720), 0.65)


@pytest.mark.parametrize(("x_at_end", "lane"), [(1.75, "left"), (5.25, "")])
def test_who_speeds_from_one_lane_into_another_may_be_told_in_either(x_at_end: float, lane: str) -> None:
    left = ((0.0, -18.0), (3.5, -18.0), (3.5, 34.0), (0.0, 34.0))
    drawing = Drawing(CAMERA)
    spots = [(x, y) for x in (-1.5, 3.5, 8.0) for y in (-5.0, 5.0, 20.0)]
    document = {
        "version": 1,
        "scene_version": 1,
        "lanes": [
            {
                "id": "left",
                "polygon": drawing.polygon(left),
                "direction": drawing.arrow((1.75, 0.0), (1.75, 20.0)),
                "speed_limit_kmh": 50,
            }
        ],
        "calibration": drawing.calibration(spots, np.random.default_rng(1)),
        "rules": {"speeding": {}},
    }
    scene = SceneConfig.model_validate(document)
    ground: dict[str, Any] = {"lanes": {"left": (0.0, 3.5), "right": (3.5, 7.0)}, "forward": (0.0, 1.0)}
    ground |= {"stretch": (-18.0, 34.0), "limit_kmh": 50.0}
    way = [(1.75, -18.0), (1.75, 0.0), (x_at_end, 30.0), (x_at_end, 90.0)]
    mover = drive("speeder", RoadUserClass.CAR, way, 0.0, 25.0, [cruise(100, 25.0)])
    ways = Ways(World("test", 1, CAMERA, scene, (mover,), np.arange(0, 3, 0.1), {}, ground))
    (act,) = speeding(ways)
    assert (act.rule, act.where, act.doubtful) == ("speeding", lane, "")


@pytest.mark.parametrize(("beyond", "why"), [(0.7, "hardly gone on before it ended"), (1.4, "")])
def test_a_lorry_that_stood_has_gone_on_when_the_rule_s_sizes_lie_behind_it(beyond: float, why: str) -> None:
    """Eleven metres are not its own length: on green before that it has not run the light beyond doubt."""
    lorry = drive("lorry", RoadUserClass.TRUCK, [(1.75, -18.0), (1.75, 90.0)], 0.0, 4.0, [cruise(100, 4.0)])
    ways = Ways(
        World("test", 1, CAMERA, SceneConfig(version=1, scene_version=1), (lorry,), np.arange(0, 3, 0.1), {}, {})
    )
    (act,) = _gone_on("stop", ways.all[0], (1.0, 2.0), "", {"driven_m": 11.0, "beyond": beyond, "steady": 0.1}, 1.0)
    assert act.doubtful == why
