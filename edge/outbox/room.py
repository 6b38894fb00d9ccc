"""What is dropped first when the outbox has reached its bound (docs/decisions/0003).

1. delivered records, oldest first (the centre has them);
2. undelivered counts, oldest first;
3. undelivered files of incidents, oldest first;
4. undelivered incidents, oldest first.

An undelivered violation and its files are never dropped: for them the bound is exceeded, which `Outbox.faults` says.
A count or an incident that finds no room is refused with OutboxError. The hole in the node's sequence tells the centre
that records were dropped.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from contracts.event import Kind
from contracts.evidence import EVENT

BATCH = 64

_DELIVERED = "delivered_at IS NOT NULL AND open_package = 0"
_STEPS: dict[str, str] = {
    "delivered": f"SELECT sequence, length(document) FROM records WHERE {_DELIVERED}",  # noqa: S608 - constants only
    "count": "SELECT sequence, length(document) FROM records WHERE delivered_at IS NULL AND kind = 'count'",
    "incident": "SELECT sequence, length(document) FROM records WHERE delivered_at IS NULL AND kind = 'incident'",
}

Step = Literal["delivered", "count", "incident_files", "incident"]
_MAY_DISPLACE: dict[Kind, tuple[Step, ...]] = {
    "count": ("delivered", "count"),
    "incident": ("delivered", "count", "incident_files", "incident"),
    "violation": ("delivered", "count", "incident_files", "incident"),
}


@dataclass
class Dropped:
    """What went: bytes of the bound that came free, and how many undelivered things were lost by it."""

    record_bytes: int = 0
    file_bytes: int = 0
    records: int = 0
    files: int = 0
    paths: list[Path] = field(default_factory=list)

    @property
    def total_bytes(self) -> int:
        """Of records and files."""
        return self.record_bytes + self.file_bytes


def drop_for(connection: sqlite3.Connection, kind: Kind, wanted_bytes: int) -> Dropped:
    """Deletes rows, in the order above, until `wanted_bytes` are free or nothing more may go for this kind.

    Runs in its own transaction. The caller unlinks `paths` afterwards: a crash in between leaves files without a row,
    which the next start removes.
    """
    dropped = Dropped()
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in _MAY_DISPLACE[kind]:
            while dropped.total_bytes < wanted_bytes and _drop_some(connection, step, wanted_bytes, dropped):
                pass
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return dropped


def _drop_some(connection: sqlite3.Connection, step: Step, wanted_bytes: int, dropped: Dropped) -> bool:
    """Drops up to a batch of the oldest; False when there was none."""
    if step == "incident_files":
        return _drop_files(connection, wanted_bytes, dropped)
    rows = connection.execute(f"{_STEPS[step]} ORDER BY sequence LIMIT {BATCH}").fetchall()
    for sequence, size in rows:
        if dropped.total_bytes >= wanted_bytes:
            break
        if step == "incident":
            _drop_files_of(connection, sequence, dropped)
        connection.execute("DELETE FROM records WHERE sequence = ?", (sequence,))
        dropped.record_bytes += size
        dropped.records += step != "delivered"
    return bool(rows)


def _drop_files(connection: sqlite3.Connection, wanted_bytes: int, dropped: Dropped) -> bool:
    rows = connection.execute(
        "SELECT event_id, name, path, size FROM files WHERE state = 'pending' AND kind = 'incident' "
        "ORDER BY derived DESC, sequence LIMIT ?",
        (BATCH,),
    ).fetchall()
    for row in rows:
        if dropped.total_bytes >= wanted_bytes:
            break
        _drop_file(connection, row, dropped)
    return bool(rows)


def _drop_files_of(connection: sqlite3.Connection, sequence: int, dropped: Dropped) -> None:
    rows: Iterator[tuple[str, str, str, int]] = connection.execute(
        "SELECT f.event_id, f.name, f.path, f.size FROM files f JOIN records r ON r.event_id = f.event_id "
        "WHERE r.sequence = ? AND r.is_package = 0 AND f.state = 'pending'",
        (sequence,),
    )
    for row in list(rows):
        _drop_file(connection, row, dropped)


def _drop_file(connection: sqlite3.Connection, row: tuple[str, str, str, int], dropped: Dropped) -> None:
    event_id, name, path, size = row
    connection.execute("DELETE FROM files WHERE event_id = ? AND name = ?", (event_id, name))
    dropped.file_bytes += size
    dropped.files += 1
    dropped.paths.append(Path(path))


def remove_delivered(connection: sqlite3.Connection, keep_bytes: int) -> int:
    """Removes delivered packages from disk, oldest first, down to `keep_bytes`; returns the bytes freed.

    A package whose event is still to be sealed, or with a file still to be delivered, stays whatever its age.
    """
    rows = connection.execute(
        "SELECT event_id, sum(size) FROM files GROUP BY event_id HAVING sum(state = 'pending') = 0 "
        "AND NOT EXISTS (SELECT 1 FROM records r WHERE r.event_id = files.event_id AND r.open_package = 1) "
        "ORDER BY max(sequence) DESC"
    ).fetchall()
    kept = freed = 0
    for event_id, size in rows:
        kept += size
        if kept > keep_bytes:
            _remove_package(connection, event_id)
            freed += size
    return freed


def _remove_package(connection: sqlite3.Connection, event_id: str) -> None:
    paths = [Path(row[0]) for row in connection.execute("SELECT path FROM files WHERE event_id = ?", (event_id,))]
    for path in paths:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        (folder / EVENT).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
    connection.execute("DELETE FROM files WHERE event_id = ?", (event_id,))
