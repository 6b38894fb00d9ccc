"""Packet loss is silent: no exception, no corrupt flag. Only time tells."""

import random
from itertools import accumulate

import pytest

from edge.stream.gaps import GapDetector


def missing(times: list[float]) -> int:
    detector = GapDetector()
    return sum(detector.observe(time) for time in times)


def steady(fps: float, seconds: float) -> list[float]:
    return [index / fps for index in range(int(fps * seconds))]


@pytest.mark.parametrize("fps", [1, 2, 5, 10, 12.5, 24, 25, 29.97, 30, 60])
def test_a_steady_camera_has_no_holes(fps: float) -> None:
    assert missing(steady(fps, 60)) == 0


@pytest.mark.parametrize("fps", [1, 5, 10, 25, 30])
@pytest.mark.parametrize("lost", [1, 2, 10])
def test_a_hole_counts_the_frames_it_swallowed(fps: float, lost: int) -> None:
    times = steady(fps, 60)
    assert missing(times[:30] + times[30 + lost :]) == lost


def test_every_tenth_frame_lost() -> None:
    times = [time for index, time in enumerate(steady(25, 60)) if index % 10]
    expected = len(steady(25, 60)) // 10
    assert missing(times) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize("seed", range(5))
def test_jitter_of_the_camera_is_no_loss(seed: int) -> None:
    chance = random.Random(seed)
    times = [time + chance.uniform(-0.004, 0.004) for time in steady(25, 60)]
    assert missing(times) == 0


@pytest.mark.parametrize("seed", range(5))
def test_an_uneven_camera_is_not_accused(seed: int) -> None:
    """Between 5 and 30 fps at whim, as with smart codecs."""
    chance = random.Random(seed)
    assert missing(list(accumulate(chance.uniform(1 / 30, 1 / 5) for _ in range(600)))) == 0


@pytest.mark.parametrize(("day", "night"), [(25, 12.5), (30, 5), (10, 1), (12.5, 25)])
def test_another_rate_at_night_is_no_loss(day: float, night: float) -> None:
    times = steady(day, 20)
    assert missing(times + [times[-1] + 1 / night + time for time in steady(night, 60)]) == 0


def test_repeated_and_backward_times_do_not_count() -> None:
    detector = GapDetector()
    assert sum(detector.observe(time) for time in [0, 0.04, 0.04, 0.02, *steady(25, 3)]) == 0


def test_a_restart_forgets_the_last_frame() -> None:
    detector = GapDetector()
    for time in steady(25, 4):
        detector.observe(time)
    detector.restart()
    assert sum(detector.observe(1000 + time) for time in steady(25, 4)) == 0


def test_interval_is_known_after_some_frames() -> None:
    detector = GapDetector()
    assert detector.interval_s is None
    for time in steady(10, 3):
        detector.observe(time)
    assert detector.interval_s == pytest.approx(0.1)
