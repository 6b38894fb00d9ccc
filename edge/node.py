"""An edge node: its cameras on their roads, one detector, one outbox, health, and a clean stop.

Threads: one that reads each camera (`CameraStream`), one that analyses each camera (`CameraWorker`; they take turns at
the detector, `Engine`), one that closes evidence packages, one that writes track logs, one relay to the centre, one
that reports health. A camera's fault stays in its own two threads.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

import structlog

from contracts.canonical import utc_text
from contracts.health import NodeHealth
from contracts.wire import EvidenceSink, PreviewSink, Publisher
from edge.cameras import Cameras, CameraSetup, Road
from edge.config import NodeConfig
from edge.cores import keep_to_one_thread
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.engine.engine import Engine
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.memory import give_back, share_arenas
from edge.outbox.relay import Relay
from edge.outbox.set_aside import OUTBOX
from edge.outbox.store import Outbox
from edge.tracklog.recorder import TrackRecorder

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
        share_arenas()
        keep_to_one_thread()
        self.config = config
        self.signer = Signer.from_folder(config.data / "keys")
        self.outbox = Outbox(
            config.data / OUTBOX,
            node=config.node,
            max_bytes=config.outbox_max_bytes,
            keep_packages_bytes=config.evidence.max_bytes,
        )
        self.relay = Relay(self.outbox, publisher, evidence)
        self._publisher = publisher
        self._engine = Engine.of(detector or load_detector(config.detect), config.detect)
        self._site_faults: Callable[[], Sequence[str]] = tuple
        self._desk = EvidenceDesk(
            config.data / "evidence", node=config.node, signer=self.signer, config=config.evidence
        )
        self._started_at = datetime.now(UTC)
        self._recorder = self._make_recorder()
        if self._recorder is not None:
            self.outbox.may_give_up(self._recorder.give_up)
        self._stop = threading.Event()
        self._changed = threading.Event()
        road = Road(
            node=config.node,
            engine=self._engine,
            confidence=config.detect.confidence,
            desk=self._desk,
            sink=self.outbox,
            preview=preview,
            recorder=self._recorder,
        )
        self._cameras = Cameras(road, self._changed.set)
        self._cameras.prepare(CameraSetup.from_files(camera) for camera in config.cameras)
        chores = {
            "health": (self._report, HEALTH_EVERY_S, self._changed),
            "evidence": (self._cameras.close_due, CLOSE_EVERY_S, threading.Event()),
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
        self._cameras.start()
        for thread in self._threads:
            thread.start()
        give_back()
        log.info("node started", node=self.config.node, cameras=len(self._cameras.now()))

    def stop(self, *, drain_s: float = 1.0) -> None:
        """Stops the cameras, closes open packages with what there is, hands over what it can within `drain_s`."""
        self._stop.set()
        self._changed.set()
        self._desk.hurry()
        self._cameras.end_all()
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
            site=self.config.site,
            public_key=self.signer.public_key,
            outbox_pending=stats.pending,
            outbox_bytes=stats.bytes,
            last_sequence=stats.last_sequence,
            outbox=stats.life,
            faults=self._faults(),
            cameras=self._cameras.health(),
        )

    def set_cameras(self, setups: Sequence[CameraSetup]) -> None:
        """Runs these cameras and no others; those that stay as they were go on untouched. For one thread at a time."""
        self._cameras.set(setups)

    def tell_faults(self, faults: Callable[[], Sequence[str]]) -> None:
        """Health asks `faults` what is wrong with the sharing of the site's cameras."""
        self._site_faults = faults

    def _faults(self) -> tuple[str, ...]:
        recorder = self._recorder.faults() if self._recorder else []
        return (*self.relay.faults(), *recorder, *self._site_faults(), *self._cameras.faults())

    def _make_recorder(self) -> TrackRecorder | None:
        if not self.config.track_log.enabled:
            return None
        folder, run = self.config.data / "tracks", utc_text(self._started_at)
        return TrackRecorder(folder, self.config.track_log, node=self.config.node, run=run)

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
