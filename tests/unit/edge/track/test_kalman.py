"""The filter: seconds, not frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.track.association import overlap
from edge.track.kalman import BoxState, Noise, centres

NOISE = Noise()
BOX = np.array([[100.0, 100.0, 150.0, 140.0]])


def fields_of(state: BoxState) -> list[np.ndarray]:
    return [state.mean, state.velocity, state.pp, state.pv, state.vv]


@given(st.lists(st.floats(0.001, 2), min_size=1, max_size=6))
def test_a_time_split_into_steps_is_the_same_time(steps: list[float]) -> None:
    """A camera that drops frames must not become surer or less sure of where things are."""
    whole, split = BoxState.first(BOX, NOISE), BoxState.first(BOX, NOISE)
    whole.velocity[:, :2] = split.velocity[:, :2] = (30, -10)
    whole.predict(sum(steps), NOISE)
    for step in steps:
        split.predict(step, NOISE)
    for a, b in zip(fields_of(whole), fields_of(split), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("interval", [1 / 30, 0.1, 0.2])
def test_speed_is_learnt_in_pixels_per_second_at_any_rate(interval: float) -> None:
    """120 px/s are 4 px a frame at 30 fps and 24 at 5."""
    state = BoxState.first(BOX, NOISE)
    for t in np.arange(interval, 2.0, interval):
        state.predict(interval, NOISE)
        moved = BOX + np.array([[120 * t, 0, 120 * t, 0]])
        state.correct(np.array([0]), moved, np.ones(1), NOISE)
    assert state.velocity[0, 0] == pytest.approx(120, rel=0.05)
    assert abs(state.velocity[0, 1]) < 1


def test_a_doubtful_box_moves_the_state_less() -> None:
    """Half hidden cars give cut boxes."""
    sure, doubtful = BoxState.first(BOX, NOISE), BoxState.first(BOX, NOISE)
    for state, trust in ((sure, 1.0), (doubtful, 0.2)):
        state.predict(0.1, NOISE)
        state.correct(np.array([0]), BOX + 10, np.array([trust]), NOISE)
    assert sure.mean[0, 0] > doubtful.mean[0, 0] > 125


def test_time_does_not_run_back() -> None:
    """A negative step would make the spread negative."""
    with pytest.raises(ValueError, match="past"):
        BoxState.first(BOX, NOISE).predict(-0.1, NOISE)


def test_boxes_and_centres_are_inverse() -> None:
    """What goes in comes out."""
    state = BoxState.first(BOX, NOISE)
    np.testing.assert_allclose(state.xyxy(), BOX)
    np.testing.assert_allclose(centres(BOX), [[125, 120, 50, 40]])


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=30))
def test_the_spread_stays_positive(steps: list[float]) -> None:
    """Also with frames of the same time."""
    state = BoxState.first(BOX, NOISE)
    for step in steps:
        state.predict(step, NOISE)
        state.correct(np.array([0]), BOX, np.ones(1), NOISE)
    assert (state.pp > 0).all()
    assert (state.vv > 0).all()


def coming(depth_m: float) -> np.ndarray:
    """Box of a car 1.8 m wide and 1.5 m high, 4 m to the right of a camera that hangs 8 m high; focal length 900 px."""
    left, right = (900 * x / depth_m for x in (3.1, 4.9))
    top, bottom = (900 * y / depth_m for y in (6.5, 8.0))
    return np.array([[left, top, right, bottom]])


@pytest.mark.parametrize("speed_mps", [22.0, -22.0])
def test_who_comes_near_is_expected_larger_and_faster(speed_mps: float) -> None:
    """At 8 fps and 80 km/h a car leaves its box between two frames."""
    interval, begin_m, end_m = 1 / 8, *((60.0, 16.0) if speed_mps > 0 else (16.0, 60.0))
    depths = np.arange(begin_m, end_m, -speed_mps * interval)
    state = BoxState.first(coming(depths[0]), NOISE)
    for depth in depths[1:-2]:
        state.predict(interval, NOISE)
        state.correct(np.array([0]), coming(depth), np.ones(1), NOISE)
    state.predict(2 * interval, NOISE)
    assert overlap(state.xyxy(), coming(depths[-1]))[0, 0] > 0.4


def test_a_box_that_comes_out_from_behind_something_does_not_come_near() -> None:
    """It grows and does not move: nothing on the road does that."""
    state = BoxState.first(BOX, NOISE)
    for step in range(1, 20):
        state.predict(0.1, NOISE)
        state.correct(np.array([0]), BOX + np.array([[-step, -step, step, step]]), np.ones(1), NOISE)
    assert abs(state.growth(NOISE)[0]) < 0.05
