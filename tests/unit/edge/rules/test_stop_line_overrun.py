"""Stop-line overrun: over the line on red and standing there, neither trembling on it nor caught by the change."""

from typing import Any

import pytest

from edge.rules.finding import Finding
from tests.unit.edge.road_story import START, Story, told
from tests.unit.edge.rules.test_red_light import GATES, MOVEMENTS, junction, platoon_story


def overruns(**rule: Any) -> Any:
    return junction(rules={"stop_line_overrun": rule, "red_light": {}})


def stops(at_y: float, *, red: float = 0, until: float = 40, **rule: Any) -> list[Finding]:
    story = Story(overruns(**rule)).signal("h", 0, "green").signal("h", red, "red").signal("h", until, "green").track(1)
    return story.begins(3).moves((0.5, 0.9), (0.5, at_y), over_s=2).then((0.5, at_y), over_s=10).findings()


def test_standing_over_the_line_on_red_is_one() -> None:
    (found,) = stops(0.42)
    assert told([found]) == [("stop_line_overrun", 1, "stop")]
    assert found.kind == "violation"
    assert (found.started_at - START).total_seconds() == pytest.approx(3 + 2 * 0.4 / 0.48, abs=0.01)
    assert found.facts["stood_s"] >= 2
    assert found.facts["beyond_box_sizes"] == pytest.approx(0.08 * 500 / (60 * 40) ** 0.5, abs=0.01)
    assert [span.state for span in found.signals] == ["green", "red"] or found.signals[-1].state == "red"


@pytest.mark.parametrize(
    ("at_y", "options"),
    [(0.52, {}), (0.49, {}), (0.42, {"red": 14}), (0.42, {"red": 4.5}), (0.42, {"until": 6}), (0.42, {"min_s": 20})],
    ids=["before it", "on it", "before red", "caught by the change", "green soon", "not long enough"],
)
def test_none(at_y: float, options: dict[str, Any]) -> None:
    assert stops(at_y, **options) == []


def test_an_unknown_while_it_stands_is_none() -> None:
    story = Story(overruns()).signal("h", 0, "red").signal("h", 5.5, "unknown").track(1)
    assert story.begins(3).moves((0.5, 0.9), (0.5, 0.42), over_s=2).then((0.5, 0.42), over_s=10).findings() == []


def test_going_on_later_in_the_same_red_is_the_graver_act_too() -> None:
    story = Story(overruns()).signal("h", 0, "red").track(1).begins(3).moves((0.5, 0.9), (0.5, 0.42), over_s=2)
    found = story.then((0.5, 0.42), over_s=10).then((0.5, 0.05), over_s=2).findings()
    assert told(found) == [("stop_line_overrun", 1, "stop"), ("red_light", 1, "stop")]
    assert found[1].facts["after_overrun"] is True


def test_driving_through_is_the_red_light_alone() -> None:
    story = Story(overruns()).signal("h", 0, "red").track(1).begins(3)
    assert told(story.moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings()) == [("red_light", 1, "stop")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_forty_waiting_with_the_line_under_them_are_none_or_clearly_over(seed: int) -> None:
    """Ground points 0.03 of the picture about the line (0.43 box sizes): those clearly over it are told, once each."""
    found = platoon_story(overruns(), seed, 6, going=0).findings()
    over = {number + 1 for number in range(40) if (number * 7) % 5 == 0}  # ground point 30 px beyond
    near = {number + 1 for number in range(40) if (number * 7) % 5 == 1}  # 15 px beyond: 0.43 box sizes
    told_of = [finding.track_id for finding in found]
    assert len(told_of) == len(set(told_of))
    assert set(told_of) == over | near


@pytest.mark.parametrize(
    ("end", "told_count"),
    [((0.5, 0.05), 1), ((0.99, 0.3), 0), ((0.5, 0.2), 0)],
    ids=["ahead", "free right", "not seen"],
)
def test_who_may_turn_right_on_red_may_wait_over_the_line(end: tuple[float, float], told_count: int) -> None:
    """The heads govern going ahead; whether the vehicle that stands over the line does is known at its exit."""
    setting = junction(line={"movements": ["ahead"]}, rules={"stop_line_overrun": {}}, gates=GATES, movements=MOVEMENTS)
    story = Story(setting).signal("h", 0, "red").signal("h", 20, "green").track(1).begins(3)
    story.moves((0.5, 0.95), (0.5, 0.42), over_s=2).then((0.5, 0.42), over_s=17).then((0.5, 0.4), over_s=0.5)
    assert told(story.then(end, over_s=1.5).findings()) == [("stop_line_overrun", 1, "stop")] * told_count
