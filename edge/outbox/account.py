"""What the outbox knows of itself beside its rows: what threads offer, what is counted, what was lost."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from contracts.event import Event, EvidenceSealed, Kind, Published
from contracts.evidence import CHAIN_START
from edge.errors import OutboxError
from edge.outbox.rows import NamedFiles
from edge.outbox.salvage import Salvage

T = TypeVar("T", Event, EvidenceSealed)


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


@dataclass(slots=True)
class Offer:
    """A record a thread wants written, and what became of it."""

    published: Published
    document: bytes
    """Its canonical JSON, with whatever sequence it came with."""
    kind: Kind
    files: NamedFiles
    opens: bool
    stored: Published | None = None
    """As it is on disk, with its number."""
    error: OutboxError | None = None

    @classmethod
    def of(cls, published: Published, kind: Kind, files: NamedFiles, *, opens: bool, node: str) -> "Offer":
        """What is to be written into the outbox of `node`, or why it cannot be."""
        offer = cls(published, b"", kind, files, opens)
        if published.data.node != node:
            offer.error = OutboxError(f"record of node {published.data.node!r} in the outbox of node {node!r}")
            return offer
        try:
            offer.document = published.to_json()
        except ValueError as error:
            offer.error = OutboxError(f"record {published.id} is no JSON ({error})")
        return offer

    def outcome(self, kind: type[T]) -> T | OutboxError:
        """The record with its number, or why it was refused; once it was written."""
        if self.error is not None:
            return self.error
        assert isinstance(self.stored, kind)  # noqa: S101 - done without an error
        return self.stored


@dataclass(slots=True)
class Counts:
    """What is known of the file without asking it; put back when a transaction fails."""

    last_sequence: int = 0
    record_bytes: int = 0
    file_bytes: int = 0
    dropped_records: int = 0
    dropped_files: int = 0
    chain_head: str = CHAIN_START

    @property
    def bytes(self) -> int:
        """Of records kept and files that wait."""
        return self.record_bytes + self.file_bytes

    def words(self, max_bytes: int) -> list[str]:
        """For `faults`."""
        told = []
        if self.dropped_records or self.dropped_files:
            told.append(
                f"the outbox was full: {self.dropped_records} records and {self.dropped_files} files were dropped "
                "before they were delivered"
            )
        if self.bytes > max_bytes:
            told.append(f"the outbox holds {self.bytes} bytes of violations, above its bound of {max_bytes}")
        return told


@dataclass(slots=True)
class Losses:
    """What this run found lost, for `faults`."""

    damaged: Path | None = None
    vanished: Path | None = None
    salvaged: Salvage | None = None
    altered: list[int] = field(default_factory=list)

    def words(self) -> list[str]:
        """For `faults`."""
        told = []
        if self.damaged is not None:
            saved = self.salvaged.words() if self.salvaged else "nothing could be read from it"
            told.append(f"the outbox was damaged and a new one was started; {saved}; the old file is {self.damaged}")
        elif self.vanished is not None:
            told.append(f"the outbox {self.vanished} was gone and a new one was started; undelivered records are lost")
        if self.altered:
            numbers = ", ".join(map(str, self.altered[:10]))
            told.append(f"{len(self.altered)} records were altered on the disk and are lost: numbers {numbers}")
        return told
