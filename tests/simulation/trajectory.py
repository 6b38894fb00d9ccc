"""A road user's way through the world: metres (x east, y north), seconds, radians anticlockwise from east."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass

Floats = NDArray[np.float64]

SIZES: dict[RoadUserClass, tuple[float, float, float]] = {
    RoadUserClass.PERSON: (0.5, 0.55, 1.7),
    RoadUserClass.BICYCLE: (1.7, 0.6, 1.65),
    RoadUserClass.MOTORCYCLE: (1.9, 0.75, 1.6),
    RoadUserClass.CAR: (4.4, 1.8, 1.5),
    RoadUserClass.BUS: (10.5, 2.5, 3.1),
    RoadUserClass.TRUCK: (7.2, 2.3, 2.9),
}
"""Length, width, height in metres; two-wheelers with their rider."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One road user from its first to its last moment.

    Attributes:
        name: unique in its world; how it came there (`runner.12`, `pedestrian.3`).
        size: length, width, height, metres.
        t: (N,) moments, strictly rising; between them the way is straight.
        x, y: (N,) middle of its front at the ground.
        heading: (N,) direction it points to, without jumps of a full turn.
    """

    name: str
    cls: RoadUserClass
    size: tuple[float, float, float]
    t: Floats
    x: Floats
    y: Floats
    heading: Floats

    def at(self, times: Floats) -> tuple[Floats, Floats, Floats]:
        """x, y, heading at moments within its time."""
        return (
            np.interp(times, self.t, self.x),
            np.interp(times, self.t, self.y),
            np.interp(times, self.t, self.heading),
        )

    def middle(self, times: Floats) -> tuple[Floats, Floats]:
        """Centre of its footprint."""
        x, y, heading = self.at(times)
        half = self.size[0] / 2
        return x - half * np.cos(heading), y - half * np.sin(heading)

    def speed(self) -> Floats:
        """(N,) metres per second over the neighbouring moments."""
        return np.asarray(np.hypot(np.gradient(self.x, self.t), np.gradient(self.y, self.t)))

    def between(self, start: float, end: float) -> "Mover | None":
        """The part from start to end; None when it was not there."""
        kept = (self.t >= start) & (self.t <= end)
        if kept.sum() < 2:
            return None
        return replace(self, t=self.t[kept], x=self.x[kept], y=self.y[kept], heading=self.heading[kept])


def steered(heading: Floats, driven_m: Floats, radius_m: float) -> Floats:
    """(N,) headings that turn no faster than on a circle of this radius: who stands does not turn on the spot.

    Args:
        heading: (N,) wanted, without jumps of a full turn. SUMO turns who shifts aside at a standstill by up to 90
            degrees.
        driven_m: (N - 1,) between these moments, metres.
        radius_m: smallest turning circle.
    """
    turned = heading.copy()
    for step, most in enumerate((driven_m / radius_m).tolist()):
        turned[step + 1] = turned[step] + min(max(heading[step + 1] - turned[step], -most), most)
    return turned
