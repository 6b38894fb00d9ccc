"""One road user's course in perspective: hidden where it shrinks or grows fast, it is still the same one."""

from collections.abc import Callable

import pytest

from contracts.classes import RoadUserClass
from edge.track.course import Course
from edge.track.stitch import Stitcher
from edge.track.track import Track
from tests.unit.edge.track.street import BUS, MOTORCYCLE, User, box_of
from tests.unit.edge.track.world import at

FPS = 12.5


def stitched(
    cls: RoadUserClass, metres: Callable[[float], float], hidden: tuple[float, float], fps: float = FPS
) -> list[tuple[float, int]]:
    """Time and number of each sighting given out of a vehicle 2 m beside the camera, so far ahead of it."""
    user, stitcher, out = User(1, cls, lambda t: (2.0, metres(t))), Stitcher(), []
    for step in range(60):
        t = step / fps
        box = box_of(user, t)
        seen = [] if box is None or hidden[0] <= t < hidden[1] else [Track(7, cls, 0.8, *box, at(t))]
        out += [((track.at - at(0)).total_seconds(), track.id) for track in stitcher.update(seen, at(t))]
    return out


@pytest.mark.parametrize("hidden_s", [0.3, 0.5, 0.65])
@pytest.mark.parametrize("seen_s", [0.7, 0.9, 1.1])
def test_driving_away_fast_and_hidden_is_one_road_user(seen_s: float, hidden_s: float) -> None:
    """At 90 km/h a motorcycle is half as large after 0.6 s. Every sighting is given out, before and after."""
    hidden = (seen_s, seen_s + hidden_s)
    out = stitched(MOTORCYCLE, lambda t: 9.0 + 25.0 * t, hidden)
    times = [t for t, _ in out]
    assert {number for _, number in out} == {7}
    assert sum(t >= hidden[1] for t in times) == sum(hidden[1] <= step / FPS for step in range(60))


def test_hidden_after_a_few_sightings_is_one_road_user() -> None:
    """Four sightings tell already how fast it becomes smaller."""
    assert {number for _, number in stitched(MOTORCYCLE, lambda t: 11.0 + 25.0 * t, (0.4, 0.95), fps=8)} == {7}


@pytest.mark.parametrize(
    ("first_m", "mps", "begin_s", "hidden_s"),
    [(65.0, 24.0, 1.3, 0.8), (68.0, 24.0, 1.5, 0.65), (68.0, 27.0, 1.3, 0.65)],
)
def test_coming_fast_and_hidden_is_one_road_user(first_m: float, mps: float, begin_s: float, hidden_s: float) -> None:
    """The same speed nearer by makes it grow faster. The two sightings before it leaves the picture are its own."""
    out = stitched(MOTORCYCLE, lambda t: first_m - mps * t, (begin_s, begin_s + hidden_s), fps=8)
    assert {number for _, number in out} == {7}
    assert sum(t >= begin_s + hidden_s for t, _ in out) == 2


def test_coming_in_over_the_lower_edge_is_not_growing() -> None:
    """A motorcycle drives away under the camera; the picture's edge cuts its first boxes, so that they seem to grow."""
    boxes = [  # seconds, bottom centre, width, height
        (0.00, 1131, 1080, 98, 104), (0.10, 1121, 1080, 83, 214), (0.22, 1112, 956, 70, 191),
        (0.36, 1104, 829, 59, 156), (0.47, 1099, 751, 52, 136), (0.59, 1094, 683, 46, 118), (0.71, 1091, 625, 41, 104),
        (0.85, 1087, 572, 36, 91), (0.99, 1084, 527, 32, 80), (1.08, 1082, 503, 30, 74),
    ]  # fmt: skip
    stitcher, out = Stitcher(), list[int]()
    for t, x, y, w, h in boxes:
        seen = [Track(7, MOTORCYCLE, 0.8, x - w / 2, y - h, x + w / 2, y, at(t))]
        out += [track.id for track in stitcher.update(seen, at(t))]
    assert out == [7] * len(boxes)


def test_a_bus_that_leaves_far_away_is_not_the_one_that_comes() -> None:
    """Both are slow in the picture, but the one comes a lane beside where the other went."""
    stitcher, numbers = Stitcher(), list[set[int]]()
    for away, first in ((True, 0.0), (False, 7.0)):
        way = (lambda t: (2.1, 33.0 + 5.0 * t)) if away else (lambda t: (-2.1, 63.0 - 5.0 * (t - 7.0)))
        seen = set()
        for step in range(36):
            t = first + step / 6
            box = box_of(User(1, BUS, way), t)
            assert box is not None
            seen |= {track.id for track in stitcher.update([Track(1 + (not away), BUS, 0.8, *box, at(t))], at(t))}
        numbers.append(seen)
    assert numbers == [{1}, {2}]


def course_of(metres: Callable[[float], float], times: range, *, half: int = 0) -> Course:
    """Course of a motorcycle 2 m beside the camera; of its first sightings only the lower part is seen."""
    user, course = User(1, MOTORCYCLE, lambda t: (2.0, metres(t))), None
    for step in times:
        t = step / FPS
        box = box_of(user, t)
        assert box is not None
        x1, y1, x2, y2 = box
        track = Track(7, MOTORCYCLE, 0.8, x1, y1 + 0.4 * (y2 - y1) * (step - times[0] < half), x2, y2, at(t))
        if course is None:
            course = Course(track, 1, t)
            course.held.append(track)
        else:
            course.see(track, t)
    assert course is not None
    return course


def comes(t: float) -> float:
    return 75.0 - 24.0 * t


@pytest.mark.parametrize("half", [0, 3])
def test_the_rate_of_growth_follows_the_distance_though_half_of_it_was_seen_at_first(half: int) -> None:
    """Of a motorcycle far away only the machine is seen; the whole is larger at once, and that is forgotten again."""
    course = course_of(comes, range(30), half=half)
    assert course.shrinks == pytest.approx(-24.0 / comes(course.seen_s), rel=0.25)


def test_speeds_before_and_after_a_gap_are_compared_at_one_distance() -> None:
    """Hidden for half a second it comes half as far away, and its speed in the picture is four times as high."""
    lost, later = course_of(comes, range(24)), course_of(comes, range(30, 34))
    assert later.vy > 2.5 * lost.vy
    assert lost.is_within_reach(later.held[0], later.first_s)
    assert lost.agrees(later)
