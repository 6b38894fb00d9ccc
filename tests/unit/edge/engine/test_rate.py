"""A camera is looked at as often as its scene needs: an empty street costs little, a red light is timed well."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.scene import RULE_IDS, RuleId
from edge.engine.rate import QUIET_S, TIMED, Rate, RateLimits, SourceRate, has_room

LIMITS = RateLimits(least=2, usual=5, most=10)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
UNTIMED = {
    "line_count",
    "lane_statistics",
    "wrong_way",
    "no_entry",
    "illegal_stopping",
    "no_helmet",
    "too_many_riders",
    "stopped_vehicle",
    "congestion",
    "pedestrian_on_carriageway",
    "intrusion",
    "loitering",
    "crowding",
    "abandoned_object",
}


def rate(*rules: RuleId, lamps: bool = False) -> Rate:
    return Rate(LIMITS, rules, watches_lamps=lamps, now_s=100)


def test_every_rule_is_timed_or_is_not() -> None:
    """A new rule must be given its place, or its crossings are timed at half the rate."""
    assert set(TIMED) | UNTIMED == set(RULE_IDS)
    assert not TIMED & UNTIMED


def test_a_quiet_scene_rests_and_wakes_at_once() -> None:
    """By a detection, or by a movement before there is one."""
    for wake in (Rate.seen, Rate.moved):
        camera = rate("line_count")
        assert camera.needed(100 + QUIET_S) == 5
        assert camera.needed(100.1 + QUIET_S) == 2
        assert camera.welcome(100.1 + QUIET_S) == 2
        wake(camera, 120)
        assert camera.needed(120) == 5
        assert camera.welcome(120) == 10


def test_a_region_that_must_be_seen_often_raises_the_rate_while_somebody_is_there() -> None:
    camera = Rate(LIMITS, ["line_count"], watches_lamps=False, now_s=100, at_least=8)
    assert camera.needed(100) == 8
    assert camera.welcome(100) == 10
    assert camera.needed(100.1 + QUIET_S) == 2


def test_only_who_moves_before_a_timing_rule_is_worth_the_most() -> None:
    """A parked car before a red light is no reason, nor is a tree in the wind; a passing car is."""
    camera = rate("red_light", "line_count")
    camera.moved(110)
    assert camera.needed(110) == 5
    camera.seen(110.2)
    assert camera.needed(110.2) == 10
    camera.seen(114)
    assert camera.needed(114) == 5
    counting = rate("line_count", "stopped_vehicle")
    counting.moved(110)
    counting.seen(110)
    assert counting.needed(110) == 5


def test_lamps_in_the_picture_keep_a_scene_awake() -> None:
    """At two looks a second a yellow of half a second would be missed."""
    assert rate("red_light", lamps=True).needed(1000) == 5


@given(
    st.lists(st.tuples(st.floats(0, 8), st.sampled_from(["seen", "moved", "nothing"])), max_size=30),
    st.sets(st.sampled_from(RULE_IDS)),
    st.booleans(),
)
def test_the_rate_stays_within_its_limits(story: list[tuple[float, str]], rules: set[RuleId], lamps: bool) -> None:
    camera, now = rate(*rules, lamps=lamps), 100.0
    for later, what in story:
        now += later
        if what == "seen":
            camera.seen(now)
        elif what == "moved":
            camera.moved(now)
        assert 2 <= camera.needed(now) <= camera.welcome(now) <= 10


def test_a_source_is_measured_by_its_own_time() -> None:
    """A decoder that cannot keep up must not pass for a camera that sends little."""
    source = SourceRate()
    assert source.fps is None
    for number in range(0, 100, 5):
        source.see(number, START + timedelta(seconds=number / 25), discontinuity=False)
    assert source.fps == pytest.approx(25)
    source.see(200, START + timedelta(seconds=60), discontinuity=True)
    assert source.fps is None
    for number in range(201, 260):
        source.see(number, START + timedelta(seconds=60 + (number - 200) / 6), discontinuity=False)
    assert source.fps == pytest.approx(6)


def test_room_is_not_given_and_taken_in_turn() -> None:
    """Two cameras of a demo on two cores have it, four do not; once had it is kept a while."""
    assert has_room(0.055, 20, 2, had_room=False)
    assert not has_room(0.055, 40, 2, had_room=False)
    assert not has_room(0.07, 20, 2, had_room=False)
    assert has_room(0.07, 20, 2, had_room=True)
    assert not has_room(0.09, 20, 2, had_room=True)
