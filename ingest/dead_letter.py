"""What a dead letter is: a record nobody could read, its reason, and how often it was given back. Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from contracts.topics import DEAD_EVENTS
from contracts.wire import Record
from ingest.errors import UnreadableRecord

TOPIC = "giaolo_topic"
REASON = "giaolo_reason"
REPLAYED = "giaolo_replayed"
CUT = "giaolo_cut"
MOST_REPLAYS = 3
"""A record that came back so often will come back again: somebody must mend what reads it first."""
KEPT_OF_CUT = 64 * 1024
"""Bytes kept of a record that is too large for a letter."""

_LETTERS_OWN = frozenset({TOPIC, REASON})


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter. `record` is as it was on its own topic; `at` is when it died, UTC."""

    id: str
    at: datetime
    reason: str
    record: Record

    @property
    def replays(self) -> int:
        """How often this record was given back before it died this time."""
        return _number(dict(self.record.headers).get(REPLAYED, b"0"))

    @property
    def is_cut(self) -> bool:
        """Only its beginning was kept; it cannot be given back."""
        return CUT in dict(self.record.headers)

    @property
    def content(self) -> str:
        """SHA-256 of what the record says, however often it was given back: one for all letters of one record."""
        digest = hashlib.sha256()
        parts = [self.record.topic.encode(), self.record.key.encode(), self.record.value]
        for name, value in self.record.headers:
            if name != REPLAYED:
                parts += [name.encode(), value]
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


def as_record(record: Record, reason: str) -> Record:
    """The record of the dead letters' topic that holds this one."""
    headers = (*record.headers, (REASON, reason.encode()), (TOPIC, record.topic.encode()))
    return Record(DEAD_EVENTS, record.key, record.value, headers)


def letter_of(name: str, at: datetime, record: Record) -> Letter:
    """The letter in a record of the dead letters' topic; the last header of each name is ours."""
    told = dict(record.headers)
    own = tuple(each for each in record.headers if each[0] not in _LETTERS_OWN)
    topic = told.get(TOPIC, b"").decode(errors="replace")
    reason = told.get(REASON, b"no reason given").decode(errors="replace")
    return Letter(name, at, reason, Record(topic, record.key, record.value, own))


def cut(record: Record) -> Record:
    """The beginning of a record, with the length and hash of the whole."""
    whole = f"{len(record.value)} bytes, sha256 {hashlib.sha256(record.value).hexdigest()}"
    kept = tuple((name, value) for name, value in record.headers if len(value) < 1024)
    return Record(record.topic, record.key, record.value[:KEPT_OF_CUT], (*kept, (CUT, whole.encode())))


def to_replay(letter: Letter) -> Record:
    """The record to give back, counted. UnreadableRecord says why this one must not be."""
    if letter.is_cut:
        raise UnreadableRecord(f"letter {letter.id} holds only the beginning of its record")
    if not letter.record.topic:
        raise UnreadableRecord(f"letter {letter.id} does not say which topic it came from")
    if letter.replays >= MOST_REPLAYS:
        raise UnreadableRecord(
            f"letter {letter.id} was given back {letter.replays} times and died each time; mend what reads it first"
        )
    record = letter.record
    headers = tuple(each for each in record.headers if each[0] != REPLAYED)
    return Record(record.topic, record.key, record.value, (*headers, (REPLAYED, str(letter.replays + 1).encode())))


def newest_of_each(letters: Iterable[Letter]) -> Iterator[Letter]:
    """One letter for each record, the one given back most often, in the order the records first died.

    A record that was given back and died again has several letters; giving back each would double them every time.
    """
    latest: dict[str, Letter] = {}
    for letter in letters:
        known = latest.get(letter.content)
        if known is None or letter.replays >= known.replays:
            latest[letter.content] = letter
    return iter(latest.values())


def _number(raw: bytes) -> int:
    text = raw.decode(errors="replace")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
