"""How long what is kept: a wrong number here deletes what a court asks for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.config import load_centre_config
from ingest.errors import ConfigError
from ingest.retention.policy import LIMITATION_DAYS, RetentionConfig, periods

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_confirmed_violations_and_incidents_stay_unless_somebody_says_otherwise() -> None:
    names = {one.name for one in periods(RetentionConfig())}
    assert names == {"counts", "incidents", "violations_rejected", "violations_undecided"}


def test_what_is_undecided_outlives_the_year_in_which_it_may_be_sanctioned() -> None:
    [undecided] = [one for one in periods(RetentionConfig()) if one.name == "violations_undecided"]
    assert undecided.before(NOW) < NOW - timedelta(days=LIMITATION_DAYS)


def test_no_pair_of_kind_and_state_has_two_periods() -> None:
    config = RetentionConfig(incidents_confirmed_days=1, violations_confirmed_days=366)
    pairs = [(one.kind, state) for one in periods(config) for state in one.states]
    assert sorted(pairs) == sorted(
        [("count", "new"), *((kind, state) for kind in ("incident", "violation") for state in STATES)]
    )


STATES = ("new", "confirmed", "rejected")


def test_null_and_off_delete_nothing() -> None:
    assert "counts" not in {one.name for one in periods(RetentionConfig(counts_days=None))}
    assert periods(RetentionConfig(is_on=False)) == []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("violations_undecided_days: 365", "retention.violations_undecided_days"),
        ("violations_confirmed_days: 30", "retention.violations_confirmed_days"),
        ("counts_days: 0", "retention.counts_days"),
        ("counts_days: -1", "retention.counts_days"),
        ("counts_days: a year", "retention.counts_days"),
        ("counts_days: 99999999", "retention.counts_days"),
        ("violation_confirmed_days: 400", "violation_confirmed_days"),
        ("batch: 0", "retention.batch"),
        ("pause_s: .nan", "retention.pause_s"),
        ("every_hours: 0", "retention.every_hours"),
        ("access_log_days: 30", "access_log_days"),
    ],
)
def test_nonsense_is_told_with_its_place(tmp_path: Path, written: str, words: str) -> None:
    file = tmp_path / "centre.yaml"
    file.write_text(f"data: data\nretention:\n  {written}\n")
    with pytest.raises(ConfigError, match=words):
        load_centre_config(file)


def test_nonsense_instead_of_a_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "centre.yaml"
    file.write_text("data: data\nretention: never\n")
    with pytest.raises(ConfigError, match="retention"):
        load_centre_config(file)
