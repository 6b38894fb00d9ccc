"""Where the bottom centre of a box lies when a vehicle stands somewhere: not at one fixed point of the vehicle.

A box spans a solid body. Its lower edge belongs to the corner that is nearest to the camera, its middle to the two
outermost corners, and both change while the vehicle passes or turns: a car that crosses the picture 20 m away seems 4 %
slower than it is. So the body is put on the road as a block of the usual size of its class, and its corners are
projected: those on the ground by the homography, those of the roof by their shadow on the ground as seen from the
camera, whose place follows from the homography when pixels are square (Z. Zhang, A Flexible New Technique for Camera
Calibration, IEEE TPAMI 22 (11), 2000, section 3.1, with one view and the centre known).
"""

import math
from dataclasses import dataclass

from contracts.classes import RoadUserClass
from edge.scene.geometry import Point
from edge.scene.ground import Ground


@dataclass(frozen=True, slots=True)
class Body:
    """Length, width, height, metres."""

    length: float
    width: float
    height: float


USUAL: dict[RoadUserClass, Body] = {
    RoadUserClass.PERSON: Body(0.4, 0.5, 1.7),
    RoadUserClass.BICYCLE: Body(1.7, 0.6, 1.7),
    RoadUserClass.MOTORCYCLE: Body(2.0, 0.7, 1.6),
    RoadUserClass.CAR: Body(4.5, 1.8, 1.5),
    RoadUserClass.BUS: Body(11.0, 2.5, 3.1),
    RoadUserClass.TRUCK: Body(7.5, 2.4, 3.0),
}
"""Usual sizes with what they carry. They need not be right: see what speed.py takes for their uncertainty."""

LEAST_HEIGHT_M = 2.5  # of a camera above the road; below it the roof says nothing
MOST_HEIGHT_M = 120.0


class Outline:
    """The camera over its ground plane, as far as that can be known."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.camera = _camera(ground)
        self._roofs: dict[float, tuple[float, float, float]] = {}

    def bottom_centre(self, place: Point, heading: Point, body: Body) -> Point | None:
        """Ground point under the bottom centre of the box of a body in `place` (its middle) with `heading` (length 1).

        Metres from the plane's origin. None where a corner is behind the camera.
        """
        a, b, c, d, e, f, g, h, i = self._ground.to_picture
        roof = self._roofs.get(body.height)
        if roof is None:
            roof = self._roofs[body.height] = self._roof(body)
        stretch, under_w, under_across = roof
        across: list[float] = []
        down: list[float] = []
        for x, y in _corners(place, heading, body):
            w, wu = g * x + h * y + i, a * x + b * y + c
            if w <= 0:
                return None
            across.append(wu / w)
            down.append((d * x + e * y + f) / w)
            if stretch != 1.0:
                w = w * stretch - under_w
                if w <= 0:
                    return None
                across.append((wu * stretch - under_across) / w)
        return self._ground.on_plane(((min(across) + max(across)) / 2, max(down)))

    def _roof(self, body: Body) -> tuple[float, float, float]:
        """By how much a corner's distance from under the camera grows where its roof hides the ground, and what is
        taken off its homogeneous depth and column for that; 1 where the roof says nothing."""
        if self.camera is None or self.camera[2] <= body.height + 1:
            return 1.0, 0.0, 0.0
        a, b, c, _, _, _, g, h, i = self._ground.to_picture
        east, north, above = self.camera
        stretch = above / (above - body.height)
        return stretch, (stretch - 1) * (g * east + h * north + i), (stretch - 1) * (a * east + b * north + c)


def _corners(place: Point, heading: Point, body: Body) -> tuple[Point, Point, Point, Point]:
    fx, fy = heading[0] * body.length / 2, heading[1] * body.length / 2
    sx, sy = -heading[1] * body.width / 2, heading[0] * body.width / 2
    x, y = place
    ahead_x, ahead_y, behind_x, behind_y = x + fx, y + fy, x - fx, y - fy
    return (
        (ahead_x + sx, ahead_y + sy),
        (ahead_x - sx, ahead_y - sy),
        (behind_x + sx, behind_y + sy),
        (behind_x - sx, behind_y - sy),
    )


def _camera(ground: Ground) -> tuple[float, float, float] | None:
    """Camera's place, metres east, north and above the plane's origin; None when the homography does not tell."""
    a, b, c, d, e, f, g, h, i = ground.to_picture
    lens = ground.lens
    u, v = (ground.size[0] / 2, ground.size[1] / 2) if lens is None else lens.centre
    first, second = (a - u * g, d - v * g, g), (b - u * h, e - v * h, h)
    third = (c - u * i, f - v * i, i)
    inverse_square = _inverse_square_focal(first, second) if lens is None else 1 / lens.focal**2
    if inverse_square <= 0:
        return None
    k = math.sqrt(inverse_square)
    x, y, t = ((p * k, q * k, r) for p, q, r in (first, second, third))
    scale = math.sqrt(math.hypot(*x) * math.hypot(*y))
    # the columns are scale times east, north and the way to the origin, in the camera's frame; height from their cross
    up = _cross(x, y)
    square = scale * scale
    east, north = -_dot(x, t) / square, -_dot(y, t) / square
    above = -_dot(up, t) / (square * scale)
    return (east, north, above) if LEAST_HEIGHT_M <= above <= MOST_HEIGHT_M else None


Triple = tuple[float, float, float]


def _inverse_square_focal(x: Triple, y: Triple) -> float:
    """1/f² with which both axes of the ground are upright and of one length; <= 0 when there is none."""
    upright = (x[0] * y[0] + x[1] * y[1], (x[0] ** 2 + x[1] ** 2 - y[0] ** 2 - y[1] ** 2) / 2)
    far = (x[2] * y[2], (x[2] ** 2 - y[2] ** 2) / 2)
    square = upright[0] ** 2 + upright[1] ** 2
    return -(upright[0] * far[0] + upright[1] * far[1]) / square if square else 0.0


def _dot(a: Triple, b: Triple) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Triple, b: Triple) -> Triple:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
