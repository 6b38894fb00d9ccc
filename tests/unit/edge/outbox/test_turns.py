"""Threads that write together: each record once, in its thread's order, and no thread left asleep."""

import threading
from collections.abc import Sequence

import pytest

from edge.outbox import turns
from edge.outbox.turns import Turns

PATIENCE_S = 10.0


class Disk:
    """Notes what is written; stands still until it is let go on."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def write(self, offers: Sequence[str]) -> None:
        self.writes.append(list(offers))
        self.begun.release()
        assert self.go_on.acquire(timeout=PATIENCE_S)


class Camera(threading.Thread):
    """Offers its records one after the other."""

    def __init__(self, taken: Turns[str], *records: str) -> None:
        super().__init__(daemon=True)
        self._taken = taken
        self._records = records
        self.start()

    def run(self) -> None:
        for record in self._records:
            self._taken.offer(record)


def queued(taken: Turns[str], number: int) -> None:
    """Returns when so many wait."""
    tick = threading.Event()
    while len(taken._queue) < number:
        tick.wait(0.001)


def ended(*cameras: Camera) -> bool:
    for camera in cameras:
        camera.join(PATIENCE_S)
    return not any(camera.is_alive() for camera in cameras)


def test_what_comes_while_the_disk_is_busy_is_one_write() -> None:
    disk = Disk()
    taken = Turns(disk.write)
    first = Camera(taken, "a")
    assert disk.begun.acquire(timeout=PATIENCE_S)
    others = []
    for number, record in enumerate("bcd", start=1):
        others.append(Camera(taken, record))
        queued(taken, number)
    disk.go_on.release(2)
    assert ended(first, *others)
    assert disk.writes == [["a"], ["b", "c", "d"]]


def test_who_was_just_written_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the threads part into two halves for ever, each of which waits for the other's sync."""
    monkeypatch.setattr(turns, "GATHER_S", PATIENCE_S)
    disk = Disk()
    taken = Turns(disk.write)
    one = Camera(taken, "a1", "a2")
    assert disk.begun.acquire(timeout=PATIENCE_S)
    two = Camera(taken, "b1")
    queued(taken, 1)
    disk.go_on.release(2)
    assert ended(one, two)
    assert disk.writes == [["a1"], ["b1", "a2"]]


def test_a_thread_alone_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "GATHER_S", 60.0)
    written: list[Sequence[str]] = []
    taken = Turns(written.append)
    camera = Camera(taken, "a", "b", "c")
    assert ended(camera)
    assert [list(some) for some in written] == [["a"], ["b"], ["c"]]


def test_what_one_thread_offers_at_once_stays_together() -> None:
    written: list[Sequence[str]] = []
    Turns(written.append).offer("a", "b")
    assert [list(some) for some in written] == [["a", "b"]]


def test_each_is_written_once_in_its_cameras_order_and_never_by_two_at_once() -> None:
    written: list[str] = []
    busy = threading.Lock()

    def write(offers: Sequence[str]) -> None:
        assert busy.acquire(blocking=False), "two threads write"
        written.extend(offers)
        busy.release()

    taken = Turns(write)
    records = {camera: [f"{camera}{n:03}" for n in range(200)] for camera in "abcdefgh"}
    assert ended(*[Camera(taken, *mine) for mine in records.values()])
    assert sorted(written) == sorted(record for mine in records.values() for record in mine)
    for camera, mine in records.items():
        assert [record for record in written if record.startswith(camera)] == mine


def test_a_write_that_fails_holds_up_nobody_who_comes_after_it() -> None:
    calls = 0

    def write(offers: Sequence[str]) -> None:
        nonlocal calls
        calls += 1
        if "bad" in offers:
            raise ValueError("no")

    taken = Turns(write)
    with pytest.raises(ValueError, match="no"):
        taken.offer("bad")
    taken.offer("good")
    assert calls == 2
