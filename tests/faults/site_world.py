"""A site on one machine: a real broker, real `giaolo edge run` processes, cameras that Kafka shares among them.

When and where a camera ran is read from the nodes' own track logs: the times of the frames that were judged.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import yaml

from contracts.kafka import KafkaLink
from edge.assignment.kafka_editor import members
from edge.errors import ConfigError
from edge.tracklog.log import TrackLog
from ingest.kafka_topics import ensure_topics
from tests.conftest import ROOT
from tests.integration.kafka_broker import KafkaBroker

SITE = "district-1"
SHARE_S = 6.0
"""Who is in the group has its share by then: two rounds of heartbeats."""


@dataclass(frozen=True, slots=True)
class Stint:
    """One stretch of frames of a camera on a node."""

    node: str
    first: datetime
    last: datetime


class SiteNode:
    """A node process; what it kept outlives it."""

    def __init__(self, name: str, folder: Path, bootstrap: str, **more: object) -> None:
        self.name = name
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        config = {
            "version": 1,
            "node": name,
            "site": SITE,
            "data": "data",
            "cameras": "kafka",
            "credentials": {"gate": {"user": "u", "password": "p"}},
            "kafka": {"bootstrap": bootstrap},
            "centre": {"url": "http://127.0.0.1:1", "token": "t"},
            "detect": {"height": 64, "width": 96, "max_fps": 2},
            "track_log": {"part_s": 1},
        }
        self.file = self.folder / "node.yaml"
        self.file.write_text(yaml.safe_dump(config | more), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "giaolo", "edge", "run", "--config", str(self.file)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        assert self._process is not None
        assert self._process.poll() is None, f"ended by itself: {self.words()}"
        self._process.send_signal(number)

    def kill9(self) -> datetime:
        """Ends it as a power cut would; says when."""
        self.signal(signal.SIGKILL)
        at = datetime.now(UTC)
        assert self._process is not None
        self._process.wait()
        return at

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def said(self) -> str:
        """All it wrote."""
        return (self.folder / "log").read_text(errors="replace")

    def words(self) -> str:
        """The last it wrote, for a failed test's message."""
        return self.said()[-3000:]

    def frames(self, camera: str) -> list[datetime]:
        """Times of the frames of a camera judged here, oldest first."""
        try:
            return sorted(frame.at for frame, _ in TrackLog.read(self.folder / "data" / "tracks" / camera).frames())
        except (ConfigError, OSError, ValueError):
            return []  # nothing yet, or a part is being joined just now


class Site:
    """Broker, nodes and cameras."""

    def __init__(self, folder: Path, clip: Path, *, nodes: int, cameras: int, **more: object) -> None:
        self.folder = folder
        self.cameras = [f"cam-{number}" for number in range(cameras)]
        self.broker = KafkaBroker(folder)
        self.broker.start()
        ensure_topics(self.broker.bootstrap)
        self.nodes = {
            name: SiteNode(name, folder, self.broker.bootstrap, **more)
            for name in (f"node-{number}" for number in range(1, nodes + 1))
        }
        self._clip = clip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes.values():
            node.stop()
        self.broker.stop()

    def apply(self, **changed: object) -> None:
        """Writes the cameras by the command, as a person does; `changed` goes to the first."""
        cameras = [{"id": camera, "url": str(self._clip)} for camera in self.cameras]
        cameras[0] |= changed  # type: ignore[arg-type]
        file = self.folder / "cameras.yaml"
        file.write_text(yaml.safe_dump({"version": 1, "site": SITE, "cameras": cameras}), encoding="utf-8")
        self.run("apply", str(file))

    def run(self, *words: str, status: int = 0) -> str:
        """`giaolo cameras …`; what it said."""
        file = next(iter(self.nodes.values())).file
        done = subprocess.run(
            [sys.executable, "-m", "giaolo", "cameras", *words, "--config", str(file)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def runners(self, within_s: float = 3.5) -> dict[str, set[str]]:
        """Nodes that judged a frame of each camera just now."""
        since = datetime.now(UTC) - timedelta(seconds=within_s)
        return {
            camera: {node.name for node in self.nodes.values() if (at := node.frames(camera)) and at[-1] > since}
            for camera in self.cameras
        }

    def start(self) -> None:
        """The cameras are written and every node begins."""
        self.apply()
        for node in self.nodes.values():
            node.start()

    def joined(self) -> dict[str, str]:
        """Waits until every node is in the group and has its share; the runner of each camera."""
        link, end = KafkaLink(bootstrap=self.broker.bootstrap), time.monotonic() + 90
        while members(link, SITE) != set(self.nodes):
            assert time.monotonic() < end, "\n".join(node.words() for node in self.nodes.values())
            time.sleep(0.5)
        time.sleep(SHARE_S)
        return self.settle(set(self.nodes), 90)

    def settle(self, names: set[str], seconds: float = 60) -> dict[str, str]:
        """Waits until each camera has one runner, and that among `names`; returns them.

        Partitions are shared out evenly; a handful of cameras need not be.
        """
        return self._until(
            lambda now: all(len(nodes) == 1 for nodes in now.values()) and set().union(*now.values()) <= names, seconds
        )

    def wait_for(self, expected: dict[str, set[str]], seconds: float = 60) -> None:
        """Waits until these cameras have these runners."""
        self._until(lambda now: {camera: now[camera] for camera in expected} == expected, seconds)

    def _until(self, done: Callable[[dict[str, set[str]]], bool], seconds: float) -> dict[str, str]:
        end = time.monotonic() + seconds
        while True:
            runners = self.runners()
            if done(runners):
                return {camera: min(nodes, default="") for camera, nodes in runners.items()}
            assert time.monotonic() < end, f"{runners}\n" + "\n".join(node.words() for node in self.nodes.values())
            time.sleep(0.5)

    def stints(self, camera: str, since: datetime, gap_s: float = 4.0) -> list[Stint]:
        """Stretches of the camera's frames from that moment on, on any node."""
        found: list[Stint] = []
        for node in self.nodes.values():
            begun: datetime | None = None
            before = since
            for at in [*(at for at in node.frames(camera) if at > since), datetime.max.replace(tzinfo=UTC)]:
                if begun is not None and (at - before).total_seconds() > gap_s:
                    found.append(Stint(node.name, begun, before))
                    begun = None
                begun = begun or at
                before = at
        return sorted(found, key=lambda stint: stint.first)

    def overlap_s(self, camera: str, since: datetime) -> float:
        """Longest time two nodes ran the camera at once, seconds."""
        stints = self.stints(camera, since)
        return max(
            (
                (min(one.last, other.last) - max(one.first, other.first)).total_seconds()
                for number, one in enumerate(stints)
                for other in stints[number + 1 :]
                if one.node != other.node
            ),
            default=0.0,
        )
