"""Partitions of the camera topic, given to this node by the consumer group of its site.

Kafka's own protocol: a member that is silent for 6 s is dead, and its partitions go to the living, cooperatively: what
stays where it is goes on untouched. Nothing is read through the group; the records come by `kafka_table`.
"""

import contextlib
import random
import threading
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

import structlog

from contracts.backoff import backoff_s
from contracts.kafka import KafkaLink
from contracts.kafka_faults import HEARD
from contracts.topics import CAMERAS
from edge.assignment.kafka_link import HEARTBEAT_MS, SESSION_MS, consumer_settings, group_of, no_topic, words

log = structlog.get_logger(__name__)

_POLL_MS = 500


class Holder(Protocol):
    """Who runs what is held. Called in the client's own thread: heartbeats wait meanwhile."""

    def given(self, partitions: AbstractSet[int]) -> None:
        """These are ours from now on, beside those we have."""
        ...

    def taken(self, partitions: AbstractSet[int]) -> None:
        """These go to another node, who waits: returns when their cameras have stopped, or after a few seconds."""
        ...

    def lost(self, partitions: AbstractSet[int]) -> None:
        """We were thought dead: others may run these already."""
        ...

    def adrift(self) -> None:
        """The client is made anew; what we hold is not known until it has joined again."""
        ...


class KafkaGroup:
    """Membership in the site's group, held in the thread that calls `run`."""

    def __init__(
        self, link: KafkaLink, *, site: str, node: str, holder: Holder, is_cut_off: Callable[[], bool]
    ) -> None:
        """`is_cut_off`: no broker has answered for so long that the client is to be made anew."""
        self._link = link
        self._site = site
        self._node = node
        self._holder = holder
        self._is_cut_off = is_cut_off
        self.fault = ""

    def run(self, stop: threading.Event) -> None:
        """Is a member until `stop` is set, then leaves; joins again by itself."""
        failures = 0
        while not stop.is_set():
            listener = _listener(self._holder)
            consumer = None
            try:
                consumer = self._join(listener)
                failures = 0
                self._stay(consumer, stop)
            except Exception as error:  # noqa: BLE001 - the loop outlives anything; the fault is reported
                failures += 1
                self.fault = words(error, self._link)
                listener.is_muted = True  # out of touch is not out of work: see docs/decisions/0009
                self._holder.adrift()
                log.warning("site group left", why=self.fault, failures=failures)
            finally:
                if consumer is not None:
                    with contextlib.suppress(Exception):
                        consumer.close(autocommit=False, timeout_ms=3000)
            if not stop.is_set():
                stop.wait(backoff_s(max(failures, 1), random.random()))  # noqa: S311 - jitter

    def _join(self, listener: Any) -> Any:
        from kafka import KafkaConsumer
        from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

        HEARD.forget()
        consumer = KafkaConsumer(
            group_id=group_of(self._site),
            auto_offset_reset="latest",
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            max_poll_interval_ms=20_000,
            partition_assignment_strategy=[CooperativeStickyAssignor],
            **consumer_settings(self._link, self._node),
        )
        if not consumer.partitions_for_topic(CAMERAS):
            consumer.close(autocommit=False, timeout_ms=1000)
            raise no_topic(self._link)
        consumer.subscribe([CAMERAS], listener=listener)
        return consumer

    def _stay(self, consumer: Any, stop: threading.Event) -> None:
        while not stop.is_set():
            consumer.poll(timeout_ms=_POLL_MS)
            running = consumer.assignment() - consumer.paused()
            if running:
                consumer.pause(*running)
            self.fault = ""
            if self._is_cut_off():
                raise TimeoutError


def _listener(holder: Holder) -> Any:
    from kafka import ConsumerRebalanceListener

    class Listener(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python has no types
        is_muted = False

        def on_partitions_assigned(self, assigned: Any) -> None:
            self._tell(holder.given, "given", assigned)

        def on_partitions_revoked(self, revoked: Any) -> None:
            self._tell(holder.taken, "taken", revoked)

        def on_partitions_lost(self, lost: Any) -> None:
            self._tell(holder.lost, "lost", lost)

        def _tell(self, tell: Callable[[AbstractSet[int]], None], what: str, partitions: Any) -> None:
            if self.is_muted:
                return
            numbers = {partition.partition for partition in partitions}
            log.info("partitions", what=what, number=len(numbers))
            tell(numbers)

    return Listener()
