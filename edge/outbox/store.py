"""Events that are decided but not yet delivered, on disk."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from contracts.canonical import utc_text
from contracts.cloudevents import record_of
from contracts.event import Event, EvidenceFile, EvidenceSealed, Kind, Published, read_published
from contracts.evidence import CHAIN_START
from contracts.wire import Record
from edge.errors import OutboxError
from edge.outbox.room import drop_for, remove_delivered
from edge.outbox.schema import open_or_replace
from edge.outbox.sequence import SequenceReserve

LARGEST_DOCUMENT = 512 * 1024
"""Bytes of one record; half of what a Kafka broker takes by default."""

NamedFiles = Sequence[tuple[EvidenceFile, Path]]
T = TypeVar("T", Event, EvidenceSealed)


@dataclass(frozen=True, slots=True)
class PendingRecord:
    """A record that waits, with its place in the node's order."""

    sequence: int
    record: Record


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that waits, by content hash. Size in bytes."""

    sha256: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class OutboxStats:
    """What waits. `bytes` counts records kept and undelivered files; `dropped_*` since the outbox was made."""

    pending: int
    pending_files: int
    bytes: int
    last_sequence: int
    life: str
    """Which outbox counts, see sequence.py."""
    oldest_pending_at: datetime | None
    dropped_records: int
    dropped_files: int


class Outbox:
    """Events that are decided but not yet delivered.

    `add` and `seal` return only after the record and the names of its files are on disk, so a power cut loses
    neither. Each record gets the node's next sequence number; a repeat of an id changes nothing. Rows leave in the
    order they came. Delivery is at least once: the receiver drops repeats by id.

    Bounded: see room.py for what goes first. A damaged file is moved aside and named in `faults`; a new one is
    started, its numbers go on after the last reserved block (sequence.py) and its evidence chain starts again.

    Any thread may call any method.
    """

    def __init__(
        self,
        path: Path,
        *,
        node: str,
        max_bytes: int,
        keep_delivered: int = 10_000,
        keep_packages_bytes: int = 20 * 2**30,
    ) -> None:
        """Opens or creates the outbox.

        Args:
            path: the database file; its folder is made.
            node: whose records these are; an outbox of another node is refused.
            max_bytes: bound of records kept and undelivered files together.
            keep_delivered: newest delivered records kept, so that a repeat of an event is known again.
            keep_packages_bytes: of delivered packages kept on this disk; the oldest go first.

        Raises:
            OutboxError: the folder or file cannot be used.
        """
        self._path = path
        self._node = node
        self._max_bytes = max_bytes
        self._keep_delivered = keep_delivered
        self._keep_packages_bytes = keep_packages_bytes
        self._lock = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise OutboxError(f"{path.parent}: cannot be made ({error.strerror}); check the data folder") from None
        self._last_sequence = self._record_bytes = self._file_bytes = 0
        self._dropped_records = self._dropped_files = 0
        self._chain_head = CHAIN_START
        self.lost_records = False
        """True when this run began with an empty outbox although the node had one before."""
        self._db, self.damaged = open_or_replace(path)
        self._reserve = SequenceReserve(path.with_name(path.name + ".sequence"))
        self._load()

    # writing

    def add(self, event: Event, files: NamedFiles = ()) -> Event:
        """Takes an event and the files that exist already; returns it with its sequence.

        Raises:
            OutboxError: no room by the policy, the disk is full, or the event is of another node or far too large.
        """
        opens = bool(files) and event.data.kind != "count"
        return self._append(event, event.data.kind, files, opens=opens)

    def seal(self, sealed: EvidenceSealed, files: NamedFiles) -> EvidenceSealed:
        """Takes a closed package; its manifest becomes the chain's head in the same transaction. Errors as `add`."""
        with self._lock:
            row = self._db.execute(
                "SELECT kind FROM records WHERE event_id = ? AND is_package = 0", (sealed.data.event_id,)
            ).fetchone()
            kind: Kind = row[0] if row else "incident"
            return self._append(sealed, kind, files, opens=False)

    def mark_delivered(self, sequences: Iterable[int]) -> None:
        """The centre has these records."""
        now = utc_text(datetime.now(UTC))
        with self._transaction():
            self._db.executemany(
                "UPDATE records SET delivered_at = ? WHERE sequence = ? AND delivered_at IS NULL",
                [(now, sequence) for sequence in sequences],
            )
            freed = self._db.execute(
                "SELECT coalesce(sum(length(document)), 0) FROM records WHERE sequence <= ? AND open_package = 0 "
                "AND delivered_at IS NOT NULL",
                (self._last_sequence - self._keep_delivered,),
            ).fetchone()[0]
            if freed:
                self._db.execute(
                    "DELETE FROM records WHERE sequence <= ? AND open_package = 0 AND delivered_at IS NOT NULL",
                    (self._last_sequence - self._keep_delivered,),
                )
                self._record_bytes -= freed

    def mark_file_delivered(self, sha256: str) -> None:
        """The centre has the file with this content."""
        self._leave(sha256, "delivered")

    def mark_file_lost(self, sha256: str) -> None:
        """The file is gone from this disk, or altered: it cannot be delivered any more."""
        self._leave(sha256, "lost")

    def prune_delivered(self) -> int:
        """Removes delivered packages from disk, oldest first, until at most `keep_packages_bytes` of them are left.

        Returns the bytes freed. A package counts as delivered when all its files are.
        """
        with self._lock:
            return remove_delivered(self._db, self._keep_packages_bytes)

    def close(self) -> None:
        """Closes the file; nothing is lost without it."""
        with self._lock:
            self._db.close()

    # reading

    def pending_records(self, limit: int) -> list[PendingRecord]:
        """The oldest undelivered records, in the order they came."""
        with self._lock:
            rows = self._db.execute(
                "SELECT sequence, document FROM records WHERE delivered_at IS NULL ORDER BY sequence LIMIT ?", (limit,)
            ).fetchall()
        return [PendingRecord(sequence, record_of(read_published(document), self.life)) for sequence, document in rows]

    def pending_files(self, limit: int) -> list[PendingFile]:
        """Undelivered files: small ones (stills, manifests) before clips, then oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT sha256, min(path), max(size), min(sequence) AS first FROM files WHERE state = 'pending' "
                "GROUP BY sha256 ORDER BY max(size) > 1048576, first, max(size) LIMIT ?",
                (limit,),
            ).fetchall()
        return [PendingFile(sha256, Path(path), size) for sha256, path, size, _ in rows]

    def unsealed_events(self) -> list[Event]:
        """Events whose package was opened and never sealed, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT document FROM records WHERE open_package = 1 ORDER BY sequence").fetchall()
        return [Event.model_validate_json(document) for (document,) in rows]

    def knows(self, event_id: str) -> bool:
        """True when the outbox holds the event or names files of it."""
        with self._lock:
            return bool(
                self._db.execute(
                    "SELECT EXISTS (SELECT 1 FROM records WHERE event_id = ?) OR EXISTS "
                    "(SELECT 1 FROM files WHERE event_id = ?)",
                    (event_id, event_id),
                ).fetchone()[0]
            )

    def chain_head(self) -> str:
        """SHA-256 of the last sealed manifest; 64 zeros before the first."""
        return self._chain_head

    def stats(self) -> OutboxStats:
        """What waits now."""
        with self._lock:
            pending, oldest = self._db.execute(
                "SELECT count(*), min(added_at) FROM records WHERE delivered_at IS NULL"
            ).fetchone()
            files = self._db.execute("SELECT count(*) FROM files WHERE state = 'pending'").fetchone()[0]
            return OutboxStats(
                pending=pending,
                pending_files=files,
                bytes=self._record_bytes + self._file_bytes,
                last_sequence=self._last_sequence,
                life=self.life,
                oldest_pending_at=datetime.fromisoformat(oldest) if oldest else None,
                dropped_records=self._dropped_records,
                dropped_files=self._dropped_files,
            )

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the outbox itself, in words."""
        words = []
        if self.damaged is not None:
            words.append(
                f"the outbox was damaged and a new one was started; undelivered records may be lost, "
                f"the old file is {self.damaged}"
            )
        elif self.lost_records:
            words.append(f"the outbox {self._path} was gone and a new one was started; undelivered records are lost")
        if self._dropped_records or self._dropped_files:
            words.append(
                f"the outbox was full: {self._dropped_records} records and {self._dropped_files} files were dropped "
                "before they were delivered"
            )
        used = self._record_bytes + self._file_bytes
        if used > self._max_bytes:
            words.append(f"the outbox holds {used} bytes of violations, above its bound of {self._max_bytes}")
        return tuple(words)

    def listen(self, callback: Callable[[], None]) -> None:
        """`callback` is called, from the writer's thread, after each record is on disk. It must not block."""
        self._listeners.append(callback)

    # inside

    def _append(self, published: T, kind: Kind, files: NamedFiles, *, opens: bool) -> T:
        if published.data.node != self._node:
            raise OutboxError(f"record of node {published.data.node!r} in the outbox of node {self._node!r}")
        with self._lock:
            stored = self._db.execute("SELECT document FROM records WHERE id = ?", (published.id,)).fetchone()
            if stored is not None:
                return type(published).model_validate_json(stored[0])
            numbered = published.model_copy(update={"sequence": self._last_sequence + 1})
            document = numbered.to_json()
            self._make_room(kind, document, files)
            try:
                self._reserve.cover(numbered.sequence)
                self._write(numbered, document, kind, files, opens=opens)
            except (OSError, sqlite3.Error) as error:
                raise OutboxError(
                    f"{self._path}: event {published.id} could not be written ({error}); check disk space"
                ) from None
        for callback in self._listeners:
            callback()
        return numbered

    def _write(self, record: Published, document: bytes, kind: Kind, files: NamedFiles, *, opens: bool) -> None:
        sealed = isinstance(record, EvidenceSealed)
        event_id = record.data.event_id if isinstance(record, EvidenceSealed) else record.id
        head = record.data.manifest_sha256 if isinstance(record, EvidenceSealed) else self._chain_head
        with self._transaction():
            self._db.execute(
                "INSERT INTO records (sequence, id, camera, kind, event_id, is_package, document, open_package, "
                "added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (record.sequence, record.id, record.data.camera, kind, event_id, sealed, document, opens, self._now()),
            )
            rows = [
                (event_id, f.name, f.sha256, str(path), f.size, f.derived_from is not None, kind, record.sequence)
                for f, path in files
            ]
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO files (event_id, name, sha256, path, size, derived, kind, sequence) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            new_files = self._db.total_changes > before
            if sealed:
                self._db.execute("UPDATE records SET open_package = 0 WHERE id = ?", (event_id,))
            self._put("last_sequence", str(record.sequence))
            self._put("chain_head", head)
        self._last_sequence = record.sequence
        self._chain_head = head
        self._record_bytes += len(document)
        if new_files:
            self._file_bytes = self._sum_files()

    def _make_room(self, kind: Kind, document: bytes, files: NamedFiles) -> None:
        if len(document) > LARGEST_DOCUMENT:
            raise OutboxError(
                f"a record of {len(document)} bytes is above the bound of {LARGEST_DOCUMENT}; shorten its path or facts"
            )
        incoming = len(document) + sum(file.size for file, _ in files)
        over = self._record_bytes + self._file_bytes + incoming - self._max_bytes
        if over <= 0:
            return
        try:
            dropped = drop_for(self._db, kind, over)
        except sqlite3.Error as error:
            raise OutboxError(f"{self._path}: no room can be made ({error}); check disk space") from None
        self._dropped_records += dropped.records
        self._dropped_files += dropped.files
        self._record_bytes -= dropped.record_bytes
        self._file_bytes = self._sum_files()
        for path in dropped.paths:
            path.unlink(missing_ok=True)
        with self._transaction():
            self._put("dropped_records", str(self._dropped_records))
            self._put("dropped_files", str(self._dropped_files))
        if kind != "violation" and dropped.total_bytes < over:
            raise OutboxError(
                f"the outbox is full ({self._max_bytes} bytes) and only violations are left, which are never dropped: "
                f"this {kind} was refused; see why the centre does not take records, or raise outbox_max_bytes"
            )

    def _leave(self, sha256: str, state: str) -> None:
        with self._transaction():
            self._db.execute("UPDATE files SET state = ? WHERE sha256 = ? AND state = 'pending'", (state, sha256))
        with self._lock:
            self._file_bytes = self._sum_files()

    def _load(self) -> None:
        meta = dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        owner = meta.get("node", self._node)
        if owner != self._node:
            raise OutboxError(
                f"{self._path}: this is the outbox of node {owner!r}, not of {self._node!r}; give each node its own "
                "data folder"
            )
        stored = meta.get("last_sequence")
        self.lost_records = stored is None and (self.damaged is not None or self._reserve.exists)
        self._last_sequence = self._reserve.start_after(
            None if stored is None else int(stored), lost=self.damaged is not None
        )
        self.life = self._life(meta)
        self._chain_head = meta.get("chain_head", CHAIN_START)
        self._dropped_records = int(meta.get("dropped_records", "0"))
        self._dropped_files = int(meta.get("dropped_files", "0"))
        self._record_bytes = int(
            self._db.execute("SELECT coalesce(sum(length(document)), 0) FROM records").fetchone()[0]
        )
        self._file_bytes = self._sum_files()
        with self._transaction():
            self._put("node", self._node)
            self._put("life", self.life)

    def _life(self, meta: dict[str, str]) -> str:
        """Which outbox counts: the one of before as long as anything of it is left."""
        if "life" in meta:
            self._reserve.life = meta["life"]
        elif "last_sequence" not in meta and not self._reserve.exists:
            self._reserve.begin(self._last_sequence)
        return self._reserve.life

    def _sum_files(self) -> int:
        return int(self._db.execute("SELECT coalesce(sum(size), 0) FROM files WHERE state = 'pending'").fetchone()[0])

    def _put(self, key: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    @staticmethod
    def _now() -> str:
        return utc_text(datetime.now(UTC))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
