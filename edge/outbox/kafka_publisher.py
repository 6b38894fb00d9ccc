"""Publisher over Apache Kafka: the only module of the edge that knows kafka-python.

acks=all and the idempotent producer keep order and drop repeats within one session of the producer. Neither survives
a rebuild, so the centre drops repeats by event id; what counts as delivered is decided by each record's own future,
never by `flush`. After any failure the producer is closed and rebuilt: what it still held would otherwise come out
behind the outbox's own repeat, and a client whose every known broker has moved never finds them again by itself.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog

from contracts.kafka_faults import HEARD, kafka_fault
from contracts.topics import EVENTS
from contracts.wire import PublishError, Record
from edge.outbox.set_aside import SetAside

log = structlog.get_logger()

_TOO_LARGE = frozenset({"MessageSizeTooLargeError", "RecordListTooLargeError"})
_LONGEST_BLOCK_S = 5.0
"""For metadata and the first connection; kafka-python's default is a minute."""
PACKING = {"batch_size": 128 * 1024, "linger_ms": 100}
"""kafka-python's: bytes of one partition before they are packed, an eighth of what a broker takes by default; and how
long a record waits for others of its partition. All records of a call are handed over first and then flushed, so none
waits so long, and each partition's leave as one batch."""
COMPRESSIONS = ("zstd", "gzip")
"""The first that the cluster takes: zstd needs brokers of 2.1 (2018), gzip any. kafka-python's gzip is level 9, eight
times the work of zstd for larger batches (docs/measured.md)."""


class KafkaPublisher:
    """Hands records to a Kafka cluster. Used by one thread."""

    def __init__(
        self,
        bootstrap: str,
        *,
        client_id: str = "giaolo-edge",
        options: dict[str, Any] | None = None,
        set_aside: SetAside | None = None,
    ) -> None:
        """Connects at the first `publish`.

        Args:
            bootstrap: `host:port`, more than one separated by commas.
            client_id: shown in the broker's logs.
            options: further settings of kafka-python (TLS, SASL).
            set_aside: takes records the cluster finds too large, which then count as taken; without it they are
                tried again for ever.
        """
        self._set_aside = set_aside
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._options = dict(options or {})
        self._producer: Any = None
        self._compressions: tuple[str, ...] = COMPRESSIONS

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:
        """As Publisher.publish. PublishError when the cluster or a topic is not there."""
        if not records:
            self._make_ready(timeout_s)
            return []
        deadline = time.monotonic() + timeout_s
        producer = self._connected(timeout_s)
        taken, fault = self._send_all(producer, records, deadline)
        if fault is not None:
            self._drop_producer()
            if self._set_aside is not None and type(fault).__name__ in _TOO_LARGE:
                fault = self._one_by_one(records, taken, deadline) or fault
            if all(taken):
                return taken
            if not any(taken):
                raise PublishError(self._words(fault)) from None
            log.warning("kafka did not take all records", why=self._words(fault), missing=taken.count(False))
        return taken

    def close(self) -> None:
        """Ends the connections without waiting for what was not taken."""
        self._drop_producer()

    def _send_all(
        self, producer: Any, records: Sequence[Record], deadline: float
    ) -> tuple[list[bool], BaseException | None]:
        """One flag per record, and the first fault. After a fault nothing more is sent: order first."""
        sent: list[tuple[int, Any]] = []
        taken = [False] * len(records)
        fault: BaseException | None = None
        for index, record in enumerate(records):
            try:
                headers = list(record.headers)
                future = producer.send(record.topic, value=record.value, key=record.key.encode(), headers=headers)
                sent.append((index, future))
            except Exception as error:  # noqa: BLE001 - kafka-python raises TypeError, AssertionError and its own
                fault = error
                break
        producer.flush(timeout=max(0.0, deadline - time.monotonic()))  # says nothing of any single record
        for index, future in sent:
            try:
                future.get(timeout=max(0.0, deadline - time.monotonic()))
                taken[index] = True
            except Exception as error:  # noqa: BLE001 - any failure of one record is that record's
                fault = fault or error
        return taken, fault

    def _one_by_one(self, records: Sequence[Record], taken: list[bool], deadline: float) -> BaseException | None:
        """Finds the record that is too large: Kafka refuses the whole batch it travels in.

        Each that was not taken goes alone, and after it the later ones of its key once more, so that the last copy of
        each stands in its order. Stops at the first that is refused for another reason, which it returns.
        """
        behind: set[str] = set()
        for index, record in enumerate(records):
            if taken[index] and record.key not in behind:
                continue
            behind.add(record.key)
            producer = self._connected(max(0.1, deadline - time.monotonic()))
            (taken[index],), fault = self._send_all(producer, [record], deadline)
            if fault is not None:
                self._drop_producer()
                taken[index] = self._laid_aside(record, fault)
                if not taken[index]:
                    taken[index:] = [False] * (len(records) - index)
                    return fault
        return None

    def _laid_aside(self, record: Record, error: BaseException) -> bool:
        """True when the cluster will never take this record and it is safe beside the outbox."""
        if self._set_aside is None or type(error).__name__ not in _TOO_LARGE:
            return False
        try:
            self._set_aside.put(record, self._words(error))
        except OSError as refused:
            log.warning("record too large not set aside", why=str(refused))
            return False
        log.warning("record too large set aside", key=record.key, bytes=len(record.value))
        return True

    def _make_ready(self, timeout_s: float) -> None:
        """Connects and learns where the events go. PublishError when that fails."""
        producer = self._connected(timeout_s)
        try:
            producer.partitions_for(EVENTS)
        except Exception as error:  # noqa: BLE001 - as for records
            self._drop_producer()
            raise PublishError(self._words(error)) from None

    def _connected(self, timeout_s: float) -> Any:
        if self._producer is None:
            block_ms = int(min(timeout_s, _LONGEST_BLOCK_S) * 1000)
            settings = {
                "bootstrap_servers": self._bootstrap.split(","),
                "client_id": self._client_id,
                "acks": "all",
                "enable_idempotence": True,
                **PACKING,
                "allow_auto_create_topics": False,
                "bootstrap_timeout_ms": block_ms,
                "max_block_ms": block_ms,
                "request_timeout_ms": 10_000,
                "delivery_timeout_ms": 30_000,
                "reconnect_backoff_max_ms": 1000,
                "metrics_enabled": False,
            }
            HEARD.forget()
            try:
                self._producer = self._packing_producer(settings | self._options)
            except Exception as error:  # noqa: BLE001 - translated once, here
                raise PublishError(self._words(error)) from None
        return self._producer

    def _packing_producer(self, settings: dict[str, Any]) -> Any:
        """A producer with the first compression the cluster takes, which is kept for the next one."""
        while True:
            try:
                return _producer({"compression_type": self._compressions[0]} | settings)
            except ValueError as error:  # so kafka-python says it, after it has asked the brokers for their version
                if len(self._compressions) == 1 or self._compressions[0] not in str(error).lower():
                    raise
                log.info("kafka compression not taken by the cluster", tried=self._compressions[0])
                self._compressions = self._compressions[1:]

    def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=0)
        except Exception as error:  # noqa: BLE001 - it is thrown away anyway
            log.debug("kafka producer did not close cleanly", why=type(error).__name__)

    def _words(self, error: BaseException) -> str:
        return kafka_fault(error, self._bootstrap, self._options)


def _producer(settings: dict[str, Any]) -> Any:
    """A KafkaProducer whose `flush` says nothing, and whose `close` also closes when records are left.

    kafka-python 3.0.12 flushes first when it closes, and a flush that times out raises before the sender thread is
    told to end: the thread would live on, and hand over the old records after the outbox's repeat. A flush during
    which a batch was split as too large raises UnknownError, though its halves are on their way.
    """
    from kafka import KafkaProducer
    from kafka.errors import KafkaTimeoutError, UnknownError

    class Producer(KafkaProducer):  # type: ignore[misc] # kafka-python has no types
        def flush(self, timeout: float | None = None) -> None:
            with suppress(KafkaTimeoutError, UnknownError):
                super().flush(timeout)

    return Producer(**settings)
