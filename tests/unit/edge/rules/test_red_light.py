"""Red light: the finding with the highest fine. Forty that wait are none, three that go are three."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from tests.unit.edge.road_story import START, Story, scene, told

HEAD = {"id": "h", "feed": "h"}
LINE = {"id": "stop", "start": [0.9, 0.5], "end": [0.1, 0.5], "signals": ["h"]}  # forward is up the picture
GATES = [
    {"id": "south", "start": [0.9, 0.8], "end": [0.1, 0.8]},
    {"id": "north", "start": [0.1, 0.1], "end": [0.9, 0.1]},
    {"id": "east", "start": [0.95, 0.1], "end": [0.95, 0.5]},
]
MOVEMENTS = [{"id": "ahead", "from": "south", "to": "north"}, {"id": "right", "from": "south", "to": "east"}]


def junction(*, line: dict[str, Any] | None = None, rule: dict[str, Any] | None = None, **parts: Any) -> SceneConfig:
    rules = {"red_light": rule or {}} | parts.pop("rules", {})
    return scene(signal_heads=[HEAD, HEAD | {"id": "g"}], stop_lines=[LINE | (line or {})], rules=rules, **parts)


def drives(at_s: float, *, red: float = 2, green: float = 60, fps: float = 10, **parts: Any) -> list[Finding]:
    """A car at 200 pixels a second whose ground point passes the line at `at_s`."""
    story = (
        Story(junction(**parts), fps=fps).signal("h", 0, "green").signal("h", red, "red").signal("h", green, "green")
    )
    return story.track(1).begins(at_s - 1).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings()


def test_a_car_that_drives_through_on_red_is_one() -> None:
    (found,) = drives(10)
    assert told([found]) == [("red_light", 1, "stop")]
    assert found.kind == "violation"
    assert (found.started_at - START).total_seconds() == pytest.approx(10, abs=0.001)
    assert found.facts["red_for_s"] == pytest.approx(8, abs=0.001)
    assert found.facts["interval_s"] == pytest.approx(0.1)
    assert found.facts["after_overrun"] is False
    assert [(span.head, span.state) for span in found.signals] == [("h", "green"), ("h", "red")]
    assert (found.judged_at - found.started_at).total_seconds() < 1.5
    assert found.path[0].at < found.started_at < found.path[-1].at


@pytest.mark.parametrize(
    ("at_s", "count"),
    [(1.9, 0), (2.3, 0), (2.54, 0), (2.56, 1), (3, 1), (58, 1), (59.94, 1), (59.96, 0), (60.5, 0)],
    ids=["before", "grace", "grace by uncertainty", "after grace", "1 s", "late", "last", "green by uncertainty", "go"],
)
def test_grace_and_the_time_between_frames_count_for_the_driver(at_s: float, count: int) -> None:
    """Grace 0.5 s and half the frame interval, 0.05 s, at either end of red."""
    assert len(drives(at_s)) == count


@pytest.mark.parametrize("state", ["green", "yellow", "red_yellow", "flashing_yellow", "off", "unknown"])
def test_any_other_state_is_none(state: Any) -> None:
    story = Story(junction()).signal("h", 0, "red").signal("h", 5, state)
    assert story.track(1).begins(6).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings() == []


def test_no_signal_told_is_none() -> None:
    assert Story(junction()).track(1).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings() == []


@pytest.mark.parametrize("second", ["green", "unknown", None])
def test_all_heads_must_be_red(second: Any) -> None:
    story = Story(junction(line={"signals": ["h", "g"]})).signal("h", 0, "red")
    if second:
        story.signal("g", 0, second)
    assert story.track(1).begins(6).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings() == []


def test_two_red_heads_are_told_both() -> None:
    story = Story(junction(line={"signals": ["h", "g"]})).signal("h", 0, "red").signal("g", 1, "red")
    (found,) = story.track(1).begins(6).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings()
    assert found.facts["red_for_s"] == pytest.approx(6, abs=0.01)
    assert {span.head for span in found.signals} == {"h", "g"}


def test_stopping_over_the_line_is_none() -> None:
    story = Story(junction()).signal("h", 0, "red").signal("h", 30, "green")
    story.track(1).begins(3).moves((0.5, 0.9), (0.5, 0.43), over_s=2).then((0.5, 0.43), over_s=27)
    assert story.then((0.5, 0.1), over_s=2).findings() == []


def test_stopping_far_over_the_line_is_none() -> None:
    """One and a half box sizes beyond, on the crossing: it stands there, so it has not gone on."""
    story = Story(junction()).signal("h", 0, "red").signal("h", 30, "green").track(1).begins(3)
    story.moves((0.5, 0.9), (0.5, 0.45), over_s=2).then((0.5, 0.39), over_s=1).then((0.5, 0.35), over_s=1.5)
    assert story.then((0.5, 0.35), over_s=25).then((0.5, 0.1), over_s=2).findings() == []


@pytest.mark.parametrize(("nudge", "count"), [(0.03, 0), (0.25, 1)])
def test_a_nudge_where_it_stands_far_over_the_line_is_no_moving_off(nudge: float, count: int) -> None:
    """It stopped two box sizes beyond; half a box farther it stands again. A whole way on is another thing."""
    story = Story(junction()).signal("h", 0, "red").track(1).begins(3)
    story.moves((0.5, 0.9), (0.5, 0.45), over_s=2).then((0.5, 0.39), over_s=1).then((0.5, 0.35), over_s=1.5)
    story.stands((0.5, 0.35), for_s=6).then((0.5, 0.35 - nudge), over_s=0.2 + 4 * nudge)
    assert len(story.stands((0.5, 0.35 - nudge), for_s=8).findings()) == count


def test_a_bicycle_whose_box_trembles_far_beyond_the_line_has_not_moved_off() -> None:
    """It stands a box beyond the line; its box jumps by a seventh of its size, as if it moved now and then."""
    for seed in range(6):
        story = Story(junction(), fps=10, seed=seed).signal("h", 0, "red").track(1, "bicycle", box=(22, 40)).begins(3)
        story.moves((0.5, 0.9), (0.5, 0.42), over_s=3).then((0.5, 0.42), over_s=20).trembles(4)
        assert story.findings() == []


def test_over_the_line_on_red_standing_then_going_on_red_is_one() -> None:
    story = Story(junction(rules={"stop_line_overrun": {}})).signal("h", 0, "red").signal("h", 60, "green")
    story.track(1).begins(3).moves((0.5, 0.9), (0.5, 0.43), over_s=2).then((0.5, 0.43), over_s=15)
    (found,) = [f for f in story.then((0.5, 0.1), over_s=2).findings() if f.rule == "red_light"]
    assert found.facts["after_overrun"] is True
    assert (found.started_at - START).total_seconds() == pytest.approx(20, abs=0.3)
    assert found.facts["crossed_before_s"] == pytest.approx(15.3, abs=0.5)


def test_beyond_the_line_before_red_may_clear() -> None:
    """Law 36/2024, article 11: waiting in the junction for oncoming traffic, then going on red."""
    story = Story(junction()).signal("h", 0, "green").signal("h", 6, "red")
    story.track(1).moves((0.5, 0.9), (0.5, 0.43), over_s=2).then((0.5, 0.43), over_s=10)
    assert story.then((0.5, 0.1), over_s=2).findings() == []


def test_a_second_red_does_not_make_one_of_who_waited_through_the_green() -> None:
    story = Story(junction()).signal("h", 0, "red").signal("h", 10, "green").signal("h", 20, "red")
    story.track(1).begins(3).moves((0.5, 0.9), (0.5, 0.43), over_s=2).then((0.5, 0.43), over_s=25)
    assert story.then((0.5, 0.1), over_s=2).findings() == []


def test_the_front_over_the_line_when_red_begins_may_clear_but_not_wait_and_go() -> None:
    def stands_and_goes(at_s: float) -> list[Finding]:
        story = Story(junction()).signal("h", 0, "green").signal("h", 5, "red")
        story.track(1).moves((0.5, 0.9), (0.5, 0.52), over_s=2).then((0.5, 0.52), over_s=at_s - 2)
        return story.then((0.5, 0.1), over_s=2).findings()

    assert stands_and_goes(7) == []
    assert len(stands_and_goes(15)) == 1


def test_creeping_over_the_line_and_starting_with_the_green_is_none() -> None:
    story = Story(junction()).signal("h", 0, "red").signal("h", 20, "green").track(1)
    story.moves((0.5, 0.9), (0.5, 0.52), over_s=2).then((0.5, 0.46), over_s=17.8)
    assert story.then((0.5, 0.1), over_s=2).findings() == []


def test_a_long_gap_at_the_line_makes_the_moment_wide() -> None:
    """Hidden for 0.8 s while red begins: it may have passed before."""
    story = Story(junction()).signal("h", 0, "green").signal("h", 4, "red").track(1)
    story.moves((0.5, 0.9), (0.5, 0.1), over_s=9.2).hides(4.2, 5.0)
    (found,) = (
        Story(junction())
        .signal("h", 0, "red")
        .track(1)
        .moves((0.5, 0.9), (0.5, 0.1), over_s=9.2)
        .hides(4.2, 5)
        .findings()
    )
    assert found.facts["interval_s"] == pytest.approx(0.8, abs=0.11)
    assert story.findings() == []


@pytest.mark.parametrize(("seen_s", "count"), [(0.05, 0), (0.5, 1)])
def test_one_sighting_beyond_the_line_long_after_the_last_is_not_believed(seen_s: float, count: int) -> None:
    """Hidden for 1.5 s as it comes to the line, then a box beyond it once: that may be anybody's."""
    story = Story(junction()).signal("h", 0, "red").track(1).begins(4).moves((0.5, 0.9), (0.5, 0.3), over_s=2 + seen_s)
    story.hides(4.5, 6.0).track(2).begins(0).moves((0.02, 0.9), (0.02, 0.95), over_s=14)
    assert len(story.findings()) == count


@pytest.mark.parametrize("label", ["person"])
def test_people_on_foot_are_none(label: str) -> None:
    story = Story(junction()).signal("h", 0, "red").track(1, label, box=(20, 60))
    assert story.begins(4).moves((0.5, 0.9), (0.5, 0.1), over_s=5).findings() == []


def test_the_way_out_of_the_junction_is_none() -> None:
    story = Story(junction()).signal("h", 0, "red").track(1).begins(4)
    assert story.moves((0.5, 0.1), (0.5, 0.9), over_s=2).findings() == []


def test_leaving_the_picture_right_behind_the_line_still_counts() -> None:
    """The track ends 0.3 s after it went on: what it was doing is what it did."""
    story = Story(junction()).signal("h", 0, "red").track(1).begins(4).moves((0.5, 0.9), (0.5, 0.36), over_s=1.35)
    (found,) = story.track(2).begins(0).moves((0.02, 0.9), (0.02, 0.95), over_s=12).findings()
    assert found.track_id == 1
    assert found.path


@pytest.mark.parametrize(
    ("end", "movements", "count"),
    [
        ((0.5, 0.05), ["ahead"], 1),
        ((0.99, 0.3), ["ahead"], 0),
        ((0.99, 0.3), ["right"], 1),
        ((0.5, 0.2), ["ahead"], 0),
        ((0.5, 0.2), ["ahead", "right"], 1),
    ],
    ids=["governed", "not governed", "arrow", "exit not seen", "all are governed"],
)
def test_heads_that_govern_some_movements(end: tuple[float, float], movements: list[str], count: int) -> None:
    setting = junction(line={"movements": movements}, gates=GATES, movements=MOVEMENTS)
    story = Story(setting).signal("h", 0, "red").track(1).begins(4).moves((0.5, 0.95), (0.5, 0.4), over_s=1.5)
    assert len(story.then(end, over_s=1.5).findings()) == count


def platoon_story(setting: SceneConfig, seed: int, fps: float, *, going: int) -> Story:
    """Forty motorcycles stop with the line under them and wait a whole red; some go before it ends."""
    story = Story(setting, fps=fps, seed=seed).noisy()
    story.signal("h", 0, "green").signal("h", 2, "red").signal("h", 42, "green").signal("h", 80, "red")
    for number in range(40):
        x, y = 0.12 + 0.019 * number, 0.5 + 0.03 * ((number * 7) % 5 - 2)
        leaves_s = 20 + 3 * number if number < going else 42.8 + 0.1 * (number % 7)
        begin_s = 2.6 + 0.05 * number
        story.track(number + 1, "motorcycle", box=(26, 46)).begins(begin_s)
        story.moves((x, 0.95), (x, y), over_s=4).then((x, y), over_s=leaves_s - begin_s - 4).then((x, 0.05), over_s=3)
    return story


def platoon(seed: int, fps: float, *, going: int) -> list[Finding]:
    return platoon_story(junction(), seed, fps, going=going).findings()


@pytest.mark.parametrize("fps", [6.0, 15.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_forty_wait_over_the_line_and_three_go(fps: float, seed: int) -> None:
    assert platoon(seed, fps, going=0) == []
    assert sorted(told(platoon(seed, fps, going=3))) == [("red_light", number, "stop") for number in (1, 2, 3)]


def test_a_whole_red_of_trembling_on_the_line_is_none() -> None:
    for seed in range(6):
        story = Story(junction(), fps=6, seed=seed).signal("h", 0, "red").signal("h", 90, "green")
        story.track(1, "motorcycle", box=(26, 46)).stands((0.5, 0.5), for_s=91).trembles(4)
        assert story.then((0.5, 0.1), over_s=2).findings() == []


@settings(max_examples=25)
@given(at_s=st.floats(3, 20), fps=st.sampled_from([6.0, 10.0, 25.0]), drop=st.integers(0, 400))
def test_one_lost_frame_changes_nothing(at_s: float, fps: float, drop: int) -> None:
    story = Story(junction(), fps=fps).signal("h", 0, "red").signal("h", 40, "green").keeping(lambda n: n != drop)
    assert len(story.track(1).begins(at_s - 1).moves((0.5, 0.9), (0.5, 0.1), over_s=2).findings()) == 1


@settings(max_examples=25)
@given(at_s=st.floats(0.5, 6), x=st.floats(0.2, 0.8), down=st.booleans())
def test_mirrored_pictures_give_the_same(at_s: float, x: float, down: bool) -> None:
    """Left and right; seen from the front a vehicle's ground point is its front, so up and down may differ by that."""

    def run(mirror: bool) -> int:
        def place(px: float, py: float) -> tuple[float, float]:
            return (1 - px if mirror else px), (1 - py if down else py)

        start, end = place(0.9, 0.5), place(0.1, 0.5)
        if mirror != down:
            start, end = end, start
        setting = junction(line={"start": start, "end": end})
        story = Story(setting).signal("h", 0, "green").signal("h", 2, "red").track(1)
        return len(story.begins(max(at_s - 1, 0)).moves(place(x, 0.9), place(x, 0.1), over_s=2).findings())

    assert run(False) == run(True)


@pytest.mark.parametrize("seed", range(12))
def test_one_wrong_class_right_behind_the_line_does_not_let_him_off(seed: int) -> None:
    """At six frames a second the first sighting beyond the line is often far beyond it."""
    story = Story(junction(), fps=6, seed=seed).noisy(drops=0, flicker=0.2).signal("h", 0, "red")
    assert len(story.track(1).begins(4).moves((0.5, 0.9), (0.5, 0.1), over_s=1.5).findings()) == 1


def test_a_short_halt_over_the_line_until_the_green_is_none() -> None:
    """Half a box over the line for 1.4 s, shorter than a stand, then off with the green."""
    story = Story(junction()).signal("h", 0, "red").signal("h", 6, "green").track(1).begins(3)
    story.moves((0.5, 0.9), (0.5, 0.43), over_s=1.8).then((0.5, 0.43), over_s=1.4)
    assert story.then((0.5, 0.05), over_s=2).findings() == []
