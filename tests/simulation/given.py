"""Noisy boxes as tracks, or as bare detections for our own tracker."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from contracts.classes import RoadUserClass
from edge.detections import Detections
from edge.track.road_users import RoadUserTracker
from edge.track.track import Track
from tests.simulation.clean import RIDERS, track_of
from tests.simulation.noise import Boxes
from tests.simulation.trajectory import Floats
from tests.simulation.world import World, moment

CLASSES = tuple(RoadUserClass)
TWO_WHEELERS = (int(RoadUserClass.BICYCLE), int(RoadUserClass.MOTORCYCLE))
MACHINE, RIDER, RIDER_WIDTH = 0.68, 0.75, 0.8  # shares of the box of both: a machine's height, a rider's, his width


def noisy_tracks(world: World, told: Boxes) -> Iterator[tuple[datetime, list[Track]]]:
    """Time and tracks of each frame, ids and classes as the noise left them."""
    starts = np.searchsorted(told.frame, np.arange(len(world.times) + 1)).tolist()
    ids, classes = told.track.tolist(), [CLASSES[number] for number in told.cls.tolist()]
    boxes, confidence = told.boxes.tolist(), told.confidence.tolist()
    for frame, t in enumerate(world.times.tolist()):
        at = moment(t)
        yield (
            at,
            [
                track_of(ids[row], classes[row], confidence[row], boxes[row], at, RIDERS.get(classes[row].label, 0))
                for row in range(starts[frame], starts[frame + 1])
            ],
        )


def tracked(world: World, told: Boxes, rng: np.random.Generator) -> Iterator[tuple[datetime, list[Track]]]:
    """Time and tracks of each frame as our tracker makes them from the boxes alone; two-wheelers come in pieces."""
    tracker = RoadUserTracker()
    pieces, cls, confidence, frame = in_pieces(told, rng)
    starts = np.searchsorted(frame, np.arange(len(world.times) + 1)).tolist()
    for number, t in enumerate(world.times.tolist()):
        rows = slice(starts[number], starts[number + 1])
        at = moment(t)
        yield (
            at,
            tracker.update(
                Detections(pieces[rows].astype(np.float32), confidence[rows].astype(np.float32), cls[rows]), at
            ),
        )


def in_pieces(told: Boxes, rng: np.random.Generator) -> tuple[Floats, "np.ndarray", Floats, "np.ndarray"]:
    """Boxes, classes, confidence and frames with each two-wheeler as machine and rider, each sometimes missing."""
    two = np.isin(told.cls, TWO_WHEELERS)
    x1, y1, x2, y2 = told.boxes.T
    high, wide = y2 - y1, x2 - x1
    machine = told.boxes.copy()
    machine[two, 1] = (y2 - MACHINE * high)[two]
    margin = (1 - RIDER_WIDTH) / 2 * wide
    rider = np.stack([x1 + margin, y1, x2 - margin, y1 + RIDER * high], axis=1)[two]
    seen_machine = ~two | (rng.random(len(two)) >= 0.05)
    seen_rider = rng.random(int(two.sum())) >= 0.05
    boxes = np.concatenate([machine[seen_machine], rider[seen_rider]])
    person = np.full(int(seen_rider.sum()), int(RoadUserClass.PERSON), np.int64)
    cls = np.concatenate([told.cls[seen_machine], person])
    confidence = np.concatenate([told.confidence[seen_machine], told.confidence[two][seen_rider]])
    frame = np.concatenate([told.frame[seen_machine], told.frame[two][seen_rider]])
    order = np.argsort(frame, kind="stable")
    return boxes[order], cls[order], confidence[order], frame[order]
