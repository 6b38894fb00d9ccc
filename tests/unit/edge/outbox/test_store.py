"""What was decided at the road must reach the centre, whatever happens to the box in between."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from contracts.cloudevents import OUTBOX_FORM, outbox_of, published_of
from contracts.event import Event, Kind
from contracts.evidence import CHAIN_START
from edge.errors import OutboxError
from edge.outbox.schema import SCHEMA_VERSION
from edge.outbox.sequence import BLOCK
from edge.outbox.store import LARGEST_DOCUMENT, Outbox
from tests.conftest import ROOT
from tests.unit.edge.outbox.acts import a_file, act, package_of


def an_outbox(folder: Path, max_bytes: int = 10**9, **more: int) -> Outbox:
    return Outbox(folder / "outbox.db", node="node-1", max_bytes=max_bytes, **more)


def sequences(outbox: Outbox) -> list[int]:
    return [pending.sequence for pending in outbox.pending_records(10_000)]


def test_event_gets_the_next_number_and_survives(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert [outbox.add(act(n)).sequence for n in (1, 2, 3)] == [1, 2, 3]
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.add(act(4)).sequence == 4
    stored = [published_of(pending.record) for pending in outbox.pending_records(10)]
    assert stored == [act(n).model_copy(update={"sequence": n}) for n in (1, 2, 3, 4)]
    outbox.close()


def test_repeat_of_an_act_changes_nothing(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    first = outbox.add(act(1))
    outbox.add(act(2))
    assert outbox.add(act(1)) == first
    outbox.mark_delivered([1])
    assert outbox.add(act(1)) == first, "a repeat after delivery is still a repeat"
    assert outbox.stats().last_sequence == 2
    assert sequences(outbox) == [2]
    outbox.close()


def test_what_is_read_for_the_network_is_bounded_in_bytes(tmp_path: Path) -> None:
    """A thousand long paths at once would fill the memory of a small box."""
    outbox = an_outbox(tmp_path)
    size = sum(len(outbox.add(act(n)).to_json()) for n in range(1, 11)) // 10
    assert len(outbox.pending_records(100, 4 * size)) in {4, 5}
    assert len(outbox.pending_records(100, 1)) == 1, "one is always given, or nothing would ever leave"
    assert len(outbox.pending_records(3, 10**9)) == 3
    outbox.close()


def test_a_mark_does_not_wait_for_the_disk_and_an_event_does(tmp_path: Path) -> None:
    """Counted by what the database is told: 1 is no sync at a commit, 2 is one."""
    outbox = an_outbox(tmp_path)
    outbox.add(act(1))
    told: list[str] = []
    outbox._db.set_trace_callback(told.append)
    outbox.mark_delivered([1])
    marked = [said for said in told if said.startswith(("PRAGMA sync", "UPDATE", "COMMIT"))]
    assert [said.split(" ")[0] for said in marked] == ["PRAGMA", "UPDATE", "COMMIT", "PRAGMA"]
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)
    told.clear()
    outbox.add(act(2))
    assert not any("synchronous" in said for said in told)
    outbox._db.set_trace_callback(None)
    outbox.close()


def test_an_event_that_is_no_json_harms_nobody_else(tmp_path: Path) -> None:
    """Half a character in a name; the events of the other cameras are in the same transaction."""
    outbox = an_outbox(tmp_path)
    event = act(1)
    broken = event.model_copy(update={"data": event.data.model_copy(update={"facts": {"label": "\ud83d"}})})
    with pytest.raises(OutboxError, match="surrogate"):
        outbox.add(broken)
    assert outbox.add(act(2)).sequence == 1
    assert sequences(outbox) == [1]
    outbox.close()


def test_what_a_camera_found_at_one_moment_is_one_transaction(tmp_path: Path) -> None:
    """In its order, with the files; a repeat is known; one that is refused takes no other with it."""
    outbox = an_outbox(tmp_path)
    outbox.add(act(1))
    file, path = a_file(tmp_path)
    foreign = act(3, node="node-2")
    event = act(4)
    vast = event.model_copy(update={"data": event.data.model_copy(update={"facts": {"x": "y" * LARGEST_DOCUMENT}})})
    told: list[str] = []
    heard: list[int] = []
    outbox._db.set_trace_callback(told.append)
    outbox.listen(lambda: heard.append(len(sequences(outbox))))
    taken = outbox.add_all([(act(2), [(file, path)]), (act(1), ()), (foreign, ()), (act(5), ())])
    assert sum(said.startswith("COMMIT") for said in told) == 1
    outbox._db.set_trace_callback(None)
    assert [one.sequence if isinstance(one, Event) else str(one)[:21] for one in taken] == [
        2,
        1,
        "record of node 'node-",
        3,
    ]
    assert [pending.sha256 for pending in outbox.pending_files(9)] == [file.sha256]
    assert heard == [3]
    far, near = outbox.add_all([(vast, ()), (act(6), ())])
    assert "shorten" in str(far)
    assert isinstance(near, Event)
    assert near.sequence == 4
    assert outbox.add_all([]) == []
    assert sequences(outbox) == [1, 2, 3, 4]
    outbox.close()


def test_a_number_too_large_to_keep_harms_nobody_else(tmp_path: Path) -> None:
    """Three cameras at one moment, one of them with a file whose size is nonsense: no number may be used up by it."""
    outbox = an_outbox(tmp_path, max_bytes=2**70)
    file, path = a_file(tmp_path)
    absurd = file.model_copy(update={"size": 2**63})
    refused: list[BaseException] = []

    def add(number: int) -> None:
        try:
            outbox.add(act(number), [(absurd, path)] if number == 2 else [])
        except OutboxError as error:
            refused.append(error)

    cameras = [threading.Thread(target=add, args=(number,)) for number in (1, 2, 3)]
    with outbox._lock:  # none is written before all are there
        for camera in cameras:
            camera.start()
        time.sleep(0.2)
    for camera in cameras:
        camera.join(10)
    assert outbox.knows(act(1).id)
    assert outbox.knows(act(3).id)
    assert "holds a number no outbox can keep" in str(refused[0])
    assert sequences(outbox) == [1, 2]
    assert outbox.add(act(4)).sequence == 3
    outbox.close()


def test_files_leave_small_ones_first_and_once_per_content(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    clip, still = a_file(tmp_path / "a", "clip.mp4", bytes(2**21)), a_file(tmp_path / "a")
    same = a_file(tmp_path / "b")
    outbox.add(act(1), [clip, still])
    outbox.add(act(2), [same])
    waiting = outbox.pending_files(10)
    assert [file.size for file in waiting] == [len(b"\xff\xd8 picture"), 2**21]
    assert outbox.stats().bytes >= 2**21
    outbox.mark_file_delivered(waiting[0].sha256)
    outbox.mark_file_lost(waiting[1].sha256)
    assert outbox.pending_files(10) == []
    assert outbox.stats().bytes < 10_000
    outbox.close()


def test_seal_moves_the_chain_and_closes_the_event(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert outbox.chain_head() == CHAIN_START
    files = [a_file(tmp_path / "p")]
    outbox.add(act(1), files)
    outbox.add(act(2, kind="count"), files)
    assert [event.id for event in outbox.unsealed_events()] == [act(1).id], "a count has no package"
    sealed = outbox.seal(package_of(act(1), files), files)
    assert sealed.sequence == 3
    assert outbox.chain_head() == sealed.data.manifest_sha256
    assert outbox.unsealed_events() == []
    assert outbox.seal(package_of(act(1), files), files) == sealed
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.chain_head() == sealed.data.manifest_sha256
    outbox.close()


def test_record_of_another_node_is_refused(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    with pytest.raises(OutboxError, match="node-2"):
        outbox.add(act(1, node="node-2"))
    outbox.close()
    with pytest.raises(OutboxError, match="its own data folder"):
        Outbox(tmp_path / "outbox.db", node="node-2", max_bytes=1000)


def test_event_without_bounds_is_refused(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    event = act(1)
    vast = event.model_copy(update={"data": event.data.model_copy(update={"facts": {"x": "y" * LARGEST_DOCUMENT}})})
    with pytest.raises(OutboxError, match="shorten"):
        outbox.add(vast)
    assert outbox.stats().last_sequence == 0
    outbox.close()


@pytest.mark.parametrize("content", [b"nonsense" * 2000, b"SQLite format 3\x00" + bytes(5000)])
def test_damaged_file_is_moved_aside_and_numbers_are_not_used_twice(tmp_path: Path, content: bytes) -> None:
    outbox = an_outbox(tmp_path)
    used = [outbox.add(act(n)).sequence for n in range(5)]
    outbox.close()
    (tmp_path / "outbox.db").write_bytes(content)
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is not None
    assert outbox.damaged.read_bytes() == content
    assert str(outbox.damaged) in outbox.faults()[0]
    number = outbox.add(act(9)).sequence
    assert max(used) < number <= BLOCK + 1
    outbox.close()


@pytest.mark.parametrize("content", [b"", b"x", None])
def test_outbox_that_vanished_is_said_and_numbers_are_not_used_twice(tmp_path: Path, content: bytes | None) -> None:
    outbox = an_outbox(tmp_path)
    assert not outbox.lost_records
    used = outbox.add(act(1)).sequence
    outbox.close()
    (tmp_path / "outbox.db").unlink()
    if content is not None:
        (tmp_path / "outbox.db").write_bytes(content)
    outbox = an_outbox(tmp_path)
    assert outbox.lost_records
    assert "was gone" in outbox.faults()[0]
    assert outbox.add(act(2)).sequence > used
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert not outbox.lost_records
    outbox.close()


def test_damage_in_the_middle_is_found_at_the_start(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for n in range(200):
        outbox.add(act(n))
    outbox.close()
    path = tmp_path / "outbox.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is not None
    outbox.close()


def test_without_side_file_the_numbers_jump_far_ahead(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    outbox.add(act(1))
    outbox.close()
    (tmp_path / "outbox.db").write_bytes(b"nonsense" * 2000)
    (tmp_path / "outbox.db.sequence").write_text("?")
    outbox = an_outbox(tmp_path)
    assert outbox.add(act(2)).sequence > time.time() - 100
    outbox.close()


def test_the_outbox_says_which_life_of_it_numbered_a_record(tmp_path: Path) -> None:
    """The centre must not take the 1, 2, 3 of a new disk for those it has; nor a mended file for a new life."""
    outbox = an_outbox(tmp_path)
    life = outbox.stats().life
    assert OUTBOX_FORM.fullmatch(life)
    assert life.endswith("-0")
    outbox.add(act(1))
    assert [outbox_of(pending.record) for pending in outbox.pending_records(9)] == [life]
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.stats().life == life, "a restart is the same life"
    outbox.close()
    (tmp_path / "outbox.db").write_bytes(b"nonsense" * 2000)
    outbox = an_outbox(tmp_path)
    assert outbox.stats().life == life, "its numbers go on"
    outbox.close()
    (tmp_path / "outbox.db").write_bytes(b"nonsense" * 2000)
    (tmp_path / "outbox.db.sequence").unlink()
    outbox = an_outbox(tmp_path)
    start = outbox.stats().last_sequence
    assert outbox.stats().life != life
    assert outbox.stats().life.endswith(f"-{start}"), "nothing before its start is missing"
    outbox.close()
    other = an_outbox(tmp_path / "new-disk")
    assert other.stats().life not in {"", life}
    other.close()


def test_an_outbox_from_before_goes_on_without_a_name_for_its_life(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    outbox.add(act(1))
    outbox.close()
    with sqlite3.connect(tmp_path / "outbox.db") as connection:
        connection.execute("DELETE FROM meta WHERE key = 'life'")
    (tmp_path / "outbox.db.sequence").write_text("1000\n")
    outbox = an_outbox(tmp_path)
    assert outbox.stats().life == ""
    assert outbox_of(outbox.pending_records(1)[0].record) == ""
    assert outbox.add(act(2)).sequence == 2
    outbox.close()


def test_newer_outbox_is_refused_and_left_alone(tmp_path: Path) -> None:
    an_outbox(tmp_path).close()
    with sqlite3.connect(tmp_path / "outbox.db") as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(OutboxError, match="newer giaolo"):
        an_outbox(tmp_path)


def test_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="data folder"):
        Outbox(tmp_path / "file" / "x" / "outbox.db", node="node-1", max_bytes=1000)


def test_full_outbox_drops_what_the_centre_has_then_counts_then_incidents(tmp_path: Path) -> None:
    size = len(act(1).to_json()) + 20
    outbox = an_outbox(tmp_path, max_bytes=10 * size)
    kinds: list[Kind] = ["violation", "count", "count", "incident", "incident", "violation"]
    for n, kind in enumerate(kinds):
        outbox.add(act(n, kind=kind))
    outbox.mark_delivered([1])
    for n in range(100, 109):
        outbox.add(act(n))
    assert sequences(outbox) == [5, 6, *range(7, 16)][-len(sequences(outbox)) :]
    stats = outbox.stats()
    assert stats.bytes <= 10 * size
    assert stats.dropped_records >= 3
    for n in range(109, 120):
        outbox.add(act(n))
    assert sequences(outbox) == list(range(6, 27)), "violations are never dropped"
    assert any("above its bound" in fault for fault in outbox.faults())
    assert any("were dropped" in fault for fault in outbox.faults())
    with pytest.raises(OutboxError, match="only violations are left"):
        outbox.add(act(200, kind="count"))
    assert outbox.add(act(201)).sequence == 27, "a refused record uses no number"
    outbox.close()


def test_files_of_incidents_make_room_for_violations(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, max_bytes=50_000)
    incident = a_file(tmp_path / "i", "clip.mp4", b"i" * 30_000)
    violation = a_file(tmp_path / "v", "clip.mp4", b"v" * 30_000)
    outbox.add(act(1, kind="incident"), [incident])
    outbox.add(act(2), [violation])
    assert [file.path for file in outbox.pending_files(10)] == [violation[1]]
    assert not incident[1].exists()
    assert len(sequences(outbox)) == 2, "the incident itself stays"
    assert outbox.stats().dropped_files == 1
    more = a_file(tmp_path / "w", "clip.mp4", b"w" * 30_000)
    outbox.add(act(3), [more])
    assert len(outbox.pending_files(10)) == 2
    outbox.close()


def test_delivered_packages_are_kept_up_to_a_bound(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, keep_packages_bytes=15_000)
    packages = []
    for n in range(4):
        files = [a_file(tmp_path / str(n), "clip.mp4", bytes([n]) * 10_000)]
        outbox.add(act(n), files)
        if n != 1:
            outbox.seal(package_of(act(n), files), files)
        if n != 3:
            outbox.mark_file_delivered(files[0][0].sha256)
        packages.append(files[0][1])
    assert outbox.prune_delivered() == 10_000
    assert [path.exists() for path in packages] == [False, True, True, True]
    assert not packages[0].parent.exists()
    outbox.close()


def test_delivered_records_are_forgotten_in_the_end(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path, keep_delivered=10)
    files = [a_file(tmp_path / "p")]
    outbox.add(act(0), files)
    for n in range(1, 50):
        outbox.add(act(n))
    outbox.mark_delivered(range(1, 51))
    with sqlite3.connect(tmp_path / "outbox.db") as connection:
        kept = [row[0] for row in connection.execute("SELECT sequence FROM records ORDER BY sequence")]
    connection.close()
    assert kept == [1, *range(41, 51)], "one whose package is still open stays"
    counted = outbox.stats().bytes
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.stats().bytes == counted, "the running account is what a new count finds"
    outbox.close()


def test_full_disk_is_an_error_with_words_and_not_a_loss(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    outbox.add(act(1))
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count={pages + 2}")
    stored = 1

    def fill() -> None:
        nonlocal stored
        for n in range(2, 200):
            outbox.add(act(n))
            stored = n

    with pytest.raises(OutboxError, match="check disk space"):
        fill()
    assert sequences(outbox) == list(range(1, stored + 1))
    outbox._db.execute("PRAGMA max_page_count=1000000")
    assert outbox.add(act(999)).sequence == stored + 1
    outbox.close()


WRITER = """
import sys
from pathlib import Path
from edge.outbox.store import Outbox
from tests.unit.edge.outbox.acts import a_file, act, package_of

folder, first = Path(sys.argv[1]), int(sys.argv[2])
outbox = Outbox(folder / "outbox.db", node="node-1", max_bytes=10**9)
for number in range(first, first + 100_000):
    files = [a_file(folder / f"p{number}")] if number % 3 == 0 else []
    stored = outbox.add(act(number), files)
    print("event", number, stored.sequence, flush=True)
    if files:
        sealed = outbox.seal(package_of(act(number), files), files)
        print("sealed", number, sealed.sequence, sealed.data.manifest_sha256, flush=True)
    if number % 5 == 0:
        outbox.mark_delivered([stored.sequence])
        print("delivered", number, stored.sequence, flush=True)
"""


def test_kill_9_at_any_point_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    """Killed eight times, each at another moment: all that `add` returned is there, with its number, in order."""
    promised: dict[str, int] = {}
    first = 0
    for turn in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3 + turn)]
        time.sleep(0.003 * turn)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        # the last line may be cut: only whole lines were promised to anybody
        for line in (line for line in lines if line.endswith("\n")):
            word, number, sequence, *_ = line.split()
            promised[f"{word} {number}"] = int(sequence)
            first = max(first, int(number) + 1)

        outbox = an_outbox(tmp_path)
        assert outbox.damaged is None
        rows = outbox._db.execute("SELECT sequence, is_package, id, event_id, delivered_at FROM records").fetchall()
        last = outbox.stats().last_sequence
        assert sorted(row[0] for row in rows) == list(range(1, last + 1)), "no hole, none twice"
        by_sequence = {row[0]: row for row in rows}
        for what, place in promised.items():
            word, number_text = what.split()
            row = by_sequence[place]
            assert row[3] == act(int(number_text)).id
            if word == "delivered":
                assert row[4] is not None
        sealed = [row for row in rows if row[1]]
        if sealed:
            newest = max(sealed)
            events = {act(number).id: act(number) for number in range(first + 3)}
            assert outbox.chain_head() == package_of(events[newest[3]], []).data.manifest_sha256
        outbox.close()
    assert len(promised) > 40
