"""Cursors carry a position there and back, and nothing else is one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.api.paging import MAX_CURSOR, cursor_of, position_of
from ingest.api.problems import Problem
from ingest.store.events import Position

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(TIMES, st.text(alphabet="0123456789abcdef", min_size=1, max_size=64))
def test_there_and_back(time: datetime, event_id: str) -> None:
    cursor = cursor_of(Position(time, event_id))
    assert cursor is not None
    assert len(cursor) <= MAX_CURSOR
    assert position_of(cursor) == Position(time, event_id)


def test_none_is_the_first_page() -> None:
    assert cursor_of(None) is None
    assert position_of(None) is None
    assert position_of("") is None


@given(st.text(min_size=1, max_size=80))
def test_nonsense_is_a_problem(text: str) -> None:
    with pytest.raises(Problem) as raised:
        position_of(text)
    assert raised.value.status == 400
