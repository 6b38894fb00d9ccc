"""Records from Apache Kafka: one member of a consumer group.

Offsets are committed after the records were taken, so a crash repeats records and never loses one; the store drops
repeats by event id. Rebalances are cooperative: a member keeps reading what it keeps while others come and go.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog

from contracts.backoff import backoff_s
from contracts.kafka_faults import HEARD, kafka_fault
from contracts.wire import Record

log = structlog.get_logger()

Take = Callable[[Sequence[Record]], None]
Held = dict[Any, list[Any]]
"""Polled messages by partition, in the order of their offsets."""

_MOST_RECORDS = 500
_POLL_MS = 500
_GATHER_S, _GATHER_EACH_S = 0.06, 0.0004
"""After a batch that was not full, others gather as long as its records cost, about, and at most so long: each batch
costs a transaction and a commit of offsets. The first record after a quiet moment waits for none."""
_COMMIT_MS = 5_000
_SESSION_MS = 6_000
"""So long a dead centre holds up its heirs; brokers allow no less."""
_SESSION_OF_INSTANCE_MS = 30_000
"""A centre with a name of its own may be restarted within this time and finds its partitions again."""
JOIN_S = 20.0
"""A client that has not joined its group for so long is made anew: on a connection that died without a word it would
wait five minutes for its answer, and nobody would read its partitions meanwhile."""


class NotJoinedError(Exception):
    """The group did not take us in, for longer than a group takes; the text is for a person."""


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
        self._due: dict[Any, Any] = {}
        """Offsets of taken records that are not committed yet, by partition."""
        self._gone: set[Any] = set()
        """Partitions taken from this member by the last polls."""
        self._failures = 0
        """Clients in a row that came to nothing."""
        self.fault = "not connected to Kafka yet"
        self.lag = 0
        """Records that wait in the partitions of this member, as of the last poll."""
        self.partitions: frozenset[tuple[str, int]] = frozenset()
        """Share of this member, as of the last poll."""

    def run(self, take: Take, stop: threading.Event) -> None:
        """Polls, hands over, commits, until `stop` is set; reconnects by itself.

        `take` is called with records in partition order. When it raises, the same records are handed over again until
        it returns: nothing is skipped, nothing later is committed. A partition that another member was given meanwhile
        is let go: its records are that member's.
        """
        while not stop.is_set():
            try:
                with contextlib.closing(_Closable(self._connect())) as connected:
                    self._consume(connected.consumer, take, stop)
            except Exception as error:  # noqa: BLE001 - the loop outlives anything; the fault is reported
                self._failures += 1
                self.fault = self._words(error)
                log.warning("kafka consumer rebuilt", why=self.fault, failures=self._failures)
                stop.wait(backoff_s(self._failures, random.random()))  # noqa: S311 - jitter
            self.partitions = frozenset()

    def _words(self, error: Exception) -> str:
        if isinstance(error, NotJoinedError):
            return str(error)
        return kafka_fault(error, self._bootstrap, self._options, doing="give records")

    def _consume(self, consumer: Any, take: Take, stop: threading.Event) -> None:
        joined_at = time.monotonic()
        while not stop.is_set():
            polled: Held = self._poll(consumer, _POLL_MS)
            self.fault = "" if self.partitions else "waiting for a share of the topics"
            if self.partitions or _is_member(consumer):
                joined_at = time.monotonic()
                self._failures = 0  # only now: a group that refuses us is not asked ever as often as we can connect
            elif time.monotonic() - joined_at > JOIN_S:
                raise NotJoinedError(
                    f"Kafka at {self._bootstrap} did not take this centre into the group {self._group} "
                    f"in {JOIN_S:.0f} s; it asks anew"
                )
            if polled and not self._hand_over(consumer, take, polled, stop):
                return
            self._commit(consumer)
            if polled:
                self.lag = _lag(consumer, polled)
                taken = sum(map(len, polled.values()))
                if taken < _MOST_RECORDS:
                    stop.wait(min(_GATHER_S, taken * _GATHER_EACH_S))

    def _poll(self, consumer: Any, timeout_ms: int) -> Held:
        """The only place where partitions come and go: the client rebalances while it is polled."""
        self._gone.clear()
        polled: Held = consumer.poll(timeout_ms=timeout_ms, max_records=_MOST_RECORDS)
        self.partitions = frozenset((each.topic, each.partition) for each in consumer.assignment())
        return polled

    def _hand_over(self, consumer: Any, take: Take, held: Held, stop: threading.Event) -> bool:
        """True when what is still ours was taken; False when told to stop before that."""
        failures = 0
        while held:
            records = [record_from(message) for messages in held.values() for message in messages]
            try:
                take(records)
            except Exception as error:  # noqa: BLE001 - whatever it is, the records are kept and tried again
                failures += 1
                self.fault = f"records cannot be stored ({type(error).__name__}); they wait in Kafka"
                log.warning("records not stored, tried again", why=self.fault, records=len(records), failures=failures)
                pause_s = backoff_s(failures, random.random())  # noqa: S311 - jitter
                if not self._wait_in_group(consumer, held, pause_s, stop):
                    return False
            else:
                self._due |= _next_offsets(held)
                break
        self.fault = ""
        return True

    def _wait_in_group(self, consumer: Any, held: Held, pause_s: float, stop: threading.Event) -> bool:
        """A pause in which this member answers the group, so that nobody waits for it; False when told to stop.

        Nothing more of our partitions is read. Records of a partition that went to another member leave `held`; those
        of one that came are added.
        """
        end = time.monotonic() + pause_s
        while time.monotonic() < end:
            consumer.pause(*consumer.assignment())
            polled = self._poll(consumer, 50)
            for partition in self._gone:  # before what was polled: a partition may have gone and come back
                held.pop(partition, None)
            for partition, messages in polled.items():
                held.setdefault(partition, []).extend(messages)
            if stop.wait(max(0.0, min(0.2, end - time.monotonic()))):
                return False
        consumer.resume(*consumer.assignment())
        return True

    def _commit(self, consumer: Any) -> None:
        """After the records are stored. In the middle of a rebalance it is tried again after the next poll."""
        from kafka import errors

        if not self._due:
            return
        in_rebalance = (
            errors.CommitFailedError,
            errors.RebalanceInProgressError,
            errors.UnknownMemberIdError,
            errors.IllegalGenerationError,
        )
        try:
            consumer.commit(dict(self._due), timeout_ms=_COMMIT_MS)
        except in_rebalance as error:
            log.info("offsets not committed during a rebalance", why=type(error).__name__, partitions=len(self._due))
        else:
            self._due.clear()

    def _let_go(self, partitions: Iterable[Any]) -> None:
        """These are another member's now: what it commits must not be set back by us."""
        for partition in partitions:
            self._gone.add(partition)
            self._due.pop(partition, None)

    def _connect(self) -> Any:
        from kafka import KafkaConsumer
        from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

        is_instance = self._options.get("group_instance_id") is not None
        settings = {
            "bootstrap_servers": self._bootstrap.split(","),
            "group_id": self._group,
            "client_id": "giaolo-centre",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "allow_auto_create_topics": False,
            "bootstrap_timeout_ms": 5000,
            "reconnect_backoff_max_ms": 1000,
            "partition_assignment_strategy": [CooperativeStickyAssignor],
            "session_timeout_ms": _SESSION_OF_INSTANCE_MS if is_instance else _SESSION_MS,
            "heartbeat_interval_ms": 500,  # how soon a member hears that others wait for it to share anew
            "metadata_max_age_ms": 30_000,
            "metrics_enabled": False,
        }
        HEARD.forget()
        self._due.clear()
        consumer = KafkaConsumer(**(settings | self._options))
        consumer.subscribe(self._topics, listener=_listener(self._let_go))
        return consumer


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


def _next_offsets(held: Held) -> dict[Any, Any]:
    """Where each partition goes on, after these messages."""
    from kafka.structs import OffsetAndMetadata

    return {
        partition: OffsetAndMetadata(messages[-1].offset + 1, "", messages[-1].leader_epoch)
        for partition, messages in held.items()
    }


def _listener(let_go: Callable[[Iterable[Any]], None]) -> Any:
    from kafka import ConsumerRebalanceListener

    class Listener(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python has no types
        def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
            let_go(revoked)

        def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
            del assigned

    return Listener()


def _is_member(consumer: Any) -> bool:
    """Whether the group has taken this client in; it may have been given no partition."""
    from kafka.coordinator.base import MemberState

    return consumer.group_metadata().state is MemberState.STABLE


def _lag(consumer: Any, polled: Held) -> int:
    waiting = 0
    for partition, messages in polled.items():
        newest = consumer.highwater(partition) if partition in consumer.assignment() else None
        if newest is not None:
            waiting += max(0, newest - messages[-1].offset - 1)
    return waiting
