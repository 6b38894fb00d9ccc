"""Plane geometry: exact at corners, on edges, and mirrored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon

from edge.scene.geometry import (
    Point,
    along,
    angle_between_deg,
    boundary_fraction,
    box_iou,
    distance,
    edge_distance,
    is_inside,
    meeting,
    signed_side,
)

DENTED: list[Point] = [(0, 0), (100, 0), (100, 80), (50, 30), (0, 80)]
whole = st.integers(-20, 120)
points = st.tuples(whole, whole)


def test_right_of_a_line_is_right_of_the_walker() -> None:
    """Walking to the right of the picture, whoever is lower in the picture is at the right hand."""
    assert signed_side((0, 0), (10, 0), (5, 3)) > 0
    assert signed_side((0, 0), (10, 0), (5, -3)) < 0
    assert signed_side((0, 0), (10, 0), (5, 0)) == 0


def test_meeting_is_the_share_of_the_way() -> None:
    assert meeting((5, -1), (5, 3), (0, 0), (10, 0)) == pytest.approx(0.25)
    assert meeting((5, 3), (5, -1), (0, 0), (10, 0)) == pytest.approx(0.75)
    assert meeting((11, -1), (11, 3), (0, 0), (10, 0)) is None
    assert meeting((5, -3), (5, -1), (0, 0), (10, 0)) is None


def test_a_stop_on_the_line_is_one_passage() -> None:
    """Counted at the stop or at the start, never at both."""
    first = meeting((5, -1), (5, 0), (0, 0), (10, 0))
    second = meeting((5, 0), (5, 1), (0, 0), (10, 0))
    assert (first, second) == (1.0, None)


@given(p=points, polygon=st.just(DENTED))
def test_inside_agrees_with_shapely(p: Point, polygon: list[Point]) -> None:
    """Another implementation, edges included."""
    assert is_inside(p, polygon) == Polygon(polygon).covers(ShapelyPoint(p))
    assert is_inside(p, polygon[::-1]) == is_inside(p, polygon)


@given(p=points, q=points, a=points, b=points)
def test_meeting_lies_on_both(p: Point, q: Point, a: Point, b: Point) -> None:
    fraction = meeting(p, q, a, b)
    if fraction is None:
        return
    assert 0 <= fraction <= 1
    met = along(p, q, fraction)
    assert distance(a, met) + distance(met, b) == pytest.approx(distance(a, b), abs=1e-6)


def test_boundary_is_the_first_edge_met() -> None:
    square: list[Point] = [(0, 0), (10, 0), (10, 10), (0, 10)]
    assert boundary_fraction((-5, 5), (15, 5), square) == pytest.approx(0.25)
    assert boundary_fraction((2, 5), (3, 5), square) is None


@given(p=points)
def test_distance_to_the_edge_agrees_with_shapely(p: Point) -> None:
    assert edge_distance(p, DENTED) == pytest.approx(Polygon(DENTED).exterior.distance(ShapelyPoint(p)), abs=1e-9)


def test_angles() -> None:
    assert angle_between_deg((1, 0), (0, 5)) == pytest.approx(90)
    assert angle_between_deg((1, 0), (-2, 0)) == pytest.approx(180)
    with pytest.raises(ValueError, match="without length"):
        angle_between_deg((0, 0), (1, 0))


def test_overlap_of_boxes() -> None:
    assert box_iou((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert box_iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert box_iou((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert box_iou((0, 0, 0, 10), (0, 0, 10, 10)) == 0
