"""Votes over sightings: enough, agreeing, over long enough; what is old does not count."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.rules.vote import WINDOW_S, Vote

START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def voted(answers: str, step_s: float = 0.1) -> Vote:
    vote = Vote()
    for number, answer in enumerate(answers):
        vote.add(START + timedelta(seconds=number * step_s), yes=answer == "y")
    return vote


@pytest.mark.parametrize(
    ("answers", "is_certain"),
    [
        ("yyyyyyy", True),
        ("yyyy", False),
        ("yynyyyyy", True),
        ("ynynynynynyn", False),
        ("nnnnnyyyyy", False),
        ("", False),
    ],
)
def test_enough_must_agree(answers: str, is_certain: bool) -> None:
    assert voted(answers).is_certain(5, 0.8, 0.4) is is_certain


def test_many_sightings_in_a_moment_are_not_long_enough() -> None:
    """At 25 frames a second five sightings are one bad fifth of a second."""
    assert not voted("yyyyy", 0.04).is_certain(5, 0.8, 0.5)
    assert voted("yyyyy", 0.2).is_certain(5, 0.8, 0.5)


def test_what_is_old_does_not_count() -> None:
    vote = voted("y" * 10 + "n" * 60)
    assert (vote.yes, vote.since) == (0, None)
    assert vote.sightings == pytest.approx(WINDOW_S * 10 + 1)
