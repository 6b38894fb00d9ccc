"""No entry: going into a zone that is closed to this class at this hour."""

from typing import Any

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

POLYGON = [[0.3, 0.2], [0.7, 0.2], [0.7, 0.7], [0.3, 0.7]]


def closed(zone: dict[str, Any] | None = None, **rule: Any) -> SceneConfig:
    return scene(zones=[{"id": "z", "kind": "no_entry", "polygon": POLYGON, **(zone or {})}], rules={"no_entry": rule})


def drives_in(setting: SceneConfig, cls: str = "truck", *, seed: int = 1, fps: float = 10) -> Story:
    return Story(setting, seed=seed, fps=fps).track(1, cls).moves((0.5, 0.95), (0.5, 0.3), over_s=3)


def test_going_in_is_one() -> None:
    (found,) = drives_in(closed()).then((0.5, 0.05), over_s=2).findings()
    assert told([found]) == [("no_entry", 1, "z")]
    assert found.kind == "violation"
    assert (found.started_at - START).total_seconds() == pytest.approx(3 * 0.25 / 0.65, abs=0.01)
    assert found.facts["inside_s"] >= 0.6
    assert found.facts["depth_box_sizes"] >= 0.04
    assert "truck" in found.facts["closed_to"]


@pytest.mark.parametrize(("cls", "count"), [("truck", 1), ("bus", 1), ("car", 0), ("person", 0)])
def test_only_classes_it_is_closed_to(cls: str, count: int) -> None:
    assert len(drives_in(closed({"closed_to": ["truck", "bus"]}), cls).findings()) == count


@pytest.mark.parametrize(
    ("hours", "count"),
    [
        ([{"from": "15:00", "to": "15:30"}], 1),
        ([{"from": "16:00", "to": "18:00"}], 0),
        ([{"from": "22:00", "to": "06:00"}, {"from": "14:00", "to": "15:01"}], 1),
        ([{"days": ["sat", "sun"]}], 0),
    ],
)
def test_only_at_its_hours(hours: list[dict[str, Any]], count: int) -> None:
    """The story plays on a Monday at 15:00 in Ho Chi Minh City."""
    assert len(drives_in(closed({"hours": hours})).findings()) == count


def test_inside_before_the_hours_began_is_none() -> None:
    story = Story(closed({"hours": [{"from": "15:01", "to": "16:00"}]})).track(1, "truck")
    story.moves((0.5, 0.95), (0.5, 0.5), over_s=3).then((0.5, 0.5), over_s=70).then((0.5, 0.25), over_s=3)
    assert story.findings() == []


def test_parked_inside_from_first_sight_is_none_and_driving_inside_is_one() -> None:
    assert Story(closed()).track(1).stands((0.5, 0.5), for_s=60).trembles(3).findings() == []
    assert len(Story(closed()).track(1).moves((0.5, 0.65), (0.5, 0.25), over_s=3).findings()) == 1


def test_along_the_edge_is_none() -> None:
    for seed in range(6):
        story = Story(closed(), seed=seed).noisy().track(1).moves((0.3, 0.95), (0.3, 0.05), over_s=5)
        assert story.findings() == []


def test_in_and_out_again_is_one_act() -> None:
    story = drives_in(closed()).then((0.5, 0.95), over_s=3).then((0.5, 0.3), over_s=3)
    assert len(story.findings()) == 1


@pytest.mark.parametrize("fps", [6.0, 25.0])
def test_noise_changes_nothing(fps: float) -> None:
    for seed in range(6):
        assert told(drives_in(closed(), seed=seed, fps=fps).noisy().findings()) == [("no_entry", 1, "z")]


def test_a_flat_zone_far_from_the_camera() -> None:
    """A side street seen at a slant is a strip a sixth of a box high; the truck is in it all the same."""
    strip = [[0.3, 0.48], [0.8, 0.48], [0.8, 0.494], [0.3, 0.494]]
    story = Story(closed({"polygon": strip})).track(1, "truck").moves((0.1, 0.487), (0.75, 0.487), over_s=4)
    assert told(story.findings()) == [("no_entry", 1, "z")]


def test_a_lorry_all_along_a_zone_hardly_higher_than_its_box_trembles() -> None:
    """A thirtieth of its size inside in every sighting, over four of its own sizes: it is in, and it goes on."""
    strip = [[0.3, 0.48], [0.8, 0.48], [0.8, 0.494], [0.3, 0.494]]
    story = Story(closed({"polygon": strip})).track(1, "truck", box=(160, 68))
    story.moves((0.1, 0.487), (0.75, 0.487), over_s=4)
    (found,) = story.findings()
    assert found.facts["depth_box_sizes"] < 0.04
    assert found.facts["travel_box_sizes"] >= 0.5


@pytest.mark.parametrize("y", [0.478, 0.48])
def test_a_lorry_along_the_edge_of_a_flat_zone_is_none(y: float) -> None:
    strip = [[0.1, 0.48], [0.9, 0.48], [0.9, 0.494], [0.1, 0.494]]
    for seed in range(8):
        story = Story(closed({"polygon": strip}), seed=seed, fps=15).noisy().track(1, "truck", box=(160, 68))
        assert story.moves((0.0, y), (1.0, y), over_s=6).findings() == []


def test_the_way_gone_counts_from_where_it_came_in() -> None:
    """A short zone: by the time it is in there for certain, more than half of the zone lies behind it."""
    short = [[0.3, 0.4], [0.7, 0.4], [0.7, 0.5], [0.3, 0.5]]
    story = Story(closed({"polygon": short})).track(1, "truck").moves((0.5, 0.95), (0.5, 0.05), over_s=7.5)
    (found,) = story.findings()
    assert found.facts["travel_box_sizes"] >= 0.5
