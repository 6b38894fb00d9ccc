"""Means and areas are exactly rounded: the same bits in any order of their parts and under any Python.

From 3.12 on `sum` of floats compensates its rounding, in 3.11 it does not, so a replay's bytes differed. A plain sum in
3.11 depends on the order, which is what is asked here; values are taken by which a plain sum does.
"""

import math
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest

from contracts.polygon import doubled_area
from edge.rules.lane_statistics import _mean as mean_of_lane
from edge.rules.not_yielding import _mean as mean_of_path
from edge.scene.sample import Sample
from edge.scene.speed import _mean as mean_of_course
from tests.unit.edge.road_story import START

VALUES = [0.1, 0.7, 1e3 / 3, 2.2, 5e-5 / 7, 19.9]


def lane(values: list[float]) -> float | None:
    return mean_of_lane(values)


def ground_points(values: list[float]) -> tuple[float, float]:
    return mean_of_path(tuple(Sample(START + timedelta(seconds=n), (v, v), 10.0) for n, v in enumerate(values)))


def course(values: list[float]) -> tuple[float, float, float]:
    return mean_of_course((tuple(values), tuple(values), tuple(values)), 0, len(values))


@pytest.mark.parametrize("mean", [lane, ground_points, course])
def test_a_mean_does_not_depend_on_the_order(mean: Callable[[list[float]], object]) -> None:
    assert len({mean(list(values)) for values in permutations(VALUES)}) == 1


def test_a_mean_is_that_of_exact_numbers() -> None:
    """Ten times 0.1 add to one: a plain sum in 3.11 gives 0.9999999999999999."""
    assert mean_of_lane([0.1] * 10) == 0.1
    assert ground_points([0.1] * 10) == (0.1, 0.1)
    assert course([0.1] * 10) == (0.1, 0.1, 0.1)


def test_a_polygon_has_the_same_area_from_any_corner_on() -> None:
    rng = random.Random(4)
    for _ in range(50):
        turns = sorted(rng.uniform(0, 2 * math.pi) for _ in range(9))
        corners = [
            (0.5 + rng.uniform(0.1, 0.5) * math.cos(t), 0.5 + rng.uniform(0.1, 0.5) * math.sin(t)) for t in turns
        ]
        assert len({doubled_area(corners[n:] + corners[:n]) for n in range(9)}) == 1
