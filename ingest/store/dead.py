"""Dead letters: records that could not be read, kept with the reason so that nothing is lost silently."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from sqlalchemy import LargeBinary, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contracts.wire import Record
from ingest.clock import Clock, utc_now
from ingest.dead_letter import Letter
from ingest.store.base import Base, Database, UtcTime

_CHUNK = 200


class DeadLetters(Protocol):
    """Where unreadable records go: a table here, a Kafka topic across machines."""

    def put(self, record: Record, reason: str) -> None:
        """Keeps the record; returns only when it is safe. Raises when it is not, so that it is tried again."""
        ...


class DeadLetterRow(Base):
    """One record that could not be read."""

    __tablename__ = "dead_letters"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(Text)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)


class StoredDeadLetters:
    """Dead letters in the centre's own database."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def put(self, record: Record, reason: str) -> None:
        """Keeps the record in a transaction of its own."""
        headers = [[name, base64.b64encode(value).decode()] for name, value in record.headers]
        with self._database.write() as session:
            session.add(
                DeadLetterRow(
                    topic=record.topic,
                    key=record.key.replace("\0", "\N{REPLACEMENT CHARACTER}"),  # PostgreSQL has no NUL in text
                    value=record.value,
                    headers=json.dumps(headers),
                    reason=reason.replace("\0", "\N{REPLACEMENT CHARACTER}"),
                    at=self._clock(),
                )
            )

    def letters(self) -> Iterator[Letter]:
        """All letters, oldest first."""
        last = 0
        while True:
            with self._database.read() as session:
                chunk = select(DeadLetterRow).where(DeadLetterRow.id > last).order_by(DeadLetterRow.id).limit(_CHUNK)
                rows = list(session.scalars(chunk))
            if not rows:
                return
            last = rows[-1].id
            yield from (_letter(row) for row in rows)

    def remove(self, name: str) -> None:
        """The letter's record is safe elsewhere: in the store, or in a newer letter."""
        with self._database.write() as session:
            session.execute(delete(DeadLetterRow).where(DeadLetterRow.id == int(name)))


def _letter(row: DeadLetterRow) -> Letter:
    return Letter(str(row.id), row.at, row.reason, Record(row.topic, row.key, row.value, tuple(_headers(row.headers))))


def _headers(text: str) -> Iterator[tuple[str, bytes]]:
    for name, value in json.loads(text):
        yield str(name), base64.b64decode(value)


def count(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(DeadLetterRow)) or 0
