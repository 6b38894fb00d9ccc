"""The cameras a node runs now: each on its own road, begun and ended singly while the others go on."""

import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from contracts.health import CameraHealth
from contracts.scene import SceneConfig
from contracts.wire import PreviewSink
from edge.config import CameraConfig
from edge.engine.engine import Engine
from edge.errors import EdgeError, OutboxError
from edge.evidence.desk import EvidenceDesk
from edge.pipeline import CameraPipeline, EventSink
from edge.rules.reservations import reservations
from edge.scene.load import default_scene, load_scene
from edge.signal.feed import LiveFeed
from edge.signal.open_feed import open_feed
from edge.stream.camera import CameraStream
from edge.tracklog.recorder import CameraTrackLog, TrackRecorder
from edge.worker import CameraWorker

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """A camera with the scene it is judged by. Equal set-ups need no restart."""

    config: CameraConfig
    scene: SceneConfig
    scene_is_default: bool

    @classmethod
    def from_files(cls, config: CameraConfig) -> "CameraSetup":
        """With the scene file it names, or the default scene that shows something at once. ConfigError."""
        scene = load_scene(config.scene) if config.scene else default_scene()
        return cls(config, scene, scene_is_default=config.scene is None)


@dataclass(frozen=True, slots=True)
class Road:
    """What every camera's road of a node ends in, and how it is judged."""

    node: str
    engine: Engine
    confidence: float
    desk: EvidenceDesk
    sink: EventSink
    preview: PreviewSink
    recorder: TrackRecorder | None


class RunningCamera:
    """One camera on its road: worker, controller's feed, track log."""

    def __init__(self, setup: CameraSetup, road: Road, on_change: Callable[[], None]) -> None:
        """Not started yet. EdgeError or OSError when the road cannot be made."""
        self.setup = setup
        camera, scene = setup.config, setup.scene
        for reservation in reservations(scene):
            log.warning("rule finds nothing", camera=camera.id, reason=reservation)
        self._feed: LiveFeed | None = None
        if camera.signal_feed is not None:
            self._feed = open_feed(camera.signal_feed, scene.signal_heads, name=f"giaolo-{road.node}-{camera.id}")
        self._track_log: CameraTrackLog | None = None
        if road.recorder is not None:
            self._track_log = road.recorder.camera(camera.id, road.engine.detector.model_sha256)
        self._engine = road.engine
        self._seat = road.engine.seat(camera.id, scene)
        pipeline = CameraPipeline(
            camera.id,
            scene=scene,
            detector=self._seat,
            confidence=road.confidence,
            desk=road.desk,
            sink=road.sink,
            track_log=self._track_log,
        )
        if self._feed is not None:
            pipeline.listen(self._feed)
        stream = CameraStream(camera, on_change=on_change)
        self.worker = CameraWorker(
            camera,
            stream,
            pipeline,
            road.preview,
            seat=self._seat,
            scene_is_default=setup.scene_is_default,
        )

    @property
    def id(self) -> str:
        """The camera's id."""
        return self.setup.config.id

    def start(self) -> None:
        """Begins to read, listen and judge."""
        if self._feed is not None:
            self._feed.start()
        self.worker.start()

    def join(self) -> None:
        """Returns when no more frame is judged; `worker.signal_stop` came before."""
        self.worker.join()
        self._engine.leave(self._seat)
        if self._feed is not None:
            self._feed.stop()
        if self._track_log is not None:
            self._track_log.end()

    def faults(self) -> list[str]:
        """What is wrong with its signals, in words."""
        told = []
        if self._feed is not None and (fault := self._feed.fault()):
            told.append(f"{self.id}: {fault}")
        if heads := ", ".join(self.worker.unknown_heads()):
            told.append(
                f"{self.id}: nothing has been known of signal head {heads} for a minute; no red light is judged "
                "there. Is its region right, is it covered, is its feed silent?"
            )
        return told


class Cameras:
    """All cameras of a node. `set` is for one thread at a time; the rest may be called from any."""

    def __init__(self, road: Road, on_change: Callable[[], None]) -> None:
        self._road = road
        self._on_change = on_change
        self._lock = threading.Lock()
        self._running: dict[str, RunningCamera] = {}
        self._ending: list[RunningCamera] = []  # judged to the end, with packages still to be closed
        self._broken: dict[str, tuple[CameraSetup, str]] = {}  # could not be begun, and why

    def prepare(self, setups: Iterable[CameraSetup]) -> None:
        """Takes cameras in without starting them. EdgeError or OSError for the first that cannot be begun."""
        for setup in setups:
            self._running[setup.config.id] = RunningCamera(setup, self._road, self._on_change)

    def start(self) -> None:
        """Starts those that were prepared."""
        for camera in self.now():
            camera.start()

    def now(self) -> list[RunningCamera]:
        """Those that run."""
        with self._lock:
            return list(self._running.values())

    def set(self, setups: Iterable[CameraSetup]) -> None:
        """Runs these cameras and no others: ends those that are gone or changed, then begins the new ones.

        A camera that stays as it was goes on untouched. One that cannot be begun is told in `faults`, the others run.
        """
        wanted = {setup.config.id: setup for setup in setups}
        self._end([camera for camera in self.now() if wanted.get(camera.id) != camera.setup])
        self._broken = {key: broken for key, broken in self._broken.items() if wanted.get(key) == broken[0]}
        running = {camera.id for camera in self.now()}
        for key, setup in wanted.items():
            if key not in running and key not in self._broken:
                self._begin(setup)
        self._on_change()

    def end_all(self) -> None:
        """Ends every camera and closes its packages with what there is."""
        self._end(self.now())
        self.close_due()

    def health(self) -> tuple[CameraHealth, ...]:
        """Report on each camera."""
        return tuple(camera.worker.health() for camera in self.now())

    def faults(self) -> list[str]:
        """What is wrong with cameras beside their streams, in words."""
        told = [f"{key}: cannot be run: {why}" for key, (_, why) in sorted(self._broken.items())]
        told += self._road.engine.faults()
        return told + [fault for camera in self.now() for fault in camera.faults()]

    def close_due(self) -> None:
        """Closes evidence packages whose time has come, and all of cameras that were ended."""
        for camera in self.now():
            self._close(camera, everything=False)
        with self._lock:
            ending = list(self._ending)
        for camera in ending:
            if self._close(camera, everything=True):
                with self._lock, contextlib.suppress(ValueError):  # two threads may have closed it
                    self._ending.remove(camera)

    def _begin(self, setup: CameraSetup) -> None:
        try:
            camera = RunningCamera(setup, self._road, self._on_change)
        except (EdgeError, OSError) as error:
            log.warning("camera cannot be run", camera=setup.config.id, reason=str(error))
            self._broken[setup.config.id] = (setup, str(error))
            return
        with self._lock:
            self._running[camera.id] = camera
        camera.start()
        log.info("camera begun", camera=camera.id)

    def _end(self, cameras: list[RunningCamera]) -> None:
        for camera in cameras:
            camera.worker.signal_stop()
        for camera in cameras:
            camera.join()
            with self._lock:
                del self._running[camera.id]
                self._ending.append(camera)
            log.info("camera ended", camera=camera.id)

    def _close(self, camera: RunningCamera, *, everything: bool) -> bool:
        try:
            camera.worker.close_packages(everything=everything)
        except OutboxError as error:
            log.warning("evidence package not kept", camera=camera.id, reason=str(error))
            return False
        return True
