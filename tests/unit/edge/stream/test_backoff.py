"""Pauses between tries: soon at first, not a storm later."""

import pytest

from contracts.health import Reason
from edge.stream.backoff import WATCHED, Backoff

BACKOFF = Backoff(0.5, 30.0, 60.0)


def test_pauses_double_up_to_the_longest() -> None:
    pauses = [BACKOFF.pause_s(failures, Reason.REFUSED, 0.999999) for failures in range(1, 12)]
    assert pauses[:7] == pytest.approx([0.5, 1, 2, 4, 8, 16, 30], rel=1e-3)
    assert max(pauses) <= 30


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.99])
@pytest.mark.parametrize("failures", [1, 2, 5, 9, 10_000])
def test_a_pause_lies_within_its_bounds(failures: int, chance: float) -> None:
    assert 0.5 <= BACKOFF.pause_s(failures, Reason.TIMEOUT, chance) <= 30


def test_chance_spreads_cameras_behind_one_switch() -> None:
    assert BACKOFF.pause_s(6, Reason.TIMEOUT, 0.9) - BACKOFF.pause_s(6, Reason.TIMEOUT, 0.1) > 5


@pytest.mark.parametrize("failures", [1, 3, 50])
def test_a_wrong_password_is_never_tried_again_within_a_minute(failures: int) -> None:
    """Cameras lock an account after a few wrong tries."""
    assert BACKOFF.pause_s(failures, Reason.WRONG_PASSWORD, 0.0) >= 60
    assert Reason.WRONG_PASSWORD not in WATCHED


@pytest.mark.parametrize(("failures", "chance"), [(0, 0.5), (-1, 0.5), (1, 1.0), (1, -0.1)])
def test_nonsense_is_refused(failures: int, chance: float) -> None:
    with pytest.raises(ValueError, match="failures must be"):
        BACKOFF.pause_s(failures, Reason.TIMEOUT, chance)
