"""A real HTTP server on this machine that serves well, badly, or something else."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from models.source import UrlSource


@contextlib.contextmanager
def serving(content: bytes, *, break_after: int | None = None, status: int = 200) -> Iterator[str]:
    """Address of a server that answers with `content`, or breaks off after so many bytes of it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:break_after])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/file"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def plain(url: str) -> UrlSource:
    """Source without the check for https, which a server on this machine does not have."""
    return UrlSource.model_construct(kind="url", url=url)
