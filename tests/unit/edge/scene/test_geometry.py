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
    sides_along,
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


LANE: list[Point] = [(40, 10), (60, 10), (90, 90), (10, 90)]
BENT: list[Point] = [(0, 90), (0, 40), (50, 0), (90, 0), (90, 20), (60, 20), (20, 50), (20, 90)]


@pytest.mark.parametrize("turn", range(4))
def test_a_lane_has_two_ends(turn: int) -> None:
    lane = LANE[turn:] + LANE[:turn]
    both = {frozenset(LANE[1:3]), frozenset((LANE[3], LANE[0]))}
    assert {frozenset(side) for side in sides_along(lane, (50, 80), (50, 30))} == both
    assert {frozenset(side) for side in sides_along(lane[::-1], (52, 30), (48, 80))} == both


def test_an_end_of_several_pieces_is_one() -> None:
    lane: list[Point] = [(40, 10), (48, 9), (60, 10), (75, 50), (90, 90), (60, 92), (30, 92), (10, 90), (25, 50)]
    sides = [((60, 10), (75, 50)), ((75, 50), (90, 90)), ((10, 90), (25, 50)), ((25, 50), (40, 10))]
    assert {frozenset(side) for side in sides_along(lane, (50, 80), (50, 30))} == {frozenset(side) for side in sides}


def test_a_bend_is_no_end() -> None:
    """The arrow drawn on leaves by a side: at less than 45 degrees it remains one."""
    left = [
        edge
        for edge in zip(BENT, BENT[1:] + BENT[:1], strict=True)
        if edge not in sides_along(BENT, (10, 80), (22, 50))
    ]
    assert left == [((20, 90), (0, 90))]


def test_where_nothing_lies_along_the_arrow_every_edge_is_a_side() -> None:
    flat: list[Point] = [(0, 50), (50, 49), (100, 50), (50, 51)]
    assert len(sides_along(flat, (50, 100), (50, 0))) >= 2


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
