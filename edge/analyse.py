"""A video down the whole road, every frame, as fast as it goes: track log, events and evidence in one folder.

The same input gives the same `events.jsonl`, byte for byte: event times are start time plus PTS, nothing is dropped,
and no clock is read.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contracts.canonical import canonical_json
from contracts.classes import CLASS_LABELS
from contracts.event import Event, EvidenceFile, EvidenceSealed
from contracts.evidence import CHAIN_START
from contracts.scene import SceneConfig
from edge.config import EvidenceConfig
from edge.cores import keep_to_one_thread
from edge.detect.ahead import looked_at
from edge.detect.detector import Detector
from edge.detections import Detections
from edge.errors import ConfigError, EdgeError
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.outbox.rows import NamedFiles
from edge.pipeline import CameraPipeline
from edge.signal.feed import SignalFeed
from edge.stream.file import FileReader
from edge.track.motlog import TrackLogWriter
from edge.track.sidecar import Sidecar

NODE = "analyse"
OURS = ("tracks.txt", "tracks.json", "events.jsonl", "evidence")
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Instruments:
    """What an analysis works with.

    Attributes:
        detector: finds road users.
        confidence: above it a detection may begin a track, 0..1.
        signer: signs the evidence.
        evidence: what goes into a package.
        signals: what a controller told, beside what the picture shows.
        at_once: pictures looked at together; a scene with detection regions has them looked at one by one.
    """

    detector: Detector
    confidence: float
    signer: Signer
    evidence: EvidenceConfig
    signals: SignalFeed | None = None
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What a video gave."""

    frames: int
    tracks: int
    events: dict[str, int]
    packages: int
    out: Path

    def to_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "frames": self.frames,
            "tracks": self.tracks,
            "events": self.events,
            "packages": self.packages,
            "out": str(self.out),
        }


class FolderSink:
    """Events into `events.jsonl`; evidence stays in the folder where the desk made it."""

    def __init__(self, path: Path) -> None:
        self.count: dict[str, int] = {}
        self.sealed = 0
        self._file = path.open("wb")
        self._sequence = 0
        self._head = CHAIN_START

    def add_all(self, events: Sequence[tuple[Event, NamedFiles]]) -> Sequence[Event | EdgeError]:
        """Writes a line of each; sequence numbers start at 1."""
        return [self._add(event) for event, _ in events]

    def _add(self, event: Event) -> Event:
        self._sequence += 1
        stored = event.model_copy(update={"sequence": self._sequence})
        self._file.write(stored.to_json() + b"\n")
        self.count[event.data.rule.id] = self.count.get(event.data.rule.id, 0) + 1
        return stored

    def seal(self, sealed: EvidenceSealed, files: Sequence[tuple[EvidenceFile, Path]]) -> EvidenceSealed:  # noqa: ARG002
        """Remembers the chain."""
        self._head = sealed.data.manifest_sha256
        self.sealed += 1
        return sealed

    def chain_head(self) -> str:
        """Manifest hash of the package closed last."""
        return self._head

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


def analyse(
    video: Path,
    out: Path,
    *,
    scene: SceneConfig,
    using: Instruments,
    start_at: datetime | None = None,
    max_fps: float | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Analyses `video` into the folder `out`.

    Raises:
        StreamError: the video cannot be read.
        ConfigError: `out` holds something that is not ours.
    """
    keep_to_one_thread()
    camera = camera_id(video)
    reader = FileReader(video, camera=camera, start_at=start_at)
    prepare_folder(out)
    desk = EvidenceDesk(out / "evidence", node=NODE, signer=using.signer, config=using.evidence)
    sink = FolderSink(out / "events.jsonl")
    pipeline = CameraPipeline(
        camera,
        scene=scene,
        detector=using.detector,
        confidence=using.confidence,
        desk=desk,
        sink=sink,
    )
    if using.signals is not None:
        pipeline.listen(using.signals)
    looks = _looks(thinned(reader, max_fps), scene, using)
    track_ids: set[int] = set()
    frames = 0
    log = TrackLogWriter()
    try:
        with (out / "tracks.txt").open("w", encoding="utf-8", newline="\n") as tracks:
            for frame, seen in looks:
                step = pipeline.step(frame, seen)
                frames += 1
                track_ids.update(track.id for track in step.users)
                tracks.writelines(log.add(frame, step.tracks, step.signals))
                pipeline.close_due(reader.ring, frame.captured_at)
                if progress is not None:
                    progress(frame.index + 1, reader.frame_count)
            pipeline.close_due(reader.ring, None)
        sidecar: Sidecar = log.sidecar(
            class_names=CLASS_LABELS,
            frame_rate=reader.frame_rate or 1.0,
            model_sha256=using.detector.model_sha256,
        )
        (out / "tracks.json").write_bytes(canonical_json(sidecar.model_dump(mode="json")) + b"\n")
    finally:
        sink.close()
        reader.close()
    return Summary(frames, len(track_ids), dict(sorted(sink.count.items())), sink.sealed, out)


def _looks(
    frames: Iterator[Frame], scene: SceneConfig, using: Instruments
) -> Iterator[tuple[Frame, Detections | None]]:
    """Frames with what is seen in them, or None where the pipeline is to look: which regions are due goes by time."""
    if scene.detection_regions:
        return ((frame, None) for frame in frames)
    return looked_at(frames, using.detector, using.at_once)


def thinned(frames: Iterator[Frame] | FileReader, max_fps: float | None) -> Iterator[Frame]:
    """Every frame, or those that keep at most `max_fps` a second of event time."""
    last: datetime | None = None
    for frame in frames:
        # A tenth of a frame of slack: 12 of 24 frames a second must not become 8 by rounding.
        is_early = max_fps and last and (frame.captured_at - last).total_seconds() < 0.9 / max_fps
        if is_early and not frame.discontinuity:
            continue
        last = frame.captured_at
        yield frame


def camera_id(video: Path) -> str:
    """The file's name without ending, reduced to what an id may hold."""
    slug = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in video.stem
    )
    return slug.lstrip("._-")[:64] or "video"


def prepare_folder(out: Path) -> None:
    """Makes the folder; results of an earlier run in it are replaced, anything else is left alone and refused."""
    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out} is a file; name a folder")
    out.mkdir(parents=True, exist_ok=True)
    foreign = sorted(path.name for path in out.iterdir() if path.name not in OURS)
    if foreign:
        raise ConfigError(f"{out} holds other things ({', '.join(foreign[:3])}); name a new folder")
    for name in OURS:
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
