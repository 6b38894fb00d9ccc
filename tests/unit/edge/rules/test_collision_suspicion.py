"""Collision suspicion: two meet, one stops dead, both stay. Queues, parking and passing are none."""

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

ROAD = {"id": "road", "kind": "carriageway", "polygon": [[0, 0.1], [1, 0.1], [1, 0.9], [0, 0.9]]}
BIKE = (20.0, 40.0)


def road(**parts: object) -> SceneConfig:
    return scene(zones=[ROAD], rules={"collision_suspicion": {}}, **parts)


def hits(story: Story, *, brake_s: float = 0.2, stay_s: float = 12) -> Story:
    """A car drives at 3.5 box sizes a second into one that crosses before it."""
    story.track(1).moves((0.1, 0.5), (0.45, 0.5), over_s=2.0).then((0.46, 0.5), over_s=brake_s)
    story.stands((0.46, 0.5), for_s=stay_s)
    story.track(2).moves((0.52, 0.2), (0.52, 0.51), over_s=2.0).stands((0.52, 0.51), for_s=stay_s)
    return story


def test_a_crash_is_one_incident() -> None:
    (found,) = hits(Story(road())).findings()
    assert told([found]) == [("collision_suspicion", found.track_id, "road")]
    assert found.kind == "incident"
    assert {str(found.track_id), found.facts["other_track"]} == {"1", "2"}
    assert found.facts["impact_sizes"] >= 2
    assert (found.started_at - START).total_seconds() == pytest.approx(2, abs=0.4)
    assert found.facts["stayed_s"] == pytest.approx(5, abs=0.3)
    assert found.facts["speed_before_kmh"] is None


def test_a_motorcycle_into_a_turning_car_is_one() -> None:
    story = Story(road()).track(1, "motorcycle", box=BIKE, riders=1).moves((0.1, 0.5), (0.47, 0.5), over_s=2.5)
    story.stands((0.47, 0.5), for_s=12)
    story.track(2).moves((0.6, 0.8), (0.5, 0.52), over_s=2.5).stands((0.5, 0.52), for_s=12)
    assert len(story.findings()) == 1


def test_both_drive_on_is_none() -> None:
    story = hits(Story(road()), stay_s=2.5)
    for actor in story.actors:
        actor.legs.append((actor.legs[-1][1], (0.9, 0.7), 3.0))
    assert story.findings() == []


def test_closing_up_in_a_queue_is_none() -> None:
    """Bumper to bumper, each braking at 3 m/s² from 2.5 box sizes a second: the last second is one box size."""
    story = Story(road())
    for number in range(5):
        x = 0.7 - number * 0.065
        story.track(number + 1).begins(number * 1.2).moves((x - 0.4, 0.5), (x - 0.08, 0.5), over_s=2.6)
        story.then((x - 0.02, 0.5), over_s=1.0).then((x, 0.5), over_s=1.0).stands((x, 0.5), for_s=20)
    assert story.findings() == []


def test_stopping_dead_beside_nobody_is_none() -> None:
    story = Story(road()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=2).stands((0.5, 0.5), for_s=15)
    story.track(2).moves((0.1, 0.8), (0.5, 0.8), over_s=4).stands((0.5, 0.8), for_s=15)
    assert story.findings() == []


def test_two_boxes_of_one_vehicle_that_stops_are_none() -> None:
    """A lorry's cab and its trailer come together, and never were apart."""
    story = Story(road()).track(1, "truck").moves((0.1, 0.5), (0.5, 0.5), over_s=2).stands((0.5, 0.5), for_s=15)
    story.track(2, "truck").moves((0.05, 0.5), (0.45, 0.5), over_s=2).stands((0.45, 0.5), for_s=15)
    assert story.findings() == []


def test_stopping_hard_at_the_end_of_a_queue_at_a_red_is_none() -> None:
    parts = {
        "signal_heads": [{"id": "head", "feed": "1"}],
        "stop_lines": [{"id": "stop", "start": [0.6, 0.9], "end": [0.6, 0.1], "signals": ["head"]}],
    }
    story = hits(Story(road(**parts))).signal("head", 0, "red")
    assert story.findings() == []


def test_a_passer_by_is_not_the_other_one() -> None:
    """The car stops for a dog; another one passes close by."""
    story = Story(road()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=2).stands((0.5, 0.5), for_s=15)
    story.track(2).moves((0.95, 0.55), (0.05, 0.55), over_s=4)
    assert story.findings() == []


@pytest.mark.parametrize("seed", range(5))
def test_noise_makes_no_difference(seed: int) -> None:
    assert len(hits(Story(road(), seed=seed)).noisy().findings()) == 1
    calm = Story(road(), seed=seed)
    for number in range(6):
        y = 0.3 + number * 0.08
        calm.track(number + 1, "motorcycle", box=BIKE, riders=1).moves((0.1, y), (0.44, y), over_s=3)
        calm.then((0.48, y), over_s=1).then((0.5, y), over_s=1).stands((0.5, y), for_s=20)
    assert calm.noisy().findings() == []


def test_a_second_crash_at_a_place_the_first_has_left_is_another() -> None:
    """A black spot: half a minute after the first two drove off, two others meet where they did."""
    story = Story(road())
    for begin in (0.0, 30.0):
        one = 1 if begin == 0 else 3
        story.track(one).begins(begin).moves((0.1, 0.5), (0.45, 0.5), over_s=2.0).then((0.46, 0.5), over_s=0.2)
        story.stands((0.46, 0.5), for_s=12).then((0.9, 0.7), over_s=3)
        story.track(one + 1).begins(begin).moves((0.52, 0.2), (0.52, 0.51), over_s=2.0)
        story.stands((0.52, 0.51), for_s=12).then((0.95, 0.3), over_s=3)
    assert len(story.findings()) == 2


def test_the_other_one_need_not_be_seen_in_the_frame_in_which_the_stop_is_known() -> None:
    """That a road user stands is known two seconds later; just then the other one is hidden."""
    (found,) = hits(Story(road())).findings()
    hidden = hits(Story(road())).hides(4.3, 4.8).findings()
    assert [(one.track_id, one.started_at) for one in hidden] == [(found.track_id, found.started_at)]
