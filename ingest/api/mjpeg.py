"""A preview as `multipart/x-mixed-replace`: what an `<img>` shows as moving pictures without any script."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from contracts.canonical import utc_text
from ingest.metrics import Metrics
from ingest.preview import Picture, PreviewHub

BOUNDARY = "giaolo-picture"

RECHECK_S = 5.0
"""A stream outlives the session that opened it by this much at most."""

REPEAT_S = 5.0
"""Without a new picture the last one is sent again, so that a viewer who is gone is noticed."""


def part(picture: Picture) -> bytes:
    """One picture of the stream, boundary first, and the next boundary behind it so that it is shown at once."""
    head = (
        f"Content-Type: image/jpeg\r\nContent-Length: {len(picture.jpeg)}\r\n"
        f"X-Captured-At: {utc_text(picture.captured_at)}\r\n\r\n"
    )
    return head.encode() + picture.jpeg + f"\r\n--{BOUNDARY}\r\n".encode()


async def parts(hub: PreviewHub, camera: str, metrics: Metrics, is_allowed: Callable[[], bool]) -> AsyncIterator[bytes]:
    """The whole stream; `is_allowed` may block and is asked every few seconds."""
    metrics.preview_clients.inc()
    checked_at = time.monotonic()
    newest: Picture | None = None
    try:
        yield f"--{BOUNDARY}\r\n".encode()
        async for picture in hub.pictures(camera, patience_s=REPEAT_S):
            if time.monotonic() - checked_at >= RECHECK_S:
                if not await asyncio.to_thread(is_allowed):
                    return
                checked_at = time.monotonic()
            newest = picture or newest
            if newest is not None:
                yield part(newest)
    finally:
        metrics.preview_clients.dec()
