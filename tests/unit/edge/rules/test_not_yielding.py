"""Not yielding: passing in front of a person on the crossing; waiting for them, or passing behind them, is right."""

import random
from datetime import timedelta
from typing import Any

import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from edge.rules.not_yielding import _drives
from edge.scene.sample import Sample
from edge.track.track import Track
from tests.unit.edge.road_story import START, Story, scene, told

BAND = [[0.2, 0.45], [0.8, 0.45], [0.8, 0.6], [0.2, 0.6]]
WALKER = (20.0, 60.0)  # box size 34.6 px: near is 104 px


def road(**rule: Any) -> SceneConfig:
    return scene(zones=[{"id": "x", "kind": "crossing", "polygon": BAND}], rules={"not_yielding": rule})


def walks(setting: SceneConfig, start: float, end: float, over_s: float, **story: Any) -> Story:
    return Story(setting, **story).track(9, "person", box=WALKER).moves((start, 0.53), (end, 0.53), over_s=over_s)


def drives(story: Story, at_s: float, *, x: float = 0.5, cls: str = "car", over_s: float = 2) -> list[Finding]:
    """A car comes up the road and is level with the person (y 0.53) at `at_s`."""
    story.track(1, cls).begins(at_s - over_s * 0.42 / 0.9).moves((x, 0.95), (x, 0.05), over_s=over_s)
    return story.findings()


def test_passing_in_front_of_a_person_who_comes_is_one() -> None:
    """The person walks 50 px a second and is 50 px from the path when the car passes."""
    (found,) = drives(walks(road(), 0.25, 0.65, 8), 4)
    assert told([found]) == [("not_yielding", 1, "x")]
    assert found.kind == "violation"
    assert found.facts["person_track"] == "9"
    assert found.facts["gap_person_box_sizes"] == pytest.approx(50 / 34.64, abs=0.3)
    assert found.facts["person_before_s"] > 3


@pytest.mark.parametrize("start", [0.25, 0.75])
def test_from_either_side(start: float) -> None:
    assert len(drives(walks(road(), start, 1 - start, 10), 4)) == 1


@pytest.mark.parametrize(
    ("at_s", "why"), [(8, "past it, walking away"), (1.5, "not there yet"), (2.2, "125 px away")], ids=str
)
def test_other_moments_are_none(at_s: float, why: str) -> None:
    assert drives(walks(road(), 0.25, 0.65, 8), at_s) == [], why


def test_within_the_width_of_the_vehicle_is_one_though_walking_away() -> None:
    assert len(drives(walks(road(), 0.25, 0.65, 8), 5.3)) == 1


def test_a_person_waiting_on_the_crossing_counts() -> None:
    story = Story(road()).track(9, "person", box=WALKER).moves((0.25, 0.53), (0.44, 0.53), over_s=3)
    assert len(drives(story.then((0.44, 0.53), over_s=8), 7)) == 1


def test_waiting_until_the_person_has_passed_is_none() -> None:
    story = walks(road(), 0.3, 0.7, 8).track(1).moves((0.5, 0.95), (0.5, 0.66), over_s=2)
    assert story.then((0.5, 0.66), over_s=4).then((0.5, 0.05), over_s=2).findings() == []


def test_a_short_halt_until_the_person_has_passed_is_none() -> None:
    """Shorter than the scene's stop window: it is not told as a stand, yet it yielded."""
    story = walks(road(), 0.3, 0.7, 8).track(1).begins(2.6).moves((0.5, 0.95), (0.5, 0.66), over_s=1)
    assert story.then((0.5, 0.655), over_s=1.6).then((0.5, 0.05), over_s=2).findings() == []


def test_standing_on_the_crossing_is_none() -> None:
    story = Story(road()).track(1).moves((0.5, 0.95), (0.5, 0.55), over_s=2).then((0.5, 0.55), over_s=10)
    assert story.track(9, "person", box=WALKER).begins(2).moves((0.3, 0.53), (0.7, 0.53), over_s=8).findings() == []


def test_who_steps_on_the_crossing_after_the_vehicle_is_none() -> None:
    story = Story(road()).track(9, "person", box=WALKER).moves((0.45, 0.3), (0.45, 0.48), over_s=4)
    assert drives(story.then((0.47, 0.53), over_s=4), 3.9, over_s=4) == []


def test_a_rider_beside_the_vehicle_is_no_person_on_foot() -> None:
    """The machine under them was not detected; they go at the vehicle's speed."""
    story = Story(road()).track(9, "person", box=WALKER).moves((0.46, 0.95), (0.46, 0.05), over_s=2.2)
    assert drives(story, 1.1, over_s=2.0) == []


def test_nobody_on_the_crossing_is_none() -> None:
    story = Story(road()).track(9, "person", box=WALKER).moves((0.25, 0.8), (0.65, 0.8), over_s=8)
    assert drives(story, 4) == []


@pytest.mark.parametrize(("cls", "count"), [("motorcycle", 1), ("bus", 1), ("bicycle", 0)])
def test_motor_vehicles_only(cls: str, count: int) -> None:
    assert len(drives(walks(road(), 0.25, 0.65, 8), 4, cls=cls)) == count


def test_two_people_one_act() -> None:
    story = walks(road(), 0.25, 0.65, 8).track(8, "person", box=WALKER).moves((0.26, 0.55), (0.66, 0.55), over_s=8)
    assert len(drives(story, 4)) == 1


def test_a_person_hidden_by_the_vehicle_while_it_passes() -> None:
    assert len(drives(walks(road(), 0.25, 0.65, 8).hides(3.8, 4.5), 4)) == 1


@pytest.mark.parametrize("fps", [6.0, 10.0, 25.0])
def test_noise_changes_nothing(fps: float) -> None:
    for seed in range(6):
        assert len(drives(walks(road(), 0.25, 0.65, 8, fps=fps, seed=seed).noisy(), 4)) == 1
        assert drives(walks(road(), 0.25, 0.65, 8, fps=fps, seed=seed).noisy(), 7.5) == []


def test_a_motorcycle_on_the_crossing_taken_for_a_person_now_and_then_is_none() -> None:
    for seed in range(6):
        story = Story(road(), seed=seed).noisy(flicker=0.2).track(9, "motorcycle", box=(26, 46))
        story.stands((0.45, 0.53), for_s=30)
        for number in range(6):
            x = 0.52 + 0.01 * number
            story.track(number + 20, "motorcycle", box=(26, 46)).begins(4 + 4 * number).moves(
                (x, 0.95), (x, 0.05), over_s=2
            )
        assert story.findings() == []


def test_coming_level_long_after_the_crossing_is_none() -> None:
    """It drove over the crossing 120 px from her, then turned into the side street and passed behind her back."""
    story = Story(road()).track(9, "person", box=WALKER).moves((0.55, 0.53), (0.62, 0.53), over_s=2)
    story.then((0.62, 0.53), over_s=10).track(1).begins(4).moves((0.5, 0.95), (0.5, 0.36), over_s=1.5)
    assert story.then((0.9, 0.36), over_s=4).findings() == []


def test_who_stood_on_the_edge_of_the_crossing_and_moves_off_has_made_a_stand() -> None:
    """It gave way to others there; that it then goes on in front of this person was not seen as one drive."""
    story = walks(road(), 0.25, 0.65, 8)
    story.track(1).moves((0.5, 0.95), (0.5, 0.59), over_s=0.8).stands((0.5, 0.59), for_s=2.6)
    assert story.then((0.5, 0.05), over_s=1.2).findings() == []


@pytest.mark.parametrize(("stands_at", "count"), [(0.7, 1), (0.66, 1), (0.595, 0)])
def test_who_drives_off_from_before_the_crossing_in_front_of_a_person_is_one(stands_at: float, count: int) -> None:
    """It stood at the stop line, and is level with her before the scene is sure that it moves again."""
    for seed in range(4):
        story = (
            Story(road(), seed=seed)
            .track(9, "person", box=WALKER)
            .begins(5)
            .moves((0.25, 0.53), (0.65, 0.53), over_s=8)
        )
        story.track(1).moves((0.5, 0.95), (0.5, stands_at), over_s=0.8).then((0.5, stands_at), over_s=7.6)
        story.then((0.5, stands_at - 0.05), over_s=0.3).then((0.5, stands_at - 0.3), over_s=0.5)
        assert len(story.then((0.5, 0.05), over_s=0.5).trembles(0.5).findings()) == count


def test_who_stood_on_the_edge_and_is_known_to_have_moved_off_has_made_a_stand() -> None:
    """She is at the far side of the crossing: by the time it comes level with her the scene knows that it moves."""
    story = Story(road()).track(9, "person", box=WALKER).moves((0.25, 0.46), (0.65, 0.46), over_s=12)
    story.track(1).begins(1).moves((0.5, 0.95), (0.5, 0.595), over_s=0.8).stands((0.5, 0.595), for_s=3)
    assert story.then((0.5, 0.4), over_s=1.6).then((0.5, 0.05), over_s=1).findings() == []


@pytest.mark.parametrize("stands_at", [0.62, 0.63, 0.64])
def test_who_left_his_place_before_the_crossing_while_already_on_it_is_one(stands_at: float) -> None:
    """It stood just before the crossing; by the time the scene knows that it left its place it has reached it."""
    story = Story(road()).track(9, "person", box=WALKER).begins(1).moves((0.25, 0.46), (0.65, 0.46), over_s=8)
    story.track(1).moves((0.5, 0.95), (0.5, stands_at), over_s=0.8).stands((0.5, stands_at), for_s=3)
    assert len(story.then((0.5, 0.4), over_s=1.4).then((0.5, 0.05), over_s=1).findings()) == 1


def test_a_stand_before_the_crossing_that_is_over_does_not_count() -> None:
    story = Story(road()).track(9, "person", box=WALKER).begins(1).moves((0.25, 0.46), (0.65, 0.46), over_s=8)
    story.track(1).moves((0.5, 0.95), (0.5, 0.75), over_s=0.8).stands((0.5, 0.75), for_s=3)
    assert len(story.then((0.5, 0.4), over_s=1.4).then((0.5, 0.05), over_s=1).findings()) == 1


def test_who_trembles_over_the_edge_and_then_drives_off_has_made_a_stand() -> None:
    """Its ground point passes the edge of the crossing in nearly every frame while it stands there."""
    for seed in range(6):
        story = (
            Story(road(), seed=seed)
            .track(9, "person", box=WALKER)
            .begins(5)
            .moves((0.25, 0.53), (0.65, 0.53), over_s=8)
        )
        story.track(1).moves((0.5, 0.95), (0.5, 0.601), over_s=0.8).then((0.5, 0.599), over_s=7.9).trembles(1)
        assert story.then((0.5, 0.05), over_s=1.0).findings() == []


@pytest.mark.parametrize(("seen_s", "count"), [(0.05, 0), (0.4, 1)])
def test_one_sighting_long_after_the_last_is_not_believed(seen_s: float, count: int) -> None:
    """Hidden for 0.7 s before the crossing, then a box behind her once: that may be anybody's. Twice is he."""
    story = walks(road(), 0.27, 0.67, 10).track(1).begins(2).moves((0.5, 0.95), (0.5, 0.4), over_s=2)
    assert len(story.then((0.5, 0.05), over_s=1.3).hides(3.3, 4.0).hides(4.0 + seen_s, 9).findings()) == count


@pytest.mark.parametrize(("from_x", "count"), [(0.27, 1), (0.25, 0)])
def test_who_was_hidden_is_judged_by_where_she_was_when_he_came_level(from_x: float, count: int) -> None:
    """When he is seen again she is within three of her box sizes; when he drove by, 0.6 s before, she may not be."""
    story = walks(road(), from_x, from_x + 0.4, 10).track(1).begins(2).moves((0.5, 0.95), (0.5, 0.4), over_s=2)
    assert len(story.then((0.5, 0.05), over_s=1.3).hides(3.3, 4.0).findings()) == count


def path_of(places: list[tuple[float, float]]) -> tuple[Sample, ...]:
    return tuple(Sample(START + timedelta(seconds=n / 10), place, 40.0) for n, place in enumerate(places))


@pytest.mark.parametrize(
    ("places", "drives_on"),
    [
        ([], False),
        ([(500.0, 600.0)], False),
        ([(500.0, 600.0), (500.0, 602.0)], False),
        ([(500.0, 600.0), (500.0, 620.0)], True),
        ([(500.0, 600.0 + 2 * (n % 2)) for n in range(12)], False),
        ([(500.0, 640.0 - 4 * n) for n in range(11)] + [(500.0, 600.0)] * 7, False),
    ],
    ids=["unseen", "seen once", "two within the noise", "two beyond it", "to and fro", "has halted"],
)
def test_a_drive_is_told_from_means_at_both_ends(places: list[tuple[float, float]], drives_on: bool) -> None:
    box = Track(1, RoadUserClass.CAR, 0.9, 480, 570, 520, 610, START)
    assert _drives(box, path_of(places)) is drives_on


def test_a_box_without_width_or_height_drives_nowhere() -> None:
    path = path_of([(500.0, 600.0), (500.0, 680.0)])
    assert not _drives(Track(1, RoadUserClass.CAR, 0.9, 500, 570, 500, 610, START), path)
    assert not _drives(Track(1, RoadUserClass.CAR, 0.9, 480, 600, 520, 600, START), path)


def test_who_creeps_on_the_crossing_within_the_noise_of_its_box_is_none() -> None:
    """No stand was told yet: it is level with her by a jerk of its box alone."""
    story = walks(road(), 0.25, 0.65, 8).track(1).begins(2.9).moves((0.5, 0.95), (0.5, 0.532), over_s=0.4)
    assert story.then((0.5, 0.53), over_s=1.5).then((0.5, 0.529), over_s=3).findings() == []


@pytest.mark.parametrize(("mps", "drives_on"), [(0.0, False), (3.0, True)])
def test_a_heading_from_a_trembling_box_is_no_drive(mps: float, drives_on: bool) -> None:
    """A truck's box of 190 px trembles by 2 % of its sides; far from the camera that is half a metre on the ground."""
    rng, told_so = random.Random(7), 0
    for _ in range(400):
        path = []
        for step in range(20):
            x, y = 500 + rng.gauss(0, 1.8), 600 - mps * 16 * step / 15 + rng.gauss(0, 3.8)
            path.append(Sample(START + timedelta(seconds=step / 15), (x, y), 157.0))
        track = Track(1, RoadUserClass.TRUCK, 0.9, 435, 410, 565, 600, path[-1].at)
        told_so += _drives(track, tuple(path))
    assert told_so == 400 if drives_on else told_so <= 2


@pytest.mark.parametrize("seed", range(4))
def test_a_vehicle_that_drives_by_with_a_trembling_box_is_one(seed: int) -> None:
    story = walks(road(), 0.25, 0.65, 8, seed=seed)
    story.track(1).begins(3.1).moves((0.5, 0.95), (0.5, 0.05), over_s=2).trembles(1.5)
    assert len(story.findings()) == 1
