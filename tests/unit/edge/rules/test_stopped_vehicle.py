"""Stopped vehicles: each once, however its box trembles and its track breaks."""

from datetime import timedelta

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

ROAD = {"id": "road", "kind": "carriageway", "polygon": [[0, 0.2], [1, 0.2], [1, 0.8], [0, 0.8]]}


def road(**rule: object) -> SceneConfig:
    return scene(zones=[ROAD], rules={"stopped_vehicle": {"min_s": 10, **rule}})


def test_a_vehicle_that_stops_is_found_once_with_its_first_moment() -> None:
    story = Story(road()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=4).stands((0.5, 0.5), for_s=60)
    (found,) = story.findings()
    assert told([found]) == [("stopped_vehicle", 1, "road")]
    assert found.kind == "incident"
    assert abs((found.started_at - START).total_seconds() - 4) < 0.7
    assert found.judged_at - found.started_at >= timedelta(seconds=10)
    assert found.facts["dwell_s"] == pytest.approx(10, abs=0.2)
    assert found.path[-1].at == found.judged_at


@pytest.mark.parametrize("seed", range(3))
def test_a_parked_car_that_trembles_for_an_hour_is_one_finding(seed: int) -> None:
    """A hundred alerts for one parked car are the end of anybody's trust."""
    story = Story(road(), fps=5, seed=seed).track(1).stands((0.5, 0.5), for_s=3600).trembles(2)
    assert len(story.findings()) == 1


def test_a_parked_car_whose_track_breaks_every_minute_is_one_finding() -> None:
    story = Story(road(), fps=5)
    for number in range(30):
        story.track(number + 1).begins(number * 62).stands((0.5, 0.5), for_s=58).trembles(1)
    assert told(story.findings()) == [("stopped_vehicle", 1, "road")]


def test_a_break_before_the_time_is_up_does_not_start_the_clock_anew() -> None:
    """Rain and passing buses break tracks; a broken-down car must still be found in time."""
    story = Story(road()).track(1).stands((0.5, 0.5), for_s=6)
    story.track(2).begins(8).stands((0.5, 0.5), for_s=10)
    (found,) = story.findings()
    assert found.started_at == START
    assert found.facts["dwell_s"] < 11


def test_two_short_stops_long_apart_are_none() -> None:
    story = Story(road()).track(1).stands((0.5, 0.5), for_s=6)
    story.track(2).begins(30).stands((0.5, 0.5), for_s=6)
    assert story.findings() == []


def test_the_next_vehicle_at_the_same_place_is_another() -> None:
    """The first one was seen driving off."""
    story = Story(road()).track(1).stands((0.5, 0.5), for_s=15).then((0.9, 0.5), over_s=3)
    story.track(2).begins(20).moves((0.1, 0.5), (0.5, 0.5), over_s=3).stands((0.5, 0.5), for_s=20)
    assert [finding.track_id for finding in story.findings()] == [1, 2]


def test_a_second_stop_of_one_vehicle_elsewhere_is_another() -> None:
    story = Story(road()).track(1).stands((0.2, 0.5), for_s=15).then((0.8, 0.5), over_s=3).stands((0.8, 0.5), for_s=15)
    assert len(story.findings()) == 2


@pytest.mark.parametrize(("cls", "place"), [("person", (0.5, 0.5)), ("bicycle", (0.5, 0.5)), ("car", (0.5, 0.9))])
def test_people_bicycles_and_the_roadside_do_not_count(cls: str, place: tuple[float, float]) -> None:
    assert Story(road()).track(1, cls).stands(place, for_s=60).findings() == []


def test_a_vehicle_forgotten_is_judged_anew() -> None:
    story = Story(road(forget_s=20)).track(1).stands((0.5, 0.5), for_s=15)
    story.track(2).begins(60).stands((0.5, 0.5), for_s=15)
    assert [finding.track_id for finding in story.findings()] == [1, 2]


def test_a_queue_that_moves_up_does_not_add_its_waits_together() -> None:
    """Each car waits 7 s at each of three places; the places are taken all the time."""
    story = Story(road())
    for number in range(1, 5):
        story.track(number).stands((0.5 - number * 0.06, 0.5), for_s=7)
        for step in range(1, 4):
            story.then((0.5 - (number - step) * 0.06, 0.5), over_s=1.5)
            story.stands((0.5 - (number - step) * 0.06, 0.5), for_s=7)
    assert story.findings() == []


def test_swapped_ids_of_two_parked_cars_are_not_told_again() -> None:
    """A bus passes and the tracker takes one for the other; nobody has moved."""
    story = Story(road()).track(1).stands((0.3, 0.5), for_s=30).stands((0.6, 0.5), for_s=60)
    story.track(2).stands((0.6, 0.5), for_s=30).stands((0.3, 0.5), for_s=60)
    assert [finding.track_id for finding in story.findings()] == [1, 2]


def test_one_bad_box_of_a_parked_car_is_not_a_second_finding() -> None:
    """The lower half is hidden for three frames: the box is another one, the car is not."""
    story = Story(road()).track(1).stands((0.5, 0.5), for_s=30).stands((0.53, 0.43), for_s=0.3)
    story.stands((0.5, 0.5), for_s=30)
    assert len(story.findings()) == 1


def test_two_tracks_that_end_up_on_one_vehicle_are_one_finding() -> None:
    """A detector sees half of a parked car for a while; the second track then grows onto the whole car."""
    story = Story(road()).track(1, box=(80, 40)).stands((0.5, 0.5), for_s=60)
    story.track(2, box=(60, 40)).begins(3).stands((0.545, 0.5), for_s=5).then((0.5, 0.5), over_s=8)
    story.stands((0.5, 0.5), for_s=40)
    assert [finding.track_id for finding in story.findings()] == [1]


def test_a_passing_car_does_not_free_the_place_of_a_parked_one() -> None:
    story = Story(road()).track(1).stands((0.5, 0.5), for_s=100)
    for number in range(2, 12):
        story.track(number).begins(number * 8).moves((0.05, 0.52), (0.95, 0.52), over_s=4)
    assert [finding.track_id for finding in story.findings()] == [1]


def test_a_bus_that_crawls_by_from_behind_is_no_queue_ahead() -> None:
    """A broken-down car keeps its first moment though a bus squeezes past it."""
    story = Story(road(min_s=20)).track(1).moves((0.1, 0.5), (0.3, 0.5), over_s=4).stands((0.3, 0.5), for_s=40)
    story.track(2, "bus", box=(110.0, 80.0)).begins(10).moves((0.05, 0.56), (0.9, 0.56), over_s=14)
    found = [one for one in story.findings() if one.track_id == 1]
    assert len(found) == 1
    assert (found[0].started_at - START).total_seconds() == pytest.approx(4, abs=0.8)


def test_who_came_from_behind_and_crawls_on_ahead_for_long_is_no_queue_ahead() -> None:
    """It waits behind what stands further on; longer ago than a path remembers it was behind."""
    story = Story(road(min_s=20)).track(1).moves((0.1, 0.5), (0.3, 0.5), over_s=4).stands((0.3, 0.5), for_s=40)
    story.track(2).begins(6).moves((0.05, 0.56), (0.36, 0.56), over_s=3).then((0.5, 0.56), over_s=16)
    story.then((0.95, 0.56), over_s=3)
    (found,) = story.findings()
    assert (found.started_at - START).total_seconds() == pytest.approx(4, abs=0.8)


def test_who_stops_close_behind_has_a_place_of_its_own() -> None:
    """A motorcycle squeezes up behind a broken-down car, waits there and goes round it: the car's time goes on."""
    story = Story(road(min_s=20)).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=4).stands((0.5, 0.5), for_s=40)
    story.track(2, "motorcycle").begins(8).moves((0.1, 0.5), (0.48, 0.5), over_s=4).stands((0.48, 0.5), for_s=5)
    story.then((0.48, 0.7), over_s=2).then((0.95, 0.7), over_s=4)
    (found,) = story.findings()
    assert found.track_id == 1
    assert (found.started_at - START).total_seconds() == pytest.approx(4, abs=0.8)


def test_the_end_of_a_jam_that_goes_on_outside_the_picture_is_none() -> None:
    """Two abreast at the picture's edge stand for four minutes: what holds them up is not seen."""
    story = Story(road(queue_s=60), fps=5)
    for number, y in enumerate((0.4, 0.62)):
        story.track(number + 1).moves((0.4, y), (0.93, y), over_s=8).stands((0.93, y), for_s=240)
    assert story.findings() == []


def test_two_abreast_with_free_road_in_the_picture_are_told_after_the_time_of_a_queue() -> None:
    story = Story(road(queue_s=60), fps=5)
    for number, y in enumerate((0.4, 0.62)):
        story.track(number + 1).moves((0.1, y), (0.5, y), over_s=8).stands((0.5, y), for_s=240)
    assert len(story.findings()) == 2
