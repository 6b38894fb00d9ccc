"""What can still be read of a damaged outbox is taken into the new one; what cannot is named.

Pages of a damaged file fail one by one, so rows are read in ranges of their numbers, halved where reading fails. A row
counts as read when its document is the record its number and id say, and its checksum is right.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.event import read_published
from edge.outbox.schema import FILE_COLUMNS, RECORD_COLUMNS, checksum

_MOST_FAILURES = 5_000
_STEP = 4_096


@dataclass(slots=True)
class Salvage:
    """What was found in a damaged file.

    Attributes:
        records: rows of `records` as in RECORD_COLUMNS.
        files: rows of `files` as in FILE_COLUMNS.
        meta: what its `meta` table said.
        unread: ranges of numbers, ends included, in which rows could not be read or were altered.
    """

    records: list[tuple[Any, ...]] = field(default_factory=list)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    unread: list[tuple[int, int]] = field(default_factory=list)

    @property
    def undelivered(self) -> int:
        """Records that were saved and wait for the centre."""
        return sum(1 for row in self.records if row[RECORD_COLUMNS.index("delivered_at")] is None)

    def words(self) -> str:
        """What was saved and what not."""
        saved = f"{len(self.records)} records were read from it, {self.undelivered} of them undelivered"
        if not self.unread:
            return f"{saved}; none was found altered, those written last may be missing"
        shown = ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in self.unread[:5])
        more = f" and {len(self.unread) - 5} ranges more" if len(self.unread) > 5 else ""
        return f"{saved}; lost are those of the numbers {shown}{more} that were not delivered"


def salvage(damaged: Path, last: int | None) -> Salvage:
    """Reads a damaged outbox, whatever is wrong with it; never raises for damage.

    Args:
        damaged: the file that was moved aside, its -wal beside it.
        last: highest number that can have been given out; None when that is not known.
    """
    found = Salvage()
    try:
        connection = sqlite3.connect(damaged, timeout=10)
    except sqlite3.Error:
        return found
    try:
        _read_all(connection, found, last)
    except sqlite3.Error:
        pass  # not even its first page is a database's: nothing to be had
    finally:
        connection.close()
    return found


def _read_all(connection: sqlite3.Connection, found: Salvage, last: int | None) -> None:
    connection.execute("PRAGMA query_only=ON")
    columns = {row[1] for row in connection.execute("PRAGMA table_info(records)")}
    if not columns:
        return
    found.meta = dict(_readable(connection, "SELECT key, value FROM meta"))
    highest = int(found.meta.get("last_sequence", "0")) if found.meta.get("last_sequence", "0").isdigit() else 0
    highest = max(highest, last or 0, *_first(connection, "SELECT max(sequence) FROM records"))
    lowest = min((*_first(connection, "SELECT min(sequence) FROM records"), highest))
    chosen = ", ".join(name if name in columns else f"NULL AS {name}" for name in RECORD_COLUMNS)
    failures = 0
    todo = [(start, min(start + _STEP - 1, highest)) for start in range(lowest, highest + 1, _STEP)][::-1]
    while todo and failures < _MOST_FAILURES:
        start, end = todo.pop()
        query = f"SELECT {chosen} FROM records WHERE sequence BETWEEN ? AND ? ORDER BY sequence"  # noqa: S608 - our names
        try:
            rows = connection.execute(query, (start, end)).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            failures += 1
            if start == end:
                _unread(found, start)
            else:
                middle = (start + end) // 2
                todo += [(middle + 1, end), (start, middle)]
            continue
        for row in rows:
            if _is_whole(row):
                found.records.append(row)
            else:
                _unread(found, row[0])
    found.unread += [(start, end) for start, end in reversed(todo)]
    found.files = list(_readable(connection, f"SELECT {', '.join(FILE_COLUMNS)} FROM files"))  # noqa: S608 - our names


def _is_whole(row: Sequence[Any]) -> bool:
    named = dict(zip(RECORD_COLUMNS, row, strict=True))
    try:
        record = read_published(named["document"])
    except (ValueError, TypeError):
        return False
    is_same = (record.sequence, record.id) == (named["sequence"], named["id"])
    return is_same and named["checksum"] in {None, checksum(named["document"])}


def _unread(found: Salvage, number: int) -> None:
    if found.unread and found.unread[-1][1] == number - 1:
        found.unread[-1] = (found.unread[-1][0], number)
    else:
        found.unread.append((number, number))


def _first(connection: sqlite3.Connection, query: str) -> tuple[int, ...]:
    """The one number a query gives; nothing when it cannot be read."""
    return tuple(row[0] for row in _readable(connection, query) if isinstance(row[0], int))


def _readable(connection: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """Rows up to the first that cannot be read."""
    try:
        yield from connection.execute(query)
    except (sqlite3.Error, UnicodeDecodeError):
        return
