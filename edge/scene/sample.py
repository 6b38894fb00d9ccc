"""One sighting of a track on the ground."""

import math
from dataclasses import dataclass
from datetime import datetime

from edge.scene.geometry import Point
from edge.track.track import Track


@dataclass(frozen=True, slots=True)
class Sample:
    """Ground point (pixels), box size (square root of the box's area, pixels) and moment of a sighting."""

    at: datetime
    point: Point
    size: float

    @classmethod
    def from_track(cls, track: Track) -> "Sample":
        """Sighting of a track in its frame; a box without area counts as one pixel."""
        area = max(track.x2 - track.x1, 0.0) * max(track.y2 - track.y1, 0.0)
        return cls(track.at, track.ground, math.sqrt(area) or 1.0)


def seconds(later: datetime, earlier: datetime) -> float:
    """Time from `earlier` to `later`."""
    return (later - earlier).total_seconds()
