"""Retention and legal holds: what may go, what may not, and what went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, Text, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.store.base import Base, UtcTime
from ingest.store.bulk import among
from ingest.store.events import DecisionRow, EventRow
from ingest.store.evidence import FileRow, PackageRow
from ingest.store.live import LiveRow


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


@dataclass(frozen=True, slots=True)
class Due:
    """Events of one kind and state that happened and came before a moment."""

    kind: str
    state: str
    before: datetime

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Of those that are not on hold. Both times: a camera whose clock stood years back loses nothing."""
        return (
            EventRow.kind == self.kind,
            EventRow.state == self.state,
            EventRow.time < self.before,
            EventRow.received_at < self.before,
            ~exists().where(HoldRow.event_id == EventRow.id),
        )


def count_due(session: Session, due: Due) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(EventRow).where(*due.conditions())) or 0


def take_due(session: Session, due: Due, limit: int) -> list[str]:
    """Ids of the oldest ones, locked: nobody decides on them or puts them on hold until this transaction ends."""
    query = select(EventRow.id).where(*due.conditions()).order_by(EventRow.time, EventRow.id).limit(limit)
    ids = list(session.scalars(query.with_for_update(skip_locked=True)))
    held = holds(session, ids)  # put on hold between the look and the lock
    return [one for one in ids if one not in held]


def remove(session: Session, event_ids: Sequence[str]) -> None:
    """Deletes events with decisions and packages; the names of their files are kept for `files_to_remove`."""
    if not event_ids:
        return
    named = select(FileRow.sha256).where(among(session, FileRow.event_id, event_ids))
    stills = select(EventRow.still_sha256).where(
        among(session, EventRow.id, event_ids), EventRow.still_sha256.is_not(None)
    )
    files = {*session.scalars(named), *(one for one in session.scalars(stills) if one is not None)}
    if files:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        rows = [{"sha256": one} for one in sorted(files)]
        session.connection().execute(insert(FileToRemoveRow).on_conflict_do_nothing(), rows)
    for column in (FileRow.event_id, PackageRow.event_id, DecisionRow.event_id, EventRow.id):
        gone = delete(column.class_).where(among(session, column, event_ids))
        session.execute(gone, execution_options={"synchronize_session": False})


def files_to_remove(session: Session, limit: int) -> set[str]:
    """Some of the files to look at."""
    return set(session.scalars(select(FileToRemoveRow.sha256).order_by(FileToRemoveRow.sha256).limit(limit)))


def still_named(session: Session, files: Sequence[str]) -> set[str]:
    """Those of the files that an event or a package that is here names."""
    packages = session.scalars(select(FileRow.sha256).where(among(session, FileRow.sha256, files)))
    stills = session.scalars(select(EventRow.still_sha256).where(among(session, EventRow.still_sha256, files)))
    return {*packages, *(one for one in stills if one is not None)}


def forget_files(session: Session, files: Sequence[str]) -> None:
    """They were looked at."""
    gone = delete(FileToRemoveRow).where(among(session, FileToRemoveRow.sha256, files))
    session.execute(gone, execution_options={"synchronize_session": False})


def prune_live_log(session: Session, now: datetime, days: int) -> int:
    """Drops changes that are older; how many."""
    gone = delete(LiveRow).where(LiveRow.at < now - timedelta(days=days)).returning(LiveRow.id)
    return len(session.execute(gone, execution_options={"synchronize_session": False}).all())


def add_run(
    session: Session,
    during: tuple[datetime, datetime],
    policy: dict[str, Any],
    removed: dict[str, int],
    problem: str | None,
) -> None:
    """Tells of a run."""
    session.add(
        RetentionRunRow(started_at=during[0], ended_at=during[1], policy=policy, removed=removed, problem=problem)
    )


def newest_run(session: Session) -> datetime | None:
    """When the newest run began that went well."""
    query = select(RetentionRunRow.started_at).where(RetentionRunRow.problem.is_(None))
    return session.scalar(query.order_by(RetentionRunRow.id.desc()).limit(1))


def holds(session: Session, event_ids: Collection[str]) -> dict[str, HoldRow]:
    """Holds of events the caller may see, by event id."""
    rows = session.scalars(select(HoldRow).where(among(session, HoldRow.event_id, list(event_ids))))
    return {row.event_id: row for row in rows}


def hold(session: Session, row: HoldRow) -> bool:
    """Puts an event on hold, the caller having locked it; False: it is on hold already, and stays as it is."""
    if session.get(HoldRow, row.event_id) is not None:
        return False
    session.add(row)
    session.flush()
    return True


def lift(session: Session, event_id: str) -> bool:
    """Takes the hold away; False: there is none."""
    row = session.get(HoldRow, event_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
