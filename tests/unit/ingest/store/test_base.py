"""Times and transactions of the store."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError

from ingest.store.base import Database, UtcTime

DIALECT = sqlite.dialect()


def test_times_are_utc_on_both_sides() -> None:
    kind = UtcTime()
    saigon = datetime(2026, 11, 22, 15, 0, tzinfo=timezone(timedelta(hours=7)))
    assert kind.process_bind_param(saigon, DIALECT) == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert kind.process_result_value(datetime(2026, 11, 22, 8, 0), DIALECT) == saigon  # noqa: DTZ001 - as SQLite gives
    assert kind.process_bind_param(None, DIALECT) is None


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcTime().process_bind_param(datetime(2026, 11, 22), DIALECT)  # noqa: DTZ001 - the fault


def test_a_block_that_raises_leaves_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE t (n INTEGER)"))
    with pytest.raises(OperationalError), database.write() as session:  # noqa: PT012 - one transaction
        session.execute(text("INSERT INTO t VALUES (1)"))
        session.execute(text("INSERT INTO nothing VALUES (1)"))
    with database.read() as session:
        session.execute(text("INSERT INTO t VALUES (2)"))
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    database.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    """A list on the screen must come while a batch is written."""
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE t (n INTEGER)"))
    with database.write() as writer:
        writer.execute(text("INSERT INTO t VALUES (1)"))
        with database.read() as reader:
            assert reader.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    with pytest.raises(OperationalError), database.read() as reader:
        reader.execute(text("SELECT n FROM nothing"))
    database.close()
