"""Paths whose body is small JSON: what is larger is refused before it fills the memory."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message

MAX_BODY = 2**20
"""Bytes: room for ten thousand cameras of one person."""


class LimitedRoute(APIRoute):
    """A path that reads at most `MAX_BODY` bytes; more is 413 as a problem document, like every other error."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The path's own work behind the limit."""
        answer = super().get_route_handler()

        async def limited(request: Request) -> Response:
            return await answer(Request(request.scope, _counted(request)))

        return limited


def _counted(request: Request) -> Callable[[], Coroutine[Any, Any, Message]]:
    """Receives for the request until it is too much."""
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            # An HTTPException: the framework makes every other one that is raised here a 400.
            raise HTTPException(413, f"Send at most {MAX_BODY} bytes.")
        return message

    return receive
