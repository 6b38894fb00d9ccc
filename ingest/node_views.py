"""Edge nodes as people see them: heard or silent, what they lack, and which of their records are missing."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ingest.access.scope import Scope
from ingest.api.schemas import AcknowledgementView, GapView, NodeView
from ingest.store import cameras, gaps
from ingest.store.cameras import NodeRow
from ingest.store.gaps import GapRow

SHOWN_GAPS = 100
"""Gaps of one node in an answer; `missing` counts them all."""

OVER_SHOWN = timedelta(days=1)
"""How long it is shown that a gap was acknowledged."""


def node_views(session: Session, scope: Scope, silent_before: datetime) -> list[NodeView]:
    """Nodes of which a camera may be seen, or all for who may see everything, by name."""
    rows = cameras.nodes(session)
    if scope.cameras is not None:
        seen = {camera.node_id for camera, _ in cameras.listing(session, scope)}
        rows = [row for row in rows if row.id in seen]
    missing = gaps.count_open(session)
    told: dict[str, list[GapRow]] = defaultdict(list)
    for row in gaps.shown(session, [row.id for row in rows], SHOWN_GAPS, silent_before - OVER_SHOWN):
        told[row.node_id].append(row)
    return [_view(row, missing.get(row.id, 0), told[row.id], silent_before) for row in rows]


def _view(row: NodeRow, missing: int, told: list[GapRow], silent_before: datetime) -> NodeView:
    return NodeView(
        node=row.id,
        seen_at=row.seen_at,
        started_at=row.started_at,
        version=row.version,
        silent=row.seen_at < silent_before,
        outbox_pending=row.outbox_pending,
        outbox_bytes=row.outbox_bytes,
        last_sequence=row.last_sequence,
        faults=row.faults,
        key_problem=row.key_problem,
        missing=missing,
        gaps=[_gap(one) for one in told],
    )


def _gap(row: GapRow) -> GapView:
    known = row.gap().acknowledgement
    return GapView(
        outbox=row.outbox,
        first=row.first,
        last=row.last,
        since=row.since,
        closed_at=row.closed_at,
        acknowledged=None if known is None else AcknowledgementView(by=known.by, at=known.at, reason=known.reason),
    )
