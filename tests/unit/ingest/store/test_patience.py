"""For which faults of a database a centre waits."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from ingest.errors import MigrationError
from ingest.store.patience import patiently, why_away

REFUSED = 'connection failed: connection to server at "10.0.0.9", port 5432 failed: Connection refused\n\tIs it up?'


def fault(orig: Exception, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    return kind("SELECT 1", {}, orig)


@pytest.mark.parametrize(
    "error",
    [
        fault(psycopg.OperationalError(REFUSED)),
        fault(psycopg.OperationalError("server closed the connection unexpectedly")),
        fault(psycopg.OperationalError("failed to resolve host 'db': Temporary failure in name resolution")),
        fault(psycopg.errors.AdminShutdown("terminating connection due to administrator command")),
        fault(psycopg.errors.CannotConnectNow("the database system is starting up")),
        fault(psycopg.errors.TooManyConnections("sorry, too many clients already")),
    ],
)
def test_a_database_that_comes_back_is_waited_for(error: DBAPIError) -> None:
    asked: list[float] = []
    answers: list[DBAPIError | None] = [error, error, None]

    def work() -> str:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return "done"

    assert patiently(work, asked.append) == "done"
    assert len(asked) == 2
    assert all(0 < pause_s <= 5 for pause_s in asked)


@pytest.mark.parametrize(
    "error",
    [
        fault(psycopg.OperationalError('connection failed: FATAL: password authentication failed for user "giaolo"')),
        fault(psycopg.OperationalError('connection failed: FATAL:  database "giaoIo" does not exist')),
        fault(psycopg.OperationalError("FATAL: no pg_hba.conf entry for host")),
        fault(psycopg.errors.UndefinedTable('relation "events" does not exist'), ProgrammingError),
        fault(psycopg.errors.UniqueViolation("duplicate key"), IntegrityError),
        fault(psycopg.errors.DiskFull("could not extend file")),
        fault(sqlite3.OperationalError("unable to open database file")),
    ],
)
def test_what_waiting_does_not_cure_is_raised_at_once(error: DBAPIError) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)):
        patiently(work, lambda _: pytest.fail("waited"))


def test_the_cause_of_a_migration_that_failed_decides() -> None:
    def failed(cause: Exception) -> MigrationError:
        error = MigrationError("the database cannot be brought up to date")
        error.__cause__ = cause
        return error

    words = why_away(failed(fault(psycopg.OperationalError(REFUSED))))
    assert words is not None
    assert "port 5432" in words
    assert "\n" not in words
    assert why_away(failed(ValueError("an unknown revision"))) is None
    assert why_away(ValueError("no fault of a database")) is None
