"""Dead letters on a Kafka topic: written by the centre, read and given back by `giaolo dead`.

A letter is the record as it was, with three headers more: the topic it came from, the reason, and how often it was
given back already.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from contracts.kafka_faults import HEARD, kafka_fault
from contracts.topics import DEAD_EVENTS
from contracts.wire import Record
from ingest.dead_letter import Letter, as_record, cut, letter_of

_LARGEST_REQUEST = 64 * 1024 * 1024
"""Before compression. The broker's bound is on what is compressed, and a stranger's record may unpack to much."""


class KafkaDeadLetters:
    """Records nobody could read, with the reason, on a topic of their own: nothing is thrown away."""

    def __init__(self, bootstrap: str, *, options: dict[str, Any] | None = None) -> None:
        """Connects at the first letter."""
        self._bootstrap = bootstrap
        self._options = dict(options or {})
        self._producer: Any = None

    def put(self, record: Record, reason: str) -> None:
        """Returns when the letter is stored; ConnectionError when it could not be.

        A record too large for the topic is kept as its beginning, length and hash: it must not hold up its partition.
        """
        from kafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

        try:
            self._send(as_record(record, reason))
        except (MessageSizeTooLargeError, RecordListTooLargeError):
            self.close()  # the client would fail what comes next for the same reason
            self._guarded_send(as_record(cut(record), reason))
        except Exception as error:  # noqa: BLE001 - translated once, here
            raise self._not_taken(error) from None

    def give_back(self, record: Record) -> None:
        """Puts a record on its own topic again; errors as `put`."""
        self._guarded_send(record)

    def letters(self, *, silence_s: float = 10.0) -> Iterator[Letter]:
        """All letters from the oldest to the newest there is now.

        Args:
            silence_s: longest wait for the broker.

        Raises:
            ConnectionError: the cluster does not answer, or the topic is not there.
        """
        HEARD.forget()
        try:
            with contextlib.closing(self._reader()) as reader:
                yield from _read_all(reader, int(silence_s * 1000))
        except Exception as error:  # noqa: BLE001 - translated once, here
            raise ConnectionError(
                kafka_fault(error, self._bootstrap, self._options, doing="give its dead letters")
            ) from None

    def close(self) -> None:
        """Frees the connection."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                producer.close(timeout=0)

    def _guarded_send(self, record: Record) -> None:
        try:
            self._send(record)
        except Exception as error:  # noqa: BLE001 - translated once, here
            raise self._not_taken(error) from None

    def _not_taken(self, error: BaseException) -> ConnectionError:
        self.close()
        why = kafka_fault(error, self._bootstrap, self._options)
        return ConnectionError(f"dead letter not taken: {why}")

    def _send(self, record: Record) -> None:
        headers = list(record.headers)
        sent = self._connected().send(record.topic, value=record.value, key=record.key.encode(), headers=headers)
        sent.get(timeout=10)

    def _connected(self) -> Any:
        if self._producer is None:
            settings = {
                "bootstrap_servers": self._bootstrap.split(","),
                "client_id": "giaolo-centre",
                "acks": "all",
                "compression_type": "gzip",
                "max_request_size": _LARGEST_REQUEST,
                "allow_auto_create_topics": False,
                "bootstrap_timeout_ms": 5000,
                "max_block_ms": 5000,
                "reconnect_backoff_max_ms": 1000,
                "metrics_enabled": False,
            }
            HEARD.forget()
            self._producer = _producer(settings | self._options)
        return self._producer

    def _reader(self) -> Any:
        from kafka import KafkaConsumer

        settings = {
            "bootstrap_servers": self._bootstrap.split(","),
            "client_id": "giaolo-dead",
            "group_id": None,
            "enable_auto_commit": False,
            "allow_auto_create_topics": False,
            "bootstrap_timeout_ms": 5000,
            "metrics_enabled": False,
        }
        return KafkaConsumer(**(settings | self._options))


def _read_all(reader: Any, silence_ms: int) -> Iterator[Letter]:
    from kafka import TopicPartition
    from kafka.errors import KafkaTimeoutError, UnknownTopicOrPartitionError

    numbers = reader.partitions_for_topic(DEAD_EVENTS)
    if not numbers:
        raise UnknownTopicOrPartitionError
    partitions = [TopicPartition(DEAD_EVENTS, number) for number in sorted(numbers)]
    reader.assign(partitions)
    reader.seek_to_beginning(*partitions)
    ends = reader.end_offsets(partitions)
    while any(reader.position(each) < ends[each] for each in partitions):
        polled = reader.poll(timeout_ms=silence_ms)
        if not polled:
            raise KafkaTimeoutError("no letter came")
        for partition, messages in polled.items():
            yield from (_letter(each) for each in messages if each.offset < ends[partition])


def _letter(message: Any) -> Letter:
    headers = tuple((name, value or b"") for name, value in message.headers)
    record = Record(DEAD_EVENTS, (message.key or b"").decode(errors="replace"), message.value or b"", headers)
    at = datetime.fromtimestamp(max(0, message.timestamp) / 1000, UTC)
    return letter_of(f"{message.partition}:{message.offset}", at, record)


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
