"""Rows of the outbox's database: what is read and written, without a word on when and why."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.event import Event, EvidenceFile, EvidenceSealed, Kind, Published
from contracts.spans import runs_of
from edge.outbox.schema import FILE_COLUMNS, RECORD_COLUMNS, checksum

NamedFiles = Sequence[tuple[EvidenceFile, Path]]

_INSERT = (
    "INSERT INTO records (sequence, id, camera, kind, event_id, is_package, document, open_package, added_at, checksum)"
)
_ROWS_AT_ONCE = 100
"""In one statement."""


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that waits, by content hash. Size in bytes."""

    sha256: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record about to be written, numbered. `kind` is its event's; `opens`: a package is still to be closed."""

    record: Published
    document: bytes
    kind: Kind
    files: NamedFiles
    opens: bool

    @property
    def event_id(self) -> str:
        """Of the event itself, or of the event a sealed package belongs to."""
        return self.record.data.event_id if isinstance(self.record, EvidenceSealed) else self.record.id


def insert(database: sqlite3.Connection, new: Sequence[NewRecord], added_at: str) -> bool:
    """Writes records and the names of their files; True when a file was new.

    In few statements: each gives the interpreter away, and another thread may keep it for 5 ms.
    """
    for start in range(0, len(new), _ROWS_AT_ONCE):
        some = new[start : start + _ROWS_AT_ONCE]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(some))
        database.execute(
            f"{_INSERT} VALUES {places}",
            [value for one in some for value in (*_record_values(one), added_at, checksum(one.document))],
        )
    sealed = [(one.event_id,) for one in new if isinstance(one.record, EvidenceSealed)]
    if sealed:
        database.executemany("UPDATE records SET open_package = 0 WHERE id = ?", sealed)
    files = [values for one in new for values in _file_values(one)]
    if not files:
        return False
    before = database.total_changes
    database.executemany(
        "INSERT OR IGNORE INTO files (event_id, name, sha256, path, size, derived, kind, sequence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        files,
    )
    return database.total_changes > before


def _record_values(new: NewRecord) -> tuple[Any, ...]:
    record = new.record
    is_package = isinstance(record, EvidenceSealed)
    place = (record.sequence, record.id, record.data.camera)
    return (*place, new.kind, new.event_id, is_package, new.document, new.opens)


def _file_values(new: NewRecord) -> list[tuple[Any, ...]]:
    return [
        (new.event_id, f.name, f.sha256, str(path), f.size, f.derived_from is not None, new.kind, new.record.sequence)
        for f, path in new.files
    ]


def restore(database: sqlite3.Connection, records: Iterable[tuple[Any, ...]], files: Iterable[tuple[Any, ...]]) -> None:
    """Writes rows read from another outbox, in RECORD_COLUMNS and FILE_COLUMNS."""
    for table, columns, rows in (("records", RECORD_COLUMNS, records), ("files", FILE_COLUMNS, files)):
        places = ", ".join("?" * len(columns))
        database.executemany(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our own names
            rows,
        )


def stored(database: sqlite3.Connection, identities: Sequence[str]) -> dict[str, bytes]:
    """Documents of those of the records that are here, by id."""
    found: dict[str, bytes] = {}
    for start in range(0, len(identities), _ROWS_AT_ONCE):
        some = identities[start : start + _ROWS_AT_ONCE]
        places = ", ".join("?" * len(some))
        found.update(
            database.execute(f"SELECT id, document FROM records WHERE id IN ({places})", some)  # noqa: S608 - as above
        )
    return found


def pending(
    database: sqlite3.Connection, after: int, limit: int, most_bytes: int | None = None
) -> list[tuple[int, bytes, int | None]]:
    """Number, document and checksum of the oldest undelivered records beyond a number, in their order."""
    found = []
    size = 0
    for row in database.execute(
        "SELECT sequence, document, checksum FROM records WHERE delivered_at IS NULL AND sequence > ? "
        "ORDER BY sequence LIMIT ?",
        (after, limit),
    ):
        found.append(row)
        size += len(row[1])
        if most_bytes is not None and size >= most_bytes:
            break
    return found


def mark(database: sqlite3.Connection, sequences: Iterable[int], at: str) -> None:
    """These records count as delivered."""
    for first, last in runs_of(sequences):
        database.execute(
            "UPDATE records SET delivered_at = ? WHERE sequence BETWEEN ? AND ? AND delivered_at IS NULL",
            (at, first, last),
        )


def forget_delivered(database: sqlite3.Connection, up_to: int) -> int:
    """Removes delivered records up to a number whose package is not open; returns the bytes of their documents."""
    which = "sequence <= ? AND open_package = 0 AND delivered_at IS NOT NULL"
    freed = database.execute(f"SELECT coalesce(sum(length(document)), 0) FROM records WHERE {which}", (up_to,))  # noqa: S608 - constants only
    size = int(freed.fetchone()[0])
    if size:
        database.execute(f"DELETE FROM records WHERE {which}", (up_to,))  # noqa: S608 - constants only
    return size


def pending_files(database: sqlite3.Connection, limit: int) -> list[PendingFile]:
    """Undelivered files: small ones (stills, manifests) before clips, then oldest first."""
    rows = database.execute(
        "SELECT sha256, min(path), max(size), min(sequence) AS first FROM files WHERE state = 'pending' "
        "GROUP BY sha256 ORDER BY max(size) > 1048576, first, max(size) LIMIT ?",
        (limit,),
    ).fetchall()
    return [PendingFile(sha256, Path(path), size) for sha256, path, size, _ in rows]


def unsealed(database: sqlite3.Connection) -> list[Event]:
    """Events whose package was opened and never sealed, oldest first."""
    rows = database.execute("SELECT document FROM records WHERE open_package = 1 ORDER BY sequence").fetchall()
    return [Event.model_validate_json(document) for (document,) in rows]


def knows(database: sqlite3.Connection, event_id: str) -> bool:
    """True when there is a record of the event, or a file that was named for it."""
    return bool(
        database.execute(
            "SELECT EXISTS (SELECT 1 FROM records WHERE event_id = ?) OR EXISTS "
            "(SELECT 1 FROM files WHERE event_id = ?)",
            (event_id, event_id),
        ).fetchone()[0]
    )


def waiting(database: sqlite3.Connection) -> tuple[int, str | None, int]:
    """How many records wait, since when the oldest, how many files."""
    records, oldest = database.execute(
        "SELECT count(*), min(added_at) FROM records WHERE delivered_at IS NULL"
    ).fetchone()
    files = database.execute("SELECT count(*) FROM files WHERE state = 'pending'").fetchone()[0]
    return records, oldest, files


def record_bytes(database: sqlite3.Connection) -> int:
    """Of all documents kept."""
    return int(database.execute("SELECT coalesce(sum(length(document)), 0) FROM records").fetchone()[0])


def file_bytes(database: sqlite3.Connection) -> int:
    """Of all files that wait."""
    return int(database.execute("SELECT coalesce(sum(size), 0) FROM files WHERE state = 'pending'").fetchone()[0])


def put(database: sqlite3.Connection, key: str, value: str) -> None:
    """Sets a word of the `meta` table."""
    database.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
