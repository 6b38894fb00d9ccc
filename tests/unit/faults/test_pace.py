"""The fault tests' edge finds as many events a second as it was asked for."""

import pytest

from tests.faults.track_edge import Pace


def run(pace: Pace, costs_s: list[float]) -> float:
    """Seconds until all events are found, each of which costs so much before the waiting begins."""
    now = 100.0
    for cost_s in costs_s:
        now += cost_s
        now += pace.wait_s(now)
    return now - 100.0


@pytest.mark.parametrize("cost_s", [0.0, 0.01, 0.049])
def test_what_an_event_costs_does_not_slow_the_pace(cost_s: float) -> None:
    assert run(Pace(20), [cost_s] * 200) == pytest.approx(10, abs=0.06)


def test_who_cannot_keep_up_never_waits() -> None:
    pace = Pace(1e6)
    assert [pace.wait_s(now) for now in (1.0, 2.0, 3.0)] == [pytest.approx(1e-6), 0.0, 0.0]


def test_a_short_delay_is_made_up_for_and_a_long_one_is_not() -> None:
    """An outage of a minute must not be followed by a minute's events at once."""
    assert run(Pace(20), [0.0] * 100 + [0.5] + [0.0] * 99) == pytest.approx(10, abs=0.06)
    assert run(Pace(20), [0.0] * 100 + [60.0] + [0.0] * 99) == pytest.approx(69, abs=0.3)
