"""Findings beside acts: a lenient score would hide what rules miss."""

import pytest

from tests.simulation.acts import Act
from tests.simulation.score import Found, geh, judge, wilson


def act(at: float, mover: int | None = 1, *, where: str = "stop", until: float | None = None, why: str = "") -> Act:
    return Act("red_light", where, mover, at, at if until is None else until, why)


def found(at: float, mover: int | None = 1, where: str = "stop") -> Found:
    return Found("red_light", where, mover, 7, at, at + 1)


def counts(acts: list[Act], told: list[Found]) -> tuple[int, int, int, int]:
    tally = judge(acts, told).tally
    return tally.matched, tally.missed, tally.false, tally.doubtful


def test_a_finding_of_the_act_is_a_match_with_its_error() -> None:
    verdict = judge([act(10.0)], [found(10.4)])
    assert verdict.tally.matched == 1
    assert verdict.tally.errors_s == pytest.approx([0.4])


@pytest.mark.parametrize(
    "wrong", [found(14.0), found(10.0, mover=2), found(10.0, mover=None), found(10.0, where="other")]
)
def test_another_time_place_or_road_user_is_both_missed_and_false(wrong: Found) -> None:
    assert counts([act(10.0)], [wrong]) == (0, 1, 1, 0)


def test_a_second_finding_of_one_act_is_false() -> None:
    assert counts([act(10.0)], [found(10.0), found(10.5)]) == (1, 0, 1, 0)


def test_two_acts_of_one_road_user_need_two_findings() -> None:
    assert counts([act(10.0), act(20.0)], [found(10.1)]) == (1, 1, 0, 0)


def test_an_act_that_lasts_may_be_told_at_any_moment_of_it() -> None:
    assert counts([act(10.0, until=30.0)], [found(25.0)]) == (1, 0, 0, 0)


def test_a_doubtful_act_counts_neither_way() -> None:
    assert counts([act(10.0, why="near")], []) == (0, 0, 0, 1)
    assert counts([act(10.0, why="near")], [found(10.0)]) == (0, 0, 0, 1)


def test_what_is_told_while_a_doubtful_act_lasts_is_about_it() -> None:
    """It is said to have begun long before, when the road user was shoved a metre while it stood."""
    early = Found("red_light", "stop", 1, 7, -10.0, 15.0)
    assert counts([act(2.9, until=30.0, why="near")], [early]) == (0, 0, 0, 1)
    assert counts([act(2.9, until=30.0)], [early]) == (0, 1, 1, 0), "a clear act has its own time"


def test_a_clear_act_is_matched_before_a_doubtful_one() -> None:
    assert counts([act(10.0, why="near"), act(11.0)], [found(10.0)]) == (1, 0, 0, 1)


def test_acts_of_a_place_are_anybodys_and_a_place_left_open_is_anywhere() -> None:
    assert counts([act(10.0, mover=None)], [found(10.0, mover=3)]) == (1, 0, 0, 0)
    assert counts([act(10.0, where="")], [found(10.0, where="lane-2")]) == (1, 0, 0, 0)


def test_wilson_interval_of_a_table() -> None:
    """Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662; none of 20 is 0 to 0.1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    with pytest.raises(ValueError, match="no trials"):
        wilson(0, 0)


def test_geh() -> None:
    assert geh(0, 0) == 0
    assert geh(110, 100) == pytest.approx(0.976, abs=1e-3)
