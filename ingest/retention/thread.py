"""The retention job in a thread of a running centre."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.retention.job import RetentionJob

LOOK_S = 60.0
"""So often it is asked whether it is time; the first time after so long, so that a start is not slowed."""

_log = structlog.get_logger(__name__)


class RetentionThread:
    """Runs the job whenever it is time, until stopped. A run that fails is tried again."""

    def __init__(self, job: RetentionJob, look_s: float = LOOK_S) -> None:
        self._job = job
        self._look_s = look_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to look."""
        self._thread = threading.Thread(target=self._run, name="centre-retention", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Ends after the transaction it is in."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.wait(self._look_s):
            try:
                if self._job.is_time():
                    removed = self._job.run(self._stop.wait)
                    if removed is not None:
                        _log.info("retention_run", **removed)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("retention_failed", error=type(error).__name__)
