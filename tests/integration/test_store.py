"""The store on real databases: SQLite and PostgreSQL must not differ."""

import random
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import ingest.store.tables  # noqa: F401 - so that every table is known
from contracts.canonical import sha256_hex
from contracts.topics import EVENTS, HEALTH
from contracts.wire import Record
from ingest.access.scope import EVERYTHING
from ingest.centre import Centre
from ingest.config import CentreConfig
from ingest.errors import MigrationError
from ingest.store import dead, live, migrate, tallies
from ingest.store.base import Base, Database
from ingest.store.cameras import CameraRow, NodeRow
from ingest.store.events import EventRow
from ingest.store.evidence import FileRow, PackageRow
from tests.integration.postgres_server import postgres
from tests.unit.ingest.stories import JPEG, START, Package, a_camera, a_package, a_report, an_event, records


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server's own database."""
    with postgres() as address:
        yield address


@pytest.fixture
def postgres_url(server: str) -> str:
    """Address of an empty database on it."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type,unused-ignore]
    return server.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'centre.sqlite'}"


@pytest.fixture
def centre(url: str, tmp_path: Path) -> Iterator[Centre]:
    """A centre that does not serve."""
    centre = Centre(CentreConfig.model_validate({"data": tmp_path / "centre", "database": url}))
    yield centre
    centre.stop()


def test_migrations_make_the_tables_the_program_uses(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    migrate.upgrade(database)
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrate.head()
    database.close()


def test_migrations_can_be_taken_back(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    with database.write() as session:
        config = migrate.alembic_config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    migrate.upgrade(database)
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(url: str) -> None:
    """Somebody goes back one version: better no start than a broken schema."""
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="newer giaolo"):
        migrate.upgrade(database)
    database.close()


def test_several_centres_start_at_once_on_one_database(url: str) -> None:
    faults: list[Exception] = []

    def start() -> None:
        try:
            migrate.upgrade(url)
        except Exception as error:  # noqa: BLE001 - collected
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


def test_what_is_repeated_is_stored_once(centre: Centre) -> None:
    """The node sends again what was not acknowledged, with other sequence numbers after a restart."""
    event = an_event(1)
    batch = records(event, a_package(event).sealed, a_report())
    for _ in range(3):
        centre.take(batch)
    centre.take(records(event.model_copy(update={"sequence": 999})))
    centre.take(batch + batch)
    with centre.database.read() as session:
        assert len(session.scalars(select(EventRow)).all()) == 1
        assert len(session.scalars(select(PackageRow)).all()) == 1
        assert tallies.since(session, EVERYTHING, START)["bridge"].kinds == {"violation": 1}
        assert dead.count(session) == 0
        assert [row.name for row in live.after(session, 0, 100)] == ["event", "evidence", "camera"]


def test_the_same_id_with_another_content_is_kept_aside(centre: Centre) -> None:
    """Nobody may change what was published: the first stays, the other one is a dead letter."""
    event = an_event(1)
    other = event.model_copy(update={"data": event.data.model_copy(update={"facts": {"direction_deg": 3.0}})})
    centre.take(records(event))
    centre.take(records(other, an_event(2)))
    with centre.database.read() as session:
        assert "181.5" in session.scalars(select(EventRow).where(EventRow.id == event.id)).one().document
        letter = session.scalars(select(dead.DeadLetterRow)).one()
        assert "other content" in letter.reason
        assert session.get(EventRow, an_event(2).id) is not None


NONSENSE = [
    Record(EVENTS, "bridge", b""),
    Record(EVENTS, "bridge", b"\xff\xfe"),
    Record(EVENTS, "b\0", b"{}", (("ce_id", b"\0"),)),
    Record(HEALTH, "node-1", b'{"type": "x"}'),
    Record("giaolo.tracks.v1", "bridge", b"{}"),
]


def test_nonsense_becomes_dead_letters_and_holds_nothing_up(centre: Centre) -> None:
    good = an_event(1)
    centre.take([*NONSENSE, *records(good)])
    with centre.database.read() as session:
        letters = session.scalars(select(dead.DeadLetterRow).order_by(dead.DeadLetterRow.id)).all()
        assert [letter.value for letter in letters] == [record.value for record in NONSENSE]
        assert all(letter.reason for letter in letters)
        assert session.get(EventRow, good.id) is not None


@pytest.mark.parametrize(
    "changes", [{"facts": {"note": "a\0b"}}, {"sequence": 10**19}, {"facts": {"n": 10**400}}, {"where": "x" * 200}]
)
def test_a_value_the_database_cannot_hold_does_not_block_the_road(centre: Centre, changes: dict[str, Any]) -> None:
    """One such record at the head of a partition would stop every camera behind it for ever."""
    bad = an_event(1, **{name: value for name, value in changes.items() if name != "sequence"})
    bad = bad.model_copy(update={"sequence": changes.get("sequence", 1)})
    good = an_event(2)
    centre.take(records(bad, good))
    with centre.database.read() as session:
        assert session.get(EventRow, good.id) is not None
        assert (session.get(EventRow, bad.id) is not None) or dead.count(session) == 1


def test_a_database_that_is_away_is_told_to_the_caller(tmp_path: Path) -> None:
    """Then the node keeps its records; a record taken and lost would be gone for ever."""
    centre = Centre(CentreConfig(data=tmp_path / "centre"))
    with centre.database.write() as session:
        session.execute(text("ALTER TABLE events RENAME TO elsewhere"))
    with pytest.raises(Exception, match="no such table"):
        centre.take(records(an_event(1)))
    with centre.database.write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO events"))
        assert dead.count(session) == 0
    centre.take(records(an_event(1)))
    centre.stop()


def test_consumers_that_share_the_work_store_each_event_once(url: str, tmp_path: Path) -> None:
    """Two processes got the same records while Kafka moved a partition from one to the other."""
    centres = [
        Centre(CentreConfig.model_validate({"data": tmp_path / name, "database": url})) for name in ("one", "two")
    ]
    batch = records(*[an_event(n, kind="count") for n in range(60)])
    threads = []
    for number, centre in enumerate(centres):
        mixed = batch[:]
        random.Random(number).shuffle(mixed)

        def send(centre: Centre = centre, mixed: list[Record] = mixed) -> None:
            for start in range(0, len(mixed), 7):
                centre.take(mixed[start : start + 7])

        threads.append(threading.Thread(target=send))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with centres[0].database.read() as session:
        assert len(session.scalars(select(EventRow)).all()) == 60
        assert tallies.since(session, EVERYTHING, START)["bridge"].lines == {"north": {"in": 60}}
        assert dead.count(session) == 0
        assert len(live.after(session, 0, 1000)) == 60
    for centre in centres:
        centre.stop()


def test_a_foreign_key_holds(centre: Centre) -> None:
    with pytest.raises(IntegrityError), centre.database.write() as session:
        session.execute(
            text(
                "INSERT INTO decisions (event_id, version, decision, by_id, by_name, at) "
                "VALUES ('none', 2, 'confirmed', 'p', 'P', '2026-11-22 08:00:00')"
            )
        )


STORY: list[Package] = [
    a_package(an_event(1, still_sha256=sha256_hex(JPEG))),
    a_package(an_event(2, kind="incident", camera="tunnel"), complete=False),
]
STEPS: list[Any] = [
    an_event(1, still_sha256=sha256_hex(JPEG)),
    an_event(2, kind="incident", camera="tunnel"),
    an_event(3, kind="count"),
    *[package.sealed for package in STORY],
    a_report(a_camera("bridge"), a_camera("tunnel")),
    a_report(a_camera("bridge", name="Cầu Rồng"), reported_at=START + timedelta(seconds=5)),
    *sorted({content for package in STORY for content in package.contents.values()}),
]


def final_state(centre: Centre) -> list[Any]:
    """All that must not depend on the order of arrival."""
    skipped = {"received_at", "seen_at", "first_seen_at"}
    tables = (EventRow, PackageRow, FileRow, NodeRow, CameraRow, tallies.TallyRow)
    state: list[Any] = []
    with centre.database.read() as session:
        for table in tables:
            rows = session.execute(select(*(c for c in table.__table__.columns if c.name not in skipped)))
            state.append(sorted(map(repr, rows)))
    return state


def play(centre: Centre, steps: Sequence[Any]) -> None:
    for step in steps:
        if isinstance(step, bytes):
            centre.evidence.append(sha256_hex(step), offset=0, total=len(step), content=step)
        else:
            centre.take(records(step))


@given(st.permutations([*STEPS, *STEPS[:4]]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_leaves_the_same_store(
    tmp_path_factory: pytest.TempPathFactory, order: list[Any]
) -> None:
    """Events, packages, files and reports take different roads and overtake each other."""
    expected = Centre(CentreConfig(data=tmp_path_factory.mktemp("straight")))
    play(expected, STEPS)
    centre = Centre(CentreConfig(data=tmp_path_factory.mktemp("mixed")))
    play(centre, order)
    try:
        assert final_state(centre) == final_state(expected)
        with centre.database.read() as session:
            packages = {row.event_id: row for row in session.scalars(select(PackageRow))}
        assert [packages[one.sealed.data.event_id].verified for one in STORY] == [True, True]
        assert [packages[one.sealed.data.event_id].state for one in STORY] == ["complete", "incomplete"]
    finally:
        centre.stop()
        expected.stop()


KILLED = """
import pathlib, sys, os
from ingest.centre import Centre
from ingest.config import CentreConfig
from tests.unit.ingest.stories import an_event, records
centre = Centre(CentreConfig(data=pathlib.Path(sys.argv[1])))
for number in range(int(sys.argv[2])):
    centre.take(records(an_event(number)))
    print(number, flush=True)
os._exit(9)
"""


def test_what_was_acknowledged_survives_a_killed_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "centre"), "40"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    acknowledged = len(done.stdout.split())
    assert acknowledged == 40, done.stderr
    centre = Centre(CentreConfig(data=tmp_path / "centre"))
    with centre.database.read() as session:
        assert len(session.scalars(select(EventRow)).all()) == acknowledged
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    centre.stop()


def test_a_death_between_file_and_note_is_made_good_at_the_next_start(tmp_path: Path) -> None:
    """The process died after the last file was in place and before the package was checked."""
    event = an_event(1)
    package = a_package(event)
    centre = Centre(CentreConfig(data=tmp_path / "centre"))
    centre.take(records(a_report(), event, package.sealed))
    centre.evidence.on_complete = None
    play(centre, list(package.contents.values()))
    centre.stop()
    again = Centre(CentreConfig(data=tmp_path / "centre"))
    again.prepare()
    with again.database.read() as session:
        assert session.scalars(select(PackageRow)).one().verified is True
    again.stop()
