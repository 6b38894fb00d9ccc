"""Illegal stopping and parking: somebody pays for it, so waiting traffic is none, and a parked car is two findings."""

import pytest
from pydantic import ValidationError

from contracts.event import TimeQuality
from contracts.scene import SceneConfig
from edge.rules.road import TrackRoad
from tests.unit.edge.road_story import SIZE, START, Story, scene, told

KERB = {"id": "kerb", "kind": "no_stopping", "polygon": [[0, 0.4], [1, 0.4], [1, 0.6], [0, 0.6]]}
EAST = {"start": [0.1, 0.5], "end": [0.9, 0.5]}


def kerb(zone: dict[str, object] | None = None, **rule: object) -> SceneConfig:
    return scene(zones=[KERB | (zone or {})], rules={"illegal_stopping": {"stop_s": 10, "park_s": 60, **rule}})


def acts(story: Story) -> list[tuple[int | None, str]]:
    return [(finding.track_id, finding.facts["act"]) for finding in story.findings()]


def parks(story: Story, number: int = 1, *, x: float = 0.5, for_s: float = 90, cls: str = "car") -> Story:
    return story.track(number, cls).moves((0.02, 0.5), (x, 0.5), over_s=3).stands((x, 0.5), for_s=for_s)


def test_a_parked_car_has_stopped_and_then_parked() -> None:
    stopping, parking = parks(Story(kerb())).findings()
    assert told([stopping, parking]) == [("illegal_stopping", 1, "kerb")] * 2
    assert stopping.kind == "violation"
    assert (stopping.facts["act"], parking.facts["act"]) == ("stopping", "parking")
    assert stopping.facts["dwell_s"] == pytest.approx(10, abs=0.3)
    assert (stopping.started_at - START).total_seconds() == pytest.approx(3, abs=0.7)
    assert (parking.started_at - stopping.started_at).total_seconds() == pytest.approx(60)
    assert parking.started_at <= parking.judged_at


def test_both_have_events_of_their_own() -> None:
    story = parks(Story(kerb()))
    road = TrackRoad(story.scene, node="n", camera="c")
    quality = TimeQuality(source="file", uncertainty_ms=0)
    events = [road.event(found, quality) for at, tracks in story.frames() for found in road.update(tracks, at, SIZE)]
    assert len({event.id for event in events}) == 2


def test_a_short_stop_is_none() -> None:
    assert acts(parks(Story(kerb()), for_s=8).then((0.98, 0.5), over_s=3)) == []


def test_a_night_of_parking_with_breaks_is_two_findings() -> None:
    """Rain, headlights, a truck that stops before it for some minutes: the morning shift finds two alerts."""
    story = Story(kerb(), fps=2)
    for number in range(20):
        story.track(number + 1).begins(number * 180).stands((0.5, 0.5), for_s=120 if number % 3 else 175).trembles(1)
    assert [act for _, act in acts(story)] == ["stopping", "parking"]


def test_a_queue_through_the_zone_is_traffic() -> None:
    story = Story(kerb({"direction": EAST}))
    for number in range(4):
        x = 0.6 - number * 0.07
        story.track(number + 1).moves((0.02, 0.5), (x, 0.5), over_s=3).stands((x, 0.5), for_s=70 + number * 1.5)
        story.then((0.98, 0.5), over_s=3)
    assert acts(story) == []


def test_a_row_of_parked_cars_is_told_one_by_one() -> None:
    """Each stands behind one that is parked: that is no queue."""
    story = Story(kerb({"direction": EAST}, queue_s=30, park_s=600))
    for number in range(3):
        x = 0.6 - number * 0.07
        story.track(number + 1).moves((0.02, 0.5), (x, 0.5), over_s=3).stands((x, 0.5), for_s=150)
    assert sorted(acts(story)) == [(1, "stopping"), (2, "stopping"), (3, "stopping")]


def test_only_the_classes_the_zone_is_closed_to() -> None:
    closed = kerb({"closed_to": ["truck", "bus"]})
    assert acts(parks(Story(closed), cls="car")) == []
    assert len(acts(parks(Story(closed), cls="truck"))) == 2


@pytest.mark.parametrize(("hours", "found"), [(("14:00", "16:00"), 2), (("16:00", "18:00"), 0)])
def test_only_at_its_hours(hours: tuple[str, str], found: int) -> None:
    """The story begins at 15:00 in Hà Nội."""
    limited = kerb({"hours": [{"from": hours[0], "to": hours[1]}]})
    assert len(acts(parks(Story(limited)))) == found


def test_time_before_the_hours_began_is_not_counted() -> None:
    """Parked lawfully until 15:01; ten seconds later it has stopped."""
    story = parks(Story(kerb({"hours": [{"from": "15:01", "to": "16:00"}]}, park_s=600)), for_s=100)
    (found,) = story.findings()
    assert (found.started_at - START).total_seconds() == pytest.approx(60, abs=1.1)
    assert (found.judged_at - START).total_seconds() == pytest.approx(70, abs=1.1)


def test_parking_sooner_than_stopping_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"park_s 5 is not above stop_s 10"):
        kerb(park_s=5)


@pytest.mark.parametrize("seed", range(4))
def test_noise_makes_no_difference(seed: int) -> None:
    story = parks(Story(kerb(), seed=seed))
    for number in range(8):
        story.track(10 + number).begins(number * 10).moves((0.02, 0.52), (0.98, 0.52), over_s=4)
    assert acts(story.noisy()) == [(1, "stopping"), (1, "parking")]


def test_time_spent_beside_the_zone_is_not_counted() -> None:
    """It waited lawfully beside the zone for half a minute and pulls away slowly through it."""
    story = Story(kerb()).track(1).moves((0.02, 0.37), (0.5, 0.37), over_s=3).stands((0.5, 0.37), for_s=30)
    story.then((0.5, 0.41), over_s=1.5).then((0.5, 0.41), over_s=4).then((0.98, 0.3), over_s=2)
    assert acts(story) == []
