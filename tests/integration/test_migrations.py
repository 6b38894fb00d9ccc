"""Up and down from every revision, with data in the tables: an upgrade that fails at night is undone in the morning."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import ingest.store.tables  # noqa: F401 - so that every table is known
from ingest.errors import MigrationError
from ingest.store import migrate
from ingest.store.base import Base, Database
from tests.integration.test_store import postgres_url, server, url

__all__ = ["postgres_url", "server", "url"]

REVISIONS = [one.revision for one in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions()][::-1]
AT = "2026-11-22 08:15:30.123456+00:00"

DATA = {
    "0001": f"""
INSERT INTO events (id, type, kind, rule, node_id, camera_id, time, received_at, sequence, still_sha256, state, version,
  document) VALUES ('e1', 'vn.giaolo.violation.red_light.v1', 'violation', 'red_light', 'n', 'c', '{AT}', '{AT}', 7,
  'ab', 'confirmed', 2, '{{}}'), ('e2', 'vn.giaolo.count.line_count.v1', 'count', 'line_count', 'n', 'c', '{AT}',
  '{AT}', 8, NULL, 'new', 1, '{{}}');
INSERT INTO decisions (event_id, version, decision, by_id, by_name, at) VALUES ('e1', 2, 'confirmed', 'p', 'P', '{AT}');
INSERT INTO packages (event_id, record_id, node_id, camera_id, sealed_at, received_at, sequence, whole, notes,
  manifest_sha256, state) VALUES ('e1', 'r1', 'n', 'c', '{AT}', '{AT}', 9, true, '[]', 'cd', 'on_its_way');
INSERT INTO package_files (event_id, name, position, role, media_type, size, sha256) VALUES
  ('e1', 'clip.mp4', 0, 'clip', 'video/mp4', 5, 'ef');
INSERT INTO live_log (name, subject, camera_id, at) VALUES ('event', 'e1', 'c', '{AT}');
INSERT INTO tallies (camera_id, quarter, kind, place, number) VALUES ('c', '{AT}', 'count', '', 3)
""",
    "0002": f"INSERT INTO access_log (at, act, person_id) VALUES ('{AT}', 'signed_in', 'p')",
    "0003": "INSERT INTO sequence_arrivals (node_id, outbox, numbers) VALUES ('n', '', '10-12')",
    "0004": f"INSERT INTO holds (event_id, reason, by_id, by_name, at) VALUES ('e1', 'court', 'p', 'P', '{AT}')",
}
KEPT = ("events", "decisions", "packages", "package_files", "live_log", "tallies")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database of each kind."""
    opened = Database(url)
    yield opened
    opened.close()


def put(database: Database, revision: str) -> None:
    with database.write() as session:
        for statement in DATA.get(revision, "").split(";"):
            if statement.strip():
                session.execute(text(statement))


def content(database: Database) -> dict[str, list[Any]]:
    """All rows of the oldest tables."""
    with database.read() as session:
        return {name: sorted(map(repr, session.execute(text(f"SELECT * FROM {name}")))) for name in KEPT}


def is_as_the_program_wants_it(database: Database) -> bool:
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        return compare_metadata(context, Base.metadata) == [] and context.get_current_revision() == migrate.head()


def test_every_revision_has_data_in_this_test() -> None:
    """Who adds a migration adds a row that goes through it."""
    assert set(DATA) == set(REVISIONS)


def test_all_the_way_down_and_up_again_with_data(database: Database) -> None:
    for revision in REVISIONS:
        migrate.upgrade(database, revision)
        put(database, revision)
    before = content(database)
    assert all(before.values())
    for revision in REVISIONS[-2::-1]:
        migrate.downgrade(database, revision)
        assert content(database) == before, f"back at {revision}"
    for revision in REVISIONS[1:]:
        migrate.upgrade(database, revision)
        put(database, revision)
        assert content(database) == before, f"again at {revision}"
    assert is_as_the_program_wants_it(database)
    migrate.downgrade(database, "base")
    migrate.upgrade(database)
    assert is_as_the_program_wants_it(database)
    assert not any(content(database).values())


@pytest.mark.parametrize("revision", REVISIONS)
def test_from_each_revision_on_to_the_newest_in_one_step(database: Database, revision: str) -> None:
    """Somebody skipped a year of versions."""
    for one in REVISIONS[: REVISIONS.index(revision) + 1]:
        migrate.upgrade(database, one)
        put(database, one)
    before = content(database)
    migrate.upgrade(database)
    assert content(database) == before
    assert is_as_the_program_wants_it(database)


def test_a_revision_nobody_knows_is_told(database: Database) -> None:
    migrate.upgrade(database)
    with pytest.raises(MigrationError, match="8888"):
        migrate.downgrade(database, "8888")
    assert is_as_the_program_wants_it(database)


def test_an_index_that_was_broken_off_is_built_anew(postgres_url: str) -> None:
    """The centre was killed while it built an index: PostgreSQL leaves one behind that it does not use."""
    database = Database(postgres_url)
    migrate.upgrade(database, "0003")
    put(database, "0001")
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(
            text(
                "INSERT INTO events SELECT 'e3', type, kind, rule, node_id, camera_id, time, received_at, "
                "sequence, place, still_sha256, state, version, document FROM events WHERE id = 'e1'"
            )
        )
        with pytest.raises(IntegrityError):
            connection.execute(text("CREATE UNIQUE INDEX CONCURRENTLY ix_events_rule_time_id ON events (rule)"))
    migrate.upgrade(database)
    with database.read() as session:
        invalid = session.scalar(text("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
    assert invalid == 0
    assert is_as_the_program_wants_it(database)
    database.close()
