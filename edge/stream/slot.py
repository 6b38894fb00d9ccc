"""Room for the one newest thing: who is slow gets what is new, never a queue."""

from collections.abc import Callable
from threading import Condition
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds the newest item; a newer one replaces one that was not taken, which counts as dropped.

    `merge(older, newer)` gives what to keep when that happens, so that a mark on the dropped item is not lost.
    """

    def __init__(self, merge: Callable[[T, T], T]) -> None:
        self._merge = merge
        self._condition = Condition()
        self._item: T | None = None
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Items replaced before anybody took them."""
        return self._dropped

    def put(self, item: T) -> None:
        """Places the item."""
        with self._condition:
            if self._item is not None:
                self._dropped += 1
                item = self._merge(self._item, item)
            self._item = item
            self._condition.notify()

    def take(self, timeout_s: float) -> T | None:
        """The newest item not yet taken, waiting for one; None when the time is over or the slot was closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def wait(self, timeout_s: float) -> bool:
        """Waits until an item is there to be taken; False when the time is over or the slot was closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            return self._item is not None

    def look(self) -> T | None:
        """The item that waits, which stays; None when there is none."""
        with self._condition:
            return self._item

    def close(self) -> None:
        """Wakes who waits; nothing will come any more."""
        with self._condition:
            self._closed = True
            self._item = None
            self._condition.notify_all()
