"""The live stream with several centre processes on one PostgreSQL: nothing left out, nothing twice, in one order."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest

from ingest.access.access import make_person
from ingest.access.permissions import Role
from ingest.centre import Centre
from ingest.config import CentreConfig
from ingest.store import live
from ingest.store.base import Database
from tests.integration.centre_world import PASSWORD, Listener
from tests.integration.postgres_server import postgres
from tests.unit.ingest.stories import an_event, records

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
SERVE = """
import pathlib, sys
from ingest.centre import Centre
from ingest.config import CentreConfig
centre = Centre(CentreConfig.model_validate({"data": pathlib.Path(sys.argv[1]), "database": sys.argv[2], "port": 0}))
centre.run(on_ready=lambda port: print(port, flush=True))
"""
WRITE = """
import pathlib, random, sys
from ingest.centre import Centre
from ingest.config import CentreConfig
from tests.unit.ingest.stories import an_event, records
centre = Centre(CentreConfig.model_validate({"data": pathlib.Path(sys.argv[1]), "database": sys.argv[2], "port": 0}))
first, number, rng = int(sys.argv[3]), int(sys.argv[4]), random.Random(int(sys.argv[3]))
made, at = [], first
while at < first + number:
    size = rng.randint(1, 4)
    centre.take(records(*[an_event(n) for n in range(at, min(at + size, first + number))]))
    at += size
centre.stop()
"""
EVENTS = 150


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres() as address:
        yield address


@contextmanager
def process(script: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A Python process, killed at the end."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        try:
            yield running
        finally:
            running.kill()


def signed_in(running: "subprocess.Popen[str]", username: str = "operator-1") -> httpx2.Client:
    """A client of the centre that this process serves."""
    assert running.stdout is not None
    client = httpx2.Client(base_url=f"http://127.0.0.1:{running.stdout.readline().strip()}", timeout=60)
    answer = client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def told(listener: Listener) -> dict[int, str]:
    """Event by stream number."""
    blocks = [block for block in list(listener.blocks) if block.get("event") == "event"]
    numbers = [int(block["id"]) for block in blocks]
    assert numbers == sorted(set(numbers)), "numbers only grow, none comes twice"
    return {int(block["id"]): json.loads(block["data"])["id"] for block in blocks}


def test_two_writers_and_readers_at_two_processes_agree_and_a_killed_one_loses_nothing(
    url: str, tmp_path: Path
) -> None:
    """Numbers are given before the commit: without the turn a reader could see 6, then 5, and miss it for ever."""
    centre = Centre(CentreConfig.model_validate({"data": tmp_path / "setup", "database": url}))
    make_person(centre.database, "operator-1", PASSWORD, "Operator", Role.OPERATOR)
    centre.stop()
    wanted = {an_event(n).id for first in (1, 10_001) for n in range(first, first + EVENTS)}
    with ExitStack() as stack:
        first, second = (stack.enter_context(process(SERVE, tmp_path / f"c{n}", url)) for n in range(2))
        here, there = signed_in(first), signed_in(second)
        one, other = Listener(here), Listener(there)
        writers = [
            stack.enter_context(process(WRITE, tmp_path / f"w{start}", url, start, EVENTS)) for start in (1, 10_001)
        ]
        one.wait_for(EVENTS // 3, timeout_s=120)
        first.kill()
        assert one.ended.wait(10)
        seen = told(one)
        back = Listener(there, {"Last-Event-ID": str(max(seen))})
        for writer in writers:
            assert writer.wait(120) == 0
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (
            wanted <= set(told(other).values()) and wanted <= set(seen.values()) | set(told(back).values())
        ):
            time.sleep(0.1)
        assert set(told(other).values()) == wanted
        resumed = told(back)
        assert not seen.keys() & resumed.keys(), "what was seen is not sent again"
        assert seen | resumed == told(other), "both tell the same, in the same order"


def test_a_commit_of_another_process_is_heard_at_once_and_also_after_the_line_was_cut(url: str, tmp_path: Path) -> None:
    """Not a second later, as by looking; and a database that was restarted is listened to again."""
    centre = Centre(CentreConfig.model_validate({"data": tmp_path / "here", "database": url}))
    make_person(centre.database, "admin-9", PASSWORD, "Admin", Role.ADMIN)
    with process(SERVE, tmp_path / "c", url) as running:
        client = signed_in(running, "admin-9")
        listener = Listener(client)
        assert median_delay(centre, listener, 50_000) < 0.4
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            cut = admin.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            ).fetchone()
        assert cut == (1,)
        time.sleep(2.5)
        assert median_delay(centre, listener, 60_000) < 0.4
    centre.stop()


def median_delay(centre: Centre, listener: Listener, start: int) -> float:
    """From the commit here to the stream there, seconds; each after a quiet moment."""
    delays = []
    for number in range(start, start + 9):
        have = len(listener.blocks)
        time.sleep(0.15)
        centre.take(records(an_event(number)))
        committed = time.perf_counter()
        listener.wait_for(have + 1, timeout_s=30)
        delays.append(time.perf_counter() - committed)
    return sorted(delays)[len(delays) // 2]


def test_a_change_that_is_rolled_back_is_not_told_and_leaves_no_hole_for_others(url: str) -> None:
    database = Database(url)
    now = an_event(1).time
    with database.read() as session:
        before = live.bounds(session)[1]
    with database.write() as session:
        live.append(session, [live.Change("event", "gone", "bridge")], now)
        session.rollback()
    with database.write() as session:
        live.append(session, [live.Change("event", "kept", "bridge")], now)
    with database.read() as session:
        assert [row.subject for row in live.after(session, before, 10)] == ["kept"]
    database.close()
