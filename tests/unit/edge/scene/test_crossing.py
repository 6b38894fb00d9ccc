"""One track and one line, sighting by sighting."""

from datetime import timedelta
from itertools import pairwise

from edge.scene.crossing import LineWatch
from edge.scene.geometry import Point
from edge.scene.sample import Sample
from tests.unit.edge.road_story import START

LINE: tuple[Point, Point] = ((0, 100), (200, 100))
MARGINS = (0.1, 0.5)


def walk(*heights: float, x: float = 100, size: float = 50) -> list[tuple[str, float]]:
    """Directions and seconds of the crossings of a way through these y, one sighting a second."""
    samples = [Sample(START + timedelta(seconds=i), (x, y), size) for i, y in enumerate(heights)]
    watch = LineWatch(samples[0], *LINE)
    found: list[tuple[str, float]] = []
    for before, after in pairwise(samples):
        crossing = watch.step(before, after, LINE, MARGINS)
        if crossing:
            found.append((crossing.direction, (crossing.at - START).total_seconds()))
    return found


def test_counts_when_clearly_beyond_with_the_moment_of_passing() -> None:
    assert walk(90, 98, 102, 104, 110) == [("forward", 1.5)]
    assert walk(110, 90) == [("backward", 0.5)]


def test_not_beyond_the_margin_is_not_over() -> None:
    assert walk(90, 104, 96, 104, 96, 90) == []


def test_the_last_passing_before_going_on_is_the_moment() -> None:
    """A vehicle that rolls on the line and then goes has crossed when it goes."""
    assert walk(90, 102, 98, 99, 101, 120) == [("forward", 3.5)]


def test_back_over_the_line_needs_the_wider_margin() -> None:
    assert walk(90, 110, 90) == [("forward", 0.5)]
    assert walk(90, 110, 90, 110) == [("forward", 0.5)]
    assert [direction for direction, _ in walk(90, 110, 60)] == ["forward", "backward"]


def test_beside_the_end_is_nothing() -> None:
    assert walk(90, 110, x=250) == []
