"""Numbers of the nodes' records: which came, and what is missing.

Several centre processes take records at once, and those of one node come in any order, for its cameras lie on
several partitions. So taking a batch only adds one row per outbox with the numbers that came (`note`), which waits
for nobody; once a second one process folds those rows into merged ranges (`fold`). An outbox that was started anew on
an empty disk counts from 1 again and says another outbox id, so its numbers are kept apart.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from contracts.cloudevents import outbox_of
from contracts.event import Event, EvidenceSealed
from contracts.health import NodeHealth
from contracts.wire import Record
from ingest.gaps import Span, Spans, from_text, missing, spans_of, text_of, union
from ingest.store.base import Base, UtcTime

_FOLD_LOCK = 7_310_003
FOLDED_AT_ONCE = 5_000
"""Rows of arrivals folded in one transaction."""

LARGEST = 2**63 - 1
"""The largest number a database column holds."""

_ID = BigInteger().with_variant(Integer, "sqlite")


class ArrivalRow(Base):
    """Numbers that came in one batch, not yet folded; `numbers` as `3,118-120`."""

    __tablename__ = "sequence_arrivals"

    id: Mapped[int] = mapped_column(_ID, primary_key=True, autoincrement=True)
    node_id: Mapped[str] = mapped_column(String(64))
    outbox: Mapped[str] = mapped_column(String(32))
    numbers: Mapped[str] = mapped_column(Text)


class RangeRow(Base):
    """Numbers that are here, from `first` to `last`; ranges of one outbox do not touch."""

    __tablename__ = "sequence_ranges"

    node_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    outbox: Mapped[str] = mapped_column(String(32), primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)


class HeadRow(Base):
    """How far an outbox had counted, and how much of it waited, by the node's newest report."""

    __tablename__ = "sequence_heads"

    node_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    outbox: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_sequence: Mapped[int] = mapped_column(BigInteger)
    pending: Mapped[int] = mapped_column(BigInteger)
    reported_at: Mapped[datetime] = mapped_column(UtcTime)


@dataclass(frozen=True, slots=True, order=True)
class Outbox:
    """One life of a node's outbox. `id` is `HEX-START`: it counts from START + 1; "" from a node that says none."""

    node: str
    id: str

    @property
    def start(self) -> int:
        """The number before the first one."""
        return int(self.id.partition("-")[2] or 0)


def note_taken(
    session: Session,
    taken: Iterable[tuple[Record, Event | EvidenceSealed | NodeHealth]],
    refused: Collection[Record] = (),
) -> None:
    """What a batch tells about numbers; a record that was refused has not come."""
    came: dict[tuple[str, str], list[int]] = defaultdict(list)
    reports: list[NodeHealth] = []
    not_here = {id(record) for record in refused}
    for record, message in taken:
        if isinstance(message, NodeHealth):
            reports.append(message)
        elif id(record) not in not_here:
            came[message.data.node, outbox_of(record)].append(message.sequence)
    note(session, {Outbox(node, life): numbers for (node, life), numbers in came.items()})
    note_heads(session, reports)


def note(session: Session, came: Mapping[Outbox, Iterable[int]]) -> None:
    """These numbers came; of repeats too. One statement, whatever the size of the batch."""
    rows = [
        {"node_id": outbox.node, "outbox": outbox.id, "numbers": text_of(spans)}
        for outbox, numbers in sorted(came.items())
        if (spans := spans_of(number for number in numbers if 1 <= number <= LARGEST))  # 0: the record says none
    ]
    if rows:
        session.connection().execute(insert(ArrivalRow), rows)


def note_heads(session: Session, reports: Iterable[NodeHealth]) -> None:
    """How far nodes say they have counted; an older report changes nothing."""
    newest: dict[Outbox, NodeHealth] = {}
    for report in reports:
        outbox = Outbox(report.node, report.outbox)
        if outbox not in newest or report.reported_at > newest[outbox].reported_at:
            newest[outbox] = report
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for outbox, report in sorted(newest.items(), key=lambda item: item[0]):
        new = make(HeadRow).values(
            node_id=outbox.node,
            outbox=outbox.id,
            last_sequence=report.last_sequence,
            pending=report.outbox_pending,
            reported_at=report.reported_at,
        )
        changed = {name: new.excluded[name] for name in ("last_sequence", "pending", "reported_at")}
        session.execute(
            new.on_conflict_do_update(
                index_elements=["node_id", "outbox"],
                set_=changed,
                where=HeadRow.reported_at < new.excluded.reported_at,
            )
        )


def has_arrivals(session: Session) -> bool:
    """Whether there is something to fold."""
    return session.scalar(select(ArrivalRow.id).limit(1)) is not None


def take_turn(session: Session) -> bool:
    """Whether this process may fold and look in this transaction; False: another one is at it just now."""
    if session.get_bind().dialect.name != "postgresql":
        return True  # one writer at a time anyway
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _FOLD_LOCK}))


def wait_for_turn(session: Session) -> None:
    """As `take_turn`, and waits for it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FOLD_LOCK})


def fold(session: Session) -> set[Outbox]:
    """Merges arrivals into the ranges; the caller has the turn. Returns whose ranges changed."""
    oldest = select(ArrivalRow.id).order_by(ArrivalRow.id).limit(FOLDED_AT_ONCE).scalar_subquery()
    came: dict[Outbox, list[Span]] = defaultdict(list)
    gone = delete(ArrivalRow).where(ArrivalRow.id.in_(oldest))
    for node, outbox, numbers in session.execute(
        gone.returning(ArrivalRow.node_id, ArrivalRow.outbox, ArrivalRow.numbers),
        execution_options={"synchronize_session": False},
    ):
        came[Outbox(node, outbox)].extend(from_text(numbers))
    for key, spans in came.items():
        _merge(session, key, union(spans))
    return set(came)


def _merge(session: Session, outbox: Outbox, spans: Spans) -> None:
    """Puts spans among the ranges; only those they touch are read and written."""
    here = (RangeRow.node_id == outbox.node, RangeRow.outbox == outbox.id)
    near = (*here, RangeRow.first <= spans[-1].last + 1, RangeRow.last >= spans[0].first - 1)
    before = [Span(first, last) for first, last in session.execute(select(RangeRow.first, RangeRow.last).where(*near))]
    after = set(union([*before, *spans]))
    gone = [span.first for span in before if span not in after]
    new = sorted(after - set(before))
    for first in gone:
        session.execute(
            delete(RangeRow).where(*here, RangeRow.first == first), execution_options={"synchronize_session": False}
        )
    if new:
        rows = [{"node_id": outbox.node, "outbox": outbox.id, "first": one.first, "last": one.last} for one in new]
        session.execute(insert(RangeRow), rows)


def held(session: Session) -> dict[Outbox, list[Span]]:
    """What is here, by outbox. As many rows as there are gaps and outboxes."""
    found: dict[Outbox, list[Span]] = defaultdict(list)
    for node, outbox, first, last in session.execute(
        select(RangeRow.node_id, RangeRow.outbox, RangeRow.first, RangeRow.last)
    ):
        found[Outbox(node, outbox)].append(Span(first, last))
    return found


def holes(session: Session) -> dict[Outbox, Spans]:
    """What is missing, by outbox; outboxes that are whole are among them.

    Numbers above the highest one held count as missing when the node said that it has counted so far and that
    nothing waits in its outbox; of an outbox that was replaced by another one, whatever waited in it.
    """
    heads: dict[Outbox, int] = {}
    newest: dict[str, tuple[datetime, Outbox]] = {}
    for row in session.scalars(select(HeadRow)):
        outbox = Outbox(row.node_id, row.outbox)
        newest[row.node_id] = max(newest.get(row.node_id, (row.reported_at, outbox)), (row.reported_at, outbox))
        heads[outbox] = row.last_sequence if row.pending == 0 else -row.last_sequence
    present = {outbox for _, outbox in newest.values()}
    found = held(session)
    return {
        outbox: missing(
            found.get(outbox, []),
            after=outbox.start,
            until=_counted(heads.get(outbox, 0), is_over=outbox not in present),
        )
        for outbox in found.keys() | heads.keys()
    }


def _counted(head: int, *, is_over: bool) -> int:
    """Number up to which nothing is on its way any more; a head is negative while records wait."""
    return abs(head) if is_over else max(head, 0)
