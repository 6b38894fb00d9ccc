"""Events and what people decided about them.

An event is stored once and never changes; a decision is a row of its own, so that who said what and when stays.
`state` and `version` on the event are the newest decision's, kept beside it for lists and for `If-Match`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    false,
    func,
    literal,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from contracts.cloudevents import document_of
from contracts.event import Event, Kind
from contracts.evidence import event_document
from contracts.wire import Record
from ingest.access.scope import Scope
from ingest.store.base import Base, UtcTime
from ingest.store.bulk import among, insert_rows

MOST_SLICES = 128
"""More values than this are looked for along the order of time; so many cameras are seldom rare in it."""

EventState = Literal["new", "confirmed", "rejected"]
Verdict = Literal["confirmed", "rejected"]


_HAS_STILL = text("still_sha256 IS NOT NULL")


class EventRow(Base):
    """One event. `document` is its JSON without the sequence as its node wrote it, which the evidence package binds."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "time", "id"),
        Index(None, "kind", "state", "time", "id"),
        Index("ix_events_camera_kind_state_time_id", "camera_id", "kind", "state", "time", "id"),
        Index(None, "rule", "time", "id"),
        Index(None, "type", "time", "id"),
        Index("ix_events_still", "still_sha256", postgresql_where=_HAS_STILL, sqlite_where=_HAS_STILL),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(64))
    node_id: Mapped[str] = mapped_column(String(64))
    camera_id: Mapped[str] = mapped_column(String(64))
    time: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    sequence: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[str | None] = mapped_column(String(64))
    still_sha256: Mapped[str | None] = mapped_column(String(64))
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


def stored_form_of(record: Record, event: Event) -> str:
    """As `stored_form`, of an event just read from a record: its data as it came. ValueError when it is no text."""
    return document_of(record, event).decode()


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
    if stored != document and _in_one_form(stored) != _in_one_form(document):
        raise ValueError(f"event {event.id} is already stored with other content")
    return False


def _in_one_form(document: str) -> str:
    """A node of another version, or a program of another maker, may say the same in other bytes."""
    return stored_form(Event.model_validate_json(document))


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
    rows = list(session.scalars(page_query(scope, wanted, limit=limit + 1, after=after)))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Position(last.time, last.id)


def page_query(scope: Scope, wanted: EventFilter, *, limit: int, after: Position | None) -> Select[EventRow]:
    """The newest `limit` events that fit.

    A filter with several values is asked as one slice for each combination, every slice from the index that has it in
    order: so many index entries are read as are wanted, times the slices, whatever the size of the table.
    """
    slices, rest = _slices(scope, wanted)
    rest = [*rest, *_between(wanted, after)]
    newest_first = (EventRow.time.desc(), EventRow.id.desc())
    if len(slices) <= 1:
        return select(EventRow).where(*(slices[0] if slices else [false()]), *rest).order_by(*newest_first).limit(limit)
    each = [
        select(EventRow.id, EventRow.time).where(*one, *rest).order_by(*newest_first).limit(limit).subquery()
        for one in slices
    ]
    found = union_all(*(select(one.c.id, one.c.time) for one in each)).subquery()
    newest = select(found.c.id).order_by(found.c.time.desc(), found.c.id.desc()).limit(limit).subquery()
    return select(EventRow).join(newest, EventRow.id == newest.c.id).order_by(*newest_first)


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


_Conditions = list[ColumnElement[bool]]


def _slices(scope: Scope, wanted: EventFilter) -> tuple[list[_Conditions], _Conditions]:
    """Conditions of the slices, of which exactly one holds for each event that fits, and what holds for all of them."""
    cameras = _cameras(scope, wanted)
    states = _kinds_and_states(wanted) if cameras is not None or wanted.kinds or wanted.states else [[]]
    if cameras is not None:
        slices = [[EventRow.camera_id == camera, *state] for camera in cameras for state in states]
        rest = _one_of(EventRow.rule, wanted.rules) + _one_of(EventRow.type, wanted.types)
    elif wanted.rules or wanted.types:
        column, values = (EventRow.rule, wanted.rules) if wanted.rules else (EventRow.type, wanted.types)
        slices = [[column == value] for value in dict.fromkeys(values)]
        rest = _one_of(EventRow.type, wanted.types) if wanted.rules else []
        rest += _one_of(EventRow.kind, wanted.kinds) + _one_of(EventRow.state, wanted.states)
    else:
        return states, []
    if len(slices) <= MOST_SLICES:
        return slices, rest
    everything = _one_of(EventRow.kind, wanted.kinds) + _one_of(EventRow.state, wanted.states)
    everything += _one_of(EventRow.rule, wanted.rules) + _one_of(EventRow.type, wanted.types)
    return [everything + ([] if cameras is None else _one_of(EventRow.camera_id, cameras))], []


def _cameras(scope: Scope, wanted: EventFilter) -> list[str] | None:
    """Cameras that are both wanted and to be seen; None: all."""
    if scope.cameras is None:
        return sorted(set(wanted.cameras)) if wanted.cameras else None
    return sorted(scope.cameras & set(wanted.cameras) if wanted.cameras else scope.cameras)


def _kinds_and_states(wanted: EventFilter) -> list[_Conditions]:
    """Each wanted pair of kind and state that can be; counts are not decided, so they stay new."""
    kinds: Sequence[Kind] = wanted.kinds or get_args(Kind)
    states: Sequence[EventState] = wanted.states or get_args(EventState)
    return [
        [EventRow.kind == kind, EventRow.state == state]
        for kind in dict.fromkeys(kinds)
        for state in dict.fromkeys(states)
        if kind != "count" or state == "new"
    ]


def _one_of(column: InstrumentedAttribute[str], values: Sequence[str]) -> _Conditions:
    return [column.in_(values)] if values else []


def _between(wanted: EventFilter, after: Position | None) -> _Conditions:
    found: _Conditions = []
    if wanted.from_time is not None:
        found.append(EventRow.time >= wanted.from_time)
    if wanted.to_time is not None:
        found.append(EventRow.time < wanted.to_time)
    if after is not None:  # a pair is compared in one step along the index; `or` would read all that was shown before
        found.append(tuple_(EventRow.time, EventRow.id) < tuple_(literal(after.time, UtcTime), literal(after.id)))
    return found
