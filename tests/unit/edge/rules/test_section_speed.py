"""Section speed: length over time between two lines, less all that is uncertain about both."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.event import TimeQuality
from edge.rules.event import Origin, event_of
from tests.unit.edge.road_story import SIZE, Story, scene, told

LINES = [
    {"id": "in", "start": [0.2, 0.9], "end": [0.2, 0.1]},
    {"id": "out", "start": [0.8, 0.9], "end": [0.8, 0.1]},
]
LENGTH_M = 60.0


def section(**changes: Any) -> Any:
    one = {"from": "in", "to": "out", "length_m": LENGTH_M, "length_error_m": 0.5, "limit_kmh": 50, **changes}
    return scene(lines=LINES, rules={"section_speed": {"sections": [one]}})


def drive(kmh: float, places: Any = None, *, fps: float = 10, back: bool = False, cls: str = "car") -> Story:
    """Through the whole picture, which is 100 m wide."""
    ends = ((0.95, 0.5), (0.05, 0.5)) if back else ((0.05, 0.5), (0.95, 0.5))
    return Story(places or section(), fps=fps).track(1, cls, box=(40, 20)).moves(*ends, over_s=90 / (kmh / 3.6))


def test_too_fast_between_the_lines_is_one_finding() -> None:
    (found,) = drive(72).findings()
    assert told([found]) == [("section_speed", 1, "out")]
    assert found.kind == "violation"
    facts = found.facts
    assert facts["speed_kmh"] == pytest.approx(72, abs=0.3)
    assert facts["travel_s"] == pytest.approx(3.0, abs=0.02)
    assert 0.5 < facts["uncertainty_kmh"] < 4
    assert (facts["from"], facts["to"], facts["limit_kmh"], facts["length_m"]) == ("in", "out", 50, LENGTH_M)
    assert facts["excess_kmh"] == 21 or facts["excess_kmh"] == 22
    event = event_of(
        found, Origin("n", "c", 3, None), image_size=SIZE, time_quality=TimeQuality(source="file", uncertainty_ms=1)
    )
    assert event.data.speed is not None
    assert event.data.speed.method == "section"
    assert event.time == found.started_at


@pytest.mark.parametrize("kmh", [30, 50, 55])
def test_within_the_limit_is_none(kmh: float) -> None:
    assert drive(kmh).findings() == []


def test_the_other_way_is_another_section() -> None:
    assert drive(90, back=True).findings() == []
    assert told(drive(90, section(**{"from": "out", "to": "in"}), back=True).findings()) == [("section_speed", 1, "in")]


def test_an_unsure_length_or_slow_frames_count_for_the_driver() -> None:
    assert len(drive(60).findings()) == 1
    assert drive(60, section(length_error_m=6)).findings() == []
    (fast,), (slow,) = drive(72, fps=20).findings(), drive(72, fps=4).findings()
    assert slow.facts["uncertainty_kmh"] > fast.facts["uncertainty_kmh"]


def test_another_track_at_the_second_line_is_none() -> None:
    story = Story(section()).track(1, box=(40, 20)).moves((0.05, 0.5), (0.5, 0.5), over_s=2)
    story.track(2, box=(40, 20)).begins(1).moves((0.6, 0.3), (0.95, 0.3), over_s=2)
    assert story.findings() == []


def test_a_stop_between_the_lines_lowers_the_mean() -> None:
    story = Story(section()).track(1, box=(40, 20)).moves((0.05, 0.5), (0.5, 0.5), over_s=1.5)
    assert story.then((0.5, 0.5), over_s=5).then((0.95, 0.5), over_s=1.5).findings() == []


def test_the_class_is_that_of_the_second_line() -> None:
    """A motorcycle far away is first taken for a bicycle."""
    story = Story(section()).track(1, "bicycle", box=(20, 30)).moves((0.05, 0.5), (0.24, 0.5), over_s=0.95)
    story.track(1, "motorcycle", box=(20, 30)).begins(1.0).moves((0.25, 0.5), (0.95, 0.5), over_s=3.5)
    assert told(story.findings()) == [("section_speed", 1, "out")]
    story = Story(section()).track(1, "motorcycle", box=(20, 30)).moves((0.05, 0.5), (0.24, 0.5), over_s=0.95)
    story.track(1, "bicycle", box=(20, 30)).begins(1.0).moves((0.25, 0.5), (0.95, 0.5), over_s=3.5)
    assert story.findings() == []


def test_people_on_foot_are_not_judged() -> None:
    assert drive(90, cls="person").findings() == []


@settings(max_examples=20, deadline=None)
@given(kmh=st.floats(20, 120), fps=st.sampled_from([8.0, 12.5, 25.0]))
def test_found_only_when_faster_than_limit_and_tolerance(kmh: float, fps: float) -> None:
    found = drive(kmh, fps=fps).findings()
    if kmh <= 54.9:
        assert found == []
    if kmh >= 65:
        assert told(found) == [("section_speed", 1, "out")]
