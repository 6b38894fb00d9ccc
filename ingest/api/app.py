"""The application: every path, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from ingest.access.access import Access
from ingest.api import (
    cameras,
    events,
    evidence,
    holds,
    media,
    nodes,
    pages,
    people,
    previews,
    problems,
    session,
    setup,
    stream,
    system,
)
from ingest.api.description import describe_problems
from ingest.api.rim import Compression, SecurityHeaders, Timing
from ingest.api.state import CentreState
from ingest.gap_watch import GapWatch
from ingest.silence import watch_silence

API = "/api/v1"
API_VERSION = "1"


def create_app(centre: CentreState, access: Access) -> FastAPI:
    """The centre's app. Its live hub runs as long as the app does."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(centre.live.run(), name="live")
            silence = tasks.create_task(
                watch_silence(centre.database, centre.live, centre.clock, centre.config.live.node_silent_s),
                name="silence",
            )
            watch = GapWatch(centre.database, centre.live, centre.clock, centre.config.live.gap_s)
            missing = tasks.create_task(watch.run(), name="gaps")
            yield
            centre.live.close()
            centre.preview.close()
            silence.cancel()
            missing.cancel()

    app = FastAPI(
        title="Giao Lộ",
        version=API_VERSION,
        description="Events, cameras and people of a centre.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # both pages would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.operation_id or route.name,
    )
    describe_problems(app)
    app.state.centre = centre
    app.state.access = access
    problems.install(app)
    app.include_router(_api())
    app.include_router(system.router)
    pages.install(app, centre.config.dashboard)
    app.add_middleware(Timing, metrics=centre.metrics)
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders)
    return app


def _api() -> APIRouter:
    api = APIRouter(prefix=API)
    api.include_router(stream.router)  # before the events: `stream` is no event id
    for part in (events, holds, media, cameras, nodes, evidence, previews, setup, session, people):
        api.include_router(part.router)
    return api
