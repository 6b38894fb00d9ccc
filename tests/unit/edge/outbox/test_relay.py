"""Between outbox and centre: order kept, nothing forgotten, and the fault said in words a person can act on."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.cloudevents import health_of, published_of
from contracts.health import NodeHealth
from contracts.topics import HEALTH
from contracts.wire import PublishError, Record
from edge.outbox.kafka_publisher import KafkaPublisher
from edge.outbox.relay import Relay, RelayConfig, delivered_in_order, next_batch
from edge.outbox.store import Outbox, PendingRecord
from giaolo.embedded import EmbeddedBus
from ingest.evidence_store import EvidenceStore
from tests.unit.edge.outbox.acts import a_file, act, package_of

QUICK = RelayConfig(batch=10, publish_timeout_s=1, backoff_min_s=0.01, backoff_max_s=0.05, idle_s=5)


class Store:
    """What a centre does with records, with a plug that can be pulled."""

    def __init__(self) -> None:
        self.taken: list[Record] = []
        self.is_down = False
        self.news = threading.Condition()

    def take(self, records: Sequence[Record]) -> None:
        if self.is_down:
            raise ConnectionError("database is away")
        with self.news:
            self.taken.extend(records)
            self.news.notify_all()

    def wait_for(self, done: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(done, timeout=5)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox(tmp_path / "outbox.db", node="node-1", max_bytes=10**9)
    yield opened
    opened.close()


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_event_is_at_the_centre_within_50_ms(outbox: Outbox) -> None:
    store = Store()
    relay = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    relay.start()
    took = []
    for number in range(20):
        begun = time.monotonic()
        outbox.add(act(number))
        store.wait_for(lambda number=number: len(store.taken) == number + 1)  # type: ignore[misc]
        took.append(time.monotonic() - begun)
    relay.stop()
    assert sorted(took)[10] < 0.05, took
    wait_until(lambda: outbox.stats().pending == 0)
    assert [published_of(record).sequence for record in store.taken] == list(range(1, 21))


class Batches:
    """A publisher that notes how many records came at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:
        del timeout_s
        if records:
            self.sizes.append(len(records))
        return [True] * len(records)

    def close(self) -> None: ...


def test_the_first_event_waits_for_none_and_those_behind_it_go_together(outbox: Outbox) -> None:
    """Each batch costs the node, the broker and the centre about as much as twenty events."""
    centre = Batches()
    relay = Relay(outbox, centre, None, RelayConfig(gather_s=3, gather_each_s=3))
    relay.start()
    begun = time.monotonic()
    outbox.add(act(0))
    wait_until(lambda: outbox.stats().pending == 0)
    assert time.monotonic() - begun < 2
    for number in range(1, 6):
        outbox.add(act(number))
        time.sleep(0.01)
    wait_until(lambda: outbox.stats().pending == 0)
    relay.stop()
    assert centre.sizes == [1, 5]


def test_the_relay_makes_ready_before_the_first_event(outbox: Outbox) -> None:
    """The first event after a start waited half a second for Kafka's client to connect."""
    calls: list[int] = []
    relay = Relay(outbox, EmbeddedBus(lambda records: calls.append(len(records))), None, QUICK)
    relay.start()
    wait_until(lambda: calls == [0])
    assert relay.faults() == ()
    relay.stop()


def test_nothing_is_lost_while_the_centre_is_away(outbox: Outbox) -> None:
    store = Store()
    store.is_down = True
    relay = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    relay.start()
    for number in range(35):
        outbox.add(act(number, camera=f"camera-{number % 3}"))
    wait_until(lambda: any("35 records wait on disk" in fault for fault in relay.faults()))
    assert "the centre did not store the records" in relay.faults()[0]
    store.is_down = False
    store.wait_for(lambda: len(store.taken) >= 35)
    wait_until(lambda: relay.faults() == () and outbox.stats().pending == 0)
    assert [published_of(record).sequence for record in store.taken] == list(range(1, 36))
    relay.stop()


def test_a_quick_link_gets_large_batches_and_a_slow_one_small() -> None:
    """On a link that takes 40 records in ten seconds a batch of 200 is sent for ever and never arrives."""
    config = RelayConfig()
    size, seen = config.batch, []
    for took_s in (0.02, 0.02, 0.02, 0.02, 1.0, 4.0, None, None, None, None, 4.0, 0.02):
        size = next_batch(size, took_s, config)
        seen.append(size)
    assert seen == [400, 800, 1000, 1000, 1000, 500, 125, 31, 25, 25, 25, 50]


def test_a_batch_grows_only_within_what_was_asked_for() -> None:
    one = RelayConfig(batch=1, batch_most=1)
    assert [next_batch(1, took_s, one) for took_s in (0.01, 5.0, None)] == [1, 1, 1]


def test_what_was_not_delivered_waits_for_the_next_start(outbox: Outbox) -> None:
    store = Store()
    store.is_down = True
    relay = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    relay.start()
    outbox.add(act(1))
    begun = time.monotonic()
    relay.stop(drain_s=0.3)
    assert time.monotonic() - begun < 2
    store.is_down = False
    second = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    second.start()
    store.wait_for(lambda: len(store.taken) == 1)
    second.stop()


def test_stop_delivers_what_waits(outbox: Outbox) -> None:
    store = Store()
    for number in range(95):
        outbox.add(act(number))
    relay = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    relay.start()
    relay.stop(drain_s=3)
    assert len(store.taken) == 95


def test_only_the_newest_health_is_sent(outbox: Outbox) -> None:
    store = Store()
    relay = Relay(outbox, EmbeddedBus(store.take), None, QUICK)
    now = datetime.now(UTC)
    for version in ("1", "2", "3"):
        relay.offer_health(NodeHealth(node="node-1", reported_at=now, started_at=now, version=version, public_key="k"))
    relay.start()
    store.wait_for(lambda: len(store.taken) == 1)
    relay.stop()
    assert [record.topic for record in store.taken] == [HEALTH]
    assert health_of(store.taken[0]).version == "3"


def test_a_failed_record_holds_back_its_camera_only() -> None:
    batch = [PendingRecord(n, Record("t", camera, b"")) for n, camera in enumerate("abab", start=1)]
    assert delivered_in_order(batch, [True, True, True, True]) == [1, 2, 3, 4]
    assert delivered_in_order(batch, [False, True, True, True]) == [2, 4]
    assert delivered_in_order(batch, [True, False, True, True]) == [1, 3]


class FlakySink:
    """A real evidence store behind a line that breaks after every second piece."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store
        self.calls = 0
        self.bytes = 0

    def received(self, sha256: str) -> int | None:
        return self._store.received(sha256)

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        self.calls += 1
        if self.calls % 3 == 0:
            raise PublishError("the line broke")
        self.bytes += len(content)
        return self._store.append(sha256, offset=offset, total=total, content=content)


def test_clip_arrives_whole_over_a_line_that_breaks(outbox: Outbox, tmp_path: Path) -> None:
    """Pieces that arrived are not sent again."""
    store = EvidenceStore(tmp_path / "centre", max_file_bytes=2**30)
    sink = FlakySink(store)
    files = [a_file(tmp_path / "p", "clip.mp4", bytes(range(256)) * 8192), a_file(tmp_path / "p")]
    relay = Relay(outbox, EmbeddedBus(Store().take), sink, QUICK)
    relay.start()
    outbox.add(act(1), files)
    outbox.seal(package_of(act(1), files), files)
    wait_until(lambda: outbox.stats().pending_files == 0)
    relay.stop()
    for file, path in files:
        assert store.path(file.sha256).read_bytes() == path.read_bytes()
    assert sink.bytes == sum(file.size for file, _ in files)
    assert sink.calls > 10


def test_altered_or_missing_file_is_given_up_and_the_others_go(outbox: Outbox, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "centre", max_file_bytes=2**30)
    altered, gone, fine = (a_file(tmp_path / name, content=name.encode()) for name in ("altered", "gone", "fine"))
    outbox.add(act(1), [altered])
    outbox.add(act(2), [gone])
    outbox.add(act(3), [fine])
    altered[1].write_bytes(b"somebody was here")
    gone[1].unlink()
    relay = Relay(outbox, EmbeddedBus(Store().take), store, QUICK)
    relay.start()
    wait_until(lambda: outbox.stats().pending_files == 0)
    relay.stop()
    assert [store.has(file.sha256) for file, _ in (altered, gone, fine)] == [False, False, True]


def test_one_file_the_centre_refuses_does_not_hold_up_the_rest(outbox: Outbox, tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "centre", max_file_bytes=1000)
    large = a_file(tmp_path / "a", "clip.mp4", b"x" * 2000)
    outbox.add(act(1), [large])
    outbox.add(act(2), [a_file(tmp_path / "b")])
    relay = Relay(outbox, EmbeddedBus(Store().take), store, QUICK)
    relay.start()
    wait_until(lambda: outbox.stats().pending_files == 1)
    wait_until(lambda: any("limit is 1000" in fault for fault in relay.faults()))
    relay.stop(drain_s=0.1)


def test_stop_does_not_wait_for_a_kafka_that_does_not_answer(outbox: Outbox) -> None:
    """A node told to stop must not be killed by its service manager because a broker is away or silent."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        relay = Relay(outbox, KafkaPublisher(f"127.0.0.1:{silent.getsockname()[1]}"), None)
        relay.start()
        outbox.add(act(1))
        time.sleep(0.5)  # it is in the middle of its first try
        begun = time.monotonic()
        relay.stop(drain_s=3)
        took_s = time.monotonic() - begun
    assert took_s < 5
    assert outbox.stats().pending == 1
