"""From a committed row to the browsers: two centre processes on one PostgreSQL, many clients of the live stream.

Events are written by a third process at a steady rate, the time of each commit is taken there. One process reads all
streams with epoll, as cheaply as Python can: it counts the events of every client and takes the time of arrival for
each event at every tenth client. All processes share the machine, the clients' share of the CPU is said beside the
centres'.

    python -m bench.live --clients 200 --rate 300 --seconds 40
"""

import argparse
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.request import Request, urlopen

from sqlalchemy import event as sql_event
from sqlalchemy.orm import Session

from ingest.access.access import make_person
from ingest.access.permissions import Role
from ingest.centre import Centre
from ingest.config import CentreConfig
from tests.integration.postgres_server import postgres
from tests.unit.ingest.stories import an_event, records

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "đo-tốc-độ-luồng-sống-1"  # noqa: S105 - of a database that lives for a minute
TICKS_PER_S = 20
SAMPLE = 10
EVENT_ID = re.compile(rb'data: \{"id":"([0-9a-f]{1,64})"')
KEPT_TAIL = 120
"""Bytes of a read kept for the next one: an id may be cut in two."""


@dataclass
class Client:
    """One browser: its socket, how many events it got, and when each of them came where that is sampled."""

    line: socket.socket
    is_sampled: bool
    events: int = 0
    volume: int = 0
    is_open: bool = True
    tail: bytes = b""
    arrivals: dict[str, float] = field(default_factory=dict)

    def read(self) -> None:
        """What has come since."""
        content = self.line.recv(1 << 20)
        now = time.time()
        if not content:
            self.is_open = False
            return
        self.volume += len(content)
        known = len(self.tail)
        whole = self.tail + content
        for found in EVENT_ID.finditer(whole):
            if found.end() > known:
                self.events += 1
                if self.is_sampled:
                    self.arrivals.setdefault(found.group(1).decode(), now)
        self.tail = whole[-KEPT_TAIL:]


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints, writes build/live.json; 1 when an event did not reach a client."""
    parser = argparse.ArgumentParser(description="from a committed row to the browsers")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=int, default=300, help="events a second")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--role", choices=["centre", "writer"], help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.role == "centre":
        _centre(asked.data, asked.database).run(on_ready=lambda port: print(port, flush=True))
        return 0
    if asked.role == "writer":
        _write(_centre(asked.data, asked.database), asked.rate, asked.seconds)
        return 0
    found = measure(asked.clients, asked.rate, asked.seconds)
    print(json.dumps(found, indent=2))
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "live.json").write_text(json.dumps(found, indent=2) + "\n")
    return 0 if found["clients_with_all_events"] == asked.clients else 1


def measure(clients: int, rate: int, seconds: int) -> dict[str, object]:
    """One run."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _people(folder, url)
        centres = [stack.enter_context(_process("centre", folder / f"c{n}", url)) for n in range(2)]
        ports = [int(_line(process)) for process in centres]
        tokens = [_token(port) for port in ports]
        opened = [_open(ports[n % 2], tokens[n % 2], is_sampled=n % SAMPLE < 2) for n in range(clients)]
        before = [_cpu_s(process.pid) for process in centres]
        own = time.process_time()
        began = time.monotonic()
        writer = stack.enter_context(
            _process("writer", folder / "w", url, "--rate", str(rate), "--seconds", str(seconds))
        )
        commits = _read_until_over(opened, writer)
        wall = time.monotonic() - began
        used = [_cpu_s(process.pid) - earlier for process, earlier in zip(centres, before, strict=True)]
        return _summary(opened, commits, rate, wall, used, time.process_time() - own, _dropped(ports))


def _summary(
    clients: Sequence[Client],
    commits: dict[str, float],
    rate: int,
    wall_s: float,
    centres_cpu_s: Sequence[float],
    clients_cpu_s: float,
    dropped: float,
) -> dict[str, object]:
    delays = sorted(
        (arrived - commits[event]) * 1000
        for client in clients
        for event, arrived in client.arrivals.items()
        if event in commits
    )
    span = max(commits.values()) - min(commits.values())
    return {
        "clients": len(clients),
        "rate_asked_per_s": rate,
        "events": len(commits),
        "rate_reached_per_s": round(len(commits) / span, 1),
        "deliveries_per_s": round(sum(client.events for client in clients) / span),
        "mebibytes_per_s": round(sum(client.volume for client in clients) / span / 2**20, 1),
        "samples": len(delays),
        "delay_ms_p50": round(_quantile(delays, 0.5), 1),
        "delay_ms_p95": round(_quantile(delays, 0.95), 1),
        "delay_ms_p99": round(_quantile(delays, 0.99), 1),
        "delay_ms_max": round(delays[-1], 1) if delays else None,
        "clients_with_all_events": sum(client.events >= len(commits) for client in clients),
        "clients_dropped": int(dropped),
        "cpu_share_of_each_centre": [round(used / wall_s, 3) for used in centres_cpu_s],
        "cpu_share_of_all_clients": round(clients_cpu_s / wall_s, 3),
        "load_average_1_min": round(os.getloadavg()[0], 1),
        "cpus": os.cpu_count(),
    }


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def _read_until_over(clients: Sequence[Client], writer: "subprocess.Popen[str]") -> dict[str, float]:
    """Reads all streams until the writer is done and everything has come; returns when each event was committed."""
    poll = selectors.EpollSelector()
    for client in clients:
        poll.register(client.line, selectors.EVENT_READ, client)
    assert writer.stdout is not None  # noqa: S101 - it was opened with a pipe
    poll.register(writer.stdout, selectors.EVENT_READ, None)
    commits: dict[str, float] = {}
    give_up = float("inf")
    while time.monotonic() < give_up:
        for key, _ in poll.select(0.5):
            if isinstance(key.data, Client):
                key.data.read()
                if not key.data.is_open:
                    poll.unregister(key.fileobj)
            else:
                commits = json.loads(writer.stdout.readline())
                poll.unregister(key.fileobj)
                give_up = time.monotonic() + 10
        if commits and all(client.events >= len(commits) for client in clients if client.is_open):
            break
    return commits


def _write(centre: Centre, rate: int, seconds: int) -> None:
    """Takes events at a steady rate as a consumer would, and prints when each was committed."""
    commits: dict[str, float] = {}
    batch: list[str] = []

    def committed(_session: Session) -> None:
        now = time.time()
        commits.update((event, now) for event in batch if event not in commits)

    sql_event.listen(Session, "after_commit", committed)
    began = time.monotonic()
    sent = 0
    for tick in range(seconds * TICKS_PER_S):
        due = (tick + 1) * rate // TICKS_PER_S
        at = datetime.now(UTC)
        made = [
            an_event(n, camera=f"camera-{n % 50}", time=at + timedelta(microseconds=n))
            for n in range(sent + 1, due + 1)
        ]
        batch[:] = [one.id for one in made]
        centre.take(records(*made))
        sent = due
        time.sleep(max(0.0, began + (tick + 1) / TICKS_PER_S - time.monotonic()))
    centre.stop()
    print(json.dumps(commits), flush=True)


def _centre(data: Path, database: str) -> Centre:
    return Centre(CentreConfig.model_validate({"data": data, "database": database, "port": 0}))


def _people(folder: Path, url: str) -> None:
    centre = _centre(folder / "setup", url)
    make_person(centre.database, "operator-1", PASSWORD, "Operator", Role.OPERATOR)
    centre.stop()


@contextmanager
def _process(role: str, data: Path, url: str, *more: str) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "bench.live", "--role", role, "--data", str(data), "--database", url, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()


def _line(process: "subprocess.Popen[str]") -> str:
    stream: IO[str] | None = process.stdout
    assert stream is not None  # noqa: S101 - it was opened with a pipe
    return stream.readline()


def _token(port: int) -> str:
    body = json.dumps({"username": "operator-1", "password": PASSWORD}).encode()
    url = f"http://127.0.0.1:{port}/api/v1/session"
    with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=60) as answer:
        return str(json.loads(answer.read())["token"])


def _open(port: int, token: str, *, is_sampled: bool) -> Client:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(
        f"GET /api/v1/events/stream HTTP/1.1\r\nHost: centre\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    while b"id: " not in line.recv(4096):
        pass
    return Client(line, is_sampled)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _dropped(ports: Sequence[int]) -> float:
    total = 0.0
    for port in ports:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            found = re.search(r"^ingest_live_dropped_total (\S+)", answer.read().decode(), re.MULTILINE)
            total += float(found.group(1)) if found else 0.0
    return total


if __name__ == "__main__":
    sys.exit(main())
