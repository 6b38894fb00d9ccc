"""A pinhole camera over the road, with a lens that bends straight lines.

    (xc, yc, zc) = R (P - C);   x = xc / zc, y = yc / zc;   r² = x² + y²
    u = cx + f x (1 + k1 r² + k2 r⁴),   v = cy + f y (1 + k1 r² + k2 r⁴)

(Brown 1966, radial terms; as OpenCV writes it.) World in metres, x east, y north, z up; picture in pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.simulation.trajectory import Floats, Mover

NEAREST_M = 1.0  # what is nearer to the picture plane, or behind it, is not seen
WIDEST = 1.1  # focal lengths from the centre: beyond, the lens formula would fold back into the picture


@dataclass(frozen=True)
class Camera:
    """Where it hangs and how it looks.

    Attributes:
        place: x, y, z in metres.
        yaw: direction it looks to, radians anticlockwise from east; pitch: how far down, radians.
        focal: as a share of the picture's width.
    """

    width: int
    height: int
    place: tuple[float, float, float]
    yaw: float
    pitch: float
    focal: float
    k1: float = 0.0
    k2: float = 0.0

    @classmethod
    def looking_at(
        cls, place: tuple[float, float, float], target: tuple[float, float], size: tuple[int, int], *lens: float
    ) -> "Camera":
        """Camera at a place whose middle shows a point of the ground; `lens`: focal, k1, k2."""
        dx, dy = target[0] - place[0], target[1] - place[1]
        yaw, pitch = math.atan2(dy, dx), math.atan2(place[2], math.hypot(dx, dy))
        return cls(size[0], size[1], place, yaw, pitch, *lens)

    @cached_property
    def _axes(self) -> Floats:
        """(3, 3) rows: to the right, down, forward."""
        cy, sy, cp, sp = math.cos(self.yaw), math.sin(self.yaw), math.cos(self.pitch), math.sin(self.pitch)
        return np.array([[sy, -cy, 0.0], [-sp * cy, -sp * sy, -cp], [cp * cy, cp * sy, -sp]])

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """(..., 2) pixels of (..., 3) points, and their (...,) depth; points nearer than 1 m have no meaning."""
        local = (points - np.array(self.place)) @ self._axes.T
        depth = local[..., 2]
        flat = local[..., :2] / np.maximum(depth, NEAREST_M)[..., None]
        r2 = np.minimum((flat**2).sum(axis=-1, keepdims=True), WIDEST**2)
        bent = flat * (1 + self.k1 * r2 + self.k2 * r2**2) * self.focal * self.width
        return bent + np.array([self.width / 2, self.height / 2]), depth

    def on_ground(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a point of the ground."""
        pixels, _ = self.project(np.array([x, y, 0.0]))
        return float(pixels[0]), float(pixels[1])

    def to_ground(self, pixels: Floats) -> Floats:
        """(N, 2) metres of the ground points seen at (N, 2) pixels. ValueError when one is at or above the horizon."""
        wanted = (pixels - np.array([self.width / 2, self.height / 2])) / (self.focal * self.width)
        flat = wanted.copy()
        for _ in range(30):  # fixed point of the lens formula; it contracts for the lenses of traffic cameras
            r2 = (flat**2).sum(axis=1, keepdims=True)
            flat = wanted / (1 + self.k1 * r2 + self.k2 * r2**2)
        rays = np.concatenate([flat, np.ones((len(flat), 1))], axis=1) @ self._axes
        if (rays[:, 2] >= -1e-9).any():
            raise ValueError("a pixel is not on the ground: at or above the horizon")
        reach = -self.place[2] / rays[:, 2:]
        return np.asarray(np.array(self.place[:2]) + reach * rays[:, :2])

    def boxes(self, mover: Mover, times: Floats) -> tuple[Floats, Floats]:
        """(N, 4) boxes x1, y1, x2, y2 around a road user, not yet cut at the picture's edge, and its (N,) depth.

        Depth is that of its nearest corner: below 1 m a box has no meaning.
        """
        x, y, heading = mover.at(times)
        length, width, height = mover.size
        c, s = np.cos(heading), np.sin(heading)
        corners = np.empty((len(times), 8, 3))
        for number, (back, side, up) in enumerate(
            (back, side, up) for back in (0.0, length) for side in (-width / 2, width / 2) for up in (0.0, height)
        ):
            corners[:, number, 0] = x - back * c - side * s
            corners[:, number, 1] = y - back * s + side * c
            corners[:, number, 2] = up
        pixels, depth = self.project(corners)
        return np.concatenate([pixels.min(axis=1), pixels.max(axis=1)], axis=1), depth.min(axis=1)

    def ground_points(self, mover: Mover, times: Floats) -> Floats:
        """(N, 2) bottom centre of the uncut boxes, pixels; NaN where it is behind the camera."""
        boxes, depth = self.boxes(mover, times)
        points = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)
        points[depth < NEAREST_M] = np.nan
        return points

    def sees(self, points: Sequence[tuple[float, float]], margin: float = 0.01) -> bool:
        """All these points of the ground are in the picture."""
        pixels, depth = self.project(np.array([(x, y, 0.0) for x, y in points]))
        u, v = pixels[:, 0] / self.width, pixels[:, 1] / self.height
        inside = (u > margin) & (u < 1 - margin) & (v > margin) & (v < 1 - margin) & (depth > NEAREST_M)
        return bool(inside.all())
