"""Congestion: traffic that does not leave with the green. One finding for each, and a red is none."""

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told
from tests.unit.edge.rules.acts import GROUND

POLYGON = [[0, 0.4], [1, 0.4], [1, 0.6], [0, 0.6]]
EAST = {"start": [0.1, 0.5], "end": [0.9, 0.5]}
LANE = {"id": "lane", "polygon": POLYGON, "direction": EAST}
ROAD = {"id": "road", "kind": "carriageway", "polygon": [[0, 0.2], [1, 0.2], [1, 0.8], [0, 0.8]]}


def road(**parts: object) -> SceneConfig:
    rule = {"min_vehicles": 5, "min_s": 30, "clear_s": 10}
    return scene(**{"lanes": [LANE], "rules": {"congestion": rule}, **parts})


def queue(story: Story, count: int = 6, *, begins: float = 0, for_s: float = 60, first: int = 1) -> Story:
    """Cars close up from the left, stand, and leave to the right one after the other."""
    for number in range(count):
        x = 0.7 - number * 0.08
        story.track(first + number).begins(begins).moves((0.01, 0.5), (x, 0.5), over_s=3)
        story.stands((x, 0.5), for_s=for_s + number * 1.5).then((0.98, 0.5), over_s=3)
    return story


def test_a_queue_that_stays_is_one_finding_about_its_last_vehicle() -> None:
    (found,) = queue(Story(road())).findings()
    assert told([found]) == [("congestion", 6, "lane")]
    assert found.kind == "incident"
    assert (found.facts["vehicles"], found.facts["standing"], found.facts["queue_m"]) == (6, 6, None)
    assert found.facts["queue_ratio"] == pytest.approx(0.4, abs=0.01)
    assert (found.started_at - START).total_seconds() < 6
    assert (found.judged_at - found.started_at).total_seconds() == pytest.approx(30, abs=1.2)


def test_the_queue_is_measured_in_metres_where_the_ground_is_known() -> None:
    """The picture is 100 m wide; the cars crawl at 1 m/s, as in a jam."""
    story = Story(road(calibration=GROUND))
    for number in range(6):
        x = 0.4 - number * 0.06
        story.track(number + 1, box=(30, 20)).moves((x, 0.5), (x + 0.45, 0.5), over_s=45)
    (found,) = story.findings()
    assert found.facts["standing"] == 0
    assert found.facts["queue_m"] == pytest.approx(30, abs=1.5)
    assert found.track_id == 6


def test_too_few_or_too_short_is_none() -> None:
    assert queue(Story(road()), 4).findings() == []
    assert queue(Story(road()), 6, for_s=20).findings() == []


def test_free_flow_is_none() -> None:
    story = Story(road())
    for number in range(40):
        story.track(number + 1).begins(number * 1.5).moves((0.01, 0.5), (0.99, 0.5), over_s=6)
    assert story.findings() == []


def at_signal() -> SceneConfig:
    return road(
        signal_heads=[{"id": "head", "feed": "1"}],
        stop_lines=[{"id": "stop", "start": [0.75, 0.7], "end": [0.75, 0.3], "signals": ["head"]}],
    )


def test_a_queue_at_a_red_that_leaves_with_the_green_is_none() -> None:
    """Ninety seconds of red are not congestion, however many wait."""
    story = queue(Story(at_signal()), for_s=90).signal("head", 0, "red").signal("head", 92, "green")
    assert story.findings() == []


def test_a_queue_that_stays_through_the_green_is_one() -> None:
    story = queue(Story(at_signal()), for_s=130).signal("head", 0, "red").signal("head", 60, "green")
    (found,) = story.findings()
    assert 88 <= (found.judged_at - START).total_seconds() <= 94


def test_it_is_told_again_only_after_it_was_over() -> None:
    """Stop and go: shorter breaks than clear_s belong to the same congestion."""
    story = queue(queue(Story(road()), for_s=45), begins=52, for_s=45, first=20)
    assert len(story.findings()) == 1
    story = queue(queue(Story(road()), for_s=45), begins=85, for_s=45, first=20)
    assert len(story.findings()) == 2


def test_lane_and_zone_around_it_do_not_both_tell() -> None:
    assert told(queue(Story(road(zones=[ROAD]))).findings()) == [("congestion", 6, "lane")]
    elsewhere = Story(road(zones=[ROAD]))
    for number in range(6):
        elsewhere.track(number + 1).stands((0.1 + number * 0.12, 0.7), for_s=60)
    assert [finding.where for finding in elsewhere.findings()] == ["road"]


def test_people_are_no_congestion() -> None:
    story = Story(road())
    for number in range(8):
        story.track(number + 1, "person", box=(20, 60)).stands((0.1 + number * 0.1, 0.5), for_s=60)
    assert story.findings() == []


@pytest.mark.parametrize("seed", range(3))
def test_noise_makes_no_difference(seed: int) -> None:
    assert len(queue(Story(road(), seed=seed)).noisy().findings()) == 1
    assert queue(Story(at_signal(), seed=seed), for_s=90).signal("head", 0, "red").noisy().findings() == []
