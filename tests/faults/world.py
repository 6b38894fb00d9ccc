"""The whole: two edges, a broker, PostgreSQL, two centres, links between them, and how each fault is done to it."""

import json
import socket
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.link import Link
from tests.faults.parts import Broker, Part, Postgres

NODES = ("north", "south")
DISK_BYTES = 48 * 2**20
"""Of an edge's own small disk. Its outbox keeps 10,000 delivered records of 2 to 3 kB."""

_FAKETIME = (
    Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
    Path("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
)


@dataclass(frozen=True, slots=True)
class EdgeSite:
    """Folders of one edge: logs it is fed, data on its own disk, and what it tells the test."""

    node: str
    logs: Path
    data: Path
    work: Path

    def spooled(self) -> int:
        """Last number the outbox gave out."""
        database = self.data / "outbox.db"
        if not database.exists():
            return 0
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
        try:
            row = connection.execute("SELECT value FROM meta WHERE key = 'last_sequence'").fetchone()
        except sqlite3.OperationalError:
            return 0
        finally:
            connection.close()
        return int(row[0]) if row else 0

    def allow(self, number: int) -> None:
        """So many events may be found for now."""
        temporary = self.work / "allowed.new"
        temporary.write_text(str(number))
        temporary.replace(self.work / "allowed")

    def is_done(self) -> bool:
        """True when every camera has judged all its parts."""
        cameras = [path.name for path in self.logs.iterdir() if path.is_dir()]
        return all((self.work / f"{camera}.done").exists() for camera in cameras)

    def faults(self) -> list[str]:
        """What the node last said of itself."""
        try:
            told: dict[str, Any] = json.loads((self.work / "faults.json").read_text())
        except (OSError, ValueError):
            return []
        return list(told["faults"])


class SmallDisk:
    """A file system of its own for an edge's data, so that it can be full; a plain folder where mounting is denied."""

    def __init__(self, folder: Path, size: int = DISK_BYTES) -> None:
        """Mounts a tmpfs."""
        self.folder = folder
        folder.mkdir(parents=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        self.is_small = done.returncode == 0

    def fill(self) -> int:
        """Writes until there is no room; returns the bytes."""
        taken = 0
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (2**20, 4096):
                try:
                    while True:
                        taken += filler.write(bytes(size))
                except OSError:
                    continue
        return taken

    def clear(self) -> None:
        """Removes what `fill` wrote."""
        (self.folder / "filler").unlink(missing_ok=True)

    def remove(self) -> None:
        """Unmounts."""
        if self.is_small:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)


class World:
    """All parts, in a folder. `start`, then faults, then `stop`."""

    def __init__(self, folder: Path, *, per_second: float) -> None:
        """Prepares everything; nothing runs yet but the links."""
        self.folder = folder
        self.broker = Broker(folder)
        self.postgres = Postgres()
        self.links = {
            "edge": Link(self.broker.edge_port),
            "centre": Link(self.broker.centre_port),
            "database": Link(self.postgres.port),
        }
        self.broker.advertise(self.links["edge"].port, self.links["centre"].port)
        self.disks = [SmallDisk(folder / "disk" / node) for node in NODES]
        self.sites = [
            EdgeSite(node, folder / "logs" / node, disk.folder, folder / "work" / node)
            for node, disk in zip(NODES, self.disks, strict=True)
        ]
        self.clocks = [folder / f"clock-{node}" for node in NODES]
        self.edges = [self._edge(index, per_second) for index in range(2)]
        self.centres = [self._centre(index) for index in range(2)]

    def start(self) -> None:
        """Starts all: the centre's first process makes topics and tables."""
        self.postgres.start()
        self.broker.start()
        self.centres[0].start()
        wait_for_port(self.centres[0])
        watch_order(self.postgres.url)
        for part in (self.centres[1], *self.edges):
            part.start()

    def stop(self) -> dict[str, float]:
        """Stops all in order; returns how long each of ours took to end."""
        took = {part.name: part.stop() for part in (*self.edges, *self.centres)}
        self.broker.stop()
        self.postgres.stop()
        for link in self.links.values():
            link.close()
        for disk in self.disks:
            disk.remove()
        return took

    def parts(self) -> dict[str, int]:
        """Process ids of all parts by name."""
        ours = {part.name: part.pid for part in (*self.edges, *self.centres)}
        return ours | {"broker": self.broker.pid, "postgres": self.postgres.pid}

    def stored(self) -> dict[str, tuple[int, int]]:
        """Highest number and events of each node, as the database says. Empty while it does not answer."""
        try:
            with psycopg.connect(
                self.postgres.url, connect_timeout=2, options="-c statement_timeout=5000"
            ) as connection:
                rows = connection.execute(
                    "SELECT node_id, max(sequence), count(*) FROM events GROUP BY node_id"
                ).fetchall()
        except psycopg.Error:
            return {}
        return {node: (highest, count) for node, highest, count in rows}

    def _edge(self, index: int, per_second: float) -> Part:
        site = self.sites[index]
        site.work.mkdir(parents=True)
        arguments = ["-m", "tests.faults.track_edge", "--node", site.node, "--data", str(site.data)]
        arguments += ["--logs", str(site.logs), "--work", str(site.work), "--per-second", str(per_second)]
        arguments += ["--bootstrap", f"127.0.0.1:{self.links['edge'].port}"]
        self.clocks[index].write_text("+0\n")
        environment = clock_environment(self.clocks[index])
        return Part(f"edge {site.node}", arguments, self.folder / f"edge-{index}.log", environment)

    def _centre(self, index: int) -> Part:
        config = self.folder / f"centre-{index}.yaml"
        database = f"postgresql+psycopg://test@127.0.0.1:{self.links['database'].port}/postgres"
        config.write_text(
            f"version: 1\ndata: {self.folder / f'centre-{index}'}\nport: 0\nbus: kafka\ndatabase: {database}\n"
            f"kafka: {{bootstrap: '127.0.0.1:{self.links['centre'].port}'}}\n"
        )
        arguments = ["-m", "giaolo", "centre", "run", "--json", "--config", str(config)]
        return Part(f"centre {index + 1}", arguments, self.folder / f"centre-{index}.log")


def watch_order(url: str) -> None:
    """The database itself writes down in which order events come in: no clock of ours says it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE arrivals (n bigserial PRIMARY KEY, id text NOT NULL)")
        connection.execute(
            "CREATE FUNCTION note_arrival() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO arrivals (id) VALUES (NEW.id); RETURN NULL; END $$"
        )
        connection.execute("CREATE TRIGGER arrival AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION note_arrival()")


def clock_environment(offset_file: Path) -> Mapping[str, str]:
    """Environment of a process whose clock steps when the file changes; empty where libfaketime is not installed."""
    library = next((path for path in _FAKETIME if path.exists()), None)
    if library is None:
        return {}
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(offset_file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def wait_for_port(centre: Part, seconds: float = 90.0) -> str:
    """Address a centre says on its first line; returns when it answers there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and centre.is_alive():
        for line in centre.log.read_text().splitlines():
            if line.startswith('{"url"'):
                url = str(json.loads(line)["url"])
                host, port = url.removeprefix("http://").split(":")
                try:
                    socket.create_connection((host, int(port)), timeout=1).close()
                except OSError:
                    break
                return url
        time.sleep(0.1)
    raise RuntimeError(f"the centre did not start: {centre.log.read_text()[-3000:]}")
