"""The live stream: what was committed goes to everybody who looks, at once.

The hub reads the live log (`ingest.store.live`) behind the commits and fans out to bounded queues, so writers never
wait for readers. Each change is rendered once, whatever the number of clients, and changes that come close together
go out in one write (`TICK_S`). A client that is too slow is let go; it comes back with the number of the last change
it saw and gets the rest. Other centre processes on the same database are heard too: by PostgreSQL's notifications,
and where one is lost, at most `POLL_S` late.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.access.scope import Scope
from ingest.metrics import Metrics
from ingest.sse import Chunk, LiveMessage, block, chunk_of
from ingest.store import live as log
from ingest.store.base import Database
from ingest.store.notify import Announcements

POLL_S = 1.0
TICK_S = 0.05
LONGEST_TICK_S = 0.2
"""Between two writes to the same client; the first change after a quiet moment waits for nothing. A tick is at least
twice what the last one's work took, so that under load fewer and larger writes leave time for the rest."""
BATCH = 200
RESET_EVERY_S = 5.0
"""When more is committed than can be shown, clients are told to load anew, and that no oftener."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a client starts: its first number, whether it must load anew, and what it missed."""

    position: int
    reset: bool
    missed: bytes = b""


Render = Callable[[Sequence[log.Change]], list[str | None]]
"""JSON of the present view of each change's subject; None where there is nothing to show."""


@dataclass(eq=False, slots=True)
class _Client:
    scope: Scope
    queue: asyncio.Queue[Chunk | None] = field(default_factory=asyncio.Queue)
    waiting: int = 0
    """Changes in the queue."""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """What was read of the log: messages up to `newest`; too many of them: `is_too_much`, and none."""

    messages: tuple[LiveMessage, ...]
    newest: int
    is_full: bool = False
    is_too_much: bool = False


class LiveHub:
    """Fan-out of the live log within one process. `run` is one task of the server's event loop."""

    def __init__(
        self, database: Database, render: Render, metrics: Metrics, *, queue: int = 256, resume_rows: int = 1000
    ) -> None:
        self._database = database
        self._render = render
        self._metrics = metrics
        self._queue = queue
        self._resume_rows = resume_rows
        self._clients: set[_Client] = set()
        self._position = 0
        self._lock = Lock()
        self._updated: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._is_closed = False
        self._ticked_at = self._reset_at = float("-inf")
        self._tick_s = TICK_S

    def wake(self, updated_cameras: Iterable[str] = ()) -> None:
        """Something was committed; these cameras have newer figures. From any thread."""
        with self._lock:
            self._updated.update(updated_cameras)
        self._wake_loop()

    def close(self) -> None:
        """Ends all streams and `run`. From any thread."""
        self._is_closed = True
        self._wake_loop()

    async def run(self) -> None:
        """Follows the log until the hub is closed."""
        self._loop = asyncio.get_running_loop()
        self._position = (await asyncio.to_thread(self._bounds))[1]
        announcements = None if self._database.is_sqlite else Announcements(self._database, self._wake_loop)
        if announcements is not None:
            announcements.start()
        try:
            while not self._is_closed:
                try:
                    await self._follow()
                except SQLAlchemyError as error:
                    _log.warning("live_log_unreadable", error=str(error.__class__.__name__))
                    await asyncio.sleep(POLL_S)
        finally:
            if announcements is not None:
                announcements.stop()
        for client in list(self._clients):
            self._end(client)

    async def messages(
        self, scope: Scope, last_seen: int | None, *, patience_s: float
    ) -> AsyncIterator[bytes | Resume | None]:
        """First a Resume, then changes as they come, as bytes to be sent; None when none came for `patience_s`."""
        client = _Client(scope)
        self._clients.add(client)
        self._metrics.live_clients.set(len(self._clients))
        try:
            resume = await asyncio.to_thread(self._resume, scope, last_seen)
            yield resume
            while not (client.is_over or self._is_closed):
                try:
                    chunk = await asyncio.wait_for(client.queue.get(), patience_s)
                except TimeoutError:
                    yield None
                    continue
                if chunk is None:
                    break
                client.waiting -= len(chunk.messages)
                if wire := chunk.after(resume.position):
                    yield wire
        finally:
            self._clients.discard(client)
            self._metrics.live_clients.set(len(self._clients))

    def _wake_loop(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed since
                loop.call_soon_threadsafe(self._woken.set)

    async def _follow(self) -> None:
        with contextlib.suppress(TimeoutError):  # other processes write to the same log
            await asyncio.wait_for(self._woken.wait(), POLL_S)
        await self._pause(self._ticked_at + self._tick_s)
        self._woken.clear()
        while not self._is_closed:
            self._ticked_at = _now()
            with self._lock:
                updated, self._updated = self._updated, set()
            page = await asyncio.to_thread(self._read, self._position, sorted(updated))
            if page.is_too_much:
                await self._reset()
                return
            self._position = page.newest
            self._fan_out(page.messages)
            self._tick_s = min(LONGEST_TICK_S, max(TICK_S, 2 * (_now() - self._ticked_at)))
            if not page.is_full:
                return

    async def _reset(self) -> None:
        """Skips what nobody could follow: everybody loads the newest page."""
        await self._pause(self._reset_at + RESET_EVERY_S)
        self._reset_at = _now()
        self._position = (await asyncio.to_thread(self._bounds))[1]
        message = LiveMessage(self._position, "", block(event="reset", data="{}", number=self._position))
        for client in list(self._clients):
            self._give(client, chunk_of((message,)))

    async def _pause(self, until: float) -> None:
        pause = until - _now()
        if pause > 0 and not self._is_closed:
            await asyncio.sleep(pause)

    def _read(self, position: int, updated: Sequence[str]) -> _Page:
        with self._database.read() as session:
            newest = log.bounds(session)[1]
            if not self._clients:  # asked after the log: who comes from now on begins at `newest` or later
                return _Page((), max(position, newest))
            rows = log.after(session, position, BATCH)
            is_full = len(rows) == BATCH
            behind = newest - position if is_full else len(rows)
        newest = rows[-1].id if rows else position
        if behind > max(self._resume_rows, BATCH):
            return _Page((), newest, is_too_much=True)
        transient = [log.Change("camera", camera, camera) for camera in updated]
        figures = self._rendered([None] * len(transient), transient)
        return _Page((*self._messages(rows), *figures), newest, is_full)

    def _messages(self, rows: Sequence[log.LiveRow]) -> list[LiveMessage]:
        """Each thing once, at its newest change: what would be sent for an older one is the same."""
        latest = {(row.name, row.subject): row for row in rows}
        kept = sorted(latest.values(), key=lambda row: row.id)
        return self._rendered([row.id for row in kept], [row.change() for row in kept])

    def _rendered(self, ids: Sequence[int | None], changes: Sequence[log.Change]) -> list[LiveMessage]:
        if not changes:
            return []
        bodies = self._render(changes)
        return [
            LiveMessage(number, change.camera, block(event=change.name, data=body, number=number))
            for number, change, body in zip(ids, changes, bodies, strict=True)
            if body is not None
        ]

    def _fan_out(self, messages: tuple[LiveMessage, ...]) -> None:
        """To each client what it may see, in one write; put together once for all who may see the same."""
        if not messages:
            return
        by_scope: dict[Scope, Chunk] = {}
        for client in list(self._clients):
            chunk = by_scope.get(client.scope)
            if chunk is None:
                chunk = chunk_of(tuple(one for one in messages if client.scope.sees(one.camera)))
                by_scope[client.scope] = chunk
            if chunk.messages:
                self._give(client, chunk)

    def _give(self, client: _Client, chunk: Chunk) -> None:
        if client.is_over:
            return
        if client.waiting and client.waiting + len(chunk.messages) > self._queue:
            self._metrics.live_dropped.inc()
            self._end(client)
            return
        client.waiting += len(chunk.messages)
        client.queue.put_nowait(chunk)

    def _end(self, client: _Client) -> None:
        """Ends a stream: what waits for it is thrown away, it comes back for it."""
        client.is_over = True
        while not client.queue.empty():
            client.queue.get_nowait()
        client.queue.put_nowait(None)

    def _bounds(self) -> tuple[int, int]:
        with self._database.read() as session:
            return log.bounds(session)

    def _resume(self, scope: Scope, last_seen: int | None) -> Resume:
        with self._database.read() as session:
            oldest, newest = log.bounds(session)
            if last_seen is None or last_seen == newest:
                return Resume(newest, reset=False)
            if last_seen > newest or last_seen < oldest - 1 or newest - last_seen > self._resume_rows:
                return Resume(newest, reset=True)
            rows = [row for row in log.after(session, last_seen, self._resume_rows) if row.id <= newest]
        seen = [row for row in rows if scope.sees(row.camera_id)]
        return Resume(newest, reset=False, missed=chunk_of(tuple(self._messages(seen))).wire)


def _now() -> float:
    """Seconds of the event loop's clock."""
    return asyncio.get_running_loop().time()
