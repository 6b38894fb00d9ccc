"""Runs the app on a socket: in the foreground, or in a thread of a process that does more.

Live streams never end by themselves, so they are told before the server waits for its connections; what then still
does not end is cut after `GRACE_S`.
"""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from ingest.errors import IngestError

BACKLOG = 2048
GRACE_S = 2
START_S = 30.0


class CentreServer(uvicorn.Server):
    """A server that ends its live streams first when it stops."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, after the streams were told."""
        self._end_streams()
        await super().shutdown(sockets)


class ServerThread:
    """The server in a thread of its own; `port` is known as soon as it is made."""

    def __init__(self, app: FastAPI, host: str, port: int, end_streams: Callable[[], None]) -> None:
        self._socket = bind(host, port)
        self.host = host
        self.port = int(self._socket.getsockname()[1])
        self._server = CentreServer(server_config(app, host), end_streams)
        self._thread = threading.Thread(target=self._run, name="centre-http", daemon=True)
        self._is_over = threading.Event()

    def start(self) -> None:
        """Returns when requests are answered. IngestError when the server does not come up."""
        self._thread.start()
        waited = 0.0
        while not self._server.started:
            if self._is_over.wait(0.02) or (waited := waited + 0.02) > START_S:
                raise IngestError("the HTTP server did not start; the log says why")

    def stop(self, timeout_s: float = GRACE_S + 3.0) -> None:
        """Ends streams, answers what is under way, and returns."""
        self._server.should_exit = True
        self._thread.join(timeout_s)
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        finally:
            self._is_over.set()


def run_until_signal(app: FastAPI, listener: socket.socket, end_streams: Callable[[], None]) -> None:
    """Serves in the main thread until SIGTERM or SIGINT."""
    server = CentreServer(server_config(app, listener.getsockname()[0]), end_streams)
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # uvicorn raises the signal again when it is done
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[listener]))
    finally:
        signal.signal(signal.SIGTERM, before)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. IngestError says who to ask when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, asyncio switches Nagle's delay (40 ms for each small answer) off on what it accepts
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)  # who connects before the app is up waits, and is not refused
    except OSError as error:
        listener.close()
        raise IngestError(
            f"cannot listen on {host}:{port} ({error.strerror}); is another centre running? "
            "Stop it, or choose another port."
        ) from error
    return listener


def server_config(app: FastAPI, host: str) -> uvicorn.Config:
    """How the server runs. Forwarded headers are the access part's to judge, the log is ours."""
    return uvicorn.Config(
        app,
        host=host,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        lifespan="on",
    )
