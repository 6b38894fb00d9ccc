"""Events that are decided but not yet delivered, on disk."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from contracts.canonical import utc_text
from contracts.cloudevents import record_of, record_of_document, with_sequence
from contracts.event import Event, EvidenceSealed, Kind, Published
from contracts.evidence import CHAIN_START
from contracts.wire import Record
from edge.errors import OutboxError
from edge.outbox import rows
from edge.outbox.account import Counts, Losses, Offer, OutboxStats
from edge.outbox.disk import GiveUp, SpareRoom, is_full
from edge.outbox.room import drop_for, remove_delivered
from edge.outbox.rows import NamedFiles, NewRecord, PendingFile
from edge.outbox.salvage import salvage
from edge.outbox.schema import checksum, open_or_replace, unsynced
from edge.outbox.sequence import SequenceReserve
from edge.outbox.set_aside import SetAside
from edge.outbox.turns import Turns

log = structlog.get_logger()

LARGEST_DOCUMENT = 512 * 1024
"""Bytes of one record; half of what a Kafka broker takes by default."""


@dataclass(frozen=True, slots=True)
class PendingRecord:
    """A record that waits, with its place in the node's order."""

    sequence: int
    record: Record


class Outbox:
    """Events that are decided but not yet delivered.

    `add` and `seal` return only after the record and the names of its files are on disk, so a power cut loses
    neither. Each record gets the node's next sequence number; a repeat of an id changes nothing. Rows leave in the
    order they came. Delivery is at least once: the receiver drops repeats by id. What several threads add at one
    moment is written in one transaction.

    Bounded: see room.py for what goes first; on a full disk see disk.py. A damaged file is moved aside, what can be
    read of it is taken over (salvage.py) and what cannot is named in `faults`; numbers go on after the last reserved
    block (sequence.py).

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
        spare_bytes: int = 8 * 2**20,
    ) -> None:
        """Opens or creates the outbox.

        Args:
            path: the database file; its folder is made.
            node: whose records these are; an outbox of another node is refused.
            max_bytes: bound of records kept and undelivered files together.
            keep_delivered: newest delivered records kept, so that a repeat of an event is known again.
            keep_packages_bytes: of delivered packages kept on this disk; the oldest go first.
            spare_bytes: held back on the disk for the time when it is full.

        Raises:
            OutboxError: the folder or file cannot be used.
        """
        self._path = path
        self._set_aside = SetAside(path)
        self._node = node
        self._max_bytes = max_bytes
        self._keep_delivered = keep_delivered
        self._keep_packages_bytes = keep_packages_bytes
        self._lock = threading.RLock()
        self._turns = Turns(self._write_offers)
        self._listeners: list[Callable[[], None]] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise OutboxError(f"{path.parent}: cannot be made ({error.strerror}); check the data folder") from None
        self._counts = Counts()
        self._losses = Losses()
        self._spare = SpareRoom(path, spare_bytes, [lambda _: self._shorten_wal(), lambda _: self._remove_delivered(0)])
        self._db, self._losses.damaged = open_or_replace(path)
        self._reserve = SequenceReserve(path.with_name(path.name + ".sequence"))
        self._load()

    @property
    def damaged(self) -> Path | None:
        """Where the damaged file of before lies now."""
        return self._losses.damaged

    @property
    def lost_records(self) -> bool:
        """True when this run began with an empty outbox although the node had one before."""
        return self._losses.damaged is not None or self._losses.vanished is not None

    # writing

    def add(self, event: Event, files: NamedFiles = ()) -> Event:
        """Takes an event and the files that exist already; returns it with its sequence.

        Raises:
            OutboxError: no room by the policy, the disk is full, or the event is of another node or far too large.
        """
        (stored,) = self.add_all([(event, files)])
        if isinstance(stored, OutboxError):
            raise stored
        return stored

    def add_all(self, events: Sequence[tuple[Event, NamedFiles]]) -> list[Event | OutboxError]:
        """Takes what a camera found at one moment, written together: a sync to disk takes 4 ms whatever it is for.

        Returns:
            of each event, in order, itself with its sequence, or why it was refused, as `add` raises; one that is
            refused takes no other with it.
        """
        offers = [
            Offer.of(event, event.data.kind, files, opens=bool(files) and event.data.kind != "count", node=self._node)
            for event, files in events
        ]
        self._take(offers)
        return [offer.outcome(Event) for offer in offers]

    def seal(self, sealed: EvidenceSealed, files: NamedFiles) -> EvidenceSealed:
        """Takes a closed package; its manifest becomes the chain's head in the same transaction. Errors as `add`."""
        with self._lock:
            row = self._db.execute(
                "SELECT kind FROM records WHERE event_id = ? AND is_package = 0", (sealed.data.event_id,)
            ).fetchone()
        kind: Kind = row[0] if row else "incident"
        offer = Offer.of(sealed, kind, files, opens=False, node=self._node)
        self._take([offer])
        stored = offer.outcome(EvidenceSealed)
        if isinstance(stored, OutboxError):
            raise stored
        return stored

    def mark_delivered(self, sequences: Iterable[int]) -> None:
        """The centre has these records.

        Not synced to the disk by itself: a power cut may take this back, and the records are then sent once more,
        as after a death between the centre's word and this call.
        """
        with self._transaction(is_synced=False):
            rows.mark(self._db, sequences, self._now())
            up_to = self._counts.last_sequence - self._keep_delivered
            self._counts.record_bytes -= rows.forget_delivered(self._db, up_to)
        with self._lock:
            self._spare.refill()

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
        return self._remove_delivered(self._keep_packages_bytes)

    def may_give_up(self, give_up: GiveUp) -> None:
        """On a full disk, `give_up` is called before a record is refused; what was named first goes first."""
        self._spare.add_give_up(give_up)

    def close(self) -> None:
        """Closes the file; nothing is lost without it."""
        with self._lock:
            self._db.close()

    # reading

    def pending_records(self, limit: int, most_bytes: int | None = None) -> list[PendingRecord]:
        """The oldest undelivered records, in the order they came. One that was altered on the disk is given up.

        Args:
            limit: at most so many.
            most_bytes: no more of them once their documents are as large; at least one.
        """
        found: list[PendingRecord] = []
        after = 0
        while not found:
            with self._lock:
                waiting = rows.pending(self._db, after, limit, most_bytes)
            if not waiting:
                break
            after = waiting[-1][0]
            bad = [number for number, document, expected in waiting if expected not in {None, checksum(document)}]
            if bad:
                self._give_up_altered(bad)
            found = [
                PendingRecord(number, record_of_document(document, self.life))
                for number, document, _ in waiting
                if number not in bad
            ]
        return found

    def pending_files(self, limit: int) -> list[PendingFile]:
        """Undelivered files: small ones (stills, manifests) before clips, then oldest first."""
        with self._lock:
            return rows.pending_files(self._db, limit)

    def unsealed_events(self) -> list[Event]:
        """Events whose package was opened and never sealed, oldest first."""
        with self._lock:
            return rows.unsealed(self._db)

    def knows(self, event_id: str) -> bool:
        """True when the outbox holds the event or names files of it."""
        with self._lock:
            return rows.knows(self._db, event_id)

    def chain_head(self) -> str:
        """SHA-256 of the last sealed manifest; 64 zeros before the first."""
        return self._counts.chain_head

    def stats(self) -> OutboxStats:
        """What waits now."""
        with self._lock:
            pending, oldest, files = rows.waiting(self._db)
            counts = self._counts
            return OutboxStats(
                pending=pending,
                pending_files=files,
                bytes=counts.bytes,
                last_sequence=counts.last_sequence,
                life=self.life,
                oldest_pending_at=datetime.fromisoformat(oldest) if oldest else None,
                dropped_records=counts.dropped_records,
                dropped_files=counts.dropped_files,
            )

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the outbox itself, in words."""
        told = (*self._losses.words(), *self._counts.words(self._max_bytes), self._spare.fault())
        told = (*told, *self._set_aside.faults())
        return tuple(filter(None, told))

    def listen(self, callback: Callable[[], None]) -> None:
        """`callback` is called, from the writer's thread, after each record is on disk. It must not block."""
        self._listeners.append(callback)

    # inside

    def _take(self, offers: Sequence[Offer]) -> None:
        """Returns when what became of each of them is noted in it."""
        ours = [offer for offer in offers if offer.error is None]
        if not ours:
            return
        self._turns.offer(*ours)
        if any(offer.stored is not None for offer in ours):
            for callback in self._listeners:
                callback()

    def _write_offers(self, offers: Sequence[Offer]) -> None:
        """Writes all offers in one transaction; each alone when that fails, so that each gets its own fault."""
        with self._lock:
            self._write_locked(offers)

    def _write_locked(self, offers: Sequence[Offer]) -> None:
        before = replace(self._counts)
        incoming = sum(sum(file.size for file, _ in offer.files) + 4096 for offer in offers)
        if len(offers) > 1 and before.bytes + incoming <= self._max_bytes:
            try:
                self._write(offers)
            except (OSError, sqlite3.Error, OutboxError, OverflowError):
                self._counts = before
                for offer in offers:
                    offer.stored = None
            else:
                return
        for offer in offers:
            try:
                self._write_alone(offer)
            except OutboxError as error:
                offer.error = error

    def _write_alone(self, offer: Offer) -> None:
        """One record in its own transaction; room is made first by the policy, and on a full disk as disk.py says."""
        attempt = 0
        while True:
            before = self._counts
            try:
                self._make_room(offer)
                before = replace(self._counts)
                self._write([offer])
            except OverflowError as error:
                self._counts = before
                offer.stored = None
                raise OutboxError(f"event {offer.published.id} holds a number no outbox can keep ({error})") from None
            except (OSError, sqlite3.Error) as error:
                self._counts = before
                offer.stored = None
                more = self._spare.open_for(offer.kind, attempt) if is_full(error) else None
                if more is not None:
                    attempt = more
                    continue
                raise OutboxError(
                    f"{self._path}: event {offer.published.id} could not be written ({error}); check disk space"
                ) from None
            return

    def _write(self, offers: Sequence[Offer]) -> None:
        """All in one transaction."""
        now = self._now()
        with self._transaction():
            known = rows.stored(self._db, [offer.published.id for offer in offers])
            new = [record for offer in offers if (record := self._numbered(offer, known)) is not None]
            if not new:
                return
            if rows.insert(self._db, new, now):
                self._counts.file_bytes = rows.file_bytes(self._db)
            rows.put(self._db, "last_sequence", str(self._counts.last_sequence))

    def _numbered(self, offer: Offer, known: dict[str, bytes]) -> NewRecord | None:
        """The record as it will be written, with its number, known from now on; None: it was known already."""
        before = known.get(offer.published.id)
        if before is not None:
            offer.stored = type(offer.published).model_validate_json(before)
            return None
        counts = self._counts
        number = counts.last_sequence + 1
        record = offer.published.model_copy(update={"sequence": number})
        new = NewRecord(record, with_sequence(offer.document, number), offer.kind, offer.files, offer.opens)
        self._check_size(offer.published, new.document)
        self._reserve.cover(number)
        if isinstance(record, EvidenceSealed):
            counts.chain_head = record.data.manifest_sha256
            rows.put(self._db, "chain_head", counts.chain_head)
        counts.last_sequence = number
        counts.record_bytes += len(new.document)
        known[record.id] = new.document
        offer.stored = record
        return new

    def _check_size(self, published: Published, document: bytes) -> None:
        """OutboxError for a record no centre would take; it is kept beside the outbox."""
        if len(document) <= LARGEST_DOCUMENT:
            return
        with suppress(OSError):
            self._set_aside.put(record_of(published), "above the outbox's bound of one record")
        raise OutboxError(
            f"a record of {len(document)} bytes is above the bound of {LARGEST_DOCUMENT}; shorten its path or facts"
        )

    def _make_room(self, offer: Offer) -> None:
        """Drops what may go for this record, until it is within the bound. OutboxError when not enough may go."""
        sizes = sum(file.size for file, _ in offer.files)
        if self._counts.bytes + sizes + LARGEST_DOCUMENT <= self._max_bytes:
            return  # room for any record: no need to write this one twice to know its size
        if rows.stored(self._db, [offer.published.id]):
            return
        self._check_size(offer.published, offer.document)
        counts = self._counts
        incoming = len(offer.document) + sizes
        over = counts.bytes + incoming - self._max_bytes
        if over <= 0:
            return
        dropped = drop_for(self._db, offer.kind, over)
        counts.dropped_records += dropped.records
        counts.dropped_files += dropped.files
        counts.record_bytes -= dropped.record_bytes
        counts.file_bytes = rows.file_bytes(self._db)
        for path in dropped.paths:
            path.unlink(missing_ok=True)
        with self._transaction():
            rows.put(self._db, "dropped_records", str(counts.dropped_records))
            rows.put(self._db, "dropped_files", str(counts.dropped_files))
        if offer.kind != "violation" and dropped.total_bytes < over:
            raise OutboxError(
                f"the outbox is full ({self._max_bytes} bytes) and only violations are left, which are never dropped: "
                f"this {offer.kind} was refused; see why the centre does not take records, or raise outbox_max_bytes"
            )

    def _give_up_altered(self, numbers: list[int]) -> None:
        log.error("records altered on disk", numbers=numbers)
        self._losses.altered += numbers
        with self._transaction():
            rows.mark(self._db, numbers, "altered on disk")

    def _remove_delivered(self, keep_bytes: int) -> int:
        with self._lock:
            return remove_delivered(self._db, keep_bytes)

    def _shorten_wal(self) -> int:
        """Moves what the write-ahead log holds into the database and cuts it off; returns the bytes freed."""
        wal = self._path.with_name(self._path.name + "-wal")
        with self._lock:
            before = wal.stat().st_size
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return before - wal.stat().st_size

    def _leave(self, sha256: str, state: str) -> None:
        with self._transaction():
            self._db.execute("UPDATE files SET state = ? WHERE sha256 = ? AND state = 'pending'", (state, sha256))
        with self._lock:
            self._counts.file_bytes = rows.file_bytes(self._db)

    def _load(self) -> None:
        meta = dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        owner = meta.get("node", self._node)
        if owner != self._node:
            raise OutboxError(
                f"{self._path}: this is the outbox of node {owner!r}, not of {self._node!r}; give each node its own "
                "data folder"
            )
        stored = meta.get("last_sequence")
        if stored is None and self._reserve.exists:
            self._losses.vanished = self._path
        last = self._reserve.start_after(None if stored is None else int(stored), lost=self.damaged is not None)
        if self.damaged is not None and stored is None:
            meta, last = self._take_over(self.damaged, last)
        self.life = self._life(meta, last)
        self._counts = Counts(
            last_sequence=last,
            record_bytes=rows.record_bytes(self._db),
            file_bytes=rows.file_bytes(self._db),
            dropped_records=int(meta.get("dropped_records", "0")),
            dropped_files=int(meta.get("dropped_files", "0")),
            chain_head=meta.get("chain_head", CHAIN_START),
        )
        with self._transaction():
            rows.put(self._db, "node", self._node)
            rows.put(self._db, "life", self.life)

    def _take_over(self, damaged: Path, last: int) -> tuple[dict[str, str], int]:
        """What can be read of a damaged file; returns its words that still hold, and the number to go on after."""
        found = salvage(damaged, last if self._reserve.exists else None)
        self._losses.salvaged = found
        if found.meta.get("node", self._node) != self._node or not found.records:
            log.error("outbox damaged, nothing read", file=str(damaged))
            return {}, last
        last = max(last, *(row[0] for row in found.records))
        kept: dict[str, str] = {name: found.meta[name] for name in ("chain_head", "life") if name in found.meta}
        with self._transaction():
            rows.restore(self._db, found.records, found.files)
            for name, value in (*kept.items(), ("last_sequence", str(last))):
                rows.put(self._db, name, value)
        log.error("outbox damaged", file=str(damaged), saved=found.words())
        return {**kept, "last_sequence": str(last)}, last

    def _life(self, meta: dict[str, str], last: int) -> str:
        """Which outbox counts: the one of before as long as anything of it is left."""
        if "life" in meta:
            self._reserve.life = meta["life"]
        elif "last_sequence" not in meta and not self._reserve.exists:
            self._reserve.begin(last)
        return self._reserve.life

    @staticmethod
    def _now() -> str:
        return utc_text(datetime.now(UTC))

    @contextmanager
    def _transaction(self, *, is_synced: bool = True) -> Iterator[None]:
        """All or nothing. Not synced: it survives the death of this process, and is on disk with the next one."""
        with self._lock, nullcontext() if is_synced else unsynced(self._db):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
