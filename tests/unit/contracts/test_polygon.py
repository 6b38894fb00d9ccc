"""Polygons drawn by people: what is refused, and in which words."""

import pytest

from contracts.polygon import doubled_area, polygon_fault, segments_touch

SQUARE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (SQUARE[:2], "expected at least 3"),
        (tuple((i / 100, (i % 7) / 10) for i in range(65)), "expected at most 64"),
        ((*SQUARE, SQUARE[0]), "a point stands twice"),
        ((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), "sides 1 and 3 cross"),
        (((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), "cross"),
        (((0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)), "cross"),
        (((0.1, 0.1), (0.101, 0.1), (0.1, 0.101)), "has no area"),
    ],
)
def test_faults_are_named(polygon: tuple[tuple[float, float], ...], words: str) -> None:
    """A zone that cannot be stood in must not go on air in silence."""
    assert words in (polygon_fault(polygon) or "")


@pytest.mark.parametrize(
    "polygon",
    [SQUARE, SQUARE[::-1], ((0, 0), (1, 0), (0.2, 0.2), (0, 1)), ((0, 0), (0.5, 0), (1, 0), (1, 1))],
)
def test_simple_polygons_are_good(polygon: tuple[tuple[float, float], ...]) -> None:
    """Either direction, a dent, a corner on a straight side."""
    assert polygon_fault(polygon) is None


def test_area_has_the_sign_of_its_direction() -> None:
    assert doubled_area(SQUARE) == pytest.approx(2 * 0.64)
    assert doubled_area(SQUARE[::-1]) == pytest.approx(-2 * 0.64)


def test_segments_that_only_touch_do_touch() -> None:
    assert segments_touch((0, 0), (1, 1), (1, 1), (2, 0))
    assert segments_touch((0, 0), (2, 0), (1, 0), (1, 5))
    assert not segments_touch((0, 0), (1, 0), (2, 0), (3, 0))
    assert not segments_touch((0, 0), (1, 0), (0, 1), (1, 1))
