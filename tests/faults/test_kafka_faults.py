"""Broker, edge and centre die under load; what was found at the road stands in the store, each event once."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.faults.road_edge import events
from tests.integration.kafka_broker import KafkaBroker

pytestmark = pytest.mark.alone

EVENTS = int(os.environ.get("GIAOLO_FAULT_EVENTS", "1000"))
PER_SECOND = 50.0
AHEAD = EVENTS * 6 // 100
"""Events that may be found beyond the next death: fewer than lie between two deaths, so none falls into silence."""
PATIENCE_S = 90.0


class Process:
    """A process of the product that can be killed and started again."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        self._arguments = arguments
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )

    def kill9(self) -> None:
        assert self._process is not None
        assert self._process.poll() is None, f"ended by itself:\n{self._log.read_text()[-3000:]}"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def words(self) -> str:
        return self._log.read_text()[-3000:] if self._log.exists() else ""


def rows(database: Path, query: str) -> list[Any]:
    """Rows of a SQLite file that somebody else writes; none while it is not there yet."""
    if not database.exists():
        return []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def wait_until(done: Callable[[], bool], words: Callable[[], str], seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, words()
        time.sleep(0.1)


@contextmanager
def running(*parts: Process | KafkaBroker) -> Iterator[None]:
    """Starts the parts in order and stops them all at the end."""
    try:
        for part in parts:
            part.start()
        yield
    finally:
        for part in reversed(parts):
            part.stop()


@pytest.mark.skipif(
    not os.environ.get("GIAOLO_LONG"), reason="minutes long: GIAOLO_LONG=1; test_schedule.py has these and more"
)
@pytest.mark.timeout(300)
def test_each_event_arrives_once_though_everything_dies(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Broker killed three times, edge twice, centre twice, with -9 and under load; all 1,000 arrive, each once."""
    broker = KafkaBroker(tmp_path)
    config = tmp_path / "centre.yaml"
    config.write_text(
        f"version: 1\ndata: {tmp_path / 'centre'}\nport: 0\nbus: kafka\nkafka: {{bootstrap: {broker.bootstrap!r}}}\n"
    )
    centre = Process(["-m", "giaolo", "centre", "run", "--config", str(config)], tmp_path / "centre.log")
    edge = Process(
        ["-m", "tests.faults.road_edge", str(tmp_path), broker.bootstrap, str(EVENTS), str(PER_SECOND)],
        tmp_path / "edge.log",
    )
    outbox, store = tmp_path / "outbox.db", tmp_path / "centre" / "centre.sqlite"
    expected = {event.id for event in islice(events(), EVENTS)}

    def spooled() -> int:
        found = rows(outbox, "SELECT count(*) FROM records")
        return int(found[0][0]) if found else 0

    def stored() -> int:
        found = rows(store, "SELECT count(*) FROM events")
        return int(found[0][0]) if found else 0

    def state() -> str:
        return f"spooled {spooled()}, stored {stored()} of {EVENTS}\n{edge.words()}\n{centre.words()}"

    deaths: list[tuple[int, Process | KafkaBroker]] = [
        (EVENTS * 10 // 100, broker),
        (EVENTS * 25 // 100, edge),
        (EVENTS * 35 // 100, centre),
        (EVENTS * 50 // 100, broker),
        (EVENTS * 60 // 100, edge),
        (EVENTS * 70 // 100, centre),
        (EVENTS * 85 // 100, broker),
    ]
    parts = {"broker": broker, "centre": centre, "edge": edge}
    flowed = 0  # events reach the store again before the next death
    begun = time.monotonic()
    with running(broker, centre, edge):
        for moment, victim in deaths:
            (tmp_path / "allowed").write_text(str(moment + AHEAD))
            wait_until(lambda at=moment, before=flowed: spooled() >= at and stored() > before, state)  # type: ignore[misc]
            flowed = stored()
            at_s = time.monotonic() - begun
            name = next(name for name, part in parts.items() if part is victim)
            print(f"{at_s:5.1f} s: {name} killed with {spooled()} found and {stored()} stored")
            victim.kill9()
            victim.start()
        (tmp_path / "allowed").write_text(str(EVENTS))
        wait_until(lambda: spooled() >= EVENTS, state)
        print(f"{time.monotonic() - begun:5.1f} s: all found, {stored()} stored")
        wait_until(lambda: stored() >= EVENTS, state)
        took_s = time.monotonic() - begun
        time.sleep(1)  # a repeat that is still on its way must not become a second row
        found = rows(store, "SELECT id, sequence FROM events")
    record_property("seconds", round(took_s, 1))
    print(f"{EVENTS} events, 3 broker, 2 edge and 2 centre deaths: {took_s:.0f} s")
    assert {identity for identity, _ in found} == expected
    assert len(found) == EVENTS
    assert sorted(sequence for _, sequence in found) == list(range(1, EVENTS + 1)), "no hole, no number twice"
    assert rows(store, "SELECT * FROM dead_letters") == []
