"""Quarters of an hour fit the midnight of every zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.store.tallies import QUARTER, quarter_of


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Kathmandu", "UTC", "Australia/Eucla"])
def test_midnight_is_the_start_of_a_quarter(zone: str) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=ZoneInfo(zone))
    assert quarter_of(midnight) == midnight
    assert quarter_of(midnight - timedelta(microseconds=1)) == midnight - QUARTER


def test_a_quarter_is_utc() -> None:
    assert quarter_of(datetime(2026, 11, 22, 8, 29, 59, 999999, tzinfo=UTC)).isoformat() == "2026-11-22T08:15:00+00:00"
