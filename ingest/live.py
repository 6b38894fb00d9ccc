"""The live stream: what was committed goes to everybody who looks, at once.

The hub reads the live log (`ingest.store.live`) behind the commits and fans out to bounded queues, so writers never
wait for readers. Each change is rendered once, whatever the number of clients. A client that is too slow is let go;
it comes back with the number of the last change it saw and gets the rest. Other centre processes on the same
database are heard too, at most `POLL_S` late.
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
from ingest.store import live as log
from ingest.store.base import Database

POLL_S = 1.0
BATCH = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """One message of the stream. `id` None: figures only, not kept for who comes back."""

    id: int | None
    name: str
    camera: str
    body: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a client starts: its first number, whether it must load anew, and what it missed."""

    position: int
    reset: bool
    missed: tuple[LiveMessage, ...] = ()


Render = Callable[[Sequence[log.Change]], list[str | None]]
"""JSON of the present view of each change's subject; None where there is nothing to show."""


@dataclass(eq=False, slots=True)
class _Client:
    scope: Scope
    queue: asyncio.Queue[LiveMessage | None]
    is_over: bool = field(default=False)


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
        while not self._is_closed:
            try:
                await self._follow()
            except SQLAlchemyError as error:
                _log.warning("live_log_unreadable", error=str(error.__class__.__name__))
                await asyncio.sleep(POLL_S)
        for client in list(self._clients):
            self._end(client)

    async def messages(
        self, scope: Scope, last_seen: int | None, *, patience_s: float
    ) -> AsyncIterator[LiveMessage | Resume | None]:
        """First a Resume, then changes as they come; None when none came for `patience_s`."""
        client = _Client(scope, asyncio.Queue(self._queue))
        self._clients.add(client)
        self._metrics.live_clients.set(len(self._clients))
        try:
            resume = await asyncio.to_thread(self._resume, scope, last_seen)
            yield resume
            for missed in resume.missed:
                yield missed
            while not (client.is_over or self._is_closed):
                try:
                    message = await asyncio.wait_for(client.queue.get(), patience_s)
                except TimeoutError:
                    yield None
                    continue
                if message is None:
                    break
                if message.id is None or message.id > resume.position:
                    yield message
        finally:
            self._clients.discard(client)
            self._metrics.live_clients.set(len(self._clients))

    def _wake_loop(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    async def _follow(self) -> None:
        with contextlib.suppress(TimeoutError):  # other processes write to the same log
            await asyncio.wait_for(self._woken.wait(), POLL_S)
        self._woken.clear()
        while not self._is_closed:
            with self._lock:
                updated, self._updated = self._updated, set()
            messages, newest = await asyncio.to_thread(self._read, self._position, sorted(updated))
            is_full = newest - self._position >= BATCH
            self._position = newest
            for message in messages:
                self._fan_out(message)
            if not is_full:
                return

    def _read(self, position: int, updated: Sequence[str]) -> tuple[list[LiveMessage], int]:
        with self._database.read() as session:
            rows = log.after(session, position, BATCH)
        newest = rows[-1].id if rows else position
        if not self._clients:
            return [], newest
        transient = [log.Change("camera", camera, camera) for camera in updated]
        return self._messages(rows) + self._rendered([None] * len(transient), transient), newest

    def _messages(self, rows: Sequence[log.LiveRow]) -> list[LiveMessage]:
        changes = [row.change() for row in rows]
        return self._rendered([row.id for row in rows], changes)

    def _rendered(self, ids: Sequence[int | None], changes: Sequence[log.Change]) -> list[LiveMessage]:
        if not changes:
            return []
        bodies = self._render(changes)
        return [
            LiveMessage(number, change.name, change.camera, body)
            for number, change, body in zip(ids, changes, bodies, strict=True)
            if body is not None
        ]

    def _fan_out(self, message: LiveMessage) -> None:
        for client in list(self._clients):
            if client.is_over or not client.scope.sees(message.camera):
                continue
            try:
                client.queue.put_nowait(message)
            except asyncio.QueueFull:
                self._metrics.live_dropped.inc()
                self._end(client)

    def _end(self, client: _Client) -> None:
        """Ends a stream; a full queue needs no last word, its reader looks at `is_over` after the next message."""
        client.is_over = True
        if not client.queue.full():
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
        latest = {(row.name, row.subject): row for row in rows if scope.sees(row.camera_id)}
        kept = sorted(latest.values(), key=lambda row: row.id)
        return Resume(newest, reset=False, missed=tuple(self._messages(kept)))
