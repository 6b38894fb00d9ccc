"""Records from Apache Kafka: the only module of the centre that knows kafka-python's consumer and producer.

Offsets are committed after the records were taken, so a crash repeats records and never loses one; the store drops
repeats by event id.
"""

import contextlib
import logging
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from contracts.topics import DEAD_EVENTS
from contracts.wire import Record

log = structlog.get_logger()
logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it reports each refused connection as an error; we say it once

Take = Callable[[Sequence[Record]], None]

_MOST_RECORDS = 500
_POLL_MS = 500
_BACKOFF_MAX_S = 5.0


class KafkaSource:
    """One member of a consumer group. `run` works in the thread that calls it."""

    def __init__(
        self, bootstrap: str, group: str, topics: Sequence[str], *, options: dict[str, Any] | None = None
    ) -> None:
        """Connects in `run`.

        Args:
            bootstrap: `host:port`, more than one separated by commas.
            group: processes of one group share the partitions among them.
            topics: names of the topics.
            options: further settings of kafka-python (TLS, SASL, `group_instance_id`).
        """
        self._bootstrap = bootstrap
        self._group = group
        self._topics = tuple(topics)
        self._options = dict(options or {})
        self.fault = "not connected to Kafka yet"
        self.lag = 0
        """Records that wait in the partitions of this member, as of the last poll."""

    def run(self, take: Take, stop: threading.Event) -> None:
        """Polls, hands over, commits, until `stop` is set; reconnects by itself.

        `take` is called with records in partition order. When it raises, the same records are handed over again until
        it returns: nothing is skipped, nothing later is committed.
        """
        failures = 0
        while not stop.is_set():
            try:
                with contextlib.closing(_Closable(self._connect())) as connected:
                    failures = 0
                    self._consume(connected.consumer, take, stop)
            except Exception as error:  # noqa: BLE001 - the loop outlives anything; the fault is reported
                failures += 1
                self.fault = f"Kafka at {self._bootstrap} does not answer ({type(error).__name__})"
                log.warning("kafka consumer rebuilt", why=self.fault, failures=failures)
                stop.wait(_pause_s(failures))

    def _consume(self, consumer: Any, take: Take, stop: threading.Event) -> None:
        while not stop.is_set():
            polled = consumer.poll(timeout_ms=_POLL_MS, max_records=_MOST_RECORDS)
            self.fault = "" if consumer.assignment() else "waiting for a share of the topics"
            if not polled:
                continue
            records = [record_from(message) for messages in polled.values() for message in messages]
            if not self._hand_over(take, records, stop):
                return
            consumer.commit()
            self.lag = _lag(consumer, polled)

    def _hand_over(self, take: Take, records: Sequence[Record], stop: threading.Event) -> bool:
        """True when the records were taken; False when told to stop before that."""
        failures = 0
        while True:
            try:
                take(records)
            except Exception as error:  # noqa: BLE001 - whatever it is, the records are kept and tried again
                failures += 1
                self.fault = f"records cannot be stored ({type(error).__name__}); they wait in Kafka"
                log.warning("records not stored, tried again", why=self.fault, records=len(records), failures=failures)
                if stop.wait(_pause_s(failures)):
                    return False
            else:
                self.fault = ""
                return True

    def _connect(self) -> Any:
        from kafka import KafkaConsumer

        settings = {
            "bootstrap_servers": self._bootstrap.split(","),
            "group_id": self._group,
            "client_id": "giaolo-centre",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "allow_auto_create_topics": False,
            "bootstrap_timeout_ms": 5000,
            "reconnect_backoff_max_ms": 1000,
            "session_timeout_ms": 6_000,  # so long a dead centre holds up its heirs; brokers allow no less
            "heartbeat_interval_ms": 2_000,
            "metadata_max_age_ms": 30_000,
            "metrics_enabled": False,
        }
        return KafkaConsumer(*self._topics, **(settings | self._options))


class KafkaDeadLetters:
    """Records nobody could read, with the reason, on a topic of their own: nothing is thrown away."""

    def __init__(self, bootstrap: str, *, options: dict[str, Any] | None = None) -> None:
        """Connects at the first letter."""
        self._bootstrap = bootstrap
        self._options = dict(options or {})
        self._producer: Any = None

    def put(self, record: Record, reason: str) -> None:
        """Returns when the letter is stored; ConnectionError when it could not be."""
        headers = [
            *record.headers,
            ("giaolo_reason", reason.encode()),
            ("giaolo_topic", record.topic.encode()),
        ]
        try:
            producer = self._connected()
            producer.send(DEAD_EVENTS, value=record.value, key=record.key.encode(), headers=headers).get(timeout=10)
        except Exception as error:  # noqa: BLE001 - translated once, here
            self.close()
            raise ConnectionError(
                f"dead letter not taken by Kafka at {self._bootstrap} ({type(error).__name__})"
            ) from None

    def close(self) -> None:
        """Frees the connection."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                producer.close(timeout=0)

    def _connected(self) -> Any:
        if self._producer is None:
            settings = {
                "bootstrap_servers": self._bootstrap.split(","),
                "client_id": "giaolo-centre",
                "acks": "all",
                "allow_auto_create_topics": False,
                "bootstrap_timeout_ms": 5000,
                "max_block_ms": 5000,
                "reconnect_backoff_max_ms": 1000,
                "metrics_enabled": False,
            }
            self._producer = _producer(settings | self._options)
        return self._producer


class _Closable:
    """Closes a consumer without a commit, whatever it says."""

    def __init__(self, consumer: Any) -> None:
        self.consumer = consumer

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.consumer.close(autocommit=False, timeout_ms=2000)


def record_from(message: Any) -> Record:
    """Our record of a kafka-python ConsumerRecord; missing parts become empty, so that they can be dead-lettered."""
    key = (message.key or b"").decode(errors="replace")
    headers = tuple((name, value or b"") for name, value in message.headers)
    return Record(message.topic, key, message.value or b"", headers)


def _producer(settings: dict[str, Any]) -> Any:
    """A KafkaProducer that closes although records are left.

    kafka-python 3.0.12 flushes first when it closes, and a flush that times out raises before its thread is ended.
    """
    from kafka import KafkaProducer
    from kafka.errors import KafkaTimeoutError

    class Producer(KafkaProducer):  # type: ignore[misc] # kafka-python has no types
        def flush(self, timeout: float | None = None) -> None:
            with contextlib.suppress(KafkaTimeoutError):
                super().flush(timeout)

    return Producer(**settings)


def _lag(consumer: Any, polled: Any) -> int:
    waiting = 0
    for partition, messages in polled.items():
        newest = consumer.highwater(partition)
        if newest is not None:
            waiting += max(0, newest - messages[-1].offset - 1)
    return waiting


def _pause_s(failures: int) -> float:
    """Doubles from 0.25 s, at most 5 s, spread over its upper half."""
    longest = min(_BACKOFF_MAX_S, 0.25 * 2.0 ** min(failures - 1, 20))
    return longest * (0.5 + random.random() / 2)  # noqa: S311 - jitter
