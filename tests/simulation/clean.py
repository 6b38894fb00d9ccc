"""Tracks without any fault: each road user one track for all its life."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from contracts.classes import RoadUserClass
from edge.track.track import Track
from tests.simulation.pictures import Sightings
from tests.simulation.world import World, moment

RIDERS = {"motorcycle": 1, "bicycle": 1}


def track_of(
    number: int, cls: RoadUserClass, confidence: float, box: Sequence[float], at: datetime, riders: int
) -> Track:
    """A track observed in a frame."""
    x1, y1, x2, y2 = box
    return Track(number, cls, confidence, x1, y1, x2, y2, at, riders=riders)


def clean_tracks(world: World, sightings: Sightings) -> Iterator[tuple[datetime, list[Track]]]:
    """Time and tracks of each frame; a track's id is its road user's place plus one."""
    classes = [mover.cls for mover in world.movers]
    riders = [RIDERS.get(cls.label, 0) for cls in classes]
    starts, boxes, movers = sightings.starts().tolist(), sightings.boxes.tolist(), sightings.mover.tolist()
    for frame, t in enumerate(sightings.times.tolist()):
        at = moment(t)
        rows = range(starts[frame], starts[frame + 1])
        yield (
            at,
            [track_of(movers[row] + 1, classes[movers[row]], 0.9, boxes[row], at, riders[movers[row]]) for row in rows],
        )
