"""What several threads offer at one moment is written together, by one of them.

The disk takes 4 ms to sync whatever is written, so a transaction should hold what all threads have to say. Who offers
while nobody writes, writes; who offers meanwhile sleeps until that is over, and one of the sleepers writes for all of
them. Those whose record has just been written often have their next one a moment later: the next writer waits for them
about half as long as a sync takes, and only while several threads are at it.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

GATHER_S = 0.002
"""Longest wait for others before a write."""


@dataclass(slots=True, eq=False)
class _Place(Generic[T]):
    """What one thread offers; `turn` is released when it is written, or to be written by its own thread."""

    offers: tuple[T, ...]
    turn: threading.Lock = field(default_factory=threading.Lock)
    is_written: bool = False


class Turns(Generic[T]):
    """Hands what threads offer to `write`, in the order it was offered, never from two threads at once."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        """`write` takes one or more offers and notes in each what became of it."""
        self._write = write
        self._lock = threading.Lock()
        self._queue: list[_Place[T]] = []
        self._is_writing = False
        self._expected = 1
        self._all_here = threading.Event()

    def offer(self, *offers: T) -> None:
        """Returns when `write` has had the offers, all in one call; raises what it raised, if this thread called it."""
        place = _Place(offers)
        place.turn.acquire()
        with self._lock:
            self._queue.append(place)
            is_first, self._is_writing = not self._is_writing, True
            if len(self._queue) >= self._expected:
                self._all_here.set()
        if not is_first:
            place.turn.acquire()
        if not place.is_written:
            self._write_all()

    def _write_all(self) -> None:
        """Writes what is queued, this thread's own offer first, and gives the turn to who came meanwhile."""
        if self._expected > 1:
            self._all_here.wait(GATHER_S)
        with self._lock:
            places, self._queue = self._queue, []
        try:
            self._write([offer for place in places for offer in place.offers])
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._is_writing = following is not None
                self._expected = len(places) + len(self._queue) if following else 1
                self._all_here.clear()
            for place in places:
                place.is_written = True
                place.turn.release()
            if following is not None:
                following.turn.release()
