"""What a camera wanted and got: the figures on which a fault is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.engine.pace import WINDOW_S, Judged, Pace


def judged(at_s: float, age_s: float = 0.1) -> Judged:
    return Judged(at_s, age_s, line_s=0.05, turn_s=0.06, own_s=0.01)


def test_wanted_and_reached_over_the_window() -> None:
    pace = Pace(0)
    pace.wants(5, 0)
    for number in range(200):
        pace.add(judged(number / 10))
    pace.wants(10, 15)
    account = pace.account(20)
    assert account.wanted == pytest.approx(7.5)
    assert account.reached == pytest.approx(10, abs=0.2)
    assert account.turn_share == pytest.approx(1.1, abs=0.02)
    assert account.own_share == pytest.approx(0.1, abs=0.01)
    assert account.covered_s == WINDOW_S


def test_silence_is_not_wanted() -> None:
    """A camera that is offline is not a machine that is too slow."""
    pace = Pace(0)
    pace.wants(5, 0)
    pace.wants(0, 12)
    assert pace.account(30).wanted == 0
    assert pace.account(30).age_p95_s is None


def test_the_age_of_95_of_100() -> None:
    pace = Pace(0)
    for number in range(100):
        pace.add(judged(1 + number / 100, age_s=number + 1))
    assert pace.account(2).age_p95_s == 95


@given(
    st.lists(st.tuples(st.floats(0.01, 3), st.sampled_from([0.0, 2.0, 5.0, 10.0]), st.booleans()), max_size=60),
    st.floats(0, 5),
)
def test_the_books_are_bounded_and_balanced(story: list[tuple[float, float, bool]], later: float) -> None:
    pace, now = Pace(0), 0.0
    for step, rate, is_judged in story:
        now += step
        pace.wants(rate, now)
        if is_judged:
            pace.add(judged(now))
    account = pace.account(now + later)
    assert 0 <= account.wanted <= 10 + 1e-6
    assert 0 <= account.covered_s <= WINDOW_S
    assert (account.age_p95_s is None) == (account.reached == 0)
