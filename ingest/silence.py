"""Says when a node falls silent: nothing arrives then that could say it."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contracts.health import Reason
from ingest.access.scope import EVERYTHING
from ingest.live import LiveHub
from ingest.store.base import Database
from ingest.views import Views

INTERVAL_S = 1.0

_log = structlog.get_logger(__name__)


async def watch_silence(database: Database, views: Views, hub: LiveHub) -> None:
    """Sends the cameras of nodes that fell silent, or came back, to who looks; until cancelled."""
    known: frozenset[str] | None = None
    while True:
        try:
            silent = await asyncio.to_thread(silent_cameras, database, views)
        except SQLAlchemyError as error:
            _log.warning("cameras_unreadable", error=type(error).__name__)
        else:
            if known is not None and silent != known:
                hub.wake(silent ^ known)
            known = silent
        await asyncio.sleep(INTERVAL_S)


def silent_cameras(database: Database, views: Views) -> frozenset[str]:
    """Ids of cameras whose node is silent now."""
    with database.read() as session:
        return frozenset(
            view.camera for view in views.camera_list(session, EVERYTHING) if view.reason is Reason.NODE_SILENT
        )
