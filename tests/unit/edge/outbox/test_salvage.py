"""A cheap SD card loses pages: what can still be read of the outbox must reach the centre, the rest must be named."""

import random
import sqlite3
from pathlib import Path

import pytest

from contracts.cloudevents import published_of, record_of, record_of_document
from contracts.event import read_published
from edge.outbox.sequence import BLOCK
from edge.outbox.store import Outbox
from tests.unit.edge.outbox.acts import a_file, act, package_of

NUMBER = 400


def an_outbox(folder: Path) -> Outbox:
    return Outbox(folder / "outbox.db", node="node-1", max_bytes=10**9)


def filled(folder: Path) -> Path:
    """An outbox of 400 violations, closed, so that all is in one file."""
    outbox = an_outbox(folder)
    for number in range(NUMBER):
        outbox.add(act(number))
    outbox.close()
    return folder / "outbox.db"


def page_with(content: bytes, text: bytes) -> int:
    return content.index(text) // 4096 * 4096


def test_one_lost_page_loses_the_records_on_it_and_names_them(tmp_path: Path) -> None:
    path = filled(tmp_path)
    content = bytearray(path.read_bytes())
    start = page_with(bytes(content), act(NUMBER // 2).to_json()[:200])
    content[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is not None
    saved = [pending.sequence for pending in outbox.pending_records(10_000)]
    missing = sorted(set(range(1, NUMBER + 1)) - set(saved))
    assert 1 <= len(missing) <= 8, missing
    words = outbox.faults()[0]
    assert str(missing[0]) in words
    assert f"{len(saved)} of them undelivered" in words
    number = outbox.add(act(9_999)).sequence
    assert NUMBER < number <= BLOCK + 1, "no number is used twice"
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is None
    assert len(outbox.pending_records(10_000)) == len(saved) + 1, "what was saved stays saved"
    outbox.close()


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.1])
def test_cut_off_file_gives_what_is_left(tmp_path: Path, keep: float) -> None:
    path = filled(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is not None
    saved = outbox.pending_records(10_000)
    assert [published_of(p.record) for p in saved] == [
        act(p.sequence - 1).model_copy(update={"sequence": p.sequence}) for p in saved
    ], "nothing altered gets through"
    assert outbox.add(act(9_999)).sequence > NUMBER
    outbox.close()


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_anywhere_never_alter_a_record_that_leaves(tmp_path: Path, seed: int) -> None:
    """Whatever 20 flipped bytes hit, the node starts, and what it sends is what was found at the road."""
    path = filled(tmp_path)
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(20):
        content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    outbox = an_outbox(tmp_path)
    saved = outbox.pending_records(10_000)
    for pending in saved:
        assert published_of(pending.record) == act(pending.sequence - 1).model_copy(
            update={"sequence": pending.sequence}
        )
    if len(saved) < NUMBER:
        assert outbox.faults()
    assert outbox.add(act(9_999)).sequence > NUMBER
    outbox.close()


def test_altered_document_is_given_up_and_named(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    for number in range(3):
        outbox.add(act(number))
    outbox._db.execute(
        "UPDATE records SET document = CAST(replace(CAST(document AS TEXT), 'bridge', 'bridgf') AS BLOB) "
        "WHERE sequence = 2"
    )
    assert [pending.sequence for pending in outbox.pending_records(10)] == [1, 3]
    assert "1 records were altered on the disk and are lost: numbers 2" in outbox.faults()
    assert outbox.stats().pending == 2
    outbox.close()


def test_outbox_of_version_1_is_taken_over_with_what_waits(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.executescript("ALTER TABLE records DROP COLUMN checksum; PRAGMA user_version=1;")
    connection.close()
    outbox = an_outbox(tmp_path)
    assert outbox.damaged is None
    assert len(outbox.pending_records(10_000)) == NUMBER
    assert outbox.add(act(9_999)).sequence == NUMBER + 1
    outbox.close()


def test_record_made_without_reading_the_data_is_the_same(tmp_path: Path) -> None:
    """The relay's short way, for an event whose own texts look like the borders it cuts at."""
    event = act(1).model_copy(update={"sequence": 7, "subject": 'x,"datacontenttype":"y'})
    tricky = event.model_copy(
        update={"data": event.data.model_copy(update={"facts": {"x": ',"datacontenttype":', "datacontenttype": 1}})}
    )
    sealed = package_of(tricky, [a_file(tmp_path)])
    for published in (event, tricky, sealed, event.model_copy(update={"subject": None})):
        document = published.to_json()
        assert record_of_document(document, "0a-0") == record_of(read_published(document), "0a-0")
    with pytest.raises(ValueError, match="canonical"):
        record_of_document(b'{"id": 1}')
