"""Loitering: who stays is one finding, whoever hides him for a moment; who passes is none."""

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

YARD = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]
MAN = (20.0, 60.0)


def yard(**rule: object) -> SceneConfig:
    zones = [{"id": "yard", "kind": "presence", "polygon": YARD}]
    return scene(zones=zones, rules={"loitering": {"min_s": 30, **rule}})


def waits(for_s: float, number: int = 1, **rule: object) -> Story:
    story = Story(yard(**rule)).track(number, "person", box=MAN)
    return story.moves((0.1, 0.5), (0.5, 0.5), over_s=4).stands((0.5, 0.5), for_s=for_s)


def test_who_stays_is_found_once_per_stay() -> None:
    (found,) = waits(120).findings()
    assert told([found]) == [("loitering", 1, "yard")]
    assert found.kind == "incident"
    assert (found.started_at - START).total_seconds() == pytest.approx(2, abs=0.2)
    assert found.facts["dwell_s"] == pytest.approx(30, abs=0.2)
    assert found.facts["absent_s"] == 0


@pytest.mark.parametrize(("for_s", "count"), [(26, 0), (29, 1)])
def test_the_time_in_the_zone_counts(for_s: float, count: int) -> None:
    """He comes in two seconds before he stands."""
    assert len(waits(for_s).findings()) == count


def test_walking_about_within_is_staying() -> None:
    story = Story(yard()).track(1, "person", box=MAN).moves((0.35, 0.4), (0.65, 0.6), over_s=10)
    for end in ((0.4, 0.6), (0.6, 0.4), (0.35, 0.5)):
        story.then(end, over_s=10)
    assert len(story.findings()) == 1


@pytest.mark.parametrize(("gap_s", "count"), [(4, 1), (8, 0)])
def test_a_short_step_outside_does_not_end_it(gap_s: float, count: int) -> None:
    story = Story(yard()).track(1, "person", box=MAN).stands((0.35, 0.5), for_s=20)
    story.then((0.26, 0.5), over_s=0.5).stands((0.26, 0.5), for_s=gap_s - 0.7).then((0.35, 0.5), over_s=0.5)
    assert len(story.stands((0.35, 0.5), for_s=16).findings()) == count


def test_hidden_and_back_under_another_id_is_the_same_person() -> None:
    """A bus stops before him."""
    story = Story(yard()).track(1, "person", box=MAN).stands((0.5, 0.5), for_s=18)
    found = story.track(2, "person", box=MAN).begins(21).stands((0.51, 0.5), for_s=60).findings()
    assert told(found) == [("loitering", 2, "yard")]
    assert found[0].facts["dwell_s"] == pytest.approx(30, abs=0.3)
    assert found[0].facts["absent_s"] == pytest.approx(3.4, abs=0.5)


def test_told_once_though_the_id_changes_afterwards() -> None:
    story = Story(yard()).track(1, "person", box=MAN).stands((0.5, 0.5), for_s=40)
    story.track(2, "person", box=MAN).begins(42).stands((0.5, 0.5), for_s=60)
    assert len(story.findings()) == 1


def test_a_stream_of_people_who_pass_is_none() -> None:
    story = Story(yard())
    for number in range(1, 30):
        story.track(number, "person", box=MAN).begins(number * 2.0).moves((0.1, 0.5), (0.9, 0.5), over_s=8)
    assert story.findings() == []


def test_two_that_stay_are_two() -> None:
    story = waits(40)
    story.track(2, "person", box=MAN).stands((0.6, 0.6), for_s=40)
    assert sorted(told(story.findings())) == [("loitering", 1, "yard"), ("loitering", 2, "yard")]


def test_a_parked_motorcycle_is_none() -> None:
    assert Story(yard()).track(1, "motorcycle").stands((0.5, 0.5), for_s=90).findings() == []


@pytest.mark.parametrize("seed", range(4))
def test_noise_does_not_break_a_stay(seed: int) -> None:
    story = Story(yard(), seed=seed).noisy().track(1, "person", box=MAN).stands((0.5, 0.5), for_s=50)
    assert len(story.hides(12, 12.8).findings()) == 1


def test_who_comes_in_by_a_door_is_not_who_went_out_by_it() -> None:
    """The door stands beside the zone: one is seen to leave the zone and is gone, another comes out of it."""
    story = Story(yard()).track(1, "person", box=MAN).stands((0.5, 0.5), for_s=20)
    story.then((0.72, 0.5), over_s=4)
    came = story.track(2, "person", box=MAN).begins(26).moves((0.72, 0.5), (0.5, 0.5), over_s=4)
    assert came.stands((0.5, 0.5), for_s=18).findings() == []
