"""The retention job from the command line, beside a running centre or without one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.clock import utc_now
from ingest.config import CentreConfig
from ingest.evidence_store import EvidenceStore
from ingest.retention.job import RetentionJob
from ingest.store import migrate
from ingest.store.base import Database


def due_now(config: CentreConfig) -> dict[str, int]:
    """How many events would go, by period."""
    with _job(config) as job:
        return job.due()


def run_now(config: CentreConfig) -> dict[str, int] | None:
    """Deletes what is due; how many of what went. None: another process is at it."""

    def pause(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    with _job(config) as job:
        return job.run(pause)


@contextmanager
def _job(config: CentreConfig) -> Iterator[RetentionJob]:
    config.data.mkdir(parents=True, exist_ok=True)
    database = Database(config.database_url)
    try:
        migrate.upgrade(database)
        files = EvidenceStore(config.data / "evidence", max_file_bytes=config.evidence_max_file_bytes)
        yield RetentionJob(database, files, config.retention, utc_now)
    finally:
        database.close()
