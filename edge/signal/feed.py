"""A controller's feed becomes changes of signal heads; silence becomes unknown.

`FeedInbox.take` is called by whoever hears the feed, in any thread; `until` by the camera's road, in event time.
"""

import queue
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Protocol

import structlog

from contracts.scene import SignalHead
from contracts.signals import SignalChange
from edge.signal.messages import FeedMessage, MessageError, parse_messages

log = structlog.get_logger(__name__)

BEATS = 3  # heartbeats missed: silent
AHEAD = timedelta(seconds=60)  # a message from farther in the future has a wrong clock
WAITING = 10_000  # messages not yet taken by the road; more are dropped
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SignalFeed(Protocol):
    """Where a camera's road gets the changes told by a controller."""

    def until(self, at: datetime) -> list[SignalChange]:
        """Changes not handed out yet that hold at event time `at`."""
        ...


class LiveFeed(SignalFeed, Protocol):
    """A feed that is listened to while it happens."""

    def start(self) -> None:
        """Begins to listen; returns at once."""
        ...

    def stop(self) -> None:
        """Ends listening."""
        ...

    def fault(self) -> str:
        """What is wrong with the feed, in one sentence; empty when it is well. No credentials."""
        ...


class FeedInbox:
    """What was heard, put in order and handed out by event time.

    Args:
        heads: of the scene; a head is called by its `feed` name, without one by its id.
        stale_s: silence after which nothing is known any more, seconds, where the feed announces no heartbeat; None:
            never (a file that is complete).
        waiting: messages kept until the road asks; None: as many as come.
    """

    def __init__(self, heads: Sequence[SignalHead], stale_s: float | None, waiting: int | None = WAITING) -> None:
        self._waiting = waiting
        self._heads: dict[str, list[str]] = {}
        for head in heads:
            self._heads.setdefault(head.feed or head.id, []).append(head.id)
        self._stale = None if stale_s is None else timedelta(seconds=stale_s)
        self._queue: queue.SimpleQueue[tuple[FeedMessage, datetime | None]] = queue.SimpleQueue()
        self._later: list[tuple[datetime, int, SignalChange]] = []  # heaps, the earliest first
        self._signs_of_life: list[datetime] = []
        self._count = 0
        self._last: dict[str, datetime] = {}
        self._known: set[str] = set()
        self._heard: datetime | None = None
        self.refused = 0
        self.reason = ""

    def take(self, text: str | bytes, heard_at: datetime | None, where: str = "") -> None:
        """Takes a line or payload; what cannot be used is counted and told, never raised.

        Args:
            heard_at: when it arrived; None where that says nothing (a file of the past, a retained message).
            where: line or topic, for the words of a refusal.
        """
        try:
            messages = parse_messages(text)
        except MessageError as error:
            self.refuse(f"{where}: {error}" if where else str(error))
            return
        for message in messages:
            if heard_at is not None and message.at is not None and message.at > heard_at + AHEAD:
                self.refuse(f"{where}: {message.at.isoformat()} lies in the future; are both clocks right?")
            elif self._waiting is not None and self._queue.qsize() >= self._waiting:
                self.refuse(f"{where}: messages come faster than frames")
            else:
                self._queue.put((message, heard_at))

    def refuse(self, reason: str) -> None:
        """Counts a message that cannot be used; logs the 1st, 10th, 100th, …"""
        self.refused += 1
        self.reason = reason
        if str(self.refused).strip("0") == "1":
            log.warning("signal feed message not used", reason=reason, so_far=self.refused)

    def until(self, at: datetime) -> list[SignalChange]:
        """Changes that hold at `at` and were not handed out; unknown for all heads after too long a silence."""
        self._empty_queue()
        due = []
        while self._later and self._later[0][0] <= at:
            due.append(heappop(self._later)[2])
        while self._signs_of_life and self._signs_of_life[0] <= at:
            self._heard = heappop(self._signs_of_life)
        self._known.update(change.head for change in due)
        return due + self._silence(at)

    def _empty_queue(self) -> None:
        while True:
            try:
                message, heard_at = self._queue.get_nowait()
            except queue.Empty:
                return
            self._accept(message, heard_at)

    def _accept(self, message: FeedMessage, heard_at: datetime | None) -> None:
        if message.heartbeat_s is not None:
            self._stale = timedelta(seconds=BEATS * message.heartbeat_s)
        heard = heard_at or message.at
        if heard is not None:
            heappush(self._signs_of_life, heard)
        for name, state in message.states.items():
            if name not in self._heads:
                self.refuse(
                    f"head {name[:40]!r} is not in the scene; it has {', '.join(sorted(self._heads)) or 'none'}"
                )
                continue
            if message.at is None or message.at < self._last.get(name, _LONG_AGO):
                self.refuse(f"head {name!r}: older than what was told before; times must not go back")
                continue
            self._last[name] = message.at
            for head in self._heads[name]:
                self._count += 1
                heappush(self._later, (message.at, self._count, SignalChange(head, message.at, state, "feed")))

    def _silence(self, at: datetime) -> list[SignalChange]:
        if self._stale is None or self._heard is None or at - self._heard <= self._stale:
            return []
        silent, self._known = sorted(self._known), set()
        return [SignalChange(head, self._heard, "unknown", "feed") for head in silent]

    def fault(self) -> str:
        """Words about refused messages; empty when there were none."""
        return (
            f"{self.refused} messages of the signal feed were not used; the last: {self.reason}" if self.refused else ""
        )
