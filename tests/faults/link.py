"""A TCP link of ours between two parts of the world: open, cut, silent or slow, as told."""

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import Literal

LinkState = Literal["open", "cut", "silent", "slow"]

_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Slowness:
    """What a slow link does. Delay in seconds each way, rate in bytes a second each way."""

    delay_s: float = 0.3
    bytes_per_s: float = 60_000


class Link:
    """Listens on a free port of 127.0.0.1 and passes everything on to the port behind it.

    open    passes on
    cut     ends every connection at once and refuses new ones
    silent  takes connections and bytes and passes nothing on: a cable pulled behind the switch
    slow    late, and few bytes a second
    """

    def __init__(self, behind: int, slowness: Slowness | None = None) -> None:
        """Starts listening; the port behind need not answer yet."""
        self._behind = behind
        self._slowness = slowness or Slowness()
        self._state: LinkState = "open"
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Event()
        ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._run, args=(ready,), name="link", daemon=True)
        self._thread.start()
        ready.wait(10)

    def turn(self, state: LinkState) -> None:
        """From now on the link is so; returns when it is."""
        asyncio.run_coroutine_threadsafe(self._turn(state), self._loop).result(10)

    def forget(self) -> None:
        """What is connected now passes nothing more and is told nothing, as by a firewall that lost its state."""
        asyncio.run_coroutine_threadsafe(self._forget(), self._loop).result(10)

    def close(self) -> None:
        """Ends the link and its connections."""
        self.turn("cut")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._join, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _turn(self, state: LinkState) -> None:
        self._state = state
        if state in {"cut", "open"}:  # what hung in a silent link does not come alive again: its ends have given up
            for writer in list(self._writers):
                writer.transport.abort()
        self._changed.set()
        self._changed = asyncio.Event()

    async def _forget(self) -> None:
        self._forgotten |= self._writers

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state == "cut":
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            there, out = await asyncio.open_connection("127.0.0.1", self._behind)
        except OSError:
            self._writers.discard(writer)
            writer.transport.abort()
            return
        self._writers.add(out)
        ways = {asyncio.ensure_future(self._pass(reader, out)), asyncio.ensure_future(self._pass(there, writer))}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, out):
                self._writers.discard(end)
                self._forgotten.discard(end)
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(_PIECE):
                while self._state == "silent" or writer in self._forgotten:
                    await self._changed.wait()
                if self._state == "slow":
                    await asyncio.sleep(self._slowness.delay_s + len(piece) / self._slowness.bytes_per_s)
                writer.write(piece)
                await writer.drain()
