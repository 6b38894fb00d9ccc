"""Looks for records that nodes numbered and that did not come, and says so. The nodes are asked nothing.

Every process of a centre runs one; at each moment one of them does the work. Memory and rows are bounded by the
number of gaps.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ingest.clock import Clock
from ingest.gaps import Gap, Spans, look, text_of, touching, union, without
from ingest.live import LiveHub
from ingest.store import gaps, live, sequences
from ingest.store.base import Database
from ingest.store.sequences import Outbox

FOLD_S = 1.0
CLOSED_KEPT = timedelta(days=1)
"""How long it is shown that a gap has closed."""

_log = structlog.get_logger(__name__)


class GapWatch:
    """Folds what came, finds what is missing, tells what is missing for longer than `patience_s`."""

    def __init__(self, database: Database, hub: LiveHub, clock: Clock, patience_s: float) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._patience = timedelta(seconds=patience_s)
        self.look_s = max(FOLD_S, min(5.0, patience_s / 12))
        """Seconds between two looks."""
        self._young: dict[Outbox, list[Gap]] = {}
        """Gaps too young to be stored: most close within a second, for cameras overtake each other."""

    async def run(self) -> None:
        """Works until cancelled."""
        looked_at = float("-inf")
        while True:
            is_due = time.monotonic() - looked_at >= self.look_s
            try:
                if is_due:
                    looked_at = time.monotonic()
                    await asyncio.to_thread(self.look)
                else:
                    await asyncio.to_thread(self.fold)
            except SQLAlchemyError as error:
                _log.warning("sequences_unreadable", error=type(error).__name__)
            await asyncio.sleep(FOLD_S)

    def fold(self) -> None:
        """Merges what came since the last time; nothing to do costs one read."""
        with self._database.read() as session:
            if not sequences.has_arrivals(session):
                return
        with self._database.write() as session:
            if sequences.take_turn(session):
                sequences.fold(session)

    def look(self) -> None:
        """One look at all nodes; who looks at a screen is told when a gap became old, or a told one closed."""
        now = self._clock()
        with self._database.write() as session:
            if not sequences.take_turn(session):
                self._young.clear()
                return
            while sequences.has_arrivals(session):
                sequences.fold(session)
            stored = gaps.still_open(session)
            holes = sequences.holes(session)
            news = [
                outbox.node
                for outbox in sorted(holes.keys() | stored.keys())
                if self._renew(session, outbox, stored.get(outbox, []), holes.get(outbox, ()), now)
            ]
            gaps.prune_closed(session, now - CLOSED_KEPT)
            live.append(session, [live.Change("node", node, "") for node in dict.fromkeys(news)], now)
        if news:
            self._hub.wake()

    def _renew(self, session: Session, outbox: Outbox, stored: Sequence[Gap], holes: Spans, now: datetime) -> bool:
        """Stores what is missing now; True when people should be told."""
        young = _beside(self._young.pop(outbox, []), stored)
        if not (stored or holes or young):
            return False
        found = look([*stored, *young], holes, now, self._patience)
        old: list[Gap] = []
        rest: list[Gap] = []
        for gap in found.gaps:
            (old if gap.is_told or now - gap.since >= timedelta(seconds=self.look_s) else rest).append(gap)
        if rest:
            self._young[outbox] = rest
        gaps.keep(session, outbox, stored, old)
        gaps.keep_closed(session, outbox, found.arrived, now)
        if found.is_news:
            _log.warning(
                "records_missing",
                node=outbox.node,
                outbox=outbox.id,
                missing=text_of(gap.span for gap in old if gap.is_told)[:500],
                arrived=text_of(gap.span for gap in found.arrived)[:500],
            )
        return found.is_news


def _beside(young: Sequence[Gap], stored: Sequence[Gap]) -> list[Gap]:
    """The part of the young gaps that another process has not stored meanwhile."""
    taken = union(gap.span for gap in stored)
    return [replace(gap, span=span) for gap in young for span in without([gap.span], touching(taken, gap.span))]
