"""Tables of the outbox, and how its file is opened.

WAL with synchronous=FULL: a commit is on the medium before it returns, and a crash leaves either all of a
transaction or nothing of it.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.errors import OutboxError

SCHEMA_VERSION = 2
"""2: each record has a checksum, so that a flipped byte is seen before the record leaves."""

RECORD_COLUMNS = (
    *("sequence", "id", "camera", "kind", "event_id", "is_package", "document", "open_package"),
    *("added_at", "delivered_at", "checksum"),
)
FILE_COLUMNS = ("event_id", "name", "sha256", "path", "size", "derived", "kind", "state", "sequence")

_TABLES = """
CREATE TABLE records (
    sequence     INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    camera       TEXT NOT NULL,
    kind         TEXT NOT NULL,              -- of the event: violation, incident, count
    event_id     TEXT NOT NULL,              -- of the event itself, or the event a sealed package belongs to
    is_package   INTEGER NOT NULL,           -- 1: this record is the EvidenceSealed of that event
    document     BLOB NOT NULL,              -- canonical JSON with the sequence
    open_package INTEGER NOT NULL,           -- 1: an evidence package is still to be closed for this event
    added_at     TEXT NOT NULL,
    delivered_at TEXT,
    checksum     INTEGER                     -- CRC-32 of the document; null in records of version 1
) STRICT;
CREATE INDEX records_pending ON records (sequence) WHERE delivered_at IS NULL;
CREATE INDEX records_unsealed ON records (sequence) WHERE open_package = 1;
CREATE INDEX records_event ON records (event_id);
CREATE TABLE files (
    event_id TEXT NOT NULL,
    name     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    path     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    derived  INTEGER NOT NULL,
    kind     TEXT NOT NULL,                  -- of the event
    state    TEXT NOT NULL DEFAULT 'pending', -- pending, delivered, lost (not on disk any more, or altered)
    sequence INTEGER NOT NULL,               -- of the record that named it
    PRIMARY KEY (event_id, name)
) STRICT;
CREATE INDEX files_pending ON files (sequence) WHERE state = 'pending';
CREATE INDEX files_hash ON files (sha256);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Opens or creates the outbox's file and checks it.

    Raises:
        sqlite3.DatabaseError: the file is damaged.
        OutboxError: it cannot be opened, or was written by a newer version.
    """
    try:
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
    except sqlite3.OperationalError as error:
        raise OutboxError(f"{path}: the outbox cannot be opened ({error}); check the folder and its owner") from None
    try:
        _prepare(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        raise OutboxError(f"{path}: the outbox cannot be used ({error}); check disk space and permissions") from None
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def unsynced(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction inside is not synced to the disk by its commit; it is with the next one outside.

    The log is written in order, so a power cut takes back the newest transactions only, each as a whole.
    """
    connection.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous=FULL")


def checksum(document: bytes) -> int:
    """CRC-32 of a record's document."""
    return zlib.crc32(document)


def open_or_replace(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """As `open_database`; a damaged file is moved aside, a new one is started, and the old one's new path returned."""
    try:
        return open_database(path), None
    except sqlite3.DatabaseError:
        aside = _move_aside(path)
        return open_database(path), aside


def fsync_folder(folder: Path) -> None:
    """Makes names just created or renamed in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(
        "PRAGMA wal_autocheckpoint=512"
    )  # pages, so 2 MiB: the log must stay small beside the spare room, and each checkpoint syncs twice
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(str(verdict))
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise OutboxError(
            f"{path}: written by a newer giaolo (outbox version {version}, this one reads {SCHEMA_VERSION}); "
            "install that version again, or let it deliver everything first"
        )
    if version == 1:
        connection.executescript(
            "BEGIN IMMEDIATE;ALTER TABLE records ADD COLUMN checksum INTEGER;"
            f"PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
        )
    if version == 0:
        connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        fsync_folder(path.parent)


def _move_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + suffix))
    fsync_folder(path.parent)
    return aside
