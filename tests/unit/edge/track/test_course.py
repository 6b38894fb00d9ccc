"""One road user's course in perspective: hidden where it shrinks or grows fast, it is still the same one."""

from collections.abc import Callable

import pytest

from contracts.classes import RoadUserClass
from edge.track.stitch import Stitcher
from edge.track.track import Track
from tests.unit.edge.track.street import BUS, MOTORCYCLE, User, box_of
from tests.unit.edge.track.world import at

FPS = 12.5


def stitched(
    cls: RoadUserClass, metres: Callable[[float], float], hidden: tuple[float, float]
) -> list[tuple[float, int]]:
    """Time and number of each sighting given out of a vehicle 2 m beside the camera, so far ahead of it."""
    user, stitcher, out = User(1, cls, lambda t: (2.0, metres(t))), Stitcher(), []
    for step in range(60):
        t = step / FPS
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
