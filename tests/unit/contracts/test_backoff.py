"""Pauses between tries: they double, end at a bound, and are spread."""

import pytest

from contracts.backoff import backoff_s


def test_doubles_up_to_its_bound() -> None:
    assert [backoff_s(n, 1.0, least_s=0.2, most_s=5) for n in (1, 2, 3, 6, 100, 5000)] == [0.2, 0.4, 0.8, 5, 5, 5]


def test_is_spread_over_its_upper_half() -> None:
    assert backoff_s(3, 0.0, least_s=0.2) == 0.4
    assert backoff_s(3, 0.5, least_s=0.2) == pytest.approx(0.6)


@pytest.mark.parametrize(("failures", "chance"), [(0, 0.5), (-1, 0.5), (1, -0.1), (1, 1.1), (1, float("nan"))])
def test_nonsense_is_refused(failures: int, chance: float) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        backoff_s(failures, chance)
