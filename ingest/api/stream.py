"""The live stream of events (server-sent events)."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from ingest.access.deps import Permission, Person, Scope, requires, scope_of, still_allowed
from ingest.api.problems import Problem, documented
from ingest.api.state import CentreState, centre_of
from ingest.live import Resume
from ingest.sse import PING, block

router = APIRouter(prefix="/events", tags=["events"])

RECHECK_S = 5.0
"""A stream outlives the session that opened it by this much at most."""

PING_S = 15.0
"""A line without news says so this often, so that no proxy takes it for dead."""

RETRY_MS = 1000
"""A browser that lost the stream comes back after this."""


def last_seen(
    last_event_id: Annotated[str | None, Header()] = None,
    last_event_id_query: Annotated[
        str | None, Query(alias="last_event_id", description="as the header, for who cannot set one")
    ] = None,
) -> int | None:
    """Number of the last change the client saw; Problem 400 when it is none."""
    text = last_event_id or last_event_id_query
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Problem(400, "bad-last-event-id", "This is no event number", "Send the last `id:` you got, unchanged.")
    return int(text)


class EventStream(StreamingResponse):
    """Server-sent events that are bytes already: FastAPI's own would build and check each one for each client."""

    media_type = "text/event-stream"


@router.get(
    "/stream",
    operation_id="streamEvents",
    response_class=EventStream,
    responses=documented(400, 401, 403),
)
async def stream_events(
    request: Request,
    person: Annotated[Person, Depends(requires(Permission.EVENT_READ))],
    centre: Annotated[CentreState, Depends(centre_of)],
    after: Annotated[int | None, Depends(last_seen)],
) -> EventStream:
    """Changes as they happen: `event`, `evidence`, `decision` carry an EventView, `camera` and `node` their views.

    The first message has only an `id`: what is committed after it will come. So open the stream, then load the list.
    `reset` says that too much was missed: load anew.
    """
    return EventStream(
        _bytes(request, centre, scope_of(person), after),
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def _bytes(request: Request, centre: CentreState, scope: Scope, after: int | None) -> AsyncIterator[bytes]:
    """What goes over the line, one write each, as long as the session lives."""
    checked_at = sent_at = time.monotonic()
    async for news in centre.live.messages(scope, after, patience_s=RECHECK_S):
        now = time.monotonic()
        if now - checked_at >= RECHECK_S:
            if not await asyncio.to_thread(still_allowed, request, Permission.EVENT_READ):
                return
            checked_at = now
        if isinstance(news, Resume):
            yield _opening(news, after)
        elif news is not None:
            yield news
        elif now - sent_at >= PING_S:
            yield PING
        else:
            continue
        sent_at = now


def _opening(resume: Resume, after: int | None) -> bytes:
    """The first bytes: where the client stands, and what it missed."""
    if resume.reset:
        return block(event="reset", data="{}", number=resume.position, retry_ms=RETRY_MS)
    number = resume.position if after is None else None
    return block(comment="live", number=number, retry_ms=RETRY_MS) + resume.missed
