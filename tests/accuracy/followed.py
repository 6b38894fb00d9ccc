"""Sequences of detections with truth, and those who follow them: our road, and the peers of the `trackers` library.

Everybody gets the same boxes at the same times. Ours is what scene and rules get: tracker, riders, stitcher; beside it
the tracker without riders, since in the MOT sets nobody rides. The peers are used as their library has it, once with
its own thresholds and once with ours; their best counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from contracts.event import ImageSize
from edge.detections import Detections
from edge.track.motlog import read_detections
from edge.track.road_users import RoadUserTracker
from edge.track.sidecar import Sidecar
from edge.track.stitch import Stitcher
from edge.track.track import Track
from edge.track.tracker import Tracker, TrackerSettings
from giaolo.evaluate import START
from models.evaluation.mot import ALL, Told, read_told, told
from tests.simulation.layouts import PLACES
from tests.simulation.noise import NoiseModel, spoil
from tests.simulation.pictures import look

Looks = Sequence[tuple[int, float, Detections]]
"""Number, second and detections of each frame."""
Follower = Callable[[Looks, float], Told]
"""Tracks of a sequence of so many frames a second."""


@dataclass(frozen=True, slots=True)
class Followable:
    """A sequence: its truth, and what a detector said."""

    name: str
    truth: Told
    looks: Looks
    fps: float


def mot_set(folder: Path, step: int, fps: float) -> Followable:
    """Every n-th frame of a MOT-format folder with frames a second."""
    sidecar = Sidecar(frame_rate=fps, started_at=START, image=ImageSize(width=640, height=480))
    detections = read_detections((folder / "det.txt").read_text(encoding="utf-8").splitlines(), sidecar)
    truth = read_told(folder / "gt.txt")
    last = max([int(truth.frame.max()), *detections])
    numbers = range(1, last + 1, step)
    looks = [(number, (number - 1) / fps, detections.get(number, Detections.empty())) for number in numbers]
    return Followable(folder.name, truth.where(np.isin(truth.frame, list(numbers))), looks, fps / step)


def simulated(place: str, seed: int, seconds: float, folder: Path, most_fps: float | None = None) -> Followable:
    """Traffic of a place with all faults of the noise model; true is every box in the picture.

    Args:
        most_fps: every n-th frame, so that they come about so often; all without it.
    """
    world = PLACES[place](seed, seconds, folder, lawful=False)
    sightings = look(world.camera, world.movers, world.times)
    boxes = spoil(world, sightings, np.random.default_rng([seed, 2]), NoiseModel())
    fps = (len(world.times) - 1) / float(world.times[-1] - world.times[0])
    step = max(1, round(fps / most_fps)) if most_fps else 1
    starts = np.searchsorted(boxes.frame, np.arange(len(world.times) + 1)).tolist()
    looks = []
    for frame in range(0, len(world.times), step):
        rows = slice(starts[frame], starts[frame + 1])
        seen = Detections(
            boxes.boxes[rows].astype(np.float32), boxes.confidence[rows].astype(np.float32), boxes.cls[rows]
        )
        looks.append((frame + 1, float(world.times[frame]), seen))
    kept = sightings.frame % step == 0
    frame = sightings.frame[kept] + 1
    truth = Told(frame, sightings.mover[kept] + 1, sightings.boxes[kept], np.full(len(frame), ALL))
    return Followable(place, truth, looks, fps / step)


class _Ours(Protocol):
    def update(self, detections: Detections, at: datetime) -> list[Track]: ...


def road(looks: Looks, fps: float) -> Told:
    """As scene and rules get it."""
    return _stitched(RoadUserTracker(), looks)


def walkers(looks: Looks, fps: float) -> Told:
    """The same where nobody rides."""
    return _stitched(Tracker(TrackerSettings(early_hits=1)), looks)


def _stitched(tracker: _Ours, looks: Looks) -> Told:
    stitcher = Stitcher()
    number_at: dict[datetime, int] = {}
    rows = []
    for number, second, detections in looks:
        at = START + timedelta(seconds=second)
        number_at[at] = number
        rows += [
            (number_at[track.at], track.id, (track.x1, track.y1, track.x2, track.y2), ALL)
            for track in stitcher.update(tracker.update(detections, at), at)
        ]
    return told(rows)


def peer(name: str, **settings: float) -> Follower:
    """A tracker of the `trackers` library by its class's name."""

    def follow(looks: Looks, fps: float) -> Told:
        import supervision
        import trackers

        tracker: Any = getattr(trackers, name)(frame_rate=fps, **settings)
        rows = []
        for number, second, seen in looks:
            given = supervision.Detections(
                xyxy=seen.xyxy.astype(np.float64), confidence=seen.confidence, class_id=seen.class_id
            )
            # Its first time must not be 0 seconds before anything.
            out = tracker.update(given, timestamp=second + 1.0)
            rows += [
                (number, int(identity), tuple(box), ALL)
                for box, identity in zip(out.xyxy.tolist(), out.tracker_id, strict=True)
                if identity >= 0
            ]
        return told(rows)

    return follow


OURS: dict[str, Follower] = {"ours": road, "ours, nobody rides": walkers}
PEERS: dict[str, Follower] = {
    "ByteTrack": peer("ByteTrackTracker"),
    "ByteTrack, our thresholds": peer("ByteTrackTracker", track_activation_threshold=0.3, high_conf_det_threshold=0.25),
    "OC-SORT": peer("OCSORTTracker"),
    "OC-SORT, our thresholds": peer("OCSORTTracker", high_conf_det_threshold=0.25),
}
