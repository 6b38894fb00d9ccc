"""One sighting of a track on the ground."""

import math
from datetime import datetime
from typing import NamedTuple

from edge.scene.geometry import Point
from edge.track.track import Track


class Sample(NamedTuple):
    """Ground point (pixels), box size (square root of the box's area, pixels) and moment of a sighting."""

    at: datetime
    point: Point
    size: float

    @classmethod
    def from_track(cls, track: Track) -> "Sample":
        """Sighting of a track in its frame; a box without area counts as one pixel."""
        x1, x2, y2 = track.x1, track.x2, track.y2
        width, height = x2 - x1, y2 - track.y1
        size = math.sqrt(width * height) if width > 0 and height > 0 else 0.0
        return _new(cls, (track.at, ((x1 + x2) / 2, y2), size or 1.0))


_new = tuple.__new__  # what NamedTuple does, without the call in between: a day has tens of millions


def seconds(later: datetime, earlier: datetime) -> float:
    """Time from `earlier` to `later`."""
    return (later - earlier).total_seconds()
