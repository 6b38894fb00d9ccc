"""The live stream of events (server-sent events)."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from ingest.access.deps import Permission, Person, requires, scope_of, still_allowed
from ingest.api.problems import Problem, documented
from ingest.api.state import CentreState, centre_of
from ingest.live import Resume

router = APIRouter(prefix="/events", tags=["events"])

RECHECK_S = 5.0
"""A stream outlives the session that opened it by this much at most."""

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


@router.get(
    "/stream",
    operation_id="streamEvents",
    response_class=EventSourceResponse,
    responses=documented(400, 401, 403),
)
async def stream_events(
    request: Request,
    person: Annotated[Person, Depends(requires(Permission.EVENT_READ))],
    centre: Annotated[CentreState, Depends(centre_of)],
    after: Annotated[int | None, Depends(last_seen)],
) -> AsyncIterator[ServerSentEvent]:
    """Changes as they happen: `event`, `evidence`, `decision` carry an EventView, `camera` a CameraView.

    The first message has only an `id`: what is committed after it will come. So open the stream, then load the list.
    `reset` says that too much was missed: load anew.
    """
    checked_at = time.monotonic()
    async for message in centre.live.messages(scope_of(person), after, patience_s=RECHECK_S):
        if time.monotonic() - checked_at >= RECHECK_S:
            if not await asyncio.to_thread(still_allowed, request, Permission.EVENT_READ):
                return
            checked_at = time.monotonic()
        if isinstance(message, Resume):
            if message.reset:
                yield ServerSentEvent(event="reset", raw_data="{}", id=str(message.position), retry=RETRY_MS)
            elif after is None:
                yield ServerSentEvent(comment="live", id=str(message.position), retry=RETRY_MS)
            else:
                yield ServerSentEvent(comment="live", retry=RETRY_MS)
        elif message is not None:
            number = None if message.id is None else str(message.id)
            yield ServerSentEvent(event=message.name, raw_data=message.body, id=number)
