"""An edge node: N cameras on their roads, one detector, one outbox, health, and a clean stop.

Threads: one that reads each camera (`CameraStream`), one that analyses each camera (`CameraWorker`), one that closes
evidence packages, one that writes track logs, one relay to the centre, one that reports health. A camera's fault stays
in its own two threads.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

import structlog

from contracts.canonical import utc_text
from contracts.health import NodeHealth
from contracts.scene import SceneConfig
from contracts.wire import EvidenceSink, PreviewSink, Publisher
from edge.config import CameraConfig, NodeConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.errors import OutboxError
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.outbox.relay import Relay
from edge.outbox.store import Outbox
from edge.pipeline import CameraPipeline
from edge.rules.reservations import reservations
from edge.scene.load import default_scene, load_scene
from edge.signal.feed import LiveFeed
from edge.signal.open_feed import open_feed
from edge.stream.camera import CameraStream
from edge.tracklog.recorder import TrackRecorder
from edge.worker import CameraWorker

log = structlog.get_logger(__name__)

HEALTH_EVERY_S = 2.0
CLOSE_EVERY_S = 0.25


class Node:
    """Runs the cameras of a node file until stopped.

    Args:
        config: the node file.
        publisher: takes records to the centre; closed by the node when it stops.
        evidence: takes evidence files to the centre.
        preview: takes pictures for live viewers.
        detector: used instead of loading the configured one (several nodes in one test process share it).
    """

    def __init__(
        self,
        config: NodeConfig,
        *,
        publisher: Publisher,
        evidence: EvidenceSink,
        preview: PreviewSink,
        detector: Detector | None = None,
    ) -> None:
        self.config = config
        self.signer = Signer.from_folder(config.data / "keys")
        self.outbox = Outbox(
            config.data / "outbox.db",
            node=config.node,
            max_bytes=config.outbox_max_bytes,
            keep_packages_bytes=config.evidence.max_bytes,
        )
        self.relay = Relay(self.outbox, publisher, evidence)
        self._publisher = publisher
        self._detector = detector or load_detector(config.detect)
        self._desk = EvidenceDesk(
            config.data / "evidence", node=config.node, signer=self.signer, config=config.evidence
        )
        self._started_at = datetime.now(UTC)
        self._recorder = self._make_recorder()
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._feeds: dict[str, LiveFeed] = {}
        self._workers = [self._worker(camera, preview) for camera in config.cameras]
        chores = {
            "health": (self._report, HEALTH_EVERY_S, self._changed),
            "evidence": (self._close_due, CLOSE_EVERY_S, threading.Event()),
        }
        self._threads = [
            threading.Thread(target=self._every, args=chore, name=name, daemon=True) for name, chore in chores.items()
        ]

    def start(self) -> None:
        """Finishes what an earlier run left open, then starts every thread."""
        self._desk.recover(self.outbox)
        self.relay.start()
        if self._recorder is not None:
            self._recorder.start()
        for feed in self._feeds.values():
            feed.start()
        for worker in self._workers:
            worker.start()
        for thread in self._threads:
            thread.start()
        log.info("node started", node=self.config.node, cameras=len(self._workers))

    def stop(self, *, drain_s: float = 1.0) -> None:
        """Stops the cameras, closes open packages with what there is, hands over what it can within `drain_s`."""
        self._stop.set()
        self._changed.set()
        self._desk.hurry()
        for worker in self._workers:
            worker.signal_stop()
        for worker in self._workers:
            worker.join()
        for feed in self._feeds.values():
            feed.stop()
        for worker in self._workers:
            worker.close_packages(everything=True)
        for thread in self._threads:
            thread.join(timeout=2)
        if self._recorder is not None:
            self._recorder.stop()
        self.relay.stop(drain_s=drain_s)
        self._publisher.close()
        self.outbox.close()
        log.info("node stopped", node=self.config.node)

    def health(self) -> NodeHealth:
        """Report on the node and its cameras, as of now."""
        stats = self.outbox.stats()
        return NodeHealth(
            node=self.config.node,
            reported_at=datetime.now(UTC),
            started_at=self._started_at,
            version=version("giaolo"),
            public_key=self.signer.public_key,
            outbox_pending=stats.pending,
            outbox_bytes=stats.bytes,
            last_sequence=stats.last_sequence,
            outbox=stats.life,
            faults=(*self.relay.faults(), *(self._recorder.faults() if self._recorder else ()), *self._signal_faults()),
            cameras=tuple(worker.health() for worker in self._workers),
        )

    def _signal_faults(self) -> list[str]:
        told = [f"{camera}: {fault}" for camera, feed in self._feeds.items() if (fault := feed.fault())]
        for worker in self._workers:
            heads = ", ".join(worker.unknown_heads())
            if heads:
                told.append(
                    f"{worker.camera.id}: nothing has been known of signal head {heads} for a minute; no red light is "
                    "judged there. Is its region right, is it covered, is its feed silent?"
                )
        return told

    def _make_recorder(self) -> TrackRecorder | None:
        if not self.config.track_log.enabled:
            return None
        folder, run = self.config.data / "tracks", utc_text(self._started_at)
        return TrackRecorder(folder, self.config.track_log, node=self.config.node, run=run)

    def _worker(self, camera: CameraConfig, preview: PreviewSink) -> CameraWorker:
        scene = scene_of(camera)
        for reservation in reservations(scene):
            log.warning("rule finds nothing", camera=camera.id, reason=reservation)
        stream = CameraStream(camera, on_change=self._changed.set)
        pipeline = CameraPipeline(
            camera.id,
            scene=scene,
            detector=self._detector,
            confidence=self.config.detect.confidence,
            desk=self._desk,
            sink=self.outbox,
            track_log=self._recorder.camera(camera.id, self._detector.model_sha256) if self._recorder else None,
        )
        self._listen(camera, pipeline)
        return CameraWorker(camera, stream, pipeline, preview, max_fps=self.config.detect.max_fps)

    def _listen(self, camera: CameraConfig, pipeline: CameraPipeline) -> None:
        """Gives the road the controller's feed, where the camera has one."""
        if camera.signal_feed is not None:
            name = f"giaolo-{self.config.node}-{camera.id}"
            self._feeds[camera.id] = open_feed(camera.signal_feed, pipeline.scene.signal_heads, name=name)
            pipeline.listen(self._feeds[camera.id])

    def _every(self, act: Callable[[], None], seconds: float, wake: threading.Event) -> None:
        """Calls `act` every so many seconds, and when `wake` is set, until the node stops; failures are only logged."""
        while not self._stop.is_set():
            try:
                act()
            except Exception:
                log.exception("node task failed", task=act.__name__)
            wake.wait(seconds)
            wake.clear()

    def _report(self) -> None:
        self.relay.offer_health(self.health())

    def _close_due(self) -> None:
        for worker in self._workers:
            try:
                worker.close_packages()
            except OutboxError as error:
                log.warning("evidence package not kept", camera=worker.camera.id, reason=str(error))


def scene_of(camera: CameraConfig) -> SceneConfig:
    """The camera's scene file, or the default scene that shows something at once."""
    return load_scene(camera.scene) if camera.scene else default_scene()
