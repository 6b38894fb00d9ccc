"""How fast events go from an outbox to committed rows: `make bench`, or `python -m bench.events`.

Real Apache Kafka, real PostgreSQL, one edge process, one centre process. Two runs: as fast as it goes (the edge's
camera threads add, durably, as fast as the relay delivers), and at a given rate, with the time from `Outbox.add` to the
row that another connection sees committed. In the same run, what bounds it: a bare kafka-python producer and consumer
loop over the same records, and a bare COPY of the same documents into a plain table. Writes build/bench-events.json.

    python -m bench.events [--seconds 120] [--rate 300]
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.events_edge import EVENT_POOL, documents
from contracts.cloudevents import record_of_document
from edge.outbox.kafka_publisher import COMPRESSIONS, PACKING
from tests.faults.parts import Broker, Part, Postgres
from tests.faults.world import wait_for_port

BARE_S = 15.0
LOOK_EVERY_S = 0.01
_PLACES = "SELECT e.sequence, a.n FROM events e JOIN arrivals a ON a.id = e.id WHERE e.node_id = %s"


@dataclass(frozen=True, slots=True)
class Flow:
    """A run through all. Rates in events a second, delays in ms, CPU in seconds per 1,000 events by process."""

    events: int
    seconds: float
    events_per_s: float
    delay_p50_ms: float
    delay_p99_ms: float
    cpu_s_per_1000: dict[str, float]


class Stand:
    """Broker, database and centre of the bench."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = Broker(folder)
        self.postgres = Postgres()
        self.broker.advertise(self.broker.edge_port, self.broker.centre_port)
        config = folder / "centre.yaml"
        config.write_text(
            f"version: 1\ndata: {folder / 'centre'}\nport: 0\nbus: kafka\n"
            f"database: postgresql+psycopg://test@127.0.0.1:{self.postgres.port}/postgres\n"
            f"kafka: {{bootstrap: '127.0.0.1:{self.broker.centre_port}'}}\n"
        )
        arguments = ["-m", "giaolo", "centre", "run", "--json", "--config", str(config)]
        self.centre = Part("centre", arguments, folder / "centre.log")

    def start(self) -> None:
        """Returns when the centre answers."""
        self.postgres.start()
        self.broker.start()
        self.centre.start()
        wait_for_port(self.centre)
        _watch_order(self.postgres.url)

    def stop(self) -> None:
        """Ends all."""
        self.centre.stop()
        self.broker.stop()
        self.postgres.stop()

    def cpu_s(self, edge: Part) -> dict[str, float]:
        """CPU seconds each has used so far."""
        postgres = psutil.Process(self.postgres.pid)
        used = {
            "edge": _cpu(psutil.Process(edge.pid)),
            "centre": _cpu(psutil.Process(self.centre.pid)),
            "broker": _cpu(psutil.Process(self.broker.pid)),
            "postgres": sum(_cpu(each) for each in (postgres, *postgres.children(recursive=True))),
        }
        return {name: round(seconds, 2) for name, seconds in used.items()}


def _watch_order(url: str) -> None:
    """The database notes in which order events come in, a batch at a time: one note an event would cost as much again.

    It is done by PostgreSQL and counted as its time.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE arrivals (n bigserial PRIMARY KEY, id text NOT NULL)")
        connection.execute(
            "CREATE FUNCTION note_arrivals() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO arrivals (id) SELECT id FROM came; RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE TRIGGER arrival AFTER INSERT ON events REFERENCING NEW TABLE AS came "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_arrivals()"
        )


def _cpu(process: psutil.Process) -> float:
    """Seconds, with those of its children that ended; 0 for one that has just ended, which its parent counts."""
    with suppress(psutil.NoSuchProcess), process.oneshot():
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def flow(stand: Stand, node: str, *, seconds: float, rate: float) -> Flow:
    """The edge adds for so long; then until all is stored. `rate` 0: as fast as it goes."""
    arguments = ["-m", "bench.events_edge", str(stand.folder / node), f"127.0.0.1:{stand.broker.edge_port}", node]
    edge = Part("edge", [*arguments, str(seconds), str(rate)], stand.folder / f"{node}.log")
    with psycopg.connect(stand.postgres.url, autocommit=True) as connection:
        before_n = _arrived(connection)
    edge.start()
    times = stand.folder / node / "added.json"
    _wait((stand.folder / node / "begun").exists, edge, 60)
    begun, before = time.monotonic(), stand.cpu_s(edge)
    seen: list[tuple[float, int]] = []
    with psycopg.connect(stand.postgres.url, autocommit=True) as connection:
        stored = before_n
        while not (times.exists() and stored - before_n >= json.loads(times.read_text())["last"]):
            stored = _arrived(connection)
            seen.append((time.time(), stored))
            if time.monotonic() - begun > seconds * 4 + 60:
                raise SystemExit(f"not all came: {stored - before_n}; {edge.log.read_text()[-2000:]}")
            time.sleep(LOOK_EVERY_S)
        places: dict[int, int] = dict(connection.execute(_PLACES, (node,)).fetchall())
    took = time.monotonic() - begun
    after = stand.cpu_s(edge)
    edge.stop()
    added: dict[str, Any] = json.loads(times.read_text())
    delays = _delays_ms([(places[number], at) for number, at in added["at"]], seen)
    count = int(added["last"])
    return Flow(
        events=count,
        seconds=round(took, 1),
        events_per_s=round(count / took, 1),
        delay_p50_ms=round(statistics.median(delays), 1),
        delay_p99_ms=round(sorted(delays)[int(len(delays) * 0.99)], 1),
        cpu_s_per_1000={name: round((after[name] - before[name]) / count * 1000, 3) for name in after},
    )


def _arrived(connection: psycopg.Connection[Any]) -> int:
    """How many events are committed: their places count up in the order they came."""
    row = connection.execute("SELECT max(n) FROM arrivals").fetchone()
    return int(row[0] or 0) if row else 0


def _delays_ms(added: Sequence[tuple[int, float]], seen: Sequence[tuple[float, int]]) -> list[float]:
    """From `add` to the first look at the database that shows the event's place; never too short.

    Args:
        added: place in the store and `time.time()` before `add`, of each event.
        seen: `time.time()` and the highest place committed, in the order of the looks.
    """
    delays = []
    look = 0
    for place, at in sorted(added):
        while seen[look][1] < place:
            look += 1
        delays.append((seen[look][0] - at) * 1000)
    return delays


def _wait(done: Callable[[], bool], part: Part, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end or not part.is_alive():
            raise SystemExit(f"{part.name} did not begin: {part.log.read_text()[-2000:]}")
        time.sleep(0.02)


def bare_kafka(bootstrap: str) -> tuple[float, float]:
    """Records a second of a bare producer (acks all, packed as ours) and of a bare consumer, one after the other."""
    from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({"bare": {"num_partitions": 12, "replication_factor": 1}})
    admin.close()
    records = [record_of_document(document) for document in documents("bare", EVENT_POOL)]
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=COMPRESSIONS[0], **PACKING)
    begun, sent = time.monotonic(), 0
    while time.monotonic() - begun < BARE_S:
        futures = [
            producer.send("bare", key=each.key.encode(), value=each.value, headers=list(each.headers))
            for each in records[:1000]
        ]
        producer.flush()
        futures[-1].get(timeout=60)
        sent += len(futures)
    produced = sent / (time.monotonic() - begun)
    producer.close()
    consumer = KafkaConsumer("bare", bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id="bare")
    got, first = 0, 0.0
    while got < sent:
        got += sum(len(some) for some in consumer.poll(timeout_ms=1000, max_records=500).values())
        first = first or (time.monotonic() if got else 0.0)
    consumed = sent / (time.monotonic() - first)
    consumer.close()
    return round(produced, 1), round(consumed, 1)


def bare_copy(url: str) -> float:
    """Rows a second of COPY in batches of 500, each committed, into a table with a primary key."""
    rows = [(document[-100:].decode(errors="replace"), document.decode()) for document in documents("copy", EVENT_POOL)]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bare (n bigserial PRIMARY KEY, id text, document text)")
        connection.commit()
        begun, done = time.monotonic(), 0
        while time.monotonic() - begun < BARE_S:
            for start in range(0, len(rows), 500):
                with connection.cursor().copy("COPY bare (id, document) FROM STDIN") as copy:
                    for row in islice(rows, start, start + 500):
                        copy.write_row(row)
                connection.commit()
                done += len(rows[start : start + 500])
        return round(done / (time.monotonic() - begun), 1)


def main() -> int:
    """0."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--rate", type=float, default=300)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="giaolo-bench-events-") as folder:
        stand = Stand(Path(folder))
        try:
            stand.start()
            fast = flow(stand, "fast", seconds=given.seconds, rate=0)
            steady = flow(stand, "steady", seconds=min(60, given.seconds), rate=given.rate)
            produced, consumed = bare_kafka(stand.broker.bootstrap)
            copied = bare_copy(stand.postgres.url)
        finally:
            stand.stop()
    bare_s = 1 / produced + 1 / consumed + 1 / copied
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "load": os.getloadavg(),
        "command": f"python -m bench.events --seconds {given.seconds:g} --rate {given.rate:g}",
        "bytes_an_event": round(statistics.mean(len(document) for document in documents("x", 1000))),
        "fast": asdict(fast),
        f"at_{given.rate:g}_per_s": asdict(steady),
        "bare": {"produce_per_s": produced, "consume_per_s": consumed, "copy_per_s": copied},
        "share_of_bare": round(fast.events_per_s * bare_s, 3),
    }
    target = Path("build") / "bench-events.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
