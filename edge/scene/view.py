"""What rules may ask about the scene at this moment, beside the facts."""

from datetime import datetime
from typing import Protocol

from edge.scene.facts import Speed
from edge.scene.geometry import Point
from edge.scene.ground import Ground
from edge.scene.sample import Sample


class SceneView(Protocol):
    """The scene as it is now, in pixels of the newest frame."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, pixels."""
        ...

    @property
    def ground(self) -> Ground | None:
        """Ground plane for the newest frame's size; None without a calibration. Ask it whether it is good."""
        ...

    def line(self, line_id: str) -> tuple[Point, Point]:
        """Start and end of a directed line, pixels. KeyError when there is none of that id."""
        ...

    def area(self, area_id: str) -> tuple[Point, ...]:
        """Corners of a zone or lane, pixels. KeyError when there is none of that id."""
        ...

    def path(self, track_id: int) -> tuple[Sample, ...]:
        """Ground points of the last 6 s, oldest first, at most 60; empty for an unknown track."""
        ...

    def inside(self, track_id: int) -> dict[str, datetime]:
        """Zones and lanes the track is in for certain, each with the moment it entered; empty for an unknown track."""
        ...

    def stands_since(self, track_id: int) -> datetime | None:
        """Since when the track has been standing; None when it moves or is unknown."""
        ...

    def speed(self, track_id: int) -> Speed | None:
        """Newest measured speed; None without a good calibration, outside its valid region, or too short a path."""
        ...
