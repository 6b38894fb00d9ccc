"""Radial distortion of a lens, taken out and put back in.

Brown's model with two radial terms (D. C. Brown, Close-Range Camera Calibration, Photogrammetric Engineering 37 (8),
1971): a point the ideal camera would see at distance r from the centre, in focal lengths, is seen at

    r' = r (1 + k1 r² + k2 r⁴).

Going back has no closed form; the fixed point r = r' / (1 + k1 r² + k2 r⁴) is iterated.
"""

from dataclasses import dataclass

from contracts.scene import Lens
from edge.scene.geometry import Point

STEPS = 20
ENOUGH = 1e-9  # focal lengths


@dataclass(frozen=True, slots=True)
class Distortion:
    """A lens over a picture of one size: `centre` and `focal` in pixels."""

    centre: Point
    focal: float
    k1: float
    k2: float

    @classmethod
    def of(cls, lens: Lens, image_size: tuple[int, int]) -> "Distortion":
        """The lens for a picture of this width and height, pixels."""
        width, height = image_size
        return cls((lens.centre[0] * width, lens.centre[1] * height), lens.focal * width, lens.k1, lens.k2)

    def seen(self, ideal: Point) -> Point:
        """Where the lens shows what an ideal camera would show at `ideal`, pixels."""
        x, y = (ideal[0] - self.centre[0]) / self.focal, (ideal[1] - self.centre[1]) / self.focal
        factor = self._factor(x * x + y * y) * self.focal
        return self.centre[0] + x * factor, self.centre[1] + y * factor

    def ideal(self, seen: Point) -> Point:
        """Where an ideal camera would show what the lens shows at `seen`, pixels.

        Where a strong lens folds back nothing fits; the last step is then given, and lies outside any valid region.
        """
        x, y = (seen[0] - self.centre[0]) / self.focal, (seen[1] - self.centre[1]) / self.focal
        u, v = x, y
        for _ in range(STEPS):
            factor = self._factor(u * u + v * v)
            if factor <= 0:
                break
            u, v, before, above = x / factor, y / factor, u, v
            if abs(u - before) < ENOUGH and abs(v - above) < ENOUGH:
                break
        return self.centre[0] + u * self.focal, self.centre[1] + v * self.focal

    def _factor(self, squared: float) -> float:
        return 1 + squared * (self.k1 + squared * self.k2)
