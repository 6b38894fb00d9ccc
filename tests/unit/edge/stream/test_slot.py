"""The newest picture only: latency must not grow when analysis is slow."""

import threading
import time

from edge.stream.slot import LatestSlot


def newer(_: int, item: int) -> int:
    return item


def test_a_newer_item_replaces_and_is_counted() -> None:
    slot = LatestSlot[int](newer)
    for item in range(5):
        slot.put(item)
    assert slot.take(0) == 4
    assert slot.dropped == 4


def test_what_was_taken_is_not_dropped() -> None:
    slot = LatestSlot[int](newer)
    for item in range(3):
        slot.put(item)
        assert slot.take(0) == item
    assert slot.dropped == 0


def test_an_item_is_given_once() -> None:
    slot = LatestSlot[int](newer)
    slot.put(1)
    assert slot.take(0) == 1
    assert slot.take(0.01) is None


def test_the_mark_of_a_dropped_item_can_be_kept() -> None:
    slot = LatestSlot[tuple[int, bool]](lambda old, new: (new[0], old[1] or new[1]))
    slot.put((1, True))
    slot.put((2, False))
    assert slot.take(0) == (2, True)


def test_take_waits_for_an_item() -> None:
    slot = LatestSlot[int](newer)
    threading.Timer(0.05, slot.put, [7]).start()
    assert slot.take(5) == 7


def test_close_wakes_who_waits() -> None:
    slot = LatestSlot[int](newer)
    threading.Timer(0.05, slot.close).start()
    began = time.monotonic()
    assert slot.take(30) is None
    assert time.monotonic() - began < 5


def test_who_waits_or_looks_takes_nothing() -> None:
    """A turn is asked for when a picture waits; which one is taken is decided when the turn has come."""
    slot = LatestSlot[int](newer)
    assert not slot.wait(0)
    assert slot.look() is None
    threading.Timer(0.05, slot.put, [7]).start()
    assert slot.wait(5)
    assert slot.look() == 7
    slot.put(8)
    assert slot.wait(0)
    assert slot.take(0) == 8
    assert not slot.wait(0)
    threading.Timer(0.05, slot.close).start()
    began = time.monotonic()
    assert not slot.wait(30)
    assert time.monotonic() - began < 5
