"""Says when a node falls silent: nothing arrives then that could say it."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.clock import Clock
from ingest.live import LiveHub
from ingest.store import cameras
from ingest.store.base import Database

INTERVAL_S = 1.0

_log = structlog.get_logger(__name__)


async def watch_silence(database: Database, hub: LiveHub, clock: Clock, silent_s: float) -> None:
    """Sends the cameras of nodes that fell silent, or came back, to who looks; until cancelled."""
    known: frozenset[str] | None = None
    while True:
        try:
            silent = await asyncio.to_thread(silent_cameras, database, clock, silent_s)
        except SQLAlchemyError as error:
            _log.warning("cameras_unreadable", error=type(error).__name__)
        else:
            if known is not None and silent != known:
                hub.wake(silent ^ known)
            known = silent
        await asyncio.sleep(INTERVAL_S)


def silent_cameras(database: Database, clock: Clock, silent_s: float) -> frozenset[str]:
    """Ids of cameras whose node was not heard for so long."""
    with database.read() as session:
        return cameras.silent(session, clock() - timedelta(seconds=silent_s))
