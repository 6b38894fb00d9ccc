"""The simulated camera's own maths: a wrong lens here would make every crossing time wrong the same way."""

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from tests.simulation.camera import Camera
from tests.simulation.drawing import Drawing, clip
from tests.simulation.trajectory import SIZES, Mover

CAMERA = Camera.looking_at((3.0, -20.0, 8.0), (2.0, 15.0), (1280, 720), 0.65, -0.12, 0.015)


def car(x: float, y: float) -> Mover:
    t = np.array([0.0, 10.0])
    place = np.array([x, x]), np.array([y, y])
    return Mover("car.1", RoadUserClass.CAR, SIZES[RoadUserClass.CAR], t, *place, np.full(2, np.pi / 2))


def test_picture_and_ground_are_inverse() -> None:
    """Through the lens and back to the same centimetre, all over the picture."""
    spots = [(x, y) for x in (-8.0, 0.0, 9.0) for y in (-5.0, 5.0, 30.0)]
    pixels = np.array([CAMERA.on_ground(x, y) for x, y in spots])
    np.testing.assert_allclose(CAMERA.to_ground(pixels), spots, atol=1e-6)


def test_the_lens_is_that_of_the_contract() -> None:
    """r' = r (1 + k1 r² + k2 r⁴), r in focal lengths: what a scene's `lens` says."""
    plain = Camera(CAMERA.width, CAMERA.height, CAMERA.place, CAMERA.yaw, CAMERA.pitch, CAMERA.focal)
    centre, focal = np.array([640.0, 360.0]), 0.65 * 1280
    ideal = (np.array(plain.on_ground(9.0, 0.0)) - centre) / focal
    bent = (np.array(CAMERA.on_ground(9.0, 0.0)) - centre) / focal
    r = float(np.hypot(*ideal))
    assert np.hypot(*bent) == pytest.approx(r * (1 - 0.12 * r**2 + 0.015 * r**4))
    assert np.hypot(*bent) < r


def test_what_it_looks_at_is_in_the_middle_and_right_is_right() -> None:
    assert CAMERA.on_ground(2.0, 15.0) == pytest.approx((640, 360))
    assert CAMERA.on_ground(4.0, 15.0)[0] > 640
    assert CAMERA.on_ground(2.0, 25.0)[1] < 360


def test_a_box_stands_on_the_road_where_the_near_end_of_the_car_is() -> None:
    """Seen from behind, the bottom of a car's box is its rear bumper, 4.4 m behind its front."""
    box, depth = CAMERA.boxes(car(2.0, 10.0), np.array([5.0]))
    rear = CAMERA.on_ground(2.0, 10.0 - 4.4)
    assert box[0, 3] == pytest.approx(rear[1], abs=1.5)
    assert box[0, 0] < rear[0] < box[0, 2]
    assert depth[0] > 20


def test_behind_the_camera_nothing_is_seen() -> None:
    assert np.isnan(CAMERA.ground_points(car(3.0, -30.0), np.array([1.0]))).all()
    assert not CAMERA.sees([(3.0, -30.0)])


def test_above_the_horizon_there_is_no_ground() -> None:
    with pytest.raises(ValueError, match="horizon"):
        CAMERA.to_ground(np.array([[640.0, 1.0]]))


def test_a_drawn_line_ends_in_the_picture() -> None:
    """A scene's points are shares of the picture; what reaches out of it is cut, what lies outside is an error."""
    line = Drawing(CAMERA).line((-60.0, 5.0), (60.0, 5.0))
    assert all(0 <= value <= 1 for spot in line.values() for value in spot)
    assert line["start"][0] < 0.02
    assert line["end"][0] > 0.98
    with pytest.raises(ValueError, match="hardly in the picture"):
        Drawing(CAMERA).line((200.0, 5.0), (300.0, 5.0))


def test_a_polygon_is_cut_at_the_picture() -> None:
    assert sorted(clip([(-1, 0.2), (0.5, 0.2), (0.5, 0.8), (-1, 0.8)])) == [(0, 0.2), (0, 0.8), (0.5, 0.2), (0.5, 0.8)]
    assert clip([(2, 2), (3, 2), (3, 3)]) == []


def test_control_points_carry_the_errors_of_a_survey() -> None:
    spots = [(x, y) for x in (-5.0, 0.0, 5.0) for y in (0.0, 10.0, 20.0)]
    points = Drawing(CAMERA).calibration(spots, np.random.default_rng(1))["points"]
    off = np.array([point["metres"] for point in points]) - np.array(spots)
    assert len(points) == len(spots)
    assert 0 < np.abs(off).max() < 0.1
