"""Wrong lane: clearly in a lane that is not for this class at this hour, and driving in it."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from edge.rules.road import TrackRoad
from edge.track.track import Track
from tests.unit.edge.road_story import SIZE, START, Story, scene, told

UP = {"start": [0.5, 0.9], "end": [0.5, 0.1]}
MOTORCYCLES = {"id": "m", "polygon": [[0.5, 0.1], [0.7, 0.1], [0.7, 0.9], [0.5, 0.9]], "direction": UP}
CARS = {"id": "c", "polygon": [[0.3, 0.1], [0.5, 0.1], [0.5, 0.9], [0.3, 0.9]], "direction": UP}
TWO_WHEELERS = {"classes": ["motorcycle", "bicycle"]}


def road(*use: dict[str, Any], **rule: Any) -> SceneConfig:
    return scene(lanes=[MOTORCYCLES | {"use": list(use or (TWO_WHEELERS,))}, CARS], rules={"wrong_lane": rule})


def drives(setting: SceneConfig, x: float = 0.6, cls: str = "car", *, over_s: float = 5, **story: Any) -> Story:
    return Story(setting, **story).track(1, cls).moves((x, 0.95), (x, 0.05), over_s=over_s)


def test_a_car_in_the_lane_of_motorcycles_is_one() -> None:
    (found,) = drives(road()).findings()
    assert told([found]) == [("wrong_lane", 1, "m")]
    assert found.kind == "violation"
    assert found.facts["allowed"] == ["bicycle", "motorcycle"]
    assert found.facts["in_lane_s"] >= 1.5
    assert found.facts["travel_box_sizes"] >= 1.5
    assert (found.started_at - START).total_seconds() < 1.5


@pytest.mark.parametrize(("cls", "x"), [("motorcycle", 0.6), ("person", 0.6), ("car", 0.4)])
def test_who_may_be_there_is_none(cls: str, x: float) -> None:
    assert drives(road(), x, cls).findings() == []


@pytest.mark.parametrize("x", [0.502, 0.51, 0.695])
def test_straddling_is_none(x: float) -> None:
    """Ground point nearer to the lane's edge than a quarter of the box: it uses both lanes."""
    for seed in range(4):
        assert drives(road(), x, seed=seed).noisy(drops=0, flicker=0).findings() == []


def test_hidden_is_not_straddling() -> None:
    """Clear of the edge before and after, for half a second or more behind something: one drive."""
    assert told(drives(road(), over_s=3.4).hides(1.4, 2.2).findings()) == [("wrong_lane", 1, "m")]


def test_last_and_next_seen_on_the_edge_is_straddling() -> None:
    story = Story(road()).track(1).moves((0.6, 0.95), (0.6, 0.7), over_s=1.3).then((0.505, 0.6), over_s=0.5)
    story.hides(1.9, 2.5).then((0.505, 0.5), over_s=0.8).then((0.6, 0.42), over_s=0.3).then((0.6, 0.3), over_s=0.9)
    assert story.findings() == []


def test_who_comes_grows_and_has_gone_as_far() -> None:
    """A lorry that comes from 60 to 32 m before a camera 2.9 times as high as it: by its size at the end alone it has
    gone 1.4 box sizes of 28 m, though it went 2.6 of those at the beginning."""
    setting, found = TrackRoad(road(), node="n", camera="c"), []
    for step in range(41):
        at, metres = START + timedelta(seconds=step / 10), 60 - 0.7 * step
        y, size = 16000 / metres - 150, 16000 / 2.9 / metres
        box = (600 - 0.4 * size, y - 1.25 * size, 600 + 0.4 * size, y)
        found += setting.update([Track(1, RoadUserClass.TRUCK, 0.9, *box, at)], at, SIZE)
    assert told(found) == [("wrong_lane", 1, "m")]
    assert 1.5 <= found[0].facts["travel_box_sizes"] < 2


def test_crossing_the_lane_is_none() -> None:
    assert Story(road()).track(1).moves((0.3, 0.5), (0.9, 0.3), over_s=3).findings() == []


def test_standing_in_it_is_none() -> None:
    assert Story(road()).track(1).stands((0.6, 0.5), for_s=60).trembles(3).findings() == []


@pytest.mark.parametrize(
    ("use", "count"),
    [
        ([TWO_WHEELERS | {"hours": [{"from": "15:00", "to": "16:00"}]}], 1),
        ([TWO_WHEELERS | {"hours": [{"from": "06:00", "to": "09:00"}]}], 0),
        ([{"classes": ["car"], "hours": [{"from": "14:00", "to": "16:00"}]}, TWO_WHEELERS], 0),
        ([{"classes": ["bus"], "hours": [{"from": "20:00", "to": "21:00"}]}, TWO_WHEELERS], 1),
    ],
    ids=["in force", "not in force", "first entry counts", "second holds"],
)
def test_the_first_use_whose_hours_hold(use: list[dict[str, Any]], count: int) -> None:
    """The story plays at 15:00 in Ho Chi Minh City."""
    assert len(drives(road(*use)).findings()) == count


def test_lanes_by_name() -> None:
    assert drives(road(lanes=["c"])).findings() == []


@pytest.mark.parametrize("fps", [6.0, 25.0])
def test_noise_changes_nothing(fps: float) -> None:
    for seed in range(6):
        assert told(drives(road(), fps=fps, seed=seed).noisy().findings()) == [("wrong_lane", 1, "m")]
        assert drives(road(), cls="motorcycle", fps=fps, seed=seed).noisy().findings() == []


def test_sharing_the_lane_side_by_side() -> None:
    """Motorcycles and a car abreast in the lane: the car is one, they are none."""
    story = drives(road(), seed=3)
    for number in range(2, 8):
        story.track(number, "motorcycle", box=(26, 46)).moves(
            (0.52 + 0.02 * number, 0.95), (0.52 + 0.02 * number, 0.05), over_s=5
        )
    assert told(story.noisy().findings()) == [("wrong_lane", 1, "m")]


def test_the_end_of_the_lane_is_no_edge() -> None:
    """Nearer to an end of it than the margin for half of the time, and far from its sides."""
    arrow = {"start": [0.5, 0.56], "end": [0.5, 0.45]}
    flat = {"id": "m", "polygon": [[0.45, 0.45], [0.55, 0.45], [0.58, 0.56], [0.42, 0.56]], "direction": arrow}
    setting = scene(lanes=[flat | {"use": [TWO_WHEELERS]}], rules={"wrong_lane": {"min_travel": 0.5}})
    story = Story(setting).track(1, "car").moves((0.5, 0.58), (0.5, 0.44), over_s=2.8)
    assert told(story.findings()) == [("wrong_lane", 1, "m")]
