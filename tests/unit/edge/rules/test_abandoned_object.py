"""Abandoned object: somebody puts it down and goes. Whose it is must have been seen."""

from typing import Any

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

HALL = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.95], [0.1, 0.95]]
MAN, BAG = (24.0, 70.0), (16.0, 14.0)
SPOT = (0.5, 0.6)


def hall(**rule: Any) -> SceneConfig:
    zones = [{"id": "hall", "kind": "presence", "polygon": HALL}]
    return scene(zones=zones, rules={"abandoned_object": {"min_s": 20, **rule}})


def leaves(*, bag_s: float = 40, back_s: float | None = None, seed: int = 1, **rule: Any) -> Story:
    """A man comes, puts a bag down at 3 s, waits, and goes at 8 s; perhaps he comes back."""
    story = Story(hall(**rule), seed=seed).track(1, "person", box=MAN).moves((0.2, 0.6), (0.48, 0.6), over_s=3)
    story.stands((0.48, 0.6), for_s=5).then((0.85, 0.6), over_s=4)
    if back_s is not None:
        story.stands((0.85, 0.6), for_s=back_s).then((0.49, 0.6), over_s=4).stands((0.49, 0.6), for_s=30)
    return story.track(2, "object", box=BAG).begins(3).stands(SPOT, for_s=bag_s)


def test_who_puts_it_down_and_goes_leaves_it() -> None:
    (found,) = leaves().findings()
    assert told([found]) == [("abandoned_object", 2, "hall")]
    assert found.kind == "incident"
    assert 9 < (found.started_at - START).total_seconds() < 11
    assert found.facts["alone_s"] == pytest.approx(20, abs=0.2)
    assert found.facts["owners"] == 1
    assert found.facts["owners_out_of_sight"] == 1


def test_who_comes_back_in_time_left_nothing() -> None:
    assert leaves(back_s=8, bag_s=60).findings() == []


def test_who_waits_beside_it_left_nothing() -> None:
    story = Story(hall()).track(1, "person", box=MAN).moves((0.2, 0.6), (0.48, 0.6), over_s=3)
    story.stands((0.48, 0.6), for_s=90)
    assert story.track(2, "object", box=BAG).begins(3).stands(SPOT, for_s=80).findings() == []


def test_an_owner_whose_id_changes_left_nothing() -> None:
    """He stands beside it all the time; only his track broke."""
    story = Story(hall()).track(1, "person", box=MAN).stands((0.48, 0.6), for_s=8)
    story.track(3, "person", box=MAN).begins(9.5).stands((0.485, 0.6), for_s=60)
    assert story.track(2, "object", box=BAG).begins(1).stands(SPOT, for_s=60).findings() == []


def test_who_comes_in_where_the_owner_went_out_is_somebody_else() -> None:
    """He leaves by the door at 12 s; three seconds later another comes in there and walks past the bag."""
    story = leaves(bag_s=60).track(3, "person", box=MAN).begins(15).moves((0.85, 0.6), (0.5, 0.7), over_s=5)
    (found,) = story.then((0.1, 0.7), over_s=5).findings()
    assert 9 < (found.started_at - START).total_seconds() < 11


def test_a_friend_who_stays_watches_it() -> None:
    story = leaves(bag_s=60)
    assert story.track(3, "person", box=MAN).stands((0.52, 0.61), for_s=60).findings() == []


def test_passers_by_are_no_owners() -> None:
    story = leaves(bag_s=60)
    for number in range(8):
        story.track(10 + number, "person", box=MAN).begins(12 + number * 4.0).moves((0.5, 0.2), (0.5, 0.9), over_s=4)
    assert len(story.findings()) == 1


def test_without_an_owner_nobody_left_it() -> None:
    """A crate that stands there since the camera was switched on."""
    story = Story(hall()).track(2, "object", box=BAG).stands(SPOT, for_s=90)
    story.track(1, "person", box=MAN).begins(30).moves((0.2, 0.6), (0.9, 0.6), over_s=6)
    assert story.findings() == []


def test_a_bag_that_is_carried_on_is_none() -> None:
    story = Story(hall()).track(1, "person", box=MAN).moves((0.2, 0.6), (0.48, 0.6), over_s=3)
    story.stands((0.48, 0.6), for_s=6).then((0.85, 0.6), over_s=4)
    story.track(2, "object", box=BAG).moves((0.22, 0.59), (0.5, 0.59), over_s=3)
    assert story.stands((0.5, 0.59), for_s=6).then((0.87, 0.59), over_s=4).findings() == []


def test_a_bag_that_somebody_takes_in_time_is_none() -> None:
    story = leaves(bag_s=15).then((0.2, 0.6), over_s=5).stands((0.2, 0.6), for_s=30)
    assert story.findings() == []


def test_hidden_by_a_crowd_and_seen_again_under_another_id_is_one() -> None:
    story = leaves(bag_s=14)
    story.track(7, "object", box=BAG).begins(27).stands((0.501, 0.6), for_s=60)
    assert told(story.findings()) == [("abandoned_object", 7, "hall")]


def test_told_once_though_its_id_changes() -> None:
    story = leaves(bag_s=40)
    story.track(7, "object", box=BAG).begins(46).stands(SPOT, for_s=60)
    assert len(story.findings()) == 1


@pytest.mark.parametrize("seed", range(5))
def test_noise(seed: int) -> None:
    assert len(leaves(bag_s=60, seed=seed).noisy().findings()) == 1
