"""Bodies that are bytes, read with a limit, so that nobody fills the memory."""

from fastapi import Request

from ingest.api.problems import Problem


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body; Problem 413 as soon as it is longer than `limit` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Problem(413, "too-large", "The body is too large", f"Send at most {limit} bytes at once.")
    return bytes(body)
