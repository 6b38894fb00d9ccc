"""Tables of retention: legal holds, runs, and files whose events are gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ingest.store.base import Base, UtcTime


class HoldRow(Base):
    """A legal hold: the event is not deleted, nor its evidence. The foreign key makes the database refuse it too."""

    __tablename__ = "holds"

    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcTime)


class RetentionRunRow(Base):
    """What one run removed, and by which policy. Rows are only added."""

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime] = mapped_column(UtcTime)
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    removed: Mapped[dict[str, int]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Text)


class FileToRemoveRow(Base):
    """A file whose last event may be gone: looked at, and removed where nothing names it any more."""

    __tablename__ = "files_to_remove"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
