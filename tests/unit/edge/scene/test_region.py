"""A region answers as the exact test does: a road user on the edge of a zone must not depend on how it was asked."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.scene.geometry import is_inside, signed_side
from edge.scene.region import GRID, Patchwork, Region

coordinates = st.integers(min_value=-40, max_value=1400).map(lambda n: n / 2)
points = st.tuples(coordinates, coordinates)


@given(st.lists(points, min_size=3, max_size=8, unique=True), st.lists(points, min_size=1, max_size=60))
def test_answers_as_the_exact_test(polygon: list[tuple[float, float]], asked: list[tuple[float, float]]) -> None:
    """Any polygon, also one that crosses itself or has no area; corners and middles of edges among the points."""
    region = Region(polygon)
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(polygon)]
    for point in [*asked, *polygon, *middles]:
        assert region.holds(point) == is_inside(point, polygon)


def test_answers_as_the_exact_test_on_borders_of_cells() -> None:
    """A point between two cells belongs to one of them, and either says the same."""
    polygon = [(100.0, 50.0), (420.0, 90.0), (380.0, 370.0), (120.0, 300.0)]
    region = Region(polygon)
    for column in range(GRID + 1):
        for row in range(GRID + 1):
            x, y = 100 + 320 * column / GRID, 50 + 320 * row / GRID
            for dx, dy in ((0, 0), (1e-9, 0), (-1e-9, 0), (0, 1e-9), (0, -1e-9)):
                assert region.holds((x + dx, y + dy)) == is_inside((x + dx, y + dy), polygon)


@pytest.mark.parametrize("place", [(0.0, 0.0), (1e9, 5.0), (-1e9, 5.0), (math.inf, 5.0)])
def test_far_away_is_outside(place: tuple[float, float]) -> None:
    """A box far outside of the picture is in no zone."""
    assert not Region([(1.0, 1.0), (9.0, 1.0), (5.0, 9.0)]).holds(place)


def test_of_most_points_nothing_is_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact test is what it saves: a day asks millions of times."""
    asked: list[tuple[float, float]] = []

    def counting(p: tuple[float, float], polygon: object) -> bool:
        asked.append(p)
        return is_inside(p, region.polygon)

    region = Region([(0.0, 0.0), (640.0, 0.0), (640.0, 640.0), (0.0, 640.0)])
    monkeypatch.setattr("edge.scene.region.is_inside", counting)
    for step in range(1000):
        assert region.holds((310.0 + step / 100, 315.0))
    assert len(asked) <= 2


lines = st.tuples(points, points).filter(lambda ends: ends[0] != ends[1])


@given(
    st.lists(st.lists(points, min_size=3, max_size=6, unique=True), max_size=4),
    st.lists(lines, max_size=4),
    st.lists(points, max_size=60),
)
def test_a_patchwork_answers_as_the_exact_tests(
    polygons: list[list[tuple[float, float]]],
    lines: list[tuple[tuple[float, float], tuple[float, float]]],
    asked: list[tuple[float, float]],
) -> None:
    """For every area and line, in the scene's order, also on edges and out of the picture; each twice."""
    patchwork = Patchwork({str(number): Region(polygon) for number, polygon in enumerate(polygons)}, (640, 360), lines)
    corners = [corner for polygon in polygons for corner in polygon]
    ends = [end for line in lines for end in line]
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in lines]
    for point in [*asked, *corners, *ends, *middles, *asked]:
        here = patchwork.at(point)
        assert here.areas == tuple(str(n) for n, polygon in enumerate(polygons) if is_inside(point, polygon))
        assert here.sides == tuple(signed_side(a, b, point) >= 0 for a, b in lines)
        assert here is patchwork.here(here.areas, here.sides)


def test_equal_places_are_one_object() -> None:
    """A road user that goes on in the same areas is known by that alone."""
    road = Region([(100.0, 100.0), (500.0, 100.0), (500.0, 300.0), (100.0, 300.0)])
    patchwork = Patchwork({"road": road}, (640, 360), [((300.0, 0.0), (300.0, 360.0))])
    east, west = patchwork.at((400.0, 200.0)), patchwork.at((150.0, 200.0))
    assert east.areas is west.areas is patchwork.at((100.0, 200.0)).areas
    assert (east.areas, east.sides, west.sides) == (("road",), (False,), (True,))
    assert patchwork.at((400.001, 299.999)) is east
    assert patchwork.at((-1.0, 200.0)).areas is patchwork.at((640.0, 360.0)).areas
    assert patchwork.at((math.inf, 200.0)).areas == ()


def test_most_patches_answer_without_being_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what runs through a patch is asked of each of its points."""
    asked: list[tuple[float, float]] = []
    road = Region([(100.0, 100.0), (500.0, 100.0), (500.0, 300.0), (100.0, 300.0)])
    patchwork = Patchwork({"road": road}, (640, 360))
    patchwork.at((301.0, 200.0))

    def counting(p: tuple[float, float], polygon: object) -> bool:
        asked.append(p)
        return is_inside(p, road.polygon)

    monkeypatch.setattr("edge.scene.region.is_inside", counting)
    for step in range(100):
        assert patchwork.at((301.0 + step / 100, 200.0)).areas == ("road",)
    assert not asked
