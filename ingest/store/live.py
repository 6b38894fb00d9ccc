"""The log behind the live stream: what changed, in the order of commits.

A row names what changed, not how: the reader sends the present view of it. So a client that was away for an hour
gets each event once, as it is now. Old rows are dropped; who asks for what came before them must load anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import BigInteger, Integer, String, delete, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.store import notify
from ingest.store.base import Base, UtcTime
from ingest.store.bulk import insert_rows

LiveName = Literal["event", "evidence", "decision", "camera", "node"]

KEPT_ROWS = 20_000
"""Rows kept for clients that come back."""

_ORDER_LOCK = 7_310_001


@dataclass(frozen=True, slots=True)
class Change:
    """Something people who look at the screen should know: `subject` is an event id, a camera id, or a node's.

    `camera` is "" for a node: who may see some cameras only is not told of it.
    """

    name: LiveName
    subject: str
    camera: str


class LiveRow(Base):
    """One change. Ids grow in the order of commits."""

    __tablename__ = "live_log"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    camera_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)

    def change(self) -> Change:
        """What changed."""
        return Change(cast("LiveName", self.name), self.subject, self.camera_id)


def append(session: Session, changes: Sequence[Change], at: datetime) -> None:
    """Adds changes at the end; they are seen when the transaction commits."""
    if not changes:
        return
    take_turn(session)
    insert_rows(
        session,
        LiveRow,
        [{"name": one.name, "subject": one.subject, "camera_id": one.camera, "at": at} for one in changes],
    )
    notify.announce(session)


def take_turn(session: Session) -> None:
    """Waits until no other transaction that appends is open; until commit it is this one's turn.

    PostgreSQL gives sequence numbers before commit: without this a reader could see 6, then 5, and miss it. A consumer
    takes its turn before it writes anything, so two of them with the same records never wait for each other's rows.
    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ORDER_LOCK})


def after(session: Session, position: int, limit: int) -> list[LiveRow]:
    """Changes after a position, oldest first."""
    return list(session.scalars(select(LiveRow).where(LiveRow.id > position).order_by(LiveRow.id).limit(limit)))


def bounds(session: Session) -> tuple[int, int]:
    """Ids of the oldest and the newest kept change; (0, 0) when there is none."""
    oldest, newest = session.execute(select(func.min(LiveRow.id), func.max(LiveRow.id))).one()
    return (oldest or 0, newest or 0)


def prune(session: Session, kept: int = KEPT_ROWS) -> None:
    """Drops what is older than the newest `kept` changes."""
    _, newest = bounds(session)
    session.execute(delete(LiveRow).where(LiveRow.id <= newest - kept))
