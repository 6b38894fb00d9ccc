"""How things cross from an edge node to the centre: three small protocols.

Each has two real implementations: one inside a process (demo, one machine) and one across machines
(Kafka for records, HTTP for evidence files and previews). Neither side knows which it talks to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One message: topic, partition key, CloudEvents attributes as headers, JSON body."""

    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


class PublishError(Exception):
    """Records were not taken; they stay in the outbox and are tried again. The message says why."""


class Publisher(Protocol):
    """Takes records to the centre. Used by one thread."""

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:
        """Blocks until each record is durably taken or has failed; one flag per record, in order.

        Records of one key keep their order. Raises PublishError when nothing could be tried. Without records it only
        makes ready (connects), which the first ones then need not wait for.
        """
        ...

    def close(self) -> None:
        """Frees connections; not taken records are the outbox's to keep."""
        ...


class EvidenceSink(Protocol):
    """Takes evidence files by content hash, in pieces, resumable."""

    def received(self, sha256: str) -> int | None:
        """Bytes the sink already has, or None when the file is complete and its hash was checked."""
        ...

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        """Adds a piece at `offset`; returns as `received`. PublishError when refused or unreachable."""
        ...


class PreviewSink(Protocol):
    """Takes the newest picture of a camera for people who look at it live. Loses what is old."""

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Never blocks for longer than a network write; never raises."""
        ...

    def is_watched(self, camera: str) -> bool:
        """True when somebody looks: then several pictures a second are welcome, else one still a few seconds."""
        ...
