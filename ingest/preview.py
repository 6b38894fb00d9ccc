"""Newest picture of each camera, for people who look at it live.

A node shows pictures from its own thread; every viewer waits for the next one and gets only the newest, so a slow
viewer skips pictures and holds nothing up. Implements `contracts.wire.PreviewSink`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

STILL_WATCH_S = 5.0
"""After somebody fetched a still, the camera counts as watched for this long."""

MAX_CAMERAS = 10_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One JPEG; `number` grows with each picture of the camera."""

    jpeg: bytes
    captured_at: datetime
    number: int


class PreviewHub:
    """Pictures from nodes to viewers, in one process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._newest: dict[str, Picture] = {}
        self._viewers: Counter[str] = Counter()
        self._fetched: dict[str, float] = {}
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._is_closed = False

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Makes this the camera's newest picture; wakes who waits for it."""
        with self._lock:
            before = self._newest.get(camera)
            if before is None and len(self._newest) >= MAX_CAMERAS:
                return
            self._newest[camera] = Picture(jpeg, captured_at, before.number + 1 if before else 1)
            self._wake(camera)

    def is_watched(self, camera: str) -> bool:
        """Whether somebody looks at this camera now."""
        with self._lock:
            fetched = self._fetched.get(camera)
            return self._viewers[camera] > 0 or (fetched is not None and self._monotonic() - fetched < STILL_WATCH_S)

    def still(self, camera: str) -> Picture | None:
        """Newest picture; the camera counts as watched for a while."""
        with self._lock:
            self._fetched[camera] = self._monotonic()
            return self._newest.get(camera)

    async def pictures(self, camera: str, *, patience_s: float) -> AsyncIterator[Picture | None]:
        """Pictures as they come; None when none came for `patience_s`. Ends when the hub closes."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._viewers[camera] += 1
            self._waiting.setdefault(camera, set()).add(waiter)
        try:
            sent = 0
            while not self._is_closed:
                waiter[1].clear()
                picture = self._newest.get(camera)
                if picture is not None and picture.number != sent:
                    sent = picture.number
                    yield picture
                    continue
                try:
                    await asyncio.wait_for(waiter[1].wait(), patience_s)
                except TimeoutError:
                    yield None
        finally:
            with self._lock:
                self._viewers[camera] -= 1
                self._waiting[camera].discard(waiter)

    def close(self) -> None:
        """Ends all streams."""
        with self._lock:
            self._is_closed = True
            for camera in list(self._waiting):
                self._wake(camera)

    def _wake(self, camera: str) -> None:
        for loop, event in self._waiting.get(camera, ()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
