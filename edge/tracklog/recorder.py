"""Track logs of a live node, written beside the cameras: a frame is never held up by a disk."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from edge.config import TrackLogConfig
from edge.errors import EdgeError
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import LogHead
from edge.tracklog.shelf import HOUR, Shelf, limit, name_of

log = structlog.get_logger(__name__)

QUEUE_FRAMES = 8192
PART_ROWS = 100_000
WAKE_S = 1.0
COMPLAIN_S = 60.0


@dataclass(slots=True, eq=False)
class _Open:
    """What is not yet on disk of a camera."""

    shelf: Shelf
    frames: list[TrackedFrame] = field(default_factory=list)
    rows: int = 0
    since: float = 0.0  # time.monotonic of the first of them

    @property
    def hour(self) -> str:
        """As in a file's name."""
        return name_of(self.frames[0].at)[:HOUR]


class CameraTrackLog:
    """Where one camera's pipeline puts what its rules are given. For one thread."""

    def __init__(self, put: Callable[[TrackedFrame | None], bool]) -> None:
        self._put = put
        self._lost = 0

    def add(self, frame: TrackedFrame) -> None:
        """Hands the frame over; never waits and never fails. A frame that is lost is counted in the next one."""
        if self._put(replace(frame, lost=self._lost) if self._lost else frame):
            self._lost = 0
        else:
            self._lost += 1

    def end(self) -> None:
        """No more frames come: what there is is written soon."""
        self._put(None)


class TrackRecorder:
    """The thread that writes the track logs of a node's cameras.

    Args:
        folder: of the node's track logs; each camera gets a folder in it.
        config: how long and how much is kept.
        node: named in the files.
        run: which run of the node, later ones greater.
    """

    def __init__(self, folder: Path, config: TrackLogConfig, *, node: str, run: str) -> None:
        self._folder = folder
        self._config = config
        self._head = LogHead(camera="", node=node, run=run)
        self._queue: queue.Queue[tuple[_Open, TrackedFrame | None]] = queue.Queue(QUEUE_FRAMES)
        self._new: queue.SimpleQueue[_Open] = queue.SimpleQueue()
        self._open: list[_Open] = []
        self._stints: dict[str, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="track-log", daemon=True)
        self._fault = ""
        self._complained_at = -COMPLAIN_S

    def camera(self, camera: str, model_sha256: str | None) -> CameraTrackLog:
        """Log of one camera from now on; at any time, also for one that was here before. OSError: no folder."""
        stints = self._stints.get(camera, 0)
        self._stints[camera] = stints + 1
        run = f"{self._head.run}+{stints:06d}" if stints else self._head.run
        head = replace(self._head, camera=camera, model_sha256=model_sha256, run=run)
        opened = _Open(Shelf(self._folder / camera, head))
        self._new.put(opened)
        return CameraTrackLog(partial(self._put, opened))

    def start(self) -> None:
        """Starts writing; first what an earlier run left open is put in order."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Writes what it holds and ends."""
        self._stop.set()
        self._thread.join(timeout_s)

    def give_up(self, wanted: int) -> int:
        """Removes the oldest files, about `wanted` bytes of them: events need the room. Bytes freed. Any thread."""
        before = _bytes_in(self._folder)
        keep = timedelta(days=self._config.keep_days)
        limit(_folders_in(self._folder), now=datetime.now(UTC), keep=keep, max_bytes=max(0, before - wanted))
        freed = before - _bytes_in(self._folder)
        if freed:
            self._complain(f"The disk is full: {freed} bytes of track logs, the oldest, were given up for events.")
        return freed

    def faults(self) -> list[str]:
        """What is wrong now, in words; empty when all is well."""
        return [self._fault] if self._fault else []

    def _put(self, camera: _Open, frame: TrackedFrame | None) -> bool:
        try:
            self._queue.put_nowait((camera, frame))
        except queue.Full:
            self._complain("The track log cannot keep up: frames are judged but not kept.")
            return False
        return True

    def _run(self) -> None:
        self._take_in()
        self._attempt(self._limit)
        while not (self._stop.is_set() and self._queue.empty()):
            self._take()
            now = time.monotonic()
            for camera in self._open:
                if camera.frames and (now - camera.since >= self._config.part_s or camera.rows >= PART_ROWS):
                    self._keep_part(camera)
        for camera in self._open:
            self._keep_part(camera)

    def _take_in(self) -> None:
        """Puts in order what an earlier run of each new camera left open."""
        while not self._new.empty():
            camera = self._new.get()
            self._open.append(camera)
            self._attempt(camera.shelf.tidy)

    def _take(self) -> None:
        """Takes what has come; at most as many frames as fit into the queue.

        Every second, not with every frame: a thread that is woken takes the interpreter from the one that wakes it.
        """
        self._stop.wait(WAKE_S)
        for _ in range(QUEUE_FRAMES):
            try:
                camera, frame = self._queue.get_nowait()
            except queue.Empty:
                return
            self._take_in()
            if frame is None:
                self._end(camera)
            else:
                self._gather(camera, frame)

    def _end(self, camera: _Open) -> None:
        self._keep_part(camera)
        if camera in self._open:
            self._open.remove(camera)

    def _gather(self, camera: _Open, frame: TrackedFrame) -> None:
        hour_ends = camera.frames and name_of(frame.at)[:HOUR] != camera.hour
        if hour_ends:
            self._keep_part(camera)
            self._attempt(lambda: camera.shelf.tidy(but=name_of(frame.at)[:HOUR]))
            self._attempt(self._limit)
        if not camera.frames:
            camera.since = time.monotonic()
        camera.frames.append(frame)
        camera.rows += max(len(frame.tracks), 1)

    def _keep_part(self, camera: _Open) -> None:
        frames, camera.frames, camera.rows = camera.frames, [], 0
        if frames and self._attempt(lambda: camera.shelf.add(frames)):
            self._fault = ""

    def _limit(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        folders = _folders_in(self._folder)
        keep = timedelta(days=self._config.keep_days)
        removed = limit(folders, now=datetime.now(UTC), keep=keep, max_bytes=int(self._config.max_gb * 1e9))
        if removed:
            log.info("old track logs removed", files=len(removed), newest=removed[-1].name)

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Does it; what fails is told and the cameras go on."""
        try:
            act()
        except (EdgeError, OSError, ValueError) as error:
            self._complain(f"The track log cannot be written: {error}")
            return False
        return True

    def _complain(self, words: str) -> None:
        self._fault = words
        now = time.monotonic()
        if now - self._complained_at >= COMPLAIN_S:
            self._complained_at = now
            log.error("track log", reason=words)


def _folders_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _bytes_in(folder: Path) -> int:
    """Of all files of all cameras. One that goes meanwhile counts nothing."""
    total = 0
    for path in folder.glob("*/*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total
