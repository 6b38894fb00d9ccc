"""The ground plane: right where it says so, honest where it is not, and never a plane out of nonsense."""

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.scene import Calibration, Lens
from edge.scene.ground import CalibrationError, Ground, ground_of
from edge.scene.lens import Distortion
from edge.scene.tangent_plane import TangentPlane
from tests.unit.edge.scene.camera_story import Pinhole

CAMERA = Pinhole()
AROUND = [(-11.0, 24.0), (11.0, 24.0), (-28.0, 75.0), (28.0, 75.0)]
MANY = [*AROUND, (0.0, 40.0), (-8.0, 55.0), (10.0, 32.0), (6.0, 65.0), (-4.0, 29.0), (14.0, 50.0)]


def calibration(document: dict[str, Any]) -> Calibration:
    return Calibration.model_validate(document)


def moved(which: int, dx: float, dy: float) -> Calibration:
    """Ten good points, one of them measured elsewhere."""
    points = CAMERA.calibration(MANY, random.Random(3), 0.7).model_dump(exclude_none=True)["points"]
    x, y = points[which]["metres"]
    points[which]["metres"] = (x + dx, y + dy)
    return calibration({"points": points})


@settings(max_examples=40)
@given(x=st.floats(-10, 10), y=st.floats(25, 70), height_m=st.floats(4, 20), tilt_deg=st.floats(8, 30))
def test_a_point_of_the_road_is_found_where_it_is(x: float, y: float, height_m: float, tilt_deg: float) -> None:
    camera = Pinhole(height_m=height_m, tilt_deg=tilt_deg, focal=0.4)
    ground = Ground(camera.calibration([(-5, 26), (5, 24), (6, 60), (-6, 64)]), camera.size)
    seen = camera.pixel(x, y)
    assert seen is not None
    assert ground.metres(seen) == pytest.approx((x, y), abs=1e-5)
    back = ground.pixel((x, y))
    assert back == pytest.approx(seen, abs=1e-4)


def test_slopes_are_what_a_pixel_is_on_the_ground() -> None:
    ground = Ground(CAMERA.calibration(MANY), CAMERA.size)
    for u, v in ((300.0, 400.0), (640.0, 500.0), (900.0, 350.0)):
        xu, xv, yu, yv = ground.slopes((u, v))
        (x0, y0), (x1, y1) = ground.metres((u - 0.01, v)), ground.metres((u + 0.01, v))
        assert (xu, yu) == pytest.approx(((x1 - x0) / 0.02, (y1 - y0) / 0.02), rel=1e-4, abs=1e-6)
        (x0, y0), (x1, y1) = ground.metres((u, v - 0.01)), ground.metres((u, v + 0.01))
        assert (xv, yv) == pytest.approx(((x1 - x0) / 0.02, (y1 - y0) / 0.02), rel=1e-4, abs=1e-6)


def test_the_surveyed_junction_fits_as_its_readme_says(clips: Path) -> None:
    """Real survey (UTM 32N), real lens: residual 0.07 to 0.24 m."""
    surveyed = json.loads((clips / "surveyed_junction.otrfpts").read_text())
    points = [
        {"image": [p["x_px"] / 800, p["y_px"] / 600], "metres": [p["lon_utm"], p["lat_utm"]]} for p in surveyed.values()
    ]
    ground = Ground(calibration({"points": points}), (800, 600))
    assert ground.residuals.rms is not None
    assert 0.07 <= ground.residuals.rms <= 0.24
    assert ground.residuals.outliers == ()
    assert ground.is_good
    x, y = ground.metres((353, 192))
    assert math.hypot(x - 844091.24, y - 5673189.84) == pytest.approx(ground.residuals.each[4], abs=1e-6)
    strict = Ground(calibration({"points": points, "max_residual_m": 0.1}), (800, 600))
    assert not strict.is_good
    assert f"fit to {ground.residuals.rms:.2f} m only, max_residual_m is 0.1 m; look at point" in str(strict.reason)


@pytest.mark.parametrize("which", range(10))
def test_one_wrong_point_among_many_is_found_and_left_out(which: int) -> None:
    """Two numbers exchanged in a survey sheet must not bend every speed on the camera."""
    ground = Ground(moved(which, 4.0, -3.0), CAMERA.size)
    assert ground.residuals.outliers == (which,)
    assert ground.residuals.worst == which
    assert ground.is_good
    for x, y in ((0.0, 30.0), (5.0, 50.0)):
        seen = CAMERA.pixel(x, y)
        assert seen is not None
        assert math.dist(ground.metres(seen), (x, y)) < 0.4


def test_good_points_are_all_kept() -> None:
    for seed in range(20):
        ground = Ground(CAMERA.calibration(MANY, random.Random(seed), 1.0), CAMERA.size)
        assert ground.residuals.outliers == ()


def test_four_points_always_fit_so_their_residual_is_unknown() -> None:
    """Zero would be a lie: nobody knows how well they were read."""
    ground = Ground(CAMERA.calibration(AROUND), CAMERA.size)
    assert ground.residuals.rms is None
    assert ground.residuals.leave_one_out is None
    assert 0.1 < ground.error_m < 0.5
    far = Ground(CAMERA.calibration([(-9, 110), (9, 110), (-9, 130), (9, 130)]), CAMERA.size)
    assert not far.is_good
    assert "from four points the plane is known to" in str(far.reason)


def test_error_of_a_length_is_what_chance_makes_of_it() -> None:
    """The propagated error against a hundred calibrations read with the error it assumes."""
    seen = CAMERA.pixel(2.0, 45.0), CAMERA.pixel(2.0, 49.0), CAMERA.pixel(4.0, 47.0), CAMERA.pixel(0.0, 47.0)
    ratios, told = [], []
    for seed in range(80):
        ground = Ground(CAMERA.calibration(AROUND, random.Random(seed), 1.5), CAMERA.size)
        a, b, c, d = (ground.metres(pixel) for pixel in seen if pixel is not None)
        ratios += [math.dist(a, b) / 4 - 1, math.dist(c, d) / 4 - 1]
        told.append(ground.length_error(seen[0] or (0, 0)))
    spread = math.sqrt(sum(r * r for r in ratios) / len(ratios))
    assert 0.6 < spread / (sum(told) / len(told)) < 1.5


def test_outside_the_region_it_does_not_hold() -> None:
    ground = Ground(CAMERA.calibration(AROUND), CAMERA.size)
    inside, outside = CAMERA.pixel(0, 40), CAMERA.pixel(0, 120)
    assert inside is not None
    assert outside is not None
    assert ground.is_valid(inside)
    assert not ground.is_valid(outside)
    with pytest.raises(ValueError, match="not on the ground"):
        ground.metres((640, -100))
    assert ground.pixel((0, -50)) is None


def test_picture_size_changes_nothing_on_the_ground() -> None:
    shares = CAMERA.calibration(MANY, random.Random(1), 1.0)
    small, large = Ground(shares, (640, 360)), Ground(shares, (1920, 1080))
    assert small.metres((320, 200)) == pytest.approx(large.metres((960, 600)), abs=0.02)


def test_nonsense_gives_an_error_with_the_cure() -> None:
    crossed = [(-11.0, 24.0), (11.0, 24.0), (28.0, 75.0), (-28.0, 75.0)]
    points = CAMERA.calibration(AROUND).model_dump(exclude_none=True)["points"]
    swapped = calibration({"points": [{**p, "metres": q} for p, q in zip(points, crossed, strict=True)]})
    with pytest.raises(CalibrationError, match=r"calibration\.points: .*cannot be seen so by any camera.*; expected"):
        Ground(swapped, CAMERA.size)
    mirrored = calibration({"points": [{**p, "metres": (p["metres"][1], p["metres"][0])} for p in points]})
    with pytest.raises(CalibrationError, match="east and north may have changed places"):
        Ground(mirrored, CAMERA.size)
    assert ground_of(mirrored, CAMERA.size) is None
    assert ground_of(None, CAMERA.size) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 2, *[st.floats(-100, 100)] * 2), min_size=4, max_size=9))
def test_any_points_give_a_plane_or_an_error(places: list[tuple[float, float, float, float]]) -> None:
    """Never a crash of the camera, never a plane of not-a-number."""
    try:
        read = calibration({"points": [{"image": (u, v), "metres": (x, y)} for u, v, x, y in places]})
        ground = Ground(read, (640, 480))
    except ValueError:
        return
    assert all(map(math.isfinite, ground.residuals.each))
    for pixel in ground.image:
        if ground.is_valid(pixel):
            assert all(map(math.isfinite, ground.metres(pixel)))


@settings(max_examples=50)
@given(k1=st.floats(-0.25, 0.2), k2=st.floats(0, 0.1), u=st.floats(0, 1280), v=st.floats(0, 720))
def test_a_lens_is_taken_out_as_it_was_put_in(k1: float, k2: float, u: float, v: float) -> None:
    lens = Distortion.of(Lens(focal=0.9, k1=k1, k2=k2), (1280, 720))
    assert lens.ideal(lens.seen((u, v))) == pytest.approx((u, v), abs=1e-3)


def test_a_lens_bends_what_the_plane_would_miss() -> None:
    lens = Lens(focal=0.9, k1=-0.3, k2=0.08)
    bent = Distortion.of(lens, CAMERA.size)

    def shown(x: float, y: float) -> tuple[float, float]:
        seen = CAMERA.pixel(x, y)
        assert seen is not None
        return bent.seen(seen)

    points = [
        {"image": (shown(x, y)[0] / CAMERA.size[0], shown(x, y)[1] / CAMERA.size[1]), "metres": (x, y)} for x, y in MANY
    ]
    straight, corrected = (
        Ground(calibration({"points": points, "lens": given}), CAMERA.size) for given in (None, lens.model_dump())
    )
    assert corrected.residuals.rms == pytest.approx(0, abs=1e-4)
    assert straight.residuals.rms is not None
    assert straight.residuals.rms > 0.1
    assert corrected.metres(shown(9, 27)) == pytest.approx((9, 27), abs=1e-3)
    assert corrected.pixel((9, 27)) == pytest.approx(shown(9, 27), abs=1e-2)


def test_wgs84_and_back() -> None:
    """A degree of latitude is 110.6 km at the equator and 111.7 at the poles; of longitude 111.3 km cos φ."""
    plane = TangentPlane(10.7769, 106.7009)
    assert plane.metres(11.7769, 106.7009)[1] == pytest.approx(110_610, abs=15)
    assert TangentPlane(60, 25).metres(60, 26)[0] == pytest.approx(55_800, abs=5)
    x, y = plane.metres(10.7779, 106.7019)
    assert plane.wgs84((x, y)) == pytest.approx((10.7779, 106.7019), abs=1e-12)


def test_points_in_wgs84_give_places_in_wgs84() -> None:
    plane = TangentPlane(10.7769, 106.7009)
    points = [
        {"image": point.image, "wgs84": plane.wgs84(point.metres or (0, 0))}
        for point in CAMERA.calibration(MANY).points
    ]
    ground = Ground(calibration({"points": points}), CAMERA.size)
    seen = CAMERA.pixel(3, 44)
    assert seen is not None
    assert ground.wgs84(ground.metres(seen)) == pytest.approx(plane.wgs84((3, 44)), abs=1e-7)
    assert Ground(CAMERA.calibration(MANY), CAMERA.size).wgs84((0, 0)) is None
