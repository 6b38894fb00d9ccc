"""A scene's geometry in pixels of one picture size, with what makes most questions quick to answer."""

from dataclasses import dataclass

from contracts.scene import SceneConfig
from edge.scene.geometry import Point
from edge.scene.ground import Ground, ground_of
from edge.scene.region import Patchwork, Region
from edge.scene.speed import MeasuringPlane


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A directed line from `a` to `b`, pixels."""

    id: str
    a: Point
    b: Point


@dataclass(frozen=True, slots=True)
class AreaPlace:
    """A zone or lane, pixels."""

    id: str
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class DirectedArea:
    """A zone or lane (its place among `Places.areas`) with the direction allowed in it, a vector in pixels."""

    id: str
    number: int
    allowed: Point
    tolerance_deg: float


class Places:
    """Everything a scene fixes, for one picture size (width, height)."""

    def __init__(self, scene: SceneConfig, image_size: tuple[int, int]) -> None:
        width, height = image_size

        def pixels(p: Point) -> Point:
            return p[0] * width, p[1] * height

        self.line = {key: (pixels(a), pixels(b)) for key, (a, b) in scene.segments().items()}
        self.area = {key: tuple(pixels(p) for p in area.polygon) for key, area in scene.areas().items()}
        self.lines = tuple(LinePlace(key, a, b) for key, (a, b) in self.line.items())
        self.areas = tuple(AreaPlace(key, polygon) for key, polygon in self.area.items())
        self.patchwork = Patchwork(
            {key: Region(polygon) for key, polygon in self.area.items()}, image_size, list(self.line.values())
        )
        self.directed = tuple(
            DirectedArea(
                key,
                number,
                (
                    area.direction.end[0] * width - area.direction.start[0] * width,
                    area.direction.end[1] * height - area.direction.start[1] * height,
                ),
                area.direction.tolerance_deg,
            )
            for number, (key, area) in enumerate(scene.areas().items())
            if area.direction is not None
        )
        self.ground: Ground | None = ground_of(scene.calibration, image_size)
        self.measuring: MeasuringPlane | None = None
        if scene.calibration is not None and self.ground is not None and self.ground.is_good:
            self.measuring = MeasuringPlane(self.ground, scene.calibration.time_error_ms / 1000)
