"""`giaolo demo` as a person starts it: a process of its own, driven over HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2


def until(what: str, found: Callable[[], Any], timeout_s: float = 60, around: Callable[[], str] = str) -> Any:
    """First true value of `found`; AssertionError, ending with what `around` says, when it does not come."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"no {what} within {timeout_s} s{around()}")


@dataclass
class RunningDemo:
    """A demo that answers, and a client that is signed in."""

    process: subprocess.Popen[str]
    first_line: dict[str, str]
    client: httpx2.Client
    log: Path

    def get(self, path: str) -> Any:
        """JSON of a path under /api/v1."""
        answer = self.client.get(f"/api/v1/{path}")
        answer.raise_for_status()
        return answer.json()

    def until(self, what: str, found: Callable[[], Any], timeout_s: float = 90) -> Any:
        """First true value of `found`; AssertionError with the log's end when it does not come."""
        return until(what, found, timeout_s, lambda: f"; the log ends with\n{self.log.read_text()[-2000:]}")

    def stop(self) -> tuple[int, float]:
        """SIGTERM; exit status and seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30), time.monotonic() - begun


@contextmanager
def running_demo(data: Path, sources: Sequence[str] = ()) -> Iterator[RunningDemo]:
    """Starts the demo on a free port; kills it at the end if it still runs."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "stderr.log"
    arguments = [sys.executable, "-m", "giaolo", "demo", "--port", "0", "--data", str(data / "demo"), "--json"]
    for source in sources:
        arguments += ["--source", source]
    with log.open("w") as stderr:
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=stderr, text=True, env={**os.environ, "GIAOLO_LOG": "INFO"}
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"no first line; the log says\n{log.read_text()[-2000:]}"
        first = json.loads(line)
        with httpx2.Client(base_url=first["url"], timeout=20) as client:
            body = {"username": first["username"], "password": first["password"]}
            session = client.post("/api/v1/session", json=body)
            session.raise_for_status()
            client.headers["Authorization"] = f"Bearer {session.json()['token']}"
            yield RunningDemo(process, first, client, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
