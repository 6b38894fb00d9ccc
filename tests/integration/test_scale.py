"""What the API asks, asked of a million events in PostgreSQL: each question from an index, reading what it shows.

A list that is quick with a day of events and takes a minute with a year of them is found here, not in a command centre.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from ingest.access.scope import EVERYTHING, Scope
from ingest.store import events, evidence, live, migrate, tallies
from ingest.store.base import Database
from ingest.store.events import EventFilter, Position
from tests.integration.postgres_server import postgres

EVENTS = 1_000_000
CAMERAS = 500
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
STEP = timedelta(seconds=8)
"""Between two events: a million of them are 92 days."""
END = BEGIN + EVENTS * STEP
LARGE = {"events", "packages", "package_files", "decisions", "live_log", "tallies"}

FILL = """
INSERT INTO events (id, type, kind, rule, node_id, camera_id, time, received_at, sequence, place, still_sha256, state,
                    version, document)
SELECT id, 'vn.giaolo.' || kind || '.' || rule || '.v1', kind, rule, 'node-' || camera / 10, 'camera-' || camera, at,
       at + interval '1 second', n, 'lane-1', CASE WHEN kind = 'count' THEN NULL ELSE id || id END, state,
       CASE WHEN state = 'new' THEN 1 ELSE 2 END,
       '{"data":{"camera":"camera-' || camera || '","facts":{"note":"' || repeat(id, 20) || '"}},"id":"' || id || '"}'
FROM (
    SELECT n, md5(n::text) AS id, kind, CAST(:begin AS timestamptz) + n * interval '8 seconds' AS at,
           abs(hashint4(n) % 500) AS camera,
           CASE kind WHEN 'count' THEN 'line_count'
                     WHEN 'incident' THEN (ARRAY['stopped_vehicle', 'congestion'])[1 + n % 2]
                     ELSE (ARRAY['red_light', 'wrong_way', 'no_helmet', 'speeding'])[1 + n / 7 % 4] END AS rule,
           CASE WHEN kind = 'count' OR n > 990000 THEN 'new'
                ELSE (ARRAY['confirmed', 'rejected', 'rejected'])[1 + n / 11 % 3] END AS state
    FROM (SELECT n, CASE WHEN n % 100 < 90 THEN 'count' WHEN n % 100 < 97 THEN 'violation' ELSE 'incident' END AS kind
          FROM generate_series(1, :number) AS n) AS numbered
) AS made
"""
REST = """
INSERT INTO packages (event_id, record_id, node_id, camera_id, sealed_at, received_at, sequence, whole, notes,
manifest_sha256, state, verified) SELECT id, id, node_id, camera_id, time, received_at, sequence, true, '[]',
id || id, 'complete', CASE WHEN sequence % 5000 = 95 THEN NULL ELSE true END FROM events WHERE kind <> 'count';
INSERT INTO package_files (event_id, name, position, role, media_type, size, sha256)
SELECT event_id, 'still_at.jpg', 0, 'still_at', 'image/jpeg', 90000, manifest_sha256 FROM packages;
INSERT INTO decisions (event_id, version, decision, by_id, by_name, at)
SELECT id, 2, state, 'p1', 'P', received_at FROM events WHERE state <> 'new';
INSERT INTO live_log (name, subject, camera_id, at) SELECT 'event', id, camera_id, time FROM events
ORDER BY time DESC LIMIT 20000;
INSERT INTO tallies (camera_id, quarter, kind, place, number) SELECT 'camera-' || camera,
CAST(:begin AS timestamptz) + quarter * interval '15 minutes', 'count', 'lane-1/in', 3
FROM generate_series(0, 499) AS camera, generate_series(0, 400) AS quarter
"""


class Writer(threading.Thread):
    """A centre of the version before, that goes on storing while the newer one makes its indexes."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self.database = database
        self.over = threading.Event()
        self.longest_s = 0.0
        self.stored = 0

    def run(self) -> None:
        while not self.over.wait(0.02):
            begun = time.monotonic()
            with self.database.write() as session:
                session.execute(
                    text(
                        "INSERT INTO events (id, type, kind, rule, node_id, camera_id, time, received_at, sequence, "
                        "state, version, document) SELECT 'w' || :n, type, kind, rule, node_id, camera_id, "
                        "time + :later, received_at, :n, 'new', 1, document FROM events WHERE id = md5('1')"
                    ),
                    {"n": self.stored, "later": END - BEGIN + timedelta(milliseconds=self.stored)},
                )
            self.longest_s = max(self.longest_s, time.monotonic() - begun)
            self.stored += 1


@dataclass
class Filled:
    database: Database
    writer: Writer


@pytest.fixture(scope="module")
def filled() -> Iterator[Filled]:
    """A store of the revision before, filled, then brought up to date while it is written to."""
    with postgres() as url:
        database = Database(url)
        migrate.upgrade(database, "0003")
        with database.write() as session:
            made = session.execute(
                text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' AND indexname LIKE 'ix%'")
            ).all()
            for name, _ in made:
                session.execute(text(f"DROP INDEX {name}"))
            session.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
            session.execute(text(FILL), {"begin": BEGIN, "number": EVENTS})
            for statement in REST.split(";"):
                session.execute(text(statement), {"begin": BEGIN} if ":begin" in statement else {})
            for _, definition in made:
                session.execute(text(definition))
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        writer = Writer(database)
        writer.start()
        migrate.upgrade(database)
        writer.over.set()
        writer.join(30)
        yield Filled(database, writer)
        database.close()


def test_a_running_centre_is_not_held_up_by_the_new_indexes(filled: Filled) -> None:
    print(f"{filled.writer.stored} stored meanwhile, the longest took {filled.writer.longest_s * 1000:.0f} ms")
    assert filled.writer.stored > 20
    assert filled.writer.longest_s < 3.0


KNOWN = [hashlib.md5(str(n).encode()).hexdigest() for n in range(95, EVENTS, EVENTS // 500)]  # noqa: S324 - as FILL does
FIFTY = KNOWN[:50]
MIDDLE = Position(BEGIN + (END - BEGIN) / 2, "7")
TWENTY = Scope(frozenset(f"camera-{n}" for n in range(20)))
FEW = Scope(frozenset({"camera-3", "camera-that-never-was"}))


def of(scope: Scope = EVERYTHING, after: Position | None = None, **wanted: Any) -> Callable[[Session], object]:
    """A page of a list."""
    return lambda session: events.page(session, scope, EventFilter(**wanted), limit=50, after=after)


QUESTIONS: dict[str, tuple[Callable[[Session], object], int]] = {
    "newest": (of(), 60),
    "page in the middle": (of(after=MIDDLE), 60),
    "an hour": (of(from_time=BEGIN + timedelta(days=40), to_time=BEGIN + timedelta(days=40, hours=1)), 60),
    "one camera": (of(cameras=("camera-3",)), 500),
    "one camera, page in the middle": (of(cameras=("camera-3",), after=MIDDLE), 500),
    "violations": (of(kinds=("violation",)), 250),
    "new violations": (of(kinds=("violation",), states=("new",)), 60),
    "confirmed, page in the middle": (of(states=("confirmed",), after=MIDDLE), 250),
    "one rule": (of(rules=("red_light",)), 60),
    "a rule that never was": (of(rules=("nothing",)), 1),
    "two rules, new": (of(rules=("red_light", "wrong_way"), states=("new",)), 250),
    "one type": (of(types=("vn.giaolo.incident.congestion.v1",)), 60),
    "one camera and rule": (of(cameras=("camera-3",), rules=("red_light",), kinds=("violation",)), 400),
    "what an officer of twenty cameras sees": (of(TWENTY), 8_000),
    "what an officer of twenty cameras works on": (of(TWENTY, kinds=("violation",), states=("new",)), 1_200),
    "cameras that say little": (of(FEW), 500),
    "one event": (lambda session: events.one(session, EVERYTHING, "c4ca4238a0b923820dcc509a6f75849b"), 1),
    "by a still": (lambda session: events.with_still(session, "00" * 32), 1),
    "fifty by id": (lambda session: events.several(session, EVERYTHING, FIFTY), 50),
    "decisions of a page": (lambda session: events.newest_decisions(session, FIFTY), 200),
    "known of a batch": (lambda session: events.documents(session, KNOWN), 500),
    "packages of a page": (lambda session: evidence.several(session, FIFTY), 50),
    "package waiting for a file": (lambda session: evidence.waiting_for(session, "ab" * 32), 2),
    "packages that are not settled": (evidence.unsettled, 400),
    "packages of a node not settled": (lambda session: evidence.unsettled(session, "node-3"), 400),
    "of a batch, packages not settled": (
        lambda session: evidence.unsettled_among(session, KNOWN),
        500,
    ),
    "today of one camera": (
        lambda session: tallies.since(session, EVERYTHING, BEGIN + timedelta(days=4), "camera-3"),
        100,
    ),
    "changes since": (lambda session: live.after(session, 19_900, 200), 200),
    "ends of the live log": (live.bounds, 4),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_reads_what_it_shows(filled: Filled, name: str) -> None:
    ask, most_rows = QUESTIONS[name]
    plans = explained(filled.database, ask)
    assert plans
    for plan in plans:
        scans = list(nodes(plan["Plan"]))
        assert not [one for one in scans if one["Node Type"] == "Seq Scan" and one["Relation Name"] in LARGE], plan
        read = sum(rows_read(one) for one in scans)
        print(f"{name}: {plan['Execution Time']:.2f} ms, planned in {plan['Planning Time']:.2f} ms, {read:.0f} rows")
        assert read <= most_rows, json.dumps(plan, indent=1)[:4000]
        assert plan["Execution Time"] < 500


def explained(database: Database, ask: Callable[[Session], object]) -> list[Any]:
    """Plans of the very statements that were run, each run once more."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.read() as session:
            ask(session)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    plans = []
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for statement, parameters in asked:
            found = driver.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).fetchone()[0]
            plans.append(found[0])
    return plans


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Nodes of a plan that read a table or an index."""
    if "Scan" in plan["Node Type"] and plan["Node Type"] not in {"Subquery Scan", "CTE Scan", "Function Scan"}:
        yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def rows_read(scan: dict[str, Any]) -> float:
    """Rows that came out of a scan or were looked at in vain."""
    if scan["Node Type"] == "Bitmap Index Scan":
        return 0.0  # its rows are counted where they are fetched
    removed = sum(float(scan.get(f"Rows Removed by {why}", 0)) for why in ("Filter", "Index Recheck"))
    return (float(scan["Actual Rows"]) + removed) * float(scan["Actual Loops"])
