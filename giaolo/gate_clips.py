"""Clips for the gate: which, by which scene they are counted, and what a detector makes of them.

A clip goes the road a live camera's picture goes: detector, tracker, scene, counted lines.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import UsageError
from contracts.scene import SceneConfig
from edge.analyse import thinned
from edge.detect.detector import Detector, Shown
from edge.detections import Detections
from edge.frame import Frame
from edge.rules.line_count import ID as LINE_COUNT
from edge.rules.road import TrackRoad
from edge.scene.load import default_scene, load_scene
from edge.stream.file import FileReader
from edge.track.road_users import RoadUserTracker
from giaolo.samples import find_sample, sample_by_checksum, sample_cards
from models.errors import FetchError
from models.gate import ClipSeen

NODE = "gate"
LOOKS_PER_S = 12.0
"""Frames of a clip judged a second, as in docs/accuracy.md: of fewer the reference itself loses quick cars."""
WIDE = 1.6
"""Least width by height of a sample that is judged by: most cameras give 16:9, and the flat input is made for them."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class GateClip:
    """A video and the scene its lines are in."""

    video: Path
    scene: SceneConfig

    @property
    def name(self) -> str:
        """File name."""
        return self.video.name

    def is_wide(self) -> bool:
        """Whether its picture is about 16:9. StreamError when it cannot be read."""
        with FileReader(self.video) as reader:
            width, height = reader.size
        return width / height >= WIDE


def clips_of(videos: Sequence[Path]) -> list[GateClip]:
    """Clips of given videos, each with the scene of its name beside it (`gate.mp4`, `gate.yaml`), else a sample's own.

    A video without any is counted at the default scene's line, across the middle of the picture.

    Raises:
        UsageError: no such video, the same one twice, or two of one name.
        ConfigError: the scene is wrong.
    """
    names = Counter(video.name for video in videos)
    for video in videos:
        if not video.is_file():
            raise UsageError(f"{video}: there is no such video")
        if names[video.name] > 1:
            raise UsageError(f"{video.name} stands twice; clips are told apart by their file names")
    return [GateClip(video, _scene(video)) for video in videos]


def _scene(video: Path) -> SceneConfig:
    beside = video.with_suffix(".yaml")
    if beside.is_file():
        return load_scene(beside)
    sample = sample_by_checksum(video)
    return load_scene(sample.scene) if sample and sample.scene else default_scene()


def sample_clips() -> tuple[list[GateClip], list[str]]:
    """The product's wide samples with counted lines, and what was left out because it cannot be had, in words."""
    clips, left_out = [], []
    for card in sample_cards():
        scene = load_scene(card.scene) if card.scene else default_scene()
        if not scene.lines_of_count():
            continue
        try:
            clip = GateClip(find_sample(card.name), scene)
        except FetchError as error:
            left_out.append(str(error))
            continue
        if clip.is_wide():
            clips.append(clip)
    return clips, left_out


def frames_of(clip: GateClip) -> Iterator[Frame]:
    """Frames of a clip that are judged. StreamError when it cannot be read."""
    with FileReader(clip.video, camera=NODE) as reader:
        yield from thinned(reader, LOOKS_PER_S)


class Watcher:
    """One detector on one clip; `see` takes the frames in order."""

    def __init__(self, clip: GateClip, detector: Detector, confidence: float) -> None:
        self._clip = clip
        self._detector = detector
        self._tracker = RoadUserTracker(confidence)
        self._road = TrackRoad(clip.scene, node=NODE, camera=NODE, model_sha256=detector.model_sha256)
        self._frames: list[Detections] = []
        self._counts: Counter[str] = Counter()

    def see(self, frame: Frame) -> None:
        """Detects, tracks and counts in the next frame."""
        found = Shown.of(frame.picture, self._detector).seen_by(self._detector)
        self._frames.append(found)
        jump = frame.discontinuity
        tracks = self._tracker.update(found, frame.captured_at, discontinuity=jump)
        size = (frame.width, frame.height)
        for finding in self._road.update(tracks, frame.captured_at, size, discontinuity=jump):
            if finding.rule == LINE_COUNT:
                self._counts[f"{finding.where} {finding.facts['label']}"] += 1

    def seen(self) -> ClipSeen:
        """What became of the clip."""
        return ClipSeen(self._clip.name, self._frames, dict(self._counts))


def watch(
    clips: Sequence[GateClip], detectors: Mapping[str, Detector], confidence: float, progress: Progress
) -> dict[str, list[ClipSeen]]:
    """What each detector makes of the clips; each frame is decoded once and shown to all in turn.

    Args:
        clips: at least one.
        detectors: by name.
        confidence: above it a detection may begin a track.
        progress: told the clip, the frames done, and how many there may be.

    Raises:
        StreamError: a clip cannot be read.
        ModelError: a network fails.
    """
    seen: dict[str, list[ClipSeen]] = {name: [] for name in detectors}
    for clip in clips:
        watchers = {name: Watcher(clip, detector, confidence) for name, detector in detectors.items()}
        for number, frame in enumerate(frames_of(clip), start=1):
            for watcher in watchers.values():
                watcher.see(frame)
            progress(clip.name, number, None)
        for name, watcher in watchers.items():
            seen[name].append(watcher.seen())
    return seen
