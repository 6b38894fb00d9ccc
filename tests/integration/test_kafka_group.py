"""Several centres in one consumer group, on a real broker: they come, go and are killed under load."""

import itertools
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from contracts.topics import EVENTS
from contracts.wire import Record
from edge.outbox.kafka_publisher import KafkaPublisher
from ingest.kafka_source import KafkaSource
from ingest.kafka_topics import PARTITIONS, ensure_topics
from tests.conftest import ROOT
from tests.integration.ended import at_end
from tests.integration.kafka_broker import KafkaBroker
from tests.integration.test_kafka import wait_until

pytestmark = pytest.mark.alone

CAMERAS = [f"camera-{n:02d}" for n in range(24)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    ensure_topics(running.bootstrap)
    yield running
    running.stop()


class Load:
    """Publishes numbered records of every camera, a few hundred a second, until it is ended."""

    def __init__(self, bootstrap: str, name: str) -> None:
        self._bootstrap = bootstrap
        self._name = name
        self.sent: dict[str, int] = dict.fromkeys(CAMERAS, 0)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        at_end(self.end)

    def _run(self) -> None:
        publisher = KafkaPublisher(self._bootstrap)
        for number in itertools.count(1):
            batch = [Record(EVENTS, camera, f"{self._name}:{number}".encode()) for camera in CAMERAS]
            assert all(publisher.publish(batch, timeout_s=20))
            self.sent = dict.fromkeys(CAMERAS, number)
            if self._end.wait(0.05):
                break
        publisher.close()

    def end(self) -> int:
        """Number of records of each camera."""
        self._end.set()
        self._thread.join()
        return self.sent[CAMERAS[0]]


class Member:
    """A member in this process; may be told to fail, as a centre whose database is away."""

    def __init__(self, bootstrap: str, group: str, load: str, instance: str | None = None) -> None:
        self.taken: list[tuple[float, str, int]] = []
        self.fails = False
        self._load = load
        options = {"group_instance_id": instance} if instance else {}
        self.source = KafkaSource(bootstrap, group, (EVENTS,), options=options)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.source.run, args=(self._take, self._stop))
        self._thread.start()
        at_end(self.stop)

    def _take(self, records: Sequence[Record]) -> None:
        if self.fails:
            raise ConnectionError("database is away")
        now = time.monotonic()
        for record in records:
            load, _, number = record.value.decode().partition(":")
            if load == self._load:
                self.taken.append((now, record.key, int(number)))

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()

    def share(self) -> int:
        return len(self.source.partitions)


def numbers(taken: list[tuple[float, str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for _, camera, number in taken:
        found[camera].append(number)
    return found


def assert_each_once_at_least_and_in_order(members: list[list[tuple[float, str, int]]], number: int) -> None:
    """By order of taking; a repeat may go back, but what is new comes in order: nothing is skipped."""
    for camera, seen in numbers(sorted(itertools.chain(*members), key=lambda each: each[0])).items():
        assert set(seen) == set(range(1, number + 1)), f"{camera}: {number - len(set(seen))} of {number} missing"
        newest = list(dict.fromkeys(seen))
        assert newest == sorted(newest), f"{camera} out of order"


def longest_pause_s(taken: list[tuple[float, str, int]], cameras: set[str], since: float, until: float) -> float:
    times = sorted({at for at, camera, _ in taken if camera in cameras and since <= at <= until})
    return max(b - a for a, b in itertools.pairwise([since, *times, until]))


def test_members_come_go_and_nothing_is_lost(broker: KafkaBroker) -> None:
    """What a member keeps is neither read again nor paused while another comes, fails and goes."""
    load = Load(broker.bootstrap, "come-and-go")
    first = Member(broker.bootstrap, "come-and-go", "come-and-go")
    wait_until(lambda: first.share() == PARTITIONS[EVENTS] and len(first.taken) > 500, lambda: first.source.fault)
    joined = time.monotonic()
    second = Member(broker.bootstrap, "come-and-go", "come-and-go")
    wait_until(lambda: second.share() == first.share() == 6, lambda: (first.share(), second.share()))
    shared = time.monotonic() + 0.5
    wait_until(lambda: len(second.taken) > 500, lambda: second.source.fault)
    first_kept = {camera for at, camera, _ in first.taken if at > shared}
    assert 0 < len(first_kept) < len(CAMERAS)
    pause = longest_pause_s(first.taken, first_kept, joined, time.monotonic())
    second.fails = True  # its database is away: it stays in the group, and goes in order in the middle of a batch
    time.sleep(1.5)
    assert "cannot be stored" in second.source.fault
    second.stop()
    wait_until(lambda: first.share() == PARTITIONS[EVENTS], first.share)
    number = load.end()
    wait_until(lambda: all(set(range(1, number + 1)) <= set(seen) for seen in _together(first, second)), lambda: number)
    first.stop()
    assert_each_once_at_least_and_in_order([first.taken, second.taken], number)
    for camera in first_kept:
        seen = numbers(first.taken)[camera]
        assert seen == list(range(1, number + 1)), f"{camera} never left its member, so nothing is read twice"
    print(f"\nlongest pause of kept cameras while another joined: {pause:.2f} s; {number * len(CAMERAS)} records")
    assert pause < 2.5


def _together(*members: Member) -> list[list[int]]:
    return list(numbers([each for member in members for each in member.taken]).values())


def test_killed_member_is_replaced_while_the_other_goes_on(broker: KafkaBroker, tmp_path: Path) -> None:
    """kill -9 of a centre: the other keeps reading its own partitions, and takes the rest after the session's 6 s."""
    load = Load(broker.bootstrap, "killed")
    survivor = Member(broker.bootstrap, "killed", "killed")
    wait_until(lambda: survivor.share() == PARTITIONS[EVENTS], lambda: survivor.source.fault)
    out = tmp_path / "taken"
    out.touch()
    command = [sys.executable, "-m", "tests.integration.kafka_member", broker.bootstrap, "killed", EVENTS, str(out)]
    victim = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_until(lambda: survivor.share() == 6 and out.stat().st_size > 20_000, survivor.share, 60)
        shared = time.monotonic() + 0.5
        time.sleep(1.5)
        own = {camera for at, camera, _ in survivor.taken if at > shared}
        assert 0 < len(own) < len(CAMERAS)
        victim.kill()
        killed = time.monotonic()
        wait_until(lambda: survivor.share() == PARTITIONS[EVENTS], survivor.share)
        taken_over = time.monotonic()
    finally:
        victim.kill()
        victim.wait()
    time.sleep(1)
    number = load.end()
    lines = [line.split("\t") for line in out.read_text().splitlines()]
    dead = [(float(at), key, int(value.partition(":")[2])) for at, key, value in lines if value.startswith("killed:")]

    def all_there() -> bool:
        seen = numbers([*survivor.taken, *dead])
        return all(set(range(1, number + 1)) <= set(seen[camera]) for camera in CAMERAS)

    wait_until(all_there, lambda: survivor.source.fault)
    survivor.stop()
    assert_each_once_at_least_and_in_order([survivor.taken, dead], number)
    pause = longest_pause_s(survivor.taken, own, killed, taken_over)
    repeats = sum(len(seen) - len(set(seen)) for seen in numbers([*survivor.taken, *dead]).values())
    print(
        f"\ntaken over after {taken_over - killed:.1f} s; longest pause of the survivor's own cameras {pause:.2f} s; "
        f"{repeats} of {number * len(CAMERAS)} records repeated"
    )
    assert pause < 2.5
    for camera in own:
        assert numbers(survivor.taken)[camera] == list(range(1, number + 1))


def test_member_whose_store_is_away_holds_up_nobody(broker: KafkaBroker) -> None:
    """A member that waits for its database answers the group: another can join, and takes its share at once."""
    load = Load(broker.bootstrap, "held-up")
    stuck = Member(broker.bootstrap, "held-up", "held-up")
    wait_until(lambda: stuck.share() == PARTITIONS[EVENTS], lambda: stuck.source.fault)
    stuck.fails = True
    wait_until(lambda: "cannot be stored" in stuck.source.fault, lambda: stuck.source.fault)
    begun = time.monotonic()
    other = Member(broker.bootstrap, "held-up", "held-up")
    wait_until(lambda: other.share() == 6 and len(other.taken) > 100, lambda: (other.share(), stuck.share()))
    joined_s = time.monotonic() - begun
    stuck.fails = False
    number = load.end()
    wait_until(
        lambda: (
            len(_together(stuck, other)) == len(CAMERAS)
            and all(set(range(1, number + 1)) <= set(seen) for seen in _together(stuck, other))
        ),
        lambda: (stuck.source.fault, other.source.fault),
    )
    stuck.stop()
    other.stop()
    assert_each_once_at_least_and_in_order([stuck.taken, other.taken], number)
    print(f"\njoined beside a member whose store is away: {joined_s:.1f} s")
    assert joined_s < 15


def test_instance_comes_back_to_its_partitions(broker: KafkaBroker) -> None:
    """A centre with a name of its own is restarted: nobody else is given its partitions in between."""
    one = Member(broker.bootstrap, "instances", "x", instance="one")
    two = Member(broker.bootstrap, "instances", "x", instance="two")
    wait_until(lambda: one.share() == two.share() == 6, lambda: (one.share(), two.share()))
    mine, others = one.source.partitions, two.source.partitions
    one.stop()
    time.sleep(2)
    assert two.source.partitions == others
    again = Member(broker.bootstrap, "instances", "x", instance="one")
    wait_until(lambda: again.share() == 6, lambda: again.source.fault)
    assert again.source.partitions == mine
    assert two.source.partitions == others
    again.stop()
    two.stop()
