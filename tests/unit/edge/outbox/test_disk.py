"""The disk of a cabinet's box is full: what matters most still gets through, and the box says so."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.event import Kind
from edge.errors import OutboxError
from edge.outbox.store import Outbox
from tests.unit.edge.outbox.acts import act

MIB = 2**20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 20 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(folder)], check=False)
    if made.returncode != 0:
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def an_outbox(folder: Path, spare_bytes: int = 8 * MIB) -> Outbox:
    return Outbox(folder / "outbox.db", node="node-1", max_bytes=10**9, spare_bytes=spare_bytes)


def fill(folder: Path) -> None:
    with (folder / "filler").open("ab", buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                continue


def add_until_refused(outbox: Outbox, kind: Kind, first: int) -> int:
    """How many were taken before one was refused."""
    for number in range(first, first + 20_000):
        try:
            outbox.add(act(number, kind=kind))
        except OutboxError:
            return number - first
    raise AssertionError("never refused")


def test_full_disk_takes_counts_from_the_first_half_and_violations_from_all_of_the_spare_room(small_disk: Path) -> None:
    outbox = an_outbox(small_disk)
    outbox.add(act(1))
    fill(small_disk)
    counts = add_until_refused(outbox, "count", 1000)
    assert counts > 100
    assert any("for violations only" in word for word in outbox.faults()), outbox.faults()
    violations = add_until_refused(outbox, "violation", 100_000)
    assert violations > 100, "a violation still finds room where a count does not"
    assert any("for nothing more" in word for word in outbox.faults()), outbox.faults()
    stored = [pending.sequence for pending in outbox.pending_records(100_000)]
    assert stored == list(range(1, 1 + counts + violations + 1)), "no hole, no number twice"
    outbox.close()
    outbox = an_outbox(small_disk)
    assert outbox.damaged is None
    assert outbox.stats().pending == len(stored)
    outbox.close()


def test_room_is_held_back_again_when_the_disk_has_some(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.outbox.disk.REFILL_EVERY_S", 0.0)
    outbox = an_outbox(small_disk)
    fill(small_disk)
    for number in range(50):
        outbox.add(act(number, kind="count"))
    assert outbox.faults()
    (small_disk / "filler").unlink()
    outbox.mark_delivered([1])
    outbox.mark_delivered([2])
    assert outbox.faults() == ()
    outbox.close()


def test_what_may_be_given_up_goes_before_the_spare_room(small_disk: Path) -> None:
    outbox = an_outbox(small_disk)
    tracks = small_disk / "tracks.parquet"
    tracks.write_bytes(bytes(4 * MIB))

    def give_up(wanted: int) -> int:
        size = tracks.stat().st_size if tracks.exists() else 0
        tracks.unlink(missing_ok=True)
        return size

    outbox.may_give_up(give_up)
    fill(small_disk)
    for number in range(100):
        outbox.add(act(number))
    assert not tracks.exists()
    assert (small_disk / "outbox.db.spare-1").exists()
    outbox.close()


def test_disk_that_has_no_room_for_the_spare_files_is_said(small_disk: Path) -> None:
    fill(small_disk)
    (small_disk / "filler").write_bytes(bytes(15 * MIB))
    outbox = an_outbox(small_disk)
    assert any("is full" in word for word in outbox.faults())
    outbox.close()
