"""One track and one zone, sighting by sighting."""

from datetime import timedelta

from contracts.scene import Motion
from edge.scene.geometry import Point
from edge.scene.presence import ZoneWatch
from edge.scene.sample import Sample
from tests.unit.edge.road_story import START

SQUARE: list[Point] = [(100, 100), (200, 100), (200, 200), (100, 200)]


def walk(*places: tuple[float, float], motion: Motion | None = None) -> list[tuple[str, float]]:
    """Changes and seconds for (second, x) at the middle height of the zone."""
    watch, before = ZoneWatch(), None
    found: list[tuple[str, float]] = []
    for at_s, x in places:
        sample = Sample(START + timedelta(seconds=at_s), (x, 150), 50)
        change = watch.step(before, sample, SQUARE, motion or Motion())
        if change:
            found.append((change[0], (change[1] - START).total_seconds()))
        before = sample
    return found


def test_a_change_that_lasts_is_told_with_its_beginning() -> None:
    assert walk((0, 90), (0.2, 110), (0.4, 130), (0.7, 150)) == [("entered", 0.1)]


def test_a_change_that_does_not_last_is_none() -> None:
    assert walk((0, 90), (0.2, 110), (0.4, 90), (0.6, 110), (0.8, 90), (1.0, 90)) == []


def test_who_stands_just_outside_has_not_left() -> None:
    inside = [(0.0, 150.0), (0.5, 150.0)]
    assert walk(*inside, (1, 204), (2, 204), (9, 204)) == [("entered", 0)]
    assert [change for change, _ in walk(*inside, (1, 204), (2, 206))] == ["entered", "left"]


def test_no_settling_tells_at_once() -> None:
    assert walk((0, 90), (1, 110), motion=Motion(zone_settle_s=0)) == [("entered", 0.5)]
