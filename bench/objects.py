"""What it costs to follow and judge so many road users: tracker, riders, stitcher and every rule, beside ByteTrack.

The same detections at the same times for both: ten frames a second of bench/traffic.py. The peer only follows; ours
follows, joins riders to their machines and stitches, and then also judges by all rules of bench/junction.yaml.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.traffic import SIZE, frames
from edge.detections import Detections
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.track.road_users import RoadUserTracker
from edge.track.stitch import Stitcher

SCENE = Path(__file__).with_name("junction.yaml")
FRAMES = 600
Looks = Sequence[tuple[datetime, Detections]]


@dataclass(slots=True)
class Taken:
    """CPU milliseconds a frame, of each round.

    Attributes:
        following: our tracker, riders and stitcher.
        judging: they, and every rule.
        peer: its tracker.
    """

    following: list[float] = field(default_factory=list)
    judging: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)


def taken_ms(users: int, rounds: int, *, frames_each: int = FRAMES) -> Taken:
    """So many road users, round by round in turn."""
    looks = [(frame.at, _detections(frame.tracks)) for frame in frames(frames_each, users)]
    taken = Taken()
    for _ in range(rounds):
        taken.following.append(_taken_ms(_following, looks))
        taken.judging.append(_taken_ms(_judging, looks))
        taken.peer.append(_taken_ms(_peer, looks))
    return taken


def _detections(tracks: Sequence[Any]) -> Detections:
    return Detections(
        np.array([[one.x1, one.y1, one.x2, one.y2] for one in tracks], np.float32).reshape(-1, 4),
        np.array([one.confidence for one in tracks], np.float32),
        np.array([int(one.cls) for one in tracks], np.int64),
    )


def _taken_ms(work: Callable[[Looks], None], looks: Looks) -> float:
    begun = time.process_time()
    work(looks)
    return (time.process_time() - begun) / len(looks) * 1000


def _following(looks: Looks) -> None:
    tracker, stitcher = RoadUserTracker(), Stitcher()
    for at, seen in looks:
        stitcher.update(tracker.update(seen, at), at)


def _judging(looks: Looks) -> None:
    tracker = RoadUserTracker()
    road = TrackRoad(load_scene(SCENE), node="bench", camera="bench", model_sha256="0" * 64)
    for at, seen in looks:
        road.update(tracker.update(seen, at), at, SIZE)


def _peer(looks: Looks) -> None:
    import supervision
    import trackers

    tracker = trackers.ByteTrackTracker(frame_rate=10)
    begun = looks[0][0]
    for at, seen in looks:
        given = supervision.Detections(
            xyxy=seen.xyxy.astype(np.float64), confidence=seen.confidence, class_id=seen.class_id
        )
        tracker.update(given, timestamp=(at - begun).total_seconds() + 1.0)
