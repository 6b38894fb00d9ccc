"""Counts beside the truth."""

from datetime import timedelta

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from tests.simulation.acts import Ways
from tests.simulation.camera import Camera
from tests.simulation.measures import lane_bins
from tests.simulation.scripted import cruise, drive
from tests.simulation.world import START, World

CAMERA = Camera.looking_at((3.0, -25.0, 8.0), (2.0, 12.0), (1280, 720), 0.65)


def bins(left: int, right: int) -> list[tuple[int, int, float]]:
    """A motorcycle in the left lane, one in the right, one on the line between them; so many were told of each."""
    movers = tuple(
        drive(str(x), RoadUserClass.MOTORCYCLE, [(x, -18.0), (x, 60.0)], 0.0, 8.0, [cruise(70, 8.0)])
        for x in (1.75, 5.25, 3.55)
    )
    ground = {"lanes": {"left": (0.0, 3.5), "right": (3.5, 7.0)}, "stretch": (0.0, 20.0)}
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1})
    ways = Ways(World("test", 1, CAMERA, scene, movers, np.arange(0, 20, 0.1), {}, ground))
    told = [
        Finding(
            "lane_statistics",
            1,
            "count",
            None,
            START,
            START + timedelta(minutes=15),
            lane,
            {"bin_min": 15, "total": {"count": count}},
        )
        for lane, count in (("left", left), ("right", right))
    ]
    return lane_bins(ways, told, 0.0, 900.0)


@pytest.mark.parametrize(
    ("left", "right", "true"), [(1, 2, (1, 2)), (2, 1, (2, 1)), (1, 1, (1, 1)), (0, 3, (1, 2)), (3, 0, (2, 1))]
)
def test_who_rides_on_the_line_may_be_counted_in_either_lane(left: int, right: int, true: tuple[int, int]) -> None:
    found = bins(left, right)
    assert [one[:2] for one in found] == [(true[0], left), (true[1], right)]
    assert [one[2] == 0 for one in found] == [true[0] == left, true[1] == right]
