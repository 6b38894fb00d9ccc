"""The whole road in one process: the one place that imports edge and ingest together.

The node's outbox hands its records to the centre's database (the embedded bus), its evidence files and pictures to the
centre's own store; nothing else differs from a node and a centre on two machines.
"""

import fcntl
import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import SecretStr

from contracts.errors import UsageError
from edge.config import CameraConfig, DetectConfig, NodeConfig
from edge.node import Node
from giaolo.embedded import EmbeddedBus
from giaolo.sources import CameraSource, cameras_of
from ingest.access.access import make_person
from ingest.access.permissions import Role
from ingest.centre import Centre
from ingest.config import CentreConfig
from models.registry import Registry

NODE = "demo"
USERNAME = "demo"
MAX_FPS = 8.0
"""Frames analysed per second and camera: two cameras leave room for decoding and the centre on two cores."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Made at the first start of a data folder, kept in it with mode 0600."""

    username: str
    password: str


class Demo:
    """Centre, node and dashboard of one data folder. `start_centre`, then `start_cameras`, then `stop`."""

    def __init__(self, sources: Sequence[str], *, data: Path, port: int) -> None:
        self._sources = tuple(sources)
        self._data = data.resolve()
        self._data.mkdir(parents=True, exist_ok=True)
        self._lock = lock_folder(self._data)
        self._port = port
        self._node: Node | None = None
        self._centre = Centre(CentreConfig(data=self._data / "centre", port=port, dashboard=built_dashboard()))
        self.credentials = self._first_person()
        self.url = ""

    def start_centre(self) -> None:
        """Serves API and dashboard; from then on `url` is known."""
        self.url = f"http://127.0.0.1:{self._centre.start()}"

    def start_cameras(self) -> None:
        """Gets model and samples where they are missing, then starts the node."""
        say = Stages(sys.stderr)
        cameras = cameras_of(self._sources, say)
        config = NodeConfig(
            node=NODE,
            data=self._data / "node",
            cameras=tuple(camera_config(camera) for camera in cameras),
            detect=DetectConfig(max_fps=MAX_FPS),
        )
        Registry().pull(config.detect.model, lambda stage, done, total: say.progress(f"detector: {stage}", done, total))
        say.begin("loading the detector")
        self._node = Node(
            config,
            publisher=EmbeddedBus(self._centre.take),
            evidence=self._centre.evidence,
            preview=self._centre.preview,
        )
        say.done()
        self._node.start()

    def stop(self) -> None:
        """Stops cameras, hands over what is decided, stops serving. Within 5 s."""
        if self._node is not None:
            self._node.stop(drain_s=0.5)
        self._centre.stop()
        self._lock.close()

    def as_json(self) -> str:
        """The first line on stdout with `--json`."""
        return json.dumps(
            {
                "url": self.url,
                "username": self.credentials.username,
                "password": self.credentials.password,
                "data": str(self._data),
            }
        )

    def greeting(self) -> str:
        """The same for people."""
        return (
            f"\n  Giao Lộ    {self.url}\n"
            f"  user name  {self.credentials.username}\n"
            f"  password   {self.credentials.password}\n\n"
            f"  Everything is kept in {self._data}. Ctrl-C stops.\n"
        )

    def _first_person(self) -> Credentials:
        """The demo's admin: a random password, made once per data folder."""
        path = self._data / "demo.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            return Credentials(kept["username"], kept["password"])
        made = Credentials(USERNAME, secrets.token_urlsafe(12))
        make_person(self._centre.database, made.username, made.password, "Demo", Role.ADMIN)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"username": made.username, "password": made.password}, file)
        return made


class Stages:
    """Lines on stderr that say what the first start is waiting for, and how long each part took."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._on_terminal = stream.isatty()
        self._name = ""
        self._since = 0.0

    def begin(self, name: str) -> None:
        """A part begins, and the one before it has ended."""
        self.done()
        self._name, self._since = name, time.monotonic()
        if self._on_terminal:
            self._show(f"  {name} …")

    def progress(self, name: str, done: int, total: int | None) -> None:
        """Bytes of a download."""
        if name != self._name:
            self.begin(name)
        if self._on_terminal and total:
            self._show(f"\r  {name} … {done / 1e6:.1f} of {total / 1e6:.1f} MB")

    def done(self) -> None:
        """The part ended."""
        if self._name:
            start = "\r" if self._on_terminal else ""
            self._show(f"{start}  {self._name}: {time.monotonic() - self._since:.1f} s{' ' * 24 if start else ''}\n")
        self._name = ""

    def warn(self, words: str) -> None:
        """Something is missing, and the rest goes on without it."""
        self.done()
        self._show(f"  {words}\n")

    def _show(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def camera_config(camera: CameraSource) -> CameraConfig:
    """Node configuration of a source."""
    return CameraConfig(id=camera.id, name=camera.name, url=SecretStr(camera.url), scene=camera.scene)


def built_dashboard() -> Path | None:
    """Folder of the built dashboard: in the installed package, else in the checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_data" / "dashboard", here.parent / "dashboard" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def lock_folder(data: Path) -> IO[str]:
    """Holds the data folder for this process; UsageError when another demo has it."""
    lock = (data / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise UsageError(f"another demo runs in {data}; stop it, or name another folder with --data") from None
    return lock
