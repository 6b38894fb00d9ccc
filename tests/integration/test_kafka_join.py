"""A centre whose connection dies without a word while it joins its group."""

import shutil
import threading
import time
from collections.abc import Iterator

import pytest

import ingest.kafka_source
from contracts.topics import EVENTS
from ingest.kafka_source import KafkaSource
from ingest.kafka_topics import ensure_topics
from tests.conftest import missing
from tests.faults.link import Link
from tests.faults.parts import Broker
from tests.integration.ended import at_end
from tests.integration.test_kafka import wait_until

GROUP = "who-joins-over-a-dead-link"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Link]]:
    """A broker, and the link over which its centres come to it."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            missing("kafka", f"{tool} is not installed: apt install openjdk-17-jre-headless maven")
    running = Broker(tmp_path_factory.mktemp("kafka"))
    link = Link(running.centre_port)
    running.advertise(link.port, link.port)
    running.start()
    ensure_topics(running.bootstrap)
    yield running, link
    link.close()
    running.stop()


def test_a_join_whose_connection_was_forgotten_is_begun_anew(
    broker: tuple[Broker, Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker holds an answer back until all members are there; a lost one would be waited for for five minutes."""
    from kafka import KafkaConsumer
    from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

    monkeypatch.setattr(ingest.kafka_source, "JOIN_S", 3.0)
    running, link = broker
    busy = KafkaConsumer(
        EVENTS,
        bootstrap_servers=running.bootstrap,
        group_id=GROUP,
        session_timeout_ms=6000,
        partition_assignment_strategy=[CooperativeStickyAssignor],
    )
    at_end(lambda: busy.close(autocommit=False))
    wait_until(lambda: busy.poll(timeout_ms=200) is not None and bool(busy.assignment()), lambda: "no first member")
    source = KafkaSource(f"127.0.0.1:{link.port}", GROUP, (EVENTS,))
    stop = threading.Event()
    thread = threading.Thread(target=source.run, args=(lambda _: None, stop))
    thread.start()
    at_end(thread.join)
    at_end(stop.set)
    wait_until(lambda: source.fault == "waiting for a share of the topics", lambda: source.fault)
    time.sleep(1.0)  # its wish to join lies at the broker, which waits for the busy one
    link.forget()
    busy.close(autocommit=False)
    wait_until(lambda: "did not take this centre into the group" in source.fault, lambda: source.fault, 20)
    wait_until(lambda: bool(source.partitions), lambda: source.fault, 30)
    wait_until(lambda: source.fault == "", lambda: source.fault, 30)
