"""PostgreSQL's LISTEN and NOTIFY: one process of a centre tells the others that it has committed changes.

A notification says only "look now"; what changed stands in the live log, so one that is lost costs a second, never a
change (docs/decisions/0010-live-by-postgresql.md). The only module that knows psycopg by itself.
"""

import threading
from collections.abc import Callable

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from ingest.store.base import Database

CHANNEL = "giaolo_live"
RETRY_S = 1.0
_WAIT_S = 1.0

_log = structlog.get_logger(__name__)


def announce(session: Session) -> None:
    """Tells every process that listens, when and if this transaction commits. SQLite has one process."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_notify('{CHANNEL}', '')"))


class Announcements:
    """Listens in a thread with a connection of its own; a server that went away is waited for."""

    def __init__(self, database: Database, heard: Callable[[], None]) -> None:
        """`heard` is called, from the thread, after each commit of another process or of this one."""
        url = database.engine.url.set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)
        self._heard = heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-listen", daemon=True)

    def start(self) -> None:
        """Returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """The thread ends within about a second; nobody waits for it."""
        self._stop.set()

    def _run(self) -> None:
        is_well = True
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    is_well = True
                    self._heard()  # of what was committed while nobody listened
                    self._listen(connection)
            except psycopg.Error as error:
                if is_well:
                    _log.warning("live_notifications_lost", error=type(error).__name__, retry_s=RETRY_S)
                is_well = False
                self._stop.wait(RETRY_S)

    def _listen(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._stop.is_set():
            for _ in connection.notifies(timeout=_WAIT_S):
                self._heard()
                if self._stop.is_set():
                    return
