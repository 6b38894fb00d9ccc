"""Deletes what is older than the policy keeps it: a little at a time, one process of all, with a row that tells.

Rows go first, files after them: a process that dies in between leaves the names of the files in the database, and the
next run takes them up. A file stays as long as any event names it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ingest.clock import Clock
from ingest.evidence_store import EvidenceStore
from ingest.retention.policy import Period, RetentionConfig, periods
from ingest.store import live, retention
from ingest.store.base import Database

_RUN_LOCK = 7_310_004

Pause = Callable[[float], bool]
"""Waits so many seconds; True when the run shall end."""


@dataclass(frozen=True, slots=True)
class RetentionJob:
    """The job of one centre process."""

    database: Database
    files: EvidenceStore
    policy: RetentionConfig
    clock: Clock

    def due(self) -> dict[str, int]:
        """How many events of each period would go now; nothing is changed."""
        now = self.clock()
        with self.database.read() as session:
            return {
                one.name: sum(retention.count_due(session, _due(one, state, now)) for state in one.states)
                for one in periods(self.policy)
            }

    def is_time(self) -> bool:
        """Whether the newest run, by whichever process, is long enough ago."""
        if not self.policy.is_on:
            return False
        with self.database.read() as session:
            newest = retention.newest_run(session)
        return newest is None or (self.clock() - newest).total_seconds() >= self.policy.every_hours * 3600

    def run(self, pause: Pause) -> dict[str, int] | None:
        """Deletes what is due; how many of what went. None: another process is at it.

        Raises:
            SQLAlchemyError: the database did not do it; what went until then is told in the run's row if it can be.
        """
        with self._turn() as mine:
            if not mine:
                return None
            begun = self.clock()
            removed: Counter[str] = Counter()
            problem: str | None = None
            try:
                self._remove(removed, begun, pause)
            except (SQLAlchemyError, OSError) as error:
                problem = type(error).__name__
                raise
            finally:
                with self.database.write() as session:
                    policy = self.policy.model_dump(mode="json")
                    retention.add_run(session, (begun, self.clock()), policy, dict(+removed), problem)
            return dict(+removed)

    def _remove(self, removed: Counter[str], now: datetime, pause: Pause) -> None:
        for period in periods(self.policy):
            for state in period.states:
                while gone := self._remove_some(_due(period, state, now)):
                    removed[period.name] += gone
                    if pause(self.policy.pause_s):
                        return
        if self.policy.is_on:
            with self.database.write() as session:
                removed["live_log"] += retention.prune_live_log(session, now, self.policy.live_log_days)
        while self._sweep_some(removed):
            if pause(self.policy.pause_s):
                return

    def _remove_some(self, due: retention.Due) -> int:
        with self.database.write() as session:
            ids = retention.take_due(session, due, self.policy.batch)
            retention.remove(session, ids)
        return len(ids)

    def _sweep_some(self, removed: Counter[str]) -> bool:
        """Looks at some of the files; False when there are none."""
        with self.database.write() as session:
            live.take_turn(session)  # an event that names the same picture cannot come in between
            looked_at = retention.files_to_remove(session, self.policy.batch)
            for sha256 in looked_at - retention.still_named(session, sorted(looked_at)):
                removed["files"] += self.files.remove(sha256)
            retention.forget_files(session, sorted(looked_at))
        return bool(looked_at)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether no other process runs the job; the turn ends with the connection, so a killed one holds up nobody."""
        if self.database.is_sqlite:
            yield True
            return
        with self.database.engine.connect() as connection:
            mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _RUN_LOCK}))
            connection.commit()
            try:
                yield mine
            finally:
                if mine:
                    connection.scalar(text("SELECT pg_advisory_unlock(:key)"), {"key": _RUN_LOCK})
                    connection.commit()


def _due(period: Period, state: str, now: datetime) -> retention.Due:
    return retention.Due(period.kind, state, period.before(now))
