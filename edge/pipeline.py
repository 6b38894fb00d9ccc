"""One camera's road, from a frame to published events, in one place that reads like the picture in DESIGN.md.

    Frame ─▶ detect ─▶ track ─▶ scene + signals + rules ─▶ evidence ─▶ outbox

The same object serves the live node (frames as they come) and `analyse` (every frame of a file): who calls `step`
decides about time, and who calls `close_due` decides when evidence packages are closed.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.event import Event, EvidenceSealed
from contracts.scene import SceneConfig
from contracts.signals import SignalChange
from edge.detect.detector import Detector
from edge.detect.regions import RegionalDetector
from edge.detections import Detections
from edge.errors import EdgeError, EvidenceError
from edge.evidence.desk import EvidenceDesk, OpenPackage
from edge.evidence.recovery import Ledger
from edge.frame import Frame
from edge.outbox.rows import NamedFiles
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from edge.signal.feed import SignalFeed
from edge.signal.heads import HeadsInPicture
from edge.signal.watch import HeadWatch
from edge.stream.ring import PacketRing
from edge.track.road_users import RoadUserTracker
from edge.track.track import Track
from edge.track.tracked import TrackedFrame
from edge.tracklog.recorder import CameraTrackLog


class EventSink(Ledger, Protocol):
    """Where events go: the outbox of a node, or the files of `analyse`."""

    def add_all(self, events: Sequence[tuple[Event, NamedFiles]]) -> Sequence[Event | EdgeError]:
        """Keeps events and the names of their files, together.

        Returns:
            of each, in order, itself with its sequence number, or why it was refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame led to. `tracks`: as the tracker gave them; `users`: the confirmed road users seen among them."""

    frame: Frame
    tracks: list[Track]
    users: list[Track]
    events: list[Event]
    signals: list[SignalChange]


class CameraPipeline:
    """The road of one camera. `step` is for one thread; `close_due` may run beside it, in any."""

    def __init__(
        self,
        camera: str,
        *,
        scene: SceneConfig,
        detector: Detector,
        confidence: float,
        desk: EvidenceDesk,
        sink: EventSink,
        track_log: CameraTrackLog | None = None,
    ) -> None:
        self.camera = camera
        self.scene = scene
        self.packages: list[OpenPackage] = []
        self._detector = RegionalDetector(detector, scene.detection_regions)
        self._when_detected: Callable[[], None] | None = None
        self._desk = desk
        self._closing = threading.Lock()
        self._sink = sink
        self._track_log = track_log
        self._heads = HeadsInPicture(scene.signal_heads)
        self._signal_feed: SignalFeed | None = None
        self.head_watch = HeadWatch([head.id for head in scene.signal_heads])
        self._tracker = RoadUserTracker(confidence)
        self._road = TrackRoad(scene, node=desk.node, camera=camera, model_sha256=detector.model_sha256)

    def listen(self, feed: SignalFeed) -> None:
        """Takes what a controller tells of the signal heads beside what the picture shows. Before the first frame."""
        self._signal_feed = feed

    def when_detected(self, tell: Callable[[], None]) -> None:
        """Tells when a frame needs the detector no longer: others may have it. Before the first frame."""
        self._when_detected = tell

    def step(self, frame: Frame, seen: Detections | None = None) -> Step:
        """Takes one frame down the whole road; `seen`: what the detector said of it, where that was asked before.

        Each finding is offered to evidence and outbox, whatever became of those before it. EdgeError, the first, when
        one was refused.
        """
        detections = self._detector.detect(frame.picture, frame.captured_at) if seen is None else seen
        if self._when_detected is not None:
            self._when_detected()
        tracks = self._tracker.update(detections, frame.captured_at, discontinuity=frame.discontinuity)
        size = (frame.width, frame.height)
        at, jump = frame.captured_at, frame.discontinuity
        signals = self._heads.see(frame)
        if self._signal_feed is not None:
            signals += self._signal_feed.until(at)
        if self._track_log is not None:
            self._track_log.add(TrackedFrame(frame.index, at, tracks, size, frame.time_quality, jump, tuple(signals)))
        findings = self._road.update(tracks, at, size, discontinuity=jump, signals=signals)
        self.head_watch.see(at, self._road.signal)
        return Step(frame, tracks, self._road.users, self._publish_all(findings, frame), signals)

    def hold_due(self, ring: PacketRing, now: datetime) -> None:
        """Takes the packets of packages that are due at event time `now` out of the ring; they may be closed later."""
        for package in list(self.packages):
            if self._desk.due(package, now):
                self._desk.hold(package, ring)

    def close_due(self, ring: PacketRing, now: datetime | None) -> list[EvidenceSealed]:
        """Closes the packages whose clip is long enough at event time `now`, or all of them when it is None."""
        with self._closing:
            due = [package for package in self.packages if now is None or self._desk.due(package, now)]
            sealed = []
            for package in due:
                self.packages.remove(package)
                sealed.append(self._desk.seal(package, ring, self._sink))
            return sealed

    def _publish_all(self, findings: Sequence[Finding], frame: Frame) -> list[Event]:
        """Stores the events of one frame together, and returns those that were taken."""
        refused: list[EdgeError] = []
        found: list[tuple[Event, OpenPackage | None]] = []
        events: list[Event] = []
        try:
            for finding in findings:
                found.append(self._event_of(finding, frame, refused))  # noqa: PERF401 - it may end half-way
        finally:  # what nobody expected of one takes none of those before it with it
            outcomes = self._sink.add_all([(event, _files_of(package)) for event, package in found]) if found else ()
            for (_, package), outcome in zip(found, outcomes, strict=True):
                try:
                    events.append(self._kept(package, outcome))
                except EdgeError as error:
                    refused.append(error)
        if refused:
            raise refused[0]
        return events

    def _event_of(self, finding: Finding, frame: Frame, refused: list[EdgeError]) -> tuple[Event, OpenPackage | None]:
        """Event of a finding; those a person must judge get an evidence package, and its first still at once.

        Where there is no room for pictures, which is told, the event goes all the same, without any.
        """
        package = None
        try:
            if finding.kind != "count":
                package = self._desk.open(frame, finding)
        except EvidenceError as error:
            refused.append(error)
        still = package.still.sha256 if package else None
        return self._road.event(finding, frame.time_quality, still_sha256=still), package

    def _kept(self, package: OpenPackage | None, outcome: Event | EdgeError) -> Event:
        """The event as it was stored, its package waiting for what follows. EdgeError when either was refused."""
        if isinstance(outcome, EdgeError):
            if package is not None:
                self._desk.discard(package)
            raise outcome
        if package is not None:
            self._desk.attach(package, outcome)
            self.packages.append(package)
        return outcome


def _files_of(package: OpenPackage | None) -> NamedFiles:
    return () if package is None else [(package.still, package.still_path)]
