"""Gaps in the nodes' numbers, as people are told of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.gaps import Acknowledgement, Gap, Span
from ingest.store.base import Base, UtcTime
from ingest.store.sequences import Outbox, wait_for_turn

_AT_ONCE = 1000
"""Values in one statement; databases take some ten thousands."""


class GapRow(Base):
    """Numbers that are missing; with `closed_at`: that people were told are missing and that came since."""

    __tablename__ = "sequence_gaps"
    __table_args__ = (Index(None, "node_id", "outbox", "first"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    node_id: Mapped[str] = mapped_column(String(64))
    outbox: Mapped[str] = mapped_column(String(32))
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(UtcTime)
    is_told: Mapped[bool]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[str | None] = mapped_column(String(100))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str | None] = mapped_column(Text)

    def gap(self) -> Gap:
        """As the arithmetic knows it."""
        known = None
        if self.acknowledged_at is not None:
            known = Acknowledgement(self.acknowledged_by or "", self.acknowledged_at, self.reason or "")
        return Gap(Span(self.first, self.last), self.since, self.is_told, known)


def still_open(session: Session) -> dict[Outbox, list[Gap]]:
    """Open gaps as of the last look, by outbox."""
    found: dict[Outbox, list[Gap]] = defaultdict(list)
    for row in session.scalars(select(GapRow).where(GapRow.closed_at.is_(None))):
        found[Outbox(row.node_id, row.outbox)].append(row.gap())
    return found


def keep(session: Session, outbox: Outbox, before: Sequence[Gap], after: Sequence[Gap]) -> None:
    """Makes the stored open gaps of an outbox those of `after`; `before` are those that are stored."""
    known, wanted = frozenset(before), frozenset(after)
    gone = [gap.span.first for gap in before if gap not in wanted]
    for start in range(0, len(gone), _AT_ONCE):
        session.execute(
            delete(GapRow).where(
                GapRow.node_id == outbox.node,
                GapRow.outbox == outbox.id,
                GapRow.closed_at.is_(None),
                GapRow.first.in_(gone[start : start + _AT_ONCE]),
            ),
            execution_options={"synchronize_session": False},
        )
    session.add_all([_row(outbox, gap) for gap in after if gap not in known])
    session.flush()


def keep_closed(session: Session, outbox: Outbox, arrived: Sequence[Gap], now: datetime) -> None:
    """People were told that these were missing; they have come."""
    for gap in arrived:
        row = _row(outbox, gap)
        row.closed_at = now
        session.add(row)
    session.flush()


def prune_closed(session: Session, before: datetime) -> None:
    """Drops what is closed for long."""
    session.execute(delete(GapRow).where(GapRow.closed_at < before), execution_options={"synchronize_session": False})


def shown(session: Session, nodes: Sequence[str], limit: int, over_since: datetime) -> list[GapRow]:
    """Gaps that people were told of; of each node its oldest, at most `limit`, what is over only from then on."""
    place = func.row_number().over(partition_by=GapRow.node_id, order_by=(GapRow.closed_at.is_not(None), GapRow.id))
    is_news = GapRow.acknowledged_at.is_(None) | (GapRow.acknowledged_at >= over_since)
    told = (GapRow.is_told, is_news, GapRow.node_id.in_(nodes))
    ranked = select(GapRow.id, place.label("place")).where(*told).subquery()
    query = (
        select(GapRow)
        .join(ranked, ranked.c.id == GapRow.id)
        .where(ranked.c.place <= limit)
        .order_by(GapRow.since, GapRow.first)
    )
    return list(session.scalars(query))


def count_open(session: Session) -> dict[str, int]:
    """Records that people were told are missing and that nobody acknowledged, by node."""
    query = (
        select(GapRow.node_id, func.sum(GapRow.last - GapRow.first + 1))
        .where(GapRow.is_told, GapRow.closed_at.is_(None), GapRow.acknowledged_at.is_(None))
        .group_by(GapRow.node_id)
    )
    return {node: int(number) for node, number in session.execute(query)}


def acknowledge(session: Session, outbox: Outbox, span: Span, by: Acknowledgement) -> int:
    """Marks the told, open gaps inside the span; returns how many records they miss.

    It is this transaction's turn until its end, so that no look runs at the same time.
    """
    wait_for_turn(session)
    rows = session.scalars(
        select(GapRow).where(
            GapRow.node_id == outbox.node,
            GapRow.outbox == outbox.id,
            GapRow.is_told,
            GapRow.closed_at.is_(None),
            GapRow.acknowledged_at.is_(None),
            GapRow.first >= span.first,
            GapRow.last <= span.last,
        )
    ).all()
    for row in rows:
        row.acknowledged_by, row.acknowledged_at, row.reason = by.by, by.at, by.reason
    session.flush()
    return sum(row.last - row.first + 1 for row in rows)


def _row(outbox: Outbox, gap: Gap) -> GapRow:
    known = gap.acknowledgement
    return GapRow(
        node_id=outbox.node,
        outbox=outbox.id,
        first=gap.span.first,
        last=gap.span.last,
        since=gap.since,
        is_told=gap.is_told,
        acknowledged_by=known.by if known else None,
        acknowledged_at=known.at if known else None,
        reason=known.reason if known else None,
    )
