"""Figures of lanes: who passed the middle, how fast, how close; in whole minutes, and none invented."""

import math
import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.event import TimeQuality
from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from tests.unit.edge.road_story import SIZE, START, Story, scene
from tests.unit.edge.rules.acts import GROUND

EAST = {"start": [0.1, 0.5], "end": [0.9, 0.5]}
NEAR = {"id": "near", "polygon": [[0.1, 0.5], [0.9, 0.5], [0.9, 0.7], [0.1, 0.7]], "direction": EAST}
FAR = {"id": "far", "polygon": [[0.1, 0.3], [0.9, 0.3], [0.9, 0.5], [0.1, 0.5]], "direction": EAST}
STEP = timedelta(seconds=0.1)


def lanes(*bins: int, **parts: object) -> SceneConfig:
    return scene(lanes=[NEAR, FAR], rules={"lane_statistics": {"bins_min": bins or (1,)}}, **parts)


def platoon(story: Story, at_s: list[float], *, y: float = 0.6, cls: str = "car", over_s: float = 4) -> Story:
    """Vehicles that are at the middle of the picture at these times."""
    first = max((actor.id for actor in story.actors), default=0) + 1
    for number, moment in enumerate(at_s):
        story.track(first + number, cls).begins(moment - over_s / 2).moves((0.02, y), (0.98, y), over_s=over_s)
    return story


def until(story: Story, end_s: float) -> Story:
    """Frames go on, with somebody on the pavement, so that the bin ends."""
    return story.track(9000, "person", box=(10, 30)).stands((0.05, 0.95), for_s=end_s)


def of(found: list[Finding], lane: str, minutes: int = 1) -> list[Finding]:
    return [one for one in found if one.where == lane and one.facts["bin_min"] == minutes]


def test_a_minute_of_two_lanes() -> None:
    story = platoon(Story(lanes()), [10, 14, 20, 44])
    platoon(story, [12, 33], y=0.4, cls="motorcycle")
    found = until(story, 61).findings()
    (near,), (far,) = of(found, "near"), of(found, "far")
    assert (near.kind, near.track, near.started_at) == ("count", None, START)
    assert near.judged_at == START + timedelta(seconds=60)
    assert near.facts["classes"]["car"] == {"count": 4, "mean_speed_kmh": None, "measured": 0}
    assert near.facts["total"]["count"] == 4
    assert near.facts["headway_s"] == pytest.approx((4 + 6 + 24) / 3, abs=0.01)
    assert list(far.facts["classes"]) == ["motorcycle"]
    assert far.facts["headway_s"] == pytest.approx(21, abs=0.01)
    assert near.facts["complete"] is True


def test_the_mean_speed_is_measured_where_the_ground_is_known() -> None:
    """96 m in 4 s and in 8 s: 24 and 12 m/s, mean 64.8 km/h."""
    story = platoon(platoon(Story(lanes(calibration=GROUND)), [10]), [30], over_s=8)
    (near,) = of(until(story, 61).findings(), "near")
    assert near.facts["total"]["measured"] == 2
    assert near.facts["total"]["mean_speed_kmh"] == pytest.approx(64.8, rel=0.02)


def test_occupancy_is_the_share_of_time_the_section_is_covered() -> None:
    """Somebody stands on it for half a minute."""
    story = Story(lanes()).track(1).begins(10).stands((0.5, 0.6), for_s=30)
    (near,) = of(until(story, 61).findings(), "near")
    assert near.facts["occupancy_ratio"] == pytest.approx(0.5, abs=0.01)
    assert near.facts["total"]["count"] == 0


def test_bins_of_one_five_and_fifteen_minutes_have_events_of_their_own() -> None:
    story = Story(lanes(1, 5, 15), fps=2)
    platoon(story, [20.0 + 25 * number for number in range(36)])
    found = until(story, 901).findings()
    near = Counter(one.facts["bin_min"] for one in found if one.where == "near")
    assert near == {1: 15, 5: 3, 15: 1}
    assert [one.facts["total"]["count"] for one in of(found, "near", 15)] == [36]
    assert sum(one.facts["total"]["count"] for one in of(found, "near", 5)) == 36
    road = TrackRoad(lanes(), node="n", camera="c")
    road.update([], START, SIZE)
    events = [road.event(one, TimeQuality(source="file", uncertainty_ms=0)) for one in found]
    assert len({event.id for event in events}) == len(events)
    assert {event.subject for event in events} == {"near", "far"}
    assert all(event.data.box is None and event.data.track is None and event.data.path == () for event in events)


def test_a_bin_that_was_not_watched_from_its_beginning_says_so() -> None:
    road = TrackRoad(lanes(), node="n", camera="c")
    found = [
        one
        for number in range(1000)
        for one in road.update([], START + timedelta(seconds=40) + number * STEP, SIZE)
        if one.where == "near"
    ]
    assert [(one.started_at - START, one.facts["complete"]) for one in found] == [
        (timedelta(0), False),
        (timedelta(minutes=1), True),
    ]
    assert found[0].facts["observed_s"] == pytest.approx(20, abs=0.2)


def test_an_outage_is_told_as_unwatched_and_nothing_is_told_of_what_was_missed() -> None:
    road = TrackRoad(lanes(), node="n", camera="c")
    times = [*(number * 0.1 for number in range(300)), *(300 + number * 0.1 for number in range(700))]
    found = [one for t in times for one in road.update([], START + timedelta(seconds=t), SIZE) if one.where == "near"]
    assert [(one.started_at - START).total_seconds() for one in found] == [0, 300]
    assert [one.facts["complete"] for one in found] == [False, True]


def test_against_the_arrow_and_trembling_are_not_counted() -> None:
    story = Story(lanes()).track(1).begins(5).moves((0.98, 0.6), (0.02, 0.6), over_s=4)
    story.track(2).begins(12).moves((0.1, 0.6), (0.5, 0.6), over_s=3).stands((0.5, 0.6), for_s=20).trembles(4)
    story.then((0.95, 0.6), over_s=3)
    (near,) = of(until(story, 61).findings(), "near")
    assert near.facts["total"]["count"] == 1


def test_missing_frames_at_the_section_still_count() -> None:
    story = platoon(Story(lanes()), [30]).hides(29.6, 30.4)
    story.actors[-1].hidden = [(29.6, 30.4)]
    (near,) = of(until(story, 61).findings(), "near")
    assert near.facts["total"]["count"] == 1


def geh(counted: int, true: int) -> float:
    """DMRB 12.2.1: sqrt(2 (m - c)² / (m + c))."""
    return math.sqrt(2 * (counted - true) ** 2 / (counted + true)) if counted + true else 0.0


@pytest.mark.parametrize("seed", range(3))
def test_counts_of_a_quarter_of_an_hour_under_noise(seed: int) -> None:
    """GEH below 1 with trembling boxes, missed frames and flickering classes."""
    choice = random.Random(seed)
    times = [choice.uniform(5, 890) for _ in range(150)]
    story = platoon(Story(lanes(15), fps=8, seed=seed), times)
    (near,) = of(until(story, 901).noisy().findings(), "near", 15)
    assert geh(near.facts["total"]["count"], len(times)) < 1
    assert geh(near.facts["classes"]["car"]["count"], len(times)) < 1


@settings(max_examples=15, deadline=None)
@given(t=st.floats(3, 57), over_s=st.floats(1, 6), fps=st.sampled_from([6.0, 10.0, 25.0]))
def test_somebody_is_in_one_bin_exactly(t: float, over_s: float, fps: float) -> None:
    """Around the full minute too: no passage is lost or told twice."""
    story = platoon(Story(lanes(), fps=fps), [t + 30], over_s=over_s)
    found = of(until(story, 121).findings(), "near")
    assert sum(one.facts["total"]["count"] for one in found) == 1
