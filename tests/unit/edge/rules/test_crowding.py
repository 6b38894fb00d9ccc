"""Crowding: many at once and for long, once; hidden heads and swapped ids do not matter."""

from typing import Any

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
MAN = (12.0, 36.0)


def square(**rule: Any) -> SceneConfig:
    zones = [{"id": "sq", "kind": "presence", "polygon": SQUARE}]
    return scene(zones=zones, rules={"crowding": {"min_people": 6, "min_s": 10, "clear_s": 10, **rule}})


def crowd(story: Story, count: int, *, begins: float = 0, for_s: float = 30, first: int = 1) -> Story:
    for number in range(count):
        place = 0.3 + 0.06 * (number % 6), 0.3 + 0.08 * (number // 6)
        story.track(first + number, "person", box=MAN).begins(begins).stands(place, for_s=for_s)
    return story


def test_a_crowd_is_found_once_with_its_numbers() -> None:
    (found,) = crowd(Story(square()), 8).findings()
    assert found.kind == "incident"
    assert (found.rule, found.where) == ("crowding", "sq")
    assert found.facts["people"] == found.facts["most_people"] == 8
    assert found.facts["lasted_s"] == pytest.approx(10, abs=0.2)
    assert (found.started_at - START).total_seconds() == pytest.approx(0.4, abs=0.11)


def test_the_one_in_the_middle_is_shown() -> None:
    story = crowd(Story(square()), 5)
    story.track(50, "person", box=MAN).stands((0.42, 0.32), for_s=30)
    (found,) = story.findings()
    assert found.track is not None
    assert found.track.id in {3, 50}


def test_one_less_is_none() -> None:
    assert crowd(Story(square()), 5).findings() == []


def test_a_group_that_walks_through_is_none() -> None:
    story = Story(square())
    for number in range(12):
        y = 0.25 + 0.04 * number
        story.track(number + 1, "person", box=MAN).moves((0.05, y), (0.95, y), over_s=12)
    assert story.findings() == []


def test_it_is_over_when_they_went_and_the_next_is_new() -> None:
    story = crowd(Story(square()), 7, for_s=25)
    crowd(story, 7, begins=50, for_s=20, first=20)
    assert len(story.findings()) == 2


def test_a_short_thinning_is_the_same_crowd() -> None:
    story = crowd(Story(square()), 7, for_s=25)
    crowd(story, 7, begins=30, for_s=20, first=20)
    assert len(story.findings()) == 1


def test_swapped_ids_do_not_count_twice() -> None:
    """Five people whose tracks break every other second are five."""
    story = Story(square())
    for part in range(20):
        crowd(story, 5, begins=part * 2.0, for_s=1.9, first=part * 5 + 1)
    assert story.findings() == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("count", "findings"), [(7, 1), (4, 0)])
def test_noise(seed: int, count: int, findings: int) -> None:
    story = crowd(Story(square(), seed=seed).noisy(), count, for_s=40)
    assert len(story.findings()) == findings


def test_vehicles_are_no_crowd() -> None:
    story = Story(square())
    for number in range(8):
        story.track(number + 1).stands((0.3 + 0.05 * number, 0.5), for_s=30)
    assert told(story.findings()) == []
