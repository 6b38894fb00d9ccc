"""Tracks without any fault: each road user one track for all its life."""

from collections.abc import Iterator
from datetime import datetime

from edge.track.track import Track
from tests.simulation.pictures import Sightings
from tests.simulation.world import World, moment

RIDERS = {"motorcycle": 1, "bicycle": 1}


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
            [
                Track(movers[row] + 1, classes[movers[row]], 0.9, *boxes[row], at, riders=riders[movers[row]])
                for row in rows
            ],
        )
