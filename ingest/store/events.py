"""Events and what people decided about them.

An event is stored once and never changes; a decision is a row of its own, so that who said what and when stays.
`state` and `version` on the event are the newest decision's, kept beside it for lists and for `If-Match`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contracts.event import Event, Kind
from contracts.evidence import event_document
from ingest.access.scope import Scope
from ingest.store.base import Base, UtcTime
from ingest.store.bulk import among, insert_rows

EventState = Literal["new", "confirmed", "rejected"]
Verdict = Literal["confirmed", "rejected"]


class EventRow(Base):
    """One event. `document` is its canonical JSON without the sequence, exactly what the evidence package binds."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "time", "id"),
        Index(None, "camera_id", "time", "id"),
        Index(None, "kind", "state", "time", "id"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(64), index=True)
    node_id: Mapped[str] = mapped_column(String(64))
    camera_id: Mapped[str] = mapped_column(String(64))
    time: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    sequence: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[str | None] = mapped_column(String(64))
    still_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    document: Mapped[str] = mapped_column(Text)


class DecisionRow(Base):
    """What one person decided about one event. Rows are only ever added."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"), index=True)
    version: Mapped[int]
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcTime)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a list is narrowed to; empty means everything. `from_time` is included, `to_time` is not."""

    from_time: datetime | None = None
    to_time: datetime | None = None
    cameras: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    states: tuple[EventState, ...] = ()
    types: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """Place of an event in the order of lists: time, then id, both descending."""

    time: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A decision to be stored."""

    decision: Verdict
    reason: str | None
    by_id: str
    by_name: str
    at: datetime


def stored_form(event: Event) -> str:
    """Canonical JSON without the sequence: a record sent again after a crash has another number but is the same."""
    return event_document(event).decode()


def documents(session: Session, event_ids: Sequence[str]) -> dict[str, str]:
    """Stored form of those of the events that are here, by id."""
    query = select(EventRow.id, EventRow.document).where(among(session, EventRow.id, event_ids))
    return {row.id: row.document for row in session.execute(query)}


def is_new(event: Event, document: str, known: dict[str, str]) -> bool:
    """Whether the event is to be stored; False: it is here. ValueError when another event has this id.

    Args:
        event: what a node published.
        document: its stored form.
        known: `documents` of the batch; a new event is added to it.
    """
    stored = known.get(event.id)
    if stored is None:
        known[event.id] = document
        return True
    if stored != document:
        raise ValueError(f"event {event.id} is already stored with other content")
    return False


def add(session: Session, arrived: Sequence[tuple[Event, str]], received_at: datetime) -> None:
    """Stores new events, each with its stored form, in one go."""
    insert_rows(
        session,
        EventRow,
        [
            {
                "id": event.id,
                "type": event.type,
                "kind": event.data.kind,
                "rule": event.data.rule.id,
                "node_id": event.data.node,
                "camera_id": event.data.camera,
                "time": event.time,
                "received_at": received_at,
                "sequence": event.sequence,
                "place": event.data.where,
                "still_sha256": event.data.still_sha256,
                "state": "new",
                "version": 1,
                "document": document,
            }
            for event, document in arrived
        ],
    )


def one(session: Session, scope: Scope, event_id: str) -> EventRow | None:
    """The event, or None when it is not there or not to be seen."""
    return session.scalars(_seen(select(EventRow), scope).where(EventRow.id == event_id)).one_or_none()


def stored_document(session: Session, event_id: str) -> bytes | None:
    """Canonical JSON of the event without its sequence, for the check of its package; None when it is not here."""
    document = session.scalar(select(EventRow.document).where(EventRow.id == event_id))
    return None if document is None else document.encode()


def several(session: Session, scope: Scope, event_ids: Sequence[str]) -> dict[str, EventRow]:
    """Those of the events that are there and may be seen, by id."""
    rows = session.scalars(_seen(select(EventRow), scope).where(EventRow.id.in_(event_ids)))
    return {row.id: row for row in rows}


def page(
    session: Session, scope: Scope, wanted: EventFilter, *, limit: int, after: Position | None
) -> tuple[list[EventRow], Position | None]:
    """Newest events first, at most `limit`, and where the next page starts (None: this was the last).

    New events do not shift later pages: a page starts after a position, not after a count.
    """
    query = _narrowed(_seen(select(EventRow), scope), wanted)
    if after is not None:
        query = query.where(or_(EventRow.time < after.time, and_(EventRow.time == after.time, EventRow.id < after.id)))
    query = query.order_by(EventRow.time.desc(), EventRow.id.desc()).limit(limit + 1)
    rows = list(session.scalars(query))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Position(last.time, last.id)


def with_still(session: Session, sha256: str) -> list[EventRow]:
    """Events whose picture at the finding has this hash."""
    return list(session.scalars(select(EventRow).where(EventRow.still_sha256 == sha256)))


def decide(session: Session, event: EventRow, verdict: Verdicts) -> DecisionRow:
    """Adds a decision and makes it the event's state."""
    event.version += 1
    event.state = verdict.decision
    row = DecisionRow(
        event_id=event.id,
        version=event.version,
        decision=verdict.decision,
        reason=verdict.reason,
        by_id=verdict.by_id,
        by_name=verdict.by_name,
        at=verdict.at,
    )
    session.add(row)
    session.flush()
    return row


def lock(session: Session, scope: Scope, event_id: str) -> EventRow | None:
    """As `one`, and nobody else can change the event until this transaction ends."""
    query = _seen(select(EventRow), scope).where(EventRow.id == event_id).with_for_update()
    return session.scalars(query).one_or_none()


def newest_decisions(session: Session, event_ids: Sequence[str]) -> dict[str, DecisionRow]:
    """The decision that holds, by event id."""
    newest = select(func.max(DecisionRow.id)).where(DecisionRow.event_id.in_(event_ids)).group_by(DecisionRow.event_id)
    return {row.event_id: row for row in session.scalars(select(DecisionRow).where(DecisionRow.id.in_(newest)))}


def _seen(query: Select[Any], scope: Scope) -> Select[Any]:
    return query if scope.cameras is None else query.where(EventRow.camera_id.in_(scope.cameras))


def _narrowed(query: Select[Any], wanted: EventFilter) -> Select[Any]:
    if wanted.from_time is not None:
        query = query.where(EventRow.time >= wanted.from_time)
    if wanted.to_time is not None:
        query = query.where(EventRow.time < wanted.to_time)
    for column, values in (
        (EventRow.camera_id, wanted.cameras),
        (EventRow.kind, wanted.kinds),
        (EventRow.state, wanted.states),
        (EventRow.type, wanted.types),
        (EventRow.rule, wanted.rules),
    ):
        if values:
            query = query.where(column.in_(values))
    return query
