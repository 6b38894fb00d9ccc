"""Brings the database to the schema of this version; runs at every start."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ingest.errors import MigrationError
from ingest.store.base import Database

_MIGRATION_LOCK = 7_310_002
_ASK_AGAIN_S = 0.2


def upgrade(database: Database | str, revision: str = "head") -> None:
    """Applies what is missing; nothing to do is fine.

    SQLite: in one transaction. PostgreSQL: one transaction for each migration, and indexes are built without one, so
    that a centre that is running meanwhile is not held up.

    Raises:
        MigrationError: the database is newer than this program, or cannot be changed; says what to do.
    """
    if isinstance(database, str):
        opened = Database(database)
        try:
            upgrade(opened, revision)
        finally:
            opened.close()
        return
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Goes back to an older schema; what only the newer one holds is lost. MigrationError as `upgrade`."""
    _run(database, lambda config: command.downgrade(config, revision))


def _run(database: Database, work: Callable[[Config], None]) -> None:
    config = alembic_config()
    try:
        with _connection(database) as connection:
            config.attributes["connection"] = connection
            config.attributes["is_apart"] = not database.is_sqlite
            work(config)
    except CommandError as error:
        raise MigrationError(
            f"the database's schema is not known to this version ({error}); was it made by a newer giaolo? "
            "Start that version, or restore a backup."
        ) from error
    except SQLAlchemyError as error:
        raise MigrationError(f"the database cannot be brought up to date: {error}") from error


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """A connection that nobody else migrates on meanwhile; several centres may start at once on one database."""
    if database.is_sqlite:
        with database.write() as session:
            yield session.connection()
        return
    with database.engine.connect() as connection:
        # asked again and again: who waits inside a statement keeps a snapshot, and CREATE INDEX CONCURRENTLY waits
        # for every snapshot that is older than itself
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _MIGRATION_LOCK}):
            connection.rollback()
            time.sleep(_ASK_AGAIN_S)
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.scalar(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})
            connection.commit()


def head() -> str:
    """Newest revision this program knows."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if newest is None:
        raise MigrationError("no migrations are installed with this program")
    return newest


def alembic_config() -> Config:
    """Alembic's settings without a file of their own."""
    config = Config()
    config.set_main_option("script_location", str(files("ingest.store") / "migrations").replace("%", "%%"))
    return config
