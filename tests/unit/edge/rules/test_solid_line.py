"""Solid lines: clearly over it is an act; wobbling along it is not; out and back is one."""

from typing import Any

import pytest

from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from tests.unit.edge.road_story import START, Story, scene, told

POINTS = [[0.5, 0.05], [0.5, 0.4], [0.52, 0.7], [0.55, 0.95]]  # down the picture: right of it is the picture's left


def road(**line: Any) -> SceneConfig:
    return scene(solid_lines=[{"id": "s", "points": POINTS, **line}], rules={"solid_line": {}})


def changes(setting: SceneConfig, start: float = 0.44, end: float = 0.58, cls: str = "car") -> list[Finding]:
    story = Story(setting).track(1, cls).moves((start, 0.9), (start, 0.6), over_s=1)
    return story.then((end, 0.3), over_s=1).then((end, 0.1), over_s=1).findings()


def test_a_change_over_it_is_one() -> None:
    (found,) = changes(road())
    assert told([found]) == [("solid_line", 1, "s")]
    assert found.kind == "violation"
    assert found.facts["direction"] == "backward"
    assert found.facts["beyond_box_sizes"] >= 0.5
    assert 1 < (found.started_at - START).total_seconds() < 2


@pytest.mark.parametrize(
    ("forbidden", "start", "end", "count"),
    [("both", 0.58, 0.44, 1), ("forward", 0.44, 0.58, 0), ("forward", 0.58, 0.44, 1), ("backward", 0.44, 0.58, 1)],
)
def test_where_one_side_is_dashed_only_one_way_counts(forbidden: str, start: float, end: float, count: int) -> None:
    assert len(changes(road(forbidden=forbidden), start, end)) == count


def test_a_wheel_on_the_line_is_none_and_settling_over_it_is_one() -> None:
    straight = scene(solid_lines=[{"id": "s", "points": [[0.5, 0.02], [0.5, 0.98]]}], rules={"solid_line": {}})
    size = (60 * 40) ** 0.5 / 1000

    def drifts(by: float) -> list[Finding]:
        story = Story(straight).track(1).moves((0.46, 0.9), (0.5 + by * size, 0.7), over_s=1)
        return story.then((0.5 + by * size, 0.1), over_s=3).findings()

    assert drifts(0.2) == []
    assert len(drifts(0.4)) == 1
    assert len(drifts(0.7)) == 1


def test_who_was_never_clear_on_the_other_side_has_not_crossed() -> None:
    size = (60 * 40) ** 0.5 / 1000
    straight = scene(solid_lines=[{"id": "s", "points": [[0.5, 0.02], [0.5, 0.98]]}], rules={"solid_line": {}})

    def leaves(before: float) -> list[Finding]:
        story = Story(straight).track(1).moves((0.5 - before * size, 0.9), (0.5 - before * size, 0.6), over_s=2)
        return story.then((0.56, 0.4), over_s=1.5).then((0.56, 0.1), over_s=2).findings()

    assert leaves(0.2) == []
    assert len(leaves(0.4)) == 1


def test_a_box_that_wobbles_along_the_line_is_none() -> None:
    for seed in range(8):
        story = Story(road(), seed=seed, fps=6).noisy().track(1).moves((0.5, 0.05), (0.5, 0.4), over_s=6)
        assert story.then((0.52, 0.7), over_s=5).findings() == []


def test_out_and_back_is_one_act_and_a_later_one_another() -> None:
    story = Story(road()).track(1).moves((0.44, 0.95), (0.44, 0.8), over_s=1).then((0.6, 0.6), over_s=1)
    story.then((0.6, 0.5), over_s=1).then((0.44, 0.35), over_s=1).then((0.44, 0.3), over_s=1)
    assert told(story.findings()) == [("solid_line", 1, "s")]
    story.stands((0.44, 0.3), for_s=20).then((0.6, 0.1), over_s=2).then((0.6, 0.06), over_s=1)
    assert told(story.findings()) == [("solid_line", 1, "s")] * 2


def test_coming_back_before_it_was_clear_is_none() -> None:
    story = Story(road()).track(1).moves((0.44, 0.9), (0.44, 0.35), over_s=1).then((0.512, 0.3), over_s=0.6)
    assert story.then((0.44, 0.2), over_s=0.6).then((0.44, 0.06), over_s=2).findings() == []


def test_beyond_its_end_is_none() -> None:
    story = Story(road()).track(1).moves((0.3, 0.02), (0.7, 0.02), over_s=3)
    assert story.findings() == []


@pytest.mark.parametrize(("cls", "count"), [("motorcycle", 1), ("bus", 1), ("person", 0)])
def test_vehicles_only(cls: str, count: int) -> None:
    assert len(changes(road(), cls=cls)) == count


@pytest.mark.parametrize("fps", [6.0, 10.0, 25.0])
def test_noise_changes_nothing(fps: float) -> None:
    for seed in range(5):
        story = Story(road(), fps=fps, seed=seed).noisy().track(1).moves((0.42, 0.9), (0.42, 0.6), over_s=1)
        assert told(story.then((0.6, 0.3), over_s=1.5).then((0.6, 0.1), over_s=2).findings()) == [
            ("solid_line", 1, "s")
        ]


def test_hidden_while_it_crosses_still_counts() -> None:
    story = Story(road()).track(1).moves((0.44, 0.9), (0.58, 0.2), over_s=4).hides(1.4, 2.2).then((0.58, 0.1), over_s=1)
    (found,) = story.findings()
    assert found.facts["interval_s"] == pytest.approx(0.9, abs=0.15)


def test_who_comes_from_beyond_its_end_or_drives_beyond_it_is_not_away_from_it() -> None:
    short = scene(solid_lines=[{"id": "s", "points": [[0.5, 0.3], [0.5, 0.7]]}], rules={"solid_line": {}})
    size = (60 * 40) ** 0.5 / 1000

    def drives(before: float, after: float) -> list[Finding]:
        story = Story(short).track(1).moves((0.5 + before * size, 0.95), (0.5 + before * size, 0.65), over_s=1)
        return story.then((0.5 + after * size, 0.35), over_s=1).then((0.5 + after * size, 0.05), over_s=1).findings()

    assert drives(-0.2, 0.8) == []
    assert drives(-0.8, 0.2) == []
    assert len(drives(-0.8, 0.8)) == 1
