"""Records that a node numbered and that did not come, on real databases and through the API."""

import json
import random
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text

from contracts.cloudevents import record_of
from contracts.health import NodeHealth
from contracts.wire import Record
from ingest.access.permissions import Role
from ingest.access.scope import EVERYTHING
from ingest.api.schemas import GapView
from ingest.centre import Centre
from ingest.config import CentreConfig
from ingest.gap_watch import GapWatch
from ingest.gaps import Acknowledgement, Span
from ingest.node_views import node_views
from ingest.store import access_log, gaps, migrate, sequences
from ingest.store.base import Database
from ingest.store.sequences import ArrivalRow, Outbox, RangeRow
from tests.integration.centre_world import Listener, running
from tests.integration.postgres_server import postgres
from tests.unit.ingest.stories import START, a_report, an_event, records

LIFE = "0a1b2c3d-0"
NODE = Outbox("node-1", LIFE)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'centre.sqlite'}"
    server = str(request.getfixturevalue("server"))
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type,unused-ignore]
    return server.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    migrate.upgrade(opened)
    yield opened
    opened.close()


class Story:
    """A centre that does not serve, a clock that the test turns, and what is missing by it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.now = START
        self.centre = Centre(
            CentreConfig.model_validate({"data": folder / "centre", "database": url}), clock=lambda: self.now
        )
        self.watch = GapWatch(self.centre.database, self.centre.live, lambda: self.now, 60)

    def takes(self, *numbers: int, life: str = LIFE) -> None:
        self.centre.take([record_of(an_event(n).model_copy(update={"sequence": n}), life) for n in numbers])

    def hears(self, last: int, *, pending: int = 0, life: str = LIFE) -> None:
        self.now += timedelta(seconds=1)
        report = a_report(reported_at=self.now).model_copy(
            update={"last_sequence": last, "outbox_pending": pending, "outbox": life}
        )
        self.centre.take(records(report))

    def waits(self, seconds: float) -> None:
        """Looks every five seconds, as the running centre does."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(end, self.now + timedelta(seconds=5))
            self.watch.look()

    def missing(self) -> list[tuple[int, int]]:
        """Gaps that people see open, and that nobody acknowledged."""
        return [(gap.first, gap.last) for gap in self._gaps() if gap.closed_at is None and gap.acknowledged is None]

    def closed(self) -> list[tuple[int, int]]:
        return [(gap.first, gap.last) for gap in self._gaps() if gap.closed_at is not None]

    def _gaps(self) -> list[GapView]:
        with self.centre.database.read() as session:
            return node_views(session, EVERYTHING, START)[0].gaps


@pytest.fixture
def story(url: str, tmp_path: Path) -> Iterator[Story]:
    story = Story(url, tmp_path)
    story.hears(0)
    yield story
    story.centre.stop()


def test_a_gap_is_said_after_a_minute_and_a_late_arrival_closes_it(story: Story) -> None:
    """Counts were dropped in a full outbox, or a broker lost its disk: somebody must see it."""
    story.takes(1, 2, 117, 121)
    story.waits(55)
    assert story.missing() == []
    story.waits(10)
    assert story.missing() == [(3, 116), (118, 120)]
    story.takes(*range(3, 117), 119)
    story.waits(5)
    assert story.missing() == [(118, 118), (120, 120)]
    assert story.closed() == [(3, 116), (119, 119)]
    story.takes(120, 118)
    story.waits(5)
    assert story.missing() == []
    assert story.closed() == [(3, 116), (118, 118), (119, 119), (120, 120)]
    story.waits(60)
    story.now += timedelta(days=1)
    story.watch.look()
    assert story.closed() == []


def test_the_first_records_may_be_the_missing_ones(story: Story) -> None:
    story.takes(4)
    story.waits(70)
    assert story.missing() == [(1, 3)]


def test_a_gap_at_the_end_is_found_by_the_nodes_report(story: Story) -> None:
    """The node says that nothing waits, and its last records are not here: no later number would ever show it."""
    story.takes(1, 2, 3)
    story.hears(5, pending=2)
    story.waits(90)
    assert story.missing() == [], "they wait in the outbox"
    story.hears(5)
    story.waits(70)
    assert story.missing() == [(4, 5)]
    story.takes(5, 4)
    story.waits(5)
    assert story.missing() == []


def test_an_outbox_on_an_empty_disk_counts_from_one_again_and_nothing_is_hidden_by_it(story: Story) -> None:
    """The node's disk was replaced: its new 1, 2, 3 are not those of before, and what waited in the old one is lost."""
    story.takes(*range(1, 9))
    story.hears(10, pending=2)
    other = "ffffffff-0"
    story.hears(3, life=other)
    story.centre.take([record_of(an_event(100 + n).model_copy(update={"sequence": n}), other) for n in (1, 3)])
    story.waits(70)
    assert sorted(story.missing()) == [(2, 2), (9, 10)]


def test_an_outbox_that_says_where_it_starts_misses_nothing_before(story: Story) -> None:
    story.takes(1_790_000_001, life="0a1b2c3d-1790000000")
    story.waits(70)
    assert story.missing() == []


def test_looks_after_a_restart_go_on_where_they_were(story: Story) -> None:
    story.takes(1, 5)
    story.waits(40)
    story.watch = GapWatch(story.centre.database, story.centre.live, lambda: story.now, 60)
    story.waits(25)
    assert story.missing() == [(2, 4)], "the age of a gap is on disk"


def test_two_processes_that_look_in_turn_tell_each_gap_once(story: Story) -> None:
    other = GapWatch(story.centre.database, story.centre.live, lambda: story.now, 60)
    story.takes(1, 5)
    for _ in range(20):
        story.waits(2)
        other.look()
        story.waits(3)
    assert story.missing() == [(2, 4)]
    story.takes(3)
    other.look()
    story.waits(3)
    assert (story.missing(), story.closed()) == ([(2, 2), (4, 4)], [(3, 3)])


def test_a_record_that_cannot_be_read_has_not_come(story: Story) -> None:
    story.takes(1, 3)
    good = record_of(an_event(2).model_copy(update={"sequence": 2}), LIFE)
    story.centre.take([Record(good.topic, good.key, b"{", good.headers)])
    story.waits(70)
    assert story.missing() == [(2, 2)]
    story.centre.take([good])
    story.waits(5)
    assert story.missing() == [], "its dead letter was replayed"


@pytest.mark.parametrize("life", ["x", "0A1B2C3D-0", "0a1b2c3d", "0a1b2c3d-01", "0a1b2c3d-9999999999999999999"])
def test_an_outbox_id_that_is_none_makes_a_dead_letter(story: Story, life: str) -> None:
    story.takes(1, life=life)
    with story.centre.database.read() as session:
        assert sequences.held(session) == {}
        assert not sequences.has_arrivals(session)


def write(database: Database, numbers: list[int]) -> None:
    """Batches of 40, each its own transaction."""
    for at in range(0, len(numbers), 40):
        with database.write() as session:
            sequences.note(session, {NODE: numbers[at : at + 40]})


def fold(database: Database, is_over: threading.Event) -> None:
    """As a watch does, only without rest."""
    while not is_over.wait(0.005):
        with database.write() as session:
            if sequences.take_turn(session):
                sequences.fold(session)


def test_several_writers_and_several_watches_at_once_lose_nothing(database: Database) -> None:
    """Two centres take records of one node from different partitions, both fold: the missing set is exact."""
    rng = random.Random(4)
    sent = [number for number in range(1, 3001) if rng.random() > 0.02]
    repeated = sent + rng.sample(sent, 500)
    rng.shuffle(repeated)
    is_over = threading.Event()
    with ThreadPoolExecutor(6) as pool:
        folders = [pool.submit(fold, database, is_over) for _ in range(2)]
        writers = [pool.submit(write, database, repeated[n::4]) for n in range(4)]
        try:
            for done in writers:
                done.result(60)
        finally:
            is_over.set()
        for done in folders:
            done.result(60)
    with database.write() as session:
        sequences.wait_for_turn(session)
        while sequences.has_arrivals(session):
            sequences.fold(session)
        holes = sequences.holes(session)[NODE]
        rows = session.scalar(select(func.count()).select_from(RangeRow))
    absent = set(range(1, max(sent) + 1)) - set(sent)
    assert {number for span in holes for number in range(span.first, span.last + 1)} == absent
    assert rows is not None
    assert rows <= len(absent) + 1, "no more rows than gaps"


def test_a_batch_costs_one_row_for_each_node(database: Database) -> None:
    with database.write() as session:
        sequences.note(session, {Outbox(f"node-{n}", LIFE): range(n, 501, 5) for n in range(1, 6)})
        assert session.scalar(select(func.count()).select_from(ArrivalRow)) == 5


def test_an_acknowledged_gap_leaves_the_screen_after_a_day(story: Story) -> None:
    story.takes(1, 3)
    story.waits(70)
    with story.centre.database.write() as session:
        known = Acknowledgement("Trần Thị B", story.now, "disk replaced")
        assert gaps.acknowledge(session, NODE, Span(2, 2), known) == 1
    with story.centre.database.read() as session:
        assert len(node_views(session, EVERYTHING, story.now)[0].gaps) == 1
        assert node_views(session, EVERYTHING, story.now + timedelta(days=2))[0].gaps == []
    story.waits(5)
    assert story.missing() == [], "not told again"
    story.takes(2)
    story.waits(5)
    assert story.closed() == [(2, 2)], "it came after all"


def test_a_database_from_before_counts_as_whole_up_to_its_newest_number(url: str, tmp_path: Path) -> None:
    database = Database(url)
    migrate.upgrade(database, "0002")
    with database.write() as session:
        session.execute(
            text(
                "INSERT INTO events (id, type, kind, rule, node_id, camera_id, time, received_at, sequence, state, "
                "version, document) VALUES ('e', 't', 'count', 'r', 'node-1', 'c', :at, :at, 40, 'new', 1, '{}')"
            ),
            {"at": START},
        )
    migrate.upgrade(database)
    with database.read() as session:
        assert sequences.held(session) == {Outbox("node-1", ""): [Span(1, 40)]}
    database.close()


def _report(now: datetime, last: int) -> NodeHealth:
    return a_report(reported_at=now).model_copy(update={"last_sequence": last, "outbox": LIFE})


def test_people_are_told_at_once_and_may_acknowledge(tmp_path: Path) -> None:
    """On the screen when it is old, and when it closes; said once and for all by who knows that it will not."""
    with running(tmp_path, live={"gap_s": 2}) as world:
        operator = world.signed_in(Role.OPERATOR)
        officer = world.signed_in(Role.OFFICER)
        listener = Listener(operator)
        world.centre.take(records(_report(START, 6)))
        events = [record_of(an_event(n).model_copy(update={"sequence": n}), LIFE) for n in (1, 2, 3, 4, 5, 6)]
        world.centre.take([events[0], events[3], events[5]])
        blocks = listener.wait_for(6, timeout_s=10)
        told = json.loads(blocks[5]["data"])
        assert blocks[5]["event"] == "node"
        assert [(gap["first"], gap["last"]) for gap in told["gaps"]] == [(2, 3), (5, 5)]
        assert told["missing"] == 3
        assert operator.get("/api/v1/nodes").json()["items"] == [told]
        words = {"node": "node-1", "outbox": LIFE, "first": 2, "last": 3, "reason": " cabinet burnt "}
        assert officer.post("/api/v1/gaps/acknowledgement", json=words).status_code == 403
        assert operator.post("/api/v1/gaps/acknowledgement", json=words | {"reason": " "}).status_code == 422
        assert operator.post("/api/v1/gaps/acknowledgement", json=words | {"first": 4}).status_code == 422
        assert operator.post("/api/v1/gaps/acknowledgement", json=words | {"node": "node-9"}).status_code == 404
        answer = operator.post("/api/v1/gaps/acknowledgement", json=words)
        assert answer.json()["missing"] == 1
        assert answer.json()["gaps"][0]["acknowledged"]["reason"] == "cabinet burnt"
        assert operator.post("/api/v1/gaps/acknowledgement", json=words).status_code == 404, "once"
        with world.centre.database.read() as session:
            entry = access_log.newest(session, 1)[0]
        assert (entry.act.value, entry.subject) == ("gap_acknowledged", "node-1")
        assert entry.note is not None
        assert entry.note.endswith("cabinet burnt")
        assert json.loads(listener.wait_for(7)[6]["data"])["missing"] == 1
        world.centre.take([events[4]])
        blocks = listener.wait_for(9, timeout_s=10)
        closed = json.loads(blocks[8]["data"])
        assert closed["missing"] == 0
        assert [gap["closed_at"] is not None for gap in closed["gaps"]] == [False, True]


def test_who_may_see_some_cameras_sees_their_nodes_only(tmp_path: Path) -> None:
    with running(tmp_path) as world:
        world.centre.take(records(a_report()))
        admin = world.signed_in()
        world.signed_in(Role.OPERATOR)
        person = world.people[Role.OPERATOR]
        admin.patch(f"/api/v1/people/{person.id}", json={"cameras": ["tunnel"]}).raise_for_status()
        assert world.signed_in(Role.OPERATOR).get("/api/v1/nodes").json()["items"] == []
        admin.patch(f"/api/v1/people/{person.id}", json={"cameras": ["bridge"]}).raise_for_status()
        seen = world.signed_in(Role.OPERATOR).get("/api/v1/nodes").json()["items"]
        assert [node["node"] for node in seen] == ["node-1"]
