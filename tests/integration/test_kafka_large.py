"""A record the cluster will never take must not stop the records of its camera behind it."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.topics import EVENTS
from contracts.wire import PublishError, Record
from edge.outbox.kafka_publisher import KafkaPublisher
from edge.outbox.set_aside import SetAside
from ingest.kafka_topics import ensure_topics
from tests.integration.kafka_broker import KafkaBroker
from tests.integration.test_kafka import Reader, wait_until

LARGE = Record(EVENTS, "bridge", random.Random(7).randbytes(100_000))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """A broker whose events topic somebody made too small."""
    from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    ensure_topics(running.bootstrap)
    admin = KafkaAdminClient(bootstrap_servers=running.bootstrap)
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, EVENTS, {"max.message.bytes": "20000"})])
    admin.close()
    publisher = KafkaPublisher(running.bootstrap)

    def is_small() -> bool:
        try:
            return publisher.publish([LARGE], timeout_s=10) == [False]
        except PublishError as error:
            return "takes no record as large as this; see max.message.bytes" in str(error)

    wait_until(is_small, lambda: "the smaller bound")
    publisher.close()
    yield running
    running.stop()


def test_it_is_set_aside_and_the_others_arrive_in_order(broker: KafkaBroker, tmp_path: Path) -> None:
    aside = SetAside(tmp_path / "outbox.db")
    publisher = KafkaPublisher(broker.bootstrap, set_aside=aside)
    small = [Record(EVENTS, "bridge", f"small {n}".encode()) for n in range(20)]
    waiting = [*small[:5], LARGE, *small[5:]]
    tries = 0
    while waiting:  # as the relay does: what was not taken is offered again, in order
        tries += 1
        assert tries < 10, "it stays in the way"
        try:
            taken = publisher.publish(waiting, timeout_s=20)
        except PublishError:
            continue
        first = taken.index(False) if False in taken else len(taken)
        waiting = waiting[first:]
    publisher.close()
    (kept,) = aside.folder.glob("*.json")
    assert base64.b64decode(json.loads(kept.read_text())["value"]) == LARGE.value
    assert "1 record is too large for the centre" in aside.faults()[0]
    reader = Reader(broker.bootstrap, "large")
    wait_until(lambda: {each.value for each in small} <= {each.value for each in reader.taken}, lambda: reader.taken)
    reader.stop()
    arrived = list(dict.fromkeys(each.value for each in reader.taken if each.value.startswith(b"small")))
    assert arrived == [each.value for each in small]


def test_many_small_ones_in_one_batch_are_no_large_record(broker: KafkaBroker, tmp_path: Path) -> None:
    """The bound is of a batch: the client splits one that is too large, and nothing is set aside."""
    aside = SetAside(tmp_path / "outbox.db")
    publisher = KafkaPublisher(broker.bootstrap, set_aside=aside)
    chance = random.Random(8)
    batch = [Record(EVENTS, "square", chance.randbytes(5_000)) for _ in range(20)]
    assert publisher.publish(batch, timeout_s=30) == [True] * 20
    publisher.close()
    assert aside.faults() == ()
