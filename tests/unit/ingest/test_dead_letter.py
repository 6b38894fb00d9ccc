"""What a dead letter keeps, and when it may be given back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.topics import EVENTS
from contracts.wire import Record
from ingest.dead_letter import KEPT_OF_CUT, Letter, as_record, cut, letter_of, newest_of_each, to_replay
from ingest.errors import UnreadableRecord

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RECORD = Record(EVENTS, "bridge", b"not an event", (("ce_id", b"1"),))


def died(record: Record, name: str = "0:0") -> Letter:
    return letter_of(name, AT, as_record(record, "không đọc được"))


def test_record_comes_out_as_it_went_in() -> None:
    letter = died(RECORD)
    assert letter.record == RECORD
    assert letter.reason == "không đọc được"
    assert (letter.replays, letter.is_cut) == (0, False)


def test_strangers_headers_of_our_names_do_not_count() -> None:
    letter = died(replace(RECORD, headers=(("giaolo_topic", b"elsewhere"), ("giaolo_reason", b"none"))))
    assert letter.record.topic == EVENTS
    assert letter.reason == "không đọc được"


def test_it_is_counted_and_refused_after_three_times() -> None:
    record = RECORD
    for number in (1, 2, 3):
        record = to_replay(died(record))
        assert dict(record.headers)["giaolo_replayed"] == str(number).encode()
        assert record.value == RECORD.value
    with pytest.raises(UnreadableRecord, match="given back 3 times"):
        to_replay(died(record))


@pytest.mark.parametrize("count", [b"", b"-1", b"many", b"\xff", b"1e9", b"99999999999999999999", "٣".encode()])
def test_count_that_is_no_number_counts_as_none(count: bytes) -> None:
    letter = died(replace(RECORD, headers=(("giaolo_replayed", count),)))
    assert letter.replays == 0
    assert dict(to_replay(letter).headers)["giaolo_replayed"] == b"1"


def test_one_letter_of_each_record_is_given_back() -> None:
    """A record that died twice has two letters; giving back both would double them each time."""
    again = died(to_replay(died(RECORD)), "0:1")
    other = died(replace(RECORD, key="square"), "0:2")
    assert [letter.id for letter in newest_of_each([died(RECORD), again, other])] == ["0:1", "0:2"]


def test_contents_that_join_alike_are_not_one_record() -> None:
    one = died(replace(RECORD, headers=(("a", b"bc"),)))
    other = died(replace(RECORD, headers=(("ab", b"c"),)))
    assert one.content != other.content


def test_large_record_keeps_its_beginning_and_hash() -> None:
    large = replace(RECORD, value=b"x" * 10_000_000, headers=(*RECORD.headers, ("h", b"y" * 5000)))
    letter = died(cut(large))
    assert letter.is_cut
    assert letter.record.value == b"x" * KEPT_OF_CUT
    assert dict(letter.record.headers)["giaolo_cut"].startswith(b"10000000 bytes, sha256 ")
    assert dict(letter.record.headers)["ce_id"] == b"1"
    with pytest.raises(UnreadableRecord, match="only the beginning"):
        to_replay(letter)


def test_letter_without_a_topic_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="which topic"):
        to_replay(letter_of("0:7", AT, Record("giaolo.events.dead.v1", "", b"")))
