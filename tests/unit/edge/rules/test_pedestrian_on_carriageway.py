"""People on the carriageway: on foot, for long enough, once."""

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

ROAD = {"id": "road", "kind": "carriageway", "polygon": [[0, 0.3], [1, 0.3], [1, 0.7], [0, 0.7]]}
SCENE = scene(zones=[ROAD], rules={"pedestrian_on_carriageway": {"min_s": 1, "rearm_s": 10}})
BODY = (20.0, 60.0)


def test_a_person_who_crosses_is_found_a_second_after_entering() -> None:
    (found,) = Story(SCENE).track(1, "person", box=BODY).moves((0.5, 0.1), (0.5, 0.9), over_s=8).findings()
    assert told([found]) == [("pedestrian_on_carriageway", 1, "road")]
    assert found.kind == "incident"
    assert (found.started_at - START).total_seconds() == pytest.approx(2, abs=1e-3)
    assert found.facts["dwell_s"] == pytest.approx(1, abs=0.11)


@pytest.mark.parametrize("cls", ["motorcycle", "bicycle", "car"])
def test_riders_belong_to_their_vehicle(cls: str) -> None:
    """Every motorcycle in Vietnam would be an alert."""
    assert Story(SCENE).track(1, cls, riders=2).moves((0.1, 0.5), (0.9, 0.5), over_s=8).findings() == []


def test_a_person_at_the_kerb_is_none() -> None:
    story = Story(SCENE).track(1, "person", box=BODY).stands((0.5, 0.27), for_s=60).trembles(2)
    assert story.findings() == []


def test_a_quick_step_onto_the_road_is_none() -> None:
    story = Story(SCENE).track(1, "person", box=BODY).moves((0.5, 0.25), (0.5, 0.33), over_s=1)
    assert story.then((0.5, 0.25), over_s=1).findings() == []


def test_back_again_soon_is_the_same_and_later_is_another() -> None:
    story = Story(SCENE).track(1, "person", box=BODY).moves((0.5, 0.1), (0.5, 0.5), over_s=4).then((0.5, 0.1), over_s=4)
    story.then((0.5, 0.5), over_s=4).then((0.5, 0.1), over_s=4)
    assert len(story.findings()) == 1
    story.stands((0.5, 0.1), for_s=20).then((0.5, 0.5), over_s=4)
    assert len(story.findings()) == 2


def test_each_person_is_found() -> None:
    story = Story(SCENE)
    for number in range(1, 5):
        story.track(number, "person", box=BODY).moves((number / 5, 0.1), (number / 5, 0.9), over_s=8)
    assert [finding.track_id for finding in story.findings()] == [1, 2, 3, 4]


def with_crossing() -> SceneConfig:
    zones = [
        {"id": "road", "kind": "carriageway", "polygon": [[0, 0.2], [1, 0.2], [1, 0.9], [0, 0.9]]},
        {"id": "zebra", "kind": "crossing", "polygon": [[0.4, 0.1], [0.6, 0.1], [0.6, 0.95], [0.4, 0.95]]},
    ]
    return scene(zones=zones, rules={"pedestrian_on_carriageway": {}})


def test_a_crossing_is_no_carriageway() -> None:
    story = Story(with_crossing()).track(1, "person", box=(20, 60)).moves((0.5, 0.1), (0.5, 0.95), over_s=15)
    assert story.findings() == []


def test_who_leaves_the_crossing_for_the_road_is_found_from_there_on() -> None:
    story = Story(with_crossing()).track(1, "person", box=(20, 60)).moves((0.5, 0.1), (0.5, 0.5), over_s=8)
    (found,) = story.then((0.9, 0.5), over_s=9).findings()
    assert found.where == "road"
    assert 10 <= (found.started_at - START).total_seconds() <= 11


@pytest.mark.parametrize("over_s", [1.5, 2.5])
def test_a_person_as_fast_as_a_vehicle_rides_something(over_s: float) -> None:
    """The motorcycle under him was not detected; nor is he a pedestrian where he waits at the light."""
    story = Story(with_crossing()).track(1, "person", box=(24, 50)).moves((0.05, 0.3), (0.35, 0.8), over_s=over_s)
    assert story.stands((0.35, 0.8), for_s=20).findings() == []
