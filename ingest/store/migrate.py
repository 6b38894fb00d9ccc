"""Brings the database to the schema of this version; runs at every start."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ingest.errors import MigrationError
from ingest.store.base import Database

_MIGRATION_LOCK = 7_310_002


def upgrade(database: Database | str, revision: str = "head") -> None:
    """Applies what is missing, in one transaction; nothing to do is fine.

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
    config = alembic_config()
    try:
        with database.write() as session:
            if not database.is_sqlite:  # several centres may start at once on one database
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = session.connection()
            command.upgrade(config, revision)
    except CommandError as error:
        raise MigrationError(
            f"the database's schema is not known to this version ({error}); was it made by a newer giaolo? "
            "Start that version, or restore a backup."
        ) from error
    except SQLAlchemyError as error:
        raise MigrationError(f"the database cannot be brought up to date: {error}") from error


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
