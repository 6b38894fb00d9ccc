"""What is old goes, what must stay stays: on both databases, with real files."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from typer.testing import CliRunner

from contracts.canonical import sha256_hex
from ingest.access.scope import EVERYTHING
from ingest.centre import Centre
from ingest.cli import centre_app
from ingest.config import CentreConfig
from ingest.retention.job import RetentionJob
from ingest.retention.policy import RetentionConfig
from ingest.store import events, retention, tallies
from ingest.store.base import Database
from ingest.store.events import EventRow, Verdicts
from ingest.store.evidence import PackageRow
from ingest.store.live import LiveRow
from ingest.store.retention import FileToRemoveRow, HoldRow, RetentionRunRow
from tests.integration.test_store import postgres_url, server, url
from tests.unit.ingest.stories import START, Package, a_package, a_report, an_event, records

__all__ = ["postgres_url", "server", "url"]

POLICY = RetentionConfig(
    counts_days=10, incidents_days=20, violations_rejected_days=30, violations_undecided_days=400, batch=2, pause_s=0
)


class Years:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Years:
    return Years()


@pytest.fixture
def centre(url: str, tmp_path: Path, clock: Years) -> Iterator[Centre]:
    """A centre that does not serve."""
    config = CentreConfig.model_validate({"data": tmp_path / "centre", "database": url, "retention": POLICY})
    centre = Centre(config, clock=clock)
    yield centre
    centre.stop()


def job_of(centre: Centre, clock: Years, policy: RetentionConfig = POLICY) -> RetentionJob:
    return RetentionJob(centre.database, centre.evidence, policy, clock)


def never(_seconds: float) -> bool:
    return False


def deliver(centre: Centre, *packages: Package) -> None:
    for package in packages:
        centre.take(records(package.sealed))
        for sha256, content in package.contents.items():
            if not centre.evidence.has(sha256):
                centre.evidence.append(sha256, offset=0, total=len(content), content=content)


def decide(centre: Centre, event_id: str, verdict: Any) -> None:
    with centre.database.write() as session:
        row = events.lock(session, EVERYTHING, event_id)
        assert row is not None
        events.decide(session, row, Verdicts(verdict, "seen", "p1", "P", START))


def put_on_hold(centre: Centre, event_id: str) -> None:
    with centre.database.write() as session:
        row = HoldRow(event_id=event_id, reason="court", by_id="p1", by_name="P", at=START)
        assert retention.hold(session, row)


def ids(centre: Centre) -> set[str]:
    with centre.database.read() as session:
        return set(session.scalars(select(EventRow.id)))


def test_each_kind_goes_when_its_time_is_over_and_the_tallies_stay(centre: Centre, clock: Years) -> None:
    counts = [an_event(n, kind="count") for n in range(5)]
    incident, seen_incident = (an_event(n, kind="incident") for n in (10, 11))
    undecided, rejected, confirmed = (an_event(n) for n in (20, 21, 22))
    centre.take(records(*counts, incident, seen_incident, undecided, rejected, confirmed))
    decide(centre, seen_incident.id, "confirmed")
    decide(centre, rejected.id, "rejected")
    decide(centre, confirmed.id, "confirmed")
    job = job_of(centre, clock)
    assert job.run(never) == {}
    clock.pass_days(10.5)
    assert job.due() == {"counts": 5, "incidents": 0, "violations_rejected": 0, "violations_undecided": 0}
    assert len(ids(centre)) == 10
    removed = job.run(never)
    assert removed is not None
    assert removed["counts"] == 5
    assert ids(centre) == {one.id for one in (incident, seen_incident, undecided, rejected, confirmed)}
    clock.pass_days(10)
    job.run(never)
    assert ids(centre) == {one.id for one in (seen_incident, undecided, rejected, confirmed)}
    clock.pass_days(10)
    job.run(never)
    assert ids(centre) == {one.id for one in (seen_incident, undecided, confirmed)}
    clock.pass_days(4000)
    job.run(never)
    assert ids(centre) == {seen_incident.id, confirmed.id}
    with centre.database.read() as session:
        assert tallies.since(session, EVERYTHING, START)["bridge"].kinds == {"count": 5, "incident": 2, "violation": 3}
        assert session.scalars(select(LiveRow)).all() == []


def test_evidence_goes_with_its_event_and_a_file_that_another_event_names_stays(centre: Centre, clock: Years) -> None:
    """Two findings in one frame have the same picture."""
    shared = b"\xff\xd8 both saw this \xff\xd9"
    gone, kept = an_event(1, still_sha256=sha256_hex(shared)), an_event(2, still_sha256=sha256_hex(shared))
    packages = [a_package(gone, still=shared, clip=b"one" * 9), a_package(kept, still=shared, clip=b"two" * 9)]
    centre.take(records(a_report(), gone, kept))
    deliver(centre, *packages)
    decide(centre, gone.id, "rejected")
    clock.pass_days(31)
    removed = job_of(centre, clock).run(never)
    assert removed is not None
    assert (removed["violations_rejected"], removed["files"]) == (1, 3)
    for sha256 in packages[0].contents:
        assert centre.evidence.has(sha256) is (sha256 in packages[1].contents)
    assert all(centre.evidence.has(sha256) for sha256 in packages[1].contents)
    with centre.database.read() as session:
        assert [row.verified for row in session.scalars(select(PackageRow))] == [True]
        assert session.scalars(select(FileToRemoveRow)).all() == []


def test_what_is_on_hold_stays_whatever_its_age(centre: Centre, clock: Years) -> None:
    held, other = an_event(1), an_event(2)
    package = a_package(held)
    centre.take(records(a_report(), held, other))
    deliver(centre, package)
    put_on_hold(centre, held.id)
    clock.pass_days(9000)
    job = job_of(centre, clock)
    job.run(never)
    assert ids(centre) == {held.id}
    assert all(centre.evidence.has(sha256) for sha256 in package.contents)
    with centre.database.write() as session:
        assert retention.lift(session, held.id)
        assert not retention.lift(session, held.id)
    job.run(never)
    assert ids(centre) == set()
    assert not any(centre.evidence.has(sha256) for sha256 in package.contents)


def test_the_database_itself_refuses_to_delete_what_is_on_hold(centre: Centre) -> None:
    event = an_event(1)
    centre.take(records(event))
    put_on_hold(centre, event.id)
    with pytest.raises(IntegrityError), centre.database.write() as session:
        session.execute(text("DELETE FROM events"))
    assert ids(centre) == {event.id}


def test_an_old_time_of_a_camera_whose_clock_is_wrong_deletes_nothing(centre: Centre, clock: Years) -> None:
    event = an_event(1, kind="count", time=START - timedelta(days=5000))
    centre.take(records(event))
    job_of(centre, clock).run(never)
    assert ids(centre) == {event.id}


def test_each_run_leaves_a_row_that_says_what_went_and_why(centre: Centre, clock: Years) -> None:
    centre.take(records(*(an_event(n, kind="count") for n in range(5))))
    clock.pass_days(11)
    job = job_of(centre, clock)
    assert job.is_time()
    job.run(never)
    assert not job.is_time()
    clock.pass_days(1.01)
    assert job.is_time()
    with centre.database.read() as session:
        [row] = session.scalars(select(RetentionRunRow))
    assert row.removed["counts"] == 5
    assert row.policy["counts_days"] == 10
    assert row.problem is None


def test_a_run_that_is_told_to_end_ends_and_the_next_one_goes_on(centre: Centre, clock: Years) -> None:
    """A centre is stopped in the middle of it."""
    centre.take(records(*(an_event(n, kind="count") for n in range(5))))
    clock.pass_days(11)
    job = job_of(centre, clock)
    job.run(lambda _seconds: True)
    assert len(ids(centre)) == 3
    job.run(never)
    assert ids(centre) == set()


def test_a_death_between_rows_and_files_is_made_good_by_the_next_run(
    centre: Centre, clock: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event(1)
    package = a_package(event)
    centre.take(records(a_report(), event))
    deliver(centre, package)
    clock.pass_days(401)

    def full(_sha256: str) -> bool:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as broken:
        broken.setattr(centre.evidence, "remove", full)
        with pytest.raises(PermissionError):
            job_of(centre, clock).run(never)
    assert ids(centre) == set()
    assert all(centre.evidence.has(sha256) for sha256 in package.contents)
    with centre.database.read() as session:
        assert [row.problem for row in session.scalars(select(RetentionRunRow))] == ["PermissionError"]
    assert job_of(centre, clock).is_time()
    removed = job_of(centre, clock).run(never)
    assert removed is not None
    assert removed["files"] == 4
    assert not any(centre.evidence.has(sha256) for sha256 in package.contents)


def test_only_one_of_several_centres_runs_it(postgres_url: str, tmp_path: Path, clock: Years) -> None:
    config = CentreConfig.model_validate({"data": tmp_path / "centre", "database": postgres_url})
    centre = Centre(config, clock=clock)
    other = Database(postgres_url)
    with other.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7310004)"))
        assert job_of(centre, clock).run(never) is None
    other.close()
    assert job_of(centre, clock).run(never) == {}
    centre.stop()


def test_a_database_that_goes_away_is_told_to_the_caller(tmp_path: Path, clock: Years) -> None:
    centre = Centre(CentreConfig(data=tmp_path / "centre"), clock=clock)
    with centre.database.write() as session:
        session.execute(text("ALTER TABLE decisions RENAME TO elsewhere"))
    centre.take(records(an_event(1, kind="count")))
    clock.pass_days(4000)
    with pytest.raises(OperationalError):
        job_of(centre, clock).run(never)
    assert len(ids(centre)) == 1
    centre.stop()


def test_the_command_says_what_would_go_and_then_does_it(tmp_path: Path) -> None:
    file = tmp_path / "centre.yaml"
    file.write_text("data: data\nretention: {counts_days: 1, pause_s: 0}\n")
    centre = Centre(CentreConfig(data=tmp_path / "data"), clock=lambda: START - timedelta(days=9000))
    centre.take(records(an_event(1, kind="count", time=START - timedelta(days=9000)), an_event(2)))
    centre.stop()
    command = ["retention", "--config", str(file), "--json"]
    said = json.loads(CliRunner().invoke(centre_app, [*command, "--dry-run"]).stdout)
    assert said == {
        "is_on": True,
        "dry_run": True,
        "counts": {"counts": 1, "incidents": 0, "violations_rejected": 0, "violations_undecided": 0},
    }
    assert json.loads(CliRunner().invoke(centre_app, command).stdout)["counts"] == {"counts": 1, "live_log": 2}
    assert json.loads(CliRunner().invoke(centre_app, [*command, "--dry-run"]).stdout)["counts"]["counts"] == 0
