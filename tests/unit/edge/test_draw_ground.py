"""The ground over a picture: the engineer on the pole sees whether his points are good before a speed is believed."""

import math
import random
from typing import Any

import numpy as np
import pytest

from contracts.scene import Calibration
from edge.draw_ground import draw_ground
from edge.scene.ground import Ground
from edge.scene.ground_report import figures, verdict
from tests.unit.edge.scene.camera_story import Pinhole

CAMERA = Pinhole()
PLACES = [(-11.0, 24.0), (11.0, 24.0), (-28.0, 75.0), (28.0, 75.0), (0.0, 40.0), (-8.0, 55.0), (10.0, 32.0)]


def ground(places: list[tuple[float, float]] = PLACES, **changes: Any) -> Ground:
    points = CAMERA.calibration(places, random.Random(2), 1.0).model_dump(exclude_none=True)["points"]
    return Ground(Calibration.model_validate({"points": points, **changes}), CAMERA.size)


def one_wrong() -> Ground:
    points = CAMERA.calibration(PLACES).model_dump(exclude_none=True)["points"]
    points[5]["metres"] = (-14.0, 58.0)
    return Ground(Calibration.model_validate({"points": points}), CAMERA.size)


def drawn(plane: Ground) -> np.ndarray:
    image = np.full((CAMERA.size[1], CAMERA.size[0], 3), 90, np.uint8)
    assert draw_ground(image, plane) is image
    return image


def test_the_grid_lies_on_whole_metres_of_the_road_and_only_where_the_plane_holds() -> None:
    plane = ground()
    image = drawn(plane)
    x0, y0 = plane.origin
    on: list[bool] = []
    beside: list[bool] = []
    for i in range(-1, 2):
        for j in range(-2, 3):
            for dx, told in ((0.0, on), (2.5, beside)):
                u, v = plane.pixel((x0 + 5 * i + dx, y0 + 5 * j + 2.5)) or (0, 0)
                told.append(bool((image[round(v), round(u)] != 90).any()))
    assert sum(on) > sum(beside) + 8
    outside = [(20, 300), (1260, 300), (640, 40)]
    assert all((image[v, u] == 90).all() for u, v in outside if not plane.is_valid((u, v)))


def test_a_wrong_point_is_red_and_shows_where_it_should_be() -> None:
    plane = one_wrong()
    image = drawn(plane)
    u, v = plane.image[5]
    around = image[round(v) - 12 : round(v) + 12, round(u) - 12 : round(u) + 12].reshape(-1, 3)
    assert any((pixel == (80, 80, 255)).all() for pixel in around)
    assert (drawn(ground()) != image).any()


def test_the_verdict_says_residual_worst_point_and_whether_speeds_are_possible() -> None:
    words = " | ".join(verdict(ground()))
    assert "7 points, residual 0." in words
    assert "worst point" in words
    assert "speeds: yes" in words
    height_m = float(words.split("camera about ")[1].split(" m")[0])
    assert height_m == pytest.approx(CAMERA.height_m, abs=1.0)
    assert "left out, does not fit the others: point 5" in verdict(one_wrong())
    poor = " | ".join(verdict(ground(max_residual_m=0.01)))
    assert "speeds: no; the points fit to 0." in poor
    assert "look at point" in poor
    four = " | ".join(verdict(ground(PLACES[:4])))
    assert "4 points always fit; known to about 0." in four
    assert "worst" not in four


def test_figures_are_plain_numbers() -> None:
    said = figures(one_wrong())
    assert said["outliers"] == [5]
    assert said["worst_point"] == 5
    assert said["residuals_m"][5] == pytest.approx(math.hypot(6, 3), abs=0.5)
    assert (said["speeds"], said["reason"]) == (True, None)
    four = figures(ground(PLACES[:4]))
    assert (four["residual_m"], four["leave_one_out_m"], four["worst_point"]) == (None, None, None)


@pytest.mark.parametrize("size", [(64, 48), (352, 288), (3840, 2160)])
def test_any_picture_size(size: tuple[int, int]) -> None:
    plane = Ground(CAMERA.calibration(PLACES), size)
    image = np.zeros((size[1], size[0], 3), np.uint8)
    assert draw_ground(image, plane).any()


def test_a_wide_plane_is_not_drawn_for_minutes() -> None:
    """Points read off a map a kilometre apart: the grid gets coarser, not slower."""
    wide = {"points": [{"image": p.image, "metres": (40 * (p.metres or (0, 0))[0], 40 * (p.metres or (0, 0))[1])}
                       for p in CAMERA.calibration(PLACES).points]}  # fmt: skip
    assert drawn(Ground(Calibration.model_validate(wide), CAMERA.size)).any()
