"""Findings as events: same finding, same bytes; pixels gone; nothing out of bounds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.event import Event, TimeQuality
from edge.rules.event import Origin, event_of
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from tests.unit.edge.road_story import SIZE, START, Story, scene

FILE = TimeQuality(source="file", uncertainty_ms=1 / 3)
ORIGIN = Origin("node-1", "cam-1", 3, "a" * 64)
LINE = {"id": "l", "start": [0, 0.5], "end": [1, 0.5]}
STORY = Story(scene(lines=[LINE], rules={"line_count": {}})).track(7).moves((0.5, 0.2), (0.5, 0.8), over_s=3.1)


@pytest.fixture(name="finding")
def _finding() -> Finding:
    (finding,) = STORY.findings()
    return finding


def make(finding: Finding, **changes: object) -> Event:
    return event_of(finding, ORIGIN, **{"image_size": SIZE, "time_quality": FILE, **changes})  # type: ignore[arg-type]


def test_an_event_says_what_happened_where_and_when(finding: Finding) -> None:
    event = make(finding)
    assert event.type == "vn.giaolo.count.line_count.v1"
    assert event.source == "/nodes/node-1/cameras/cam-1"
    assert event.subject == "7"
    assert event.time == finding.started_at
    assert event.sequence == 0
    data = event.data
    assert (data.where, data.scene_version, data.model_sha256) == ("l", 3, "a" * 64)
    assert (data.image.width, data.image.height) == SIZE
    assert data.track is not None
    assert data.track.class_name == "car"
    assert data.box is not None
    assert data.box[0] == pytest.approx(0.47)
    assert data.path[-1].offset_s == pytest.approx((finding.judged_at - finding.started_at).total_seconds())
    assert data.path[0].offset_s < 0
    assert data.time_quality.uncertainty_ms == 0.333333


def test_bytes_survive_the_wire(finding: Finding) -> None:
    event = make(finding, still_sha256="b" * 64)
    assert Event.model_validate_json(event.to_json()).to_json() == event.to_json()
    assert event.to_json() == make(finding, still_sha256="b" * 64).to_json()


def test_id_is_what_happened_and_where(finding: Finding) -> None:
    """One person may step into two zones at one moment: two events, not one that swallows the other."""
    assert finding.track is not None
    same = replace(finding, judged_at=finding.judged_at + timedelta(seconds=1), facts={})
    assert make(same).id == make(finding).id
    for other in (
        replace(finding, where="m"),
        replace(finding, rule="intrusion"),
        replace(finding, started_at=START),
        replace(finding, track=replace(finding.track, id=8)),
        replace(finding, track=None),
        replace(finding, act="5min"),
    ):
        assert make(other).id != make(finding).id


def test_boxes_far_outside_the_picture_are_cut(finding: Finding) -> None:
    """A predicted box can lie anywhere; the event's schema allows half a picture beyond the edge."""
    assert finding.track is not None
    wild = replace(finding.track, x1=-9000.0, y1=-3.0, x2=9000.0, y2=9000.0, confidence=1.2)
    data = make(replace(finding, track=wild)).data
    assert data.box == (-0.5, -0.006, 1.5, 1.5)
    assert data.track is not None
    assert data.track.confidence == 1


def test_floats_are_rounded_wherever_they_stand(finding: Finding) -> None:
    facts = {"a": 1 / 3, "b": [2 / 3, {"c": (1 / 7,)}], "d": True, "e": None}
    assert make(replace(finding, facts=facts)).data.facts == {
        "a": 0.333333,
        "b": [0.666667, {"c": [0.142857]}],
        "d": True,
        "e": None,
    }


def test_road_makes_the_same_event(finding: Finding) -> None:
    road = TrackRoad(STORY.scene, node="node-1", camera="cam-1", model_sha256="a" * 64)
    with pytest.raises(ValueError, match="call update first"):
        road.event(finding, FILE)
    events = [road.event(found, FILE) for at, tracks in STORY.frames() for found in road.update(tracks, at, SIZE)]
    assert [event.to_json() for event in events] == [make(finding).to_json()]
