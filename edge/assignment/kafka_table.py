"""The table of cameras: the compacted topic read from its beginning by manual assignment, then followed.

A record that cannot be read does not take the camera away: the last good one stays, and the fault is told.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import structlog

from contracts.backoff import backoff_s
from contracts.camera import CameraRecord
from contracts.kafka import KafkaLink
from contracts.kafka_faults import HEARD
from contracts.topics import CAMERAS
from edge.assignment.kafka_link import consumer_settings, no_topic, words
from edge.assignment.share import Placed

log = structlog.get_logger(__name__)

Table = Mapping[str, Placed]

PROBE_EVERY_S = 2.0
REBUILD_S = 60.0
"""Without an answer for so long the client is made anew: one whose every known broker moved never finds them again."""

_POLL_MS = 500
_IDLE_S = 15.0
"""Without a record for so long, with brokers that answer, the last ones were compacted away."""


class TableReader:
    """The table as far as it was read. For one thread."""

    def __init__(self, consumer: Any, link: KafkaLink) -> None:
        """Begins at the beginning. LookupError when the topic is not there."""
        from kafka import TopicPartition

        numbers = consumer.partitions_for_topic(CAMERAS)
        if not numbers:
            raise no_topic(link)
        self._consumer = consumer
        self._partitions = [TopicPartition(CAMERAS, number) for number in sorted(numbers)]
        consumer.assign(self._partitions)
        consumer.seek_to_beginning(*self._partitions)
        self._left = {key: end for key, end in self.ends().items() if end > 0}
        self._heard_at = time.monotonic()
        self.table: dict[str, Placed] = {}
        self.refused: dict[str, str] = {}
        """Key and reason of records that cannot be read."""

    def ends(self) -> dict[Any, int]:
        """End of each partition; raises when no broker answers within 5 s."""
        found: dict[Any, int] = self._consumer.end_offsets(self._partitions, timeout_ms=5000)
        return found

    def step(self) -> bool:
        """Reads what there is, waiting up to half a second; true when the table is another now."""
        changed = False
        for messages in self._consumer.poll(timeout_ms=_POLL_MS).values():
            for message in messages:
                changed |= self._take(message)
                self._heard_at = time.monotonic()
        return changed

    def is_whole(self) -> bool:
        """All that was there at the beginning has been read. Raises when the brokers fall silent meanwhile."""
        for partition, end in list(self._left.items()):
            with contextlib.suppress(Exception):  # its position is not known yet
                if self._consumer.position(partition, timeout_ms=1) >= end:
                    del self._left[partition]
        if self._left and time.monotonic() - self._heard_at > _IDLE_S:
            self.ends()
            log.warning("camera table taken as whole: nothing more comes", partitions=len(self._left))
            self._left = {}
        return not self._left

    def _take(self, message: Any) -> bool:
        key = (message.key or b"").decode(errors="replace")
        self.refused.pop(key, None)
        if message.value is None:
            return self.table.pop(key, None) is not None
        try:
            record = _record(key, message.value)
        except ValueError as error:
            self.refused[key] = str(error).strip()
            log.warning("camera record not readable", key=key, reason=str(error))
            return False
        placed = Placed(record, message.partition)
        changed = self.table.get(key) != placed
        self.table[key] = placed
        return changed


def _record(key: str, value: bytes) -> CameraRecord:
    record = CameraRecord.from_json(value)
    if record.camera != key:
        raise ValueError("its key is not the camera's id")
    return record


@contextlib.contextmanager
def table_consumer(link: KafkaLink, client_id: str) -> Iterator[Any]:
    """A consumer without a group, closed whatever it says."""
    from kafka import KafkaConsumer

    HEARD.forget()
    consumer = KafkaConsumer(group_id=None, auto_offset_reset="earliest", **consumer_settings(link, client_id))
    try:
        yield consumer
    finally:
        with contextlib.suppress(Exception):
            consumer.close(autocommit=False, timeout_ms=2000)


def read_table(link: KafkaLink, client_id: str = "giaolo-cameras") -> tuple[Table, dict[str, str]]:
    """The whole table now, and what cannot be read. ConnectionError says why it cannot be had."""
    try:
        with table_consumer(link, client_id) as consumer:
            reader = TableReader(consumer, link)
            while not reader.is_whole():
                reader.step()
            return reader.table, reader.refused
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(words(error, link)) from None


class KafkaTable:
    """The table, kept up to date in the thread that calls `run`."""

    def __init__(self, link: KafkaLink, node: str, on_table: Callable[[Table], None]) -> None:
        """`on_table` gets the whole table when it was read, and again at each change."""
        self._link = link
        self._client_id = f"{node}-cameras"
        self._on_table = on_table
        self._reached_at: float | None = None
        self.fault = "the site's cameras have not been read from Kafka yet"
        self.refused: Mapping[str, str] = {}

    def unreached_s(self) -> float:
        """Seconds since a broker last answered; 0 before the first answer."""
        return 0.0 if self._reached_at is None else time.monotonic() - self._reached_at

    def run(self, stop: threading.Event) -> None:
        """Reads and follows until `stop` is set; connects again by itself. The last table stays meanwhile."""
        failures = 0
        while not stop.is_set():
            try:
                with table_consumer(self._link, self._client_id) as consumer:
                    reader = TableReader(consumer, self._link)
                    failures = 0
                    self._follow(reader, stop)
            except Exception as error:  # noqa: BLE001 - the loop outlives anything; the fault is reported
                failures += 1
                self.fault = words(error, self._link)
                log.warning("camera table not read", why=self.fault, failures=failures)
                stop.wait(backoff_s(failures, random.random()))  # noqa: S311 - jitter

    def _follow(self, reader: TableReader, stop: threading.Event) -> None:
        while not reader.is_whole():
            reader.step()
            if stop.is_set():
                return  # half a table would end cameras
        self._publish(reader)
        probed_at = time.monotonic()
        while not stop.is_set():
            if reader.step():
                self._publish(reader)
            self.refused = dict(reader.refused)
            if time.monotonic() - probed_at >= PROBE_EVERY_S:
                self._probe(reader)
                probed_at = time.monotonic()

    def _publish(self, reader: TableReader) -> None:
        self._reached_at = time.monotonic()
        self.fault = ""
        self._on_table(MappingProxyType(dict(reader.table)))

    def _probe(self, reader: TableReader) -> None:
        """Asks the brokers something, to know whether they are there."""
        try:
            reader.ends()
        except Exception as error:
            self.fault = words(error, self._link)
            if self.unreached_s() > REBUILD_S:
                raise
        else:
            self._reached_at = time.monotonic()
            self.fault = ""
