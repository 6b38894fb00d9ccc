"""Takes what waits in the outbox to the centre: records by one thread, evidence files by another."""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from contracts.backoff import backoff_s
from contracts.cloudevents import health_record
from contracts.health import NodeHealth
from contracts.wire import EvidenceSink, Publisher, PublishError, Record
from edge.outbox.files import FileCourier
from edge.outbox.store import Outbox, PendingRecord

log = structlog.get_logger()

_HOPELESS_S = 1.0
_GRACE_S = 0.7
"""A thread that has just been told to end ends within this, unless the network holds it."""


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """Pace of the relay. Times in seconds."""

    batch: int = 200
    """Records handed over at once, at first; see `next_batch`."""
    batch_least: int = 25
    batch_most: int = 1000
    batch_bytes: int = 4 * 2**20
    """Documents of a batch together, about: what a node holds in memory for the network."""
    publish_timeout_s: float = 10.0
    backoff_min_s: float = 0.2
    backoff_max_s: float = 5.0
    gather_s: float = 0.06
    """After a batch that was not full, others gather at most so long; the first record after a quiet moment waits for
    none."""
    gather_each_s: float = 0.0004
    """As long as its records cost, about: where few come they hardly wait, where many come they travel together."""
    idle_s: float = 5.0
    """Without a wake-up the outbox is looked at this often: nothing depends on a wake-up alone."""


def next_batch(size: int, took_s: float | None, config: RelayConfig) -> int:
    """How many records to hand over next: many while the link is quick, few where it is slow.

    A batch that is not taken within the time it is given is sent again, so on a slow link one that is too large would
    never get through; small ones cost a quick link a wait for an answer each.

    Args:
        size: of the batch before.
        took_s: how long it took; None when not all of it was taken.
        config: bounds.
    """
    if took_s is None:
        return max(min(config.batch_least, size), size // 4)
    if took_s < config.publish_timeout_s / 20:
        return max(size, min(config.batch_most, size * 2))
    return max(min(config.batch_least, size), size // 2) if took_s > config.publish_timeout_s / 4 else size


def delivered_in_order(batch: Sequence[PendingRecord], taken: Sequence[bool]) -> list[int]:
    """Sequences that count as delivered: after the first failure of a key, its later records are sent again too.

    So the last copy of each record of a camera stands in the camera's order, whatever failed in between.
    """
    broken: set[str] = set()
    delivered = []
    for pending, ok in zip(batch, taken, strict=True):
        if ok and pending.record.key not in broken:
            delivered.append(pending.sequence)
        else:
            broken.add(pending.record.key)
    return delivered


class Relay:
    """Delivers an outbox until stopped.

    A record is handed to the publisher as soon as it was added. While the centre does not take anything, tries go on
    with growing pauses and nothing is lost; `faults` says in words what is wrong. Health reports are not spooled: only
    the newest is sent, best effort.
    """

    def __init__(
        self, outbox: Outbox, publisher: Publisher, sink: EvidenceSink | None, config: RelayConfig | None = None
    ) -> None:
        """Prepares the threads; without a sink, files stay where they are."""
        self._outbox = outbox
        self._publisher = publisher
        self._config = config or RelayConfig()
        self._courier = FileCourier(outbox, sink) if sink is not None else None
        self._wake_records = threading.Event()
        self._wake_files = threading.Event()
        self._stopping = threading.Event()
        self._left_behind = threading.Event()
        self._drain_until = 0.0
        self._health: Record | None = None
        self._batch = self._config.batch
        self._was_full = False
        self._sent = 0
        self._failing_since: float | None = None
        self._why = ""
        self._files_why = ""
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts delivering."""
        self._outbox.listen(self._wake)
        self._threads = [threading.Thread(target=self._deliver_records, name="relay-records", daemon=True)]
        if self._courier is not None:
            self._threads.append(threading.Thread(target=self._deliver_files, name="relay-files", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, drain_s: float = 3.0) -> None:
        """Delivers what it can for `drain_s` seconds, then ends. What is left stays in the outbox.

        While the centre takes nothing anyway it is tried for a second at most. A try that hangs in the network is
        left behind: what it may still hand over is sent once more at the next start, and the centre drops repeats.
        """
        if self._failing_since is not None:
            drain_s = min(drain_s, _HOPELESS_S)
        self._drain_until = time.monotonic() + drain_s
        self._stopping.set()
        self._wake()
        self._join(self._drain_until + _GRACE_S)
        self._left_behind.set()
        self._publisher.close()
        self._join(time.monotonic() + _GRACE_S)

    def _join(self, until: float) -> None:
        for thread in self._threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def offer_health(self, health: NodeHealth) -> None:
        """The node's newest report; replaces one that was not sent yet."""
        self._health = health_record(health)
        self._wake_records.set()

    def faults(self) -> tuple[str, ...]:
        """What keeps the relay from delivering and what is wrong with the outbox, in words; empty when all is well."""
        words = []
        since = self._failing_since
        if since is not None:
            waiting = self._outbox.stats().pending
            words.append(f"{self._why} for {time.monotonic() - since:.0f} s; {waiting} records wait on disk")
        if self._files_why:
            words.append(f"{self._files_why}; {self._outbox.stats().pending_files} evidence files wait on disk")
        return (*words, *self._outbox.faults())

    def _wake(self) -> None:
        self._wake_records.set()
        self._wake_files.set()

    def _make_ready(self) -> None:
        """Connecting takes half a second: better before the first event than after it. Records tell what is wrong."""
        try:
            self._publisher.publish((), timeout_s=self._patience_s())
        except Exception as error:  # noqa: BLE001 - the thread must outlive anything
            log.debug("relay not ready yet", why=str(error))

    def _deliver_records(self) -> None:
        self._make_ready()
        failures = 0
        while True:
            self._wake_records.clear()
            more = self._guarded_pass()
            failures = failures + 1 if more is None else 0
            if self._is_over(more):
                return
            if more is None:
                self._stopping.wait(self._pause_s(failures))
            elif not more:
                self._wake_records.wait(self._config.idle_s)
            elif not self._was_full:
                self._stopping.wait(min(self._config.gather_s, self._sent * self._config.gather_each_s))

    def _pause_s(self, failures: int) -> float:
        chance = random.random()  # noqa: S311 - jitter
        return backoff_s(failures, chance, least_s=self._config.backoff_min_s, most_s=self._config.backoff_max_s)

    def _guarded_pass(self) -> bool | None:
        """True: there may be more. False: all delivered. None: it failed."""
        try:
            return self._publish_some()
        except PublishError as error:
            self._failed(str(error))
        except Exception as error:  # the thread must outlive anything; the fault is reported
            if self._left_behind.is_set():
                return False
            log.exception("relay failed")
            self._failed(f"the relay failed ({type(error).__name__})")
        return None

    def _publish_some(self) -> bool:
        batch = self._outbox.pending_records(self._batch, self._config.batch_bytes)
        health, self._health = self._health, None
        records = [pending.record for pending in batch]
        if health is not None:
            records.append(health)
        if not records:
            return False
        begun = time.monotonic()
        taken = self._publisher.publish(records, timeout_s=self._patience_s())
        if self._left_behind.is_set():
            return False
        delivered = delivered_in_order(batch, taken[: len(batch)])
        self._outbox.mark_delivered(delivered)
        if len(delivered) < len(batch):
            raise PublishError(f"{len(batch) - len(delivered)} of {len(batch)} records were not taken")
        if self._failing_since is not None:
            log.info("relay recovered", after_s=round(time.monotonic() - self._failing_since, 1))
        self._failing_since = None
        self._sent = len(batch)
        self._was_full = len(batch) == self._batch
        if self._was_full:
            self._batch = next_batch(self._batch, time.monotonic() - begun, self._config)
        return bool(batch)

    def _patience_s(self) -> float:
        if not self._stopping.is_set():
            return self._config.publish_timeout_s
        return min(self._config.publish_timeout_s, max(0.1, self._drain_until - time.monotonic()))

    def _failed(self, why: str) -> None:
        self._batch = next_batch(self._batch, None, self._config)
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            log.warning("relay cannot deliver", why=why)
        self._why = why

    def _deliver_files(self) -> None:
        assert self._courier is not None  # noqa: S101 - the thread is started only with a courier
        failures = 0
        while True:
            self._wake_files.clear()
            self._files_why = self._guarded_delivery(self._courier)
            failures = failures + 1 if self._files_why else 0
            if self._is_over(None if self._files_why else False):
                return
            if failures:
                self._stopping.wait(self._pause_s(failures))
            else:
                self._wake_files.wait(self._config.idle_s)

    def _guarded_delivery(self, courier: FileCourier) -> str:
        """As FileCourier.deliver; the thread outlives anything."""
        try:
            return courier.deliver(self._stop_files)
        except Exception as error:
            log.exception("file delivery failed")
            return f"evidence files cannot be delivered ({type(error).__name__})"

    def _stop_files(self) -> bool:
        return self._stopping.is_set() and time.monotonic() >= self._drain_until

    def _is_over(self, more: bool | None) -> bool:
        """While stopping: over when all is delivered or the time for draining is up."""
        if not self._stopping.is_set():
            return False
        if time.monotonic() >= self._drain_until or more is False:
            return True
        if more is None:
            time.sleep(min(0.2, max(0.0, self._drain_until - time.monotonic())))
        return False
