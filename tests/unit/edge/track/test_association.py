"""Association: overlap, classes, assignment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.classes import RoadUserClass
from edge.track.association import assign, overlap, same_group, similar_size, widened

SIDES = st.floats(1, 200)
BOXES = st.lists(st.tuples(SIDES, SIDES, SIDES, SIDES), min_size=1, max_size=5).map(
    lambda rows: np.array([(x, y, x + w, y + h) for x, y, w, h in rows])
)


def test_overlap_of_known_boxes() -> None:
    """Half over half: a third."""
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], float)
    np.testing.assert_allclose(overlap(boxes[:1], boxes), [[1, 1 / 3, 0]])


@given(BOXES, BOXES)
def test_overlap_is_a_share_and_has_no_order(first: np.ndarray, second: np.ndarray) -> None:
    """Between 0 and 1, the same both ways."""
    found = overlap(first, second)
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
    np.testing.assert_allclose(found, overlap(second, first).T)


def test_boxes_without_area_overlap_nothing() -> None:
    """No division by zero."""
    point = np.array([[5, 5, 5, 5]], float)
    assert overlap(point, point).tolist() == [[0]]


def test_the_best_sum_wins_over_the_best_pair() -> None:
    """A greedy choice would leave the second track without its car."""
    rows, columns = assign(np.array([[0.9, 0.8], [0.8, 0.1]]), 0.2)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_nothing_below_the_least_is_paired() -> None:
    """Hungarian assignment pairs everything unless it is told not to."""
    rows, _ = assign(np.array([[0.1, 0.19], [0.0, 0.1]]), 0.2)
    assert len(rows) == 0


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_nothing_to_pair(shape: tuple[int, int]) -> None:
    """Empty roads, blind detectors."""
    assert len(assign(np.zeros(shape), 0.2)[0]) == 0


def test_a_car_may_be_a_truck_but_not_a_person() -> None:
    """Detectors waver within a group only."""
    classes = np.array([RoadUserClass.CAR, RoadUserClass.PERSON, RoadUserClass.BICYCLE], np.int64)
    others = np.array([RoadUserClass.TRUCK, RoadUserClass.PERSON, RoadUserClass.MOTORCYCLE], np.int64)
    np.testing.assert_array_equal(same_group(classes, others), np.eye(3, dtype=bool))


def test_sizes() -> None:
    """A car three times as wide is another car."""
    boxes = np.array([[0, 0, 10, 10]], float)
    others = np.array([[0, 0, 19, 10], [0, 0, 30, 10]], float)
    assert similar_size(boxes, others, 2.0).tolist() == [[True, False]]


def test_widening_keeps_the_centre() -> None:
    """By a share of each side."""
    np.testing.assert_allclose(widened(np.array([[0, 0, 10, 20]], float), np.array([0.5])), [[-5, -10, 15, 30]])
