"""Standing and heading of one track, sighting by sighting."""

import math
from datetime import timedelta

import pytest

from contracts.scene import Motion
from edge.scene.geometry import Point
from edge.scene.motion import Against, HeadingWatch, StandWatch
from edge.scene.sample import Sample, seconds
from tests.unit.edge.road_story import START

UP: Point = (0, -1)


def sample(at_s: float, x: float, y: float = 0, size: float = 40) -> Sample:
    return Sample(START + timedelta(seconds=at_s), (x, y), size)


def stand(*places: tuple[float, float]) -> list[tuple[str, float]]:
    watch = StandWatch(sample(*places[0]))
    changes = [watch.step(sample(*place), Motion()) for place in places]
    return [(change[0], seconds(change[1], START)) for change in changes if change]


def test_within_a_quarter_of_its_size_for_two_seconds_is_standing() -> None:
    assert stand((0, 0), (1, 9), (2, 1)) == [("stopped", 0)]
    assert stand((0, 0), (1, 9), (1.9, 1)) == []


def test_slower_than_the_formula_says_stands_and_faster_does_not() -> None:
    """v = 0.25 / 2 box sizes per second is the border: 5 px/s for a box of 40."""
    slow = [(t / 10, 0.45 * t) for t in range(60)]
    fast = [(t / 10, 0.9 * t) for t in range(600)]
    assert stand(*slow)[0][0] == "stopped"
    assert stand(*fast) == []


def test_moving_again_is_told_with_the_moment_it_left() -> None:
    assert stand((0, 0), (2, 0), (3, 30), (3.3, 40), (3.6, 50)) == [("stopped", 0), ("moved", 3)]


def test_one_bad_box_is_passed_over() -> None:
    assert stand((0, 0), (1, 0), (1.1, 80), (1.2, 0), (2, 0), (2.1, 80), (2.2, 0), (5, 0)) == [("stopped", 0)]


def drive(step: Point, seconds_long: float = 3, jump_at: float | None = None) -> list[Against | None]:
    watch, path, found = HeadingWatch(), [], []
    for number in range(round(seconds_long * 10) + 1):
        t = number / 10
        jump = 200 if jump_at is not None and t >= jump_at else 0
        path.append(sample(t, 100 + step[0] * t, 300 + step[1] * t + jump))
        found.append(watch.step(path, UP, 50, Motion()))
    return found


@pytest.mark.parametrize(("off_deg", "is_against"), [(0, True), (45, True), (55, False), (90, False), (180, False)])
def test_against_within_the_tolerance(off_deg: float, is_against: bool) -> None:
    heading = math.radians(off_deg)
    last = drive((60 * math.sin(heading), 60 * math.cos(heading)))[-1]
    assert (last is not None) == is_against
    if last is not None:
        assert last.angle_deg == pytest.approx(180 - off_deg)
        assert last.at == START
        assert last.travel == pytest.approx(3 * 60 * math.cos(heading) / 40)


def test_a_jump_against_the_direction_is_not_a_way() -> None:
    """Vehicle with the direction, the track jumps back 200 pixels to the one behind it."""
    assert [against for against in drive((0, -40), jump_at=1.5) if against] == []


def test_standing_has_no_heading() -> None:
    assert [against for against in drive((0, 2)) if against] == []
