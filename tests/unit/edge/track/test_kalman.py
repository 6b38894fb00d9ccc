"""The filter: seconds, not frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
