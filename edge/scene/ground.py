"""The ground plane of a scene: where a pixel lies on the road, how good that is, and where it holds.

Built from the scene's control points for pictures of one size. Everything outward is in pixels of that picture and in
metres of the scene's own plane (x east, y north).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from contracts.scene import Calibration
from edge.scene.geometry import Point
from edge.scene.homography import REFERENCE_PX, Array, Fit, fit, for_width, gradients, solve, to_ground
from edge.scene.lens import Distortion
from edge.scene.region import Region
from edge.scene.tangent_plane import TangentPlane

WIDENED = 0.1  # the hull of the points holds a little beyond them
GRID = 9  # places across and down for which the error of a length is worked out beforehand
STEP_M = 2.0  # half the length it is worked out for
POINTS = "calibration.points"
CURE = "expected points of the road read exactly, x east and y north, the four outer ones around the traffic"


class CalibrationError(ValueError):
    """Control points that give no ground plane. The message says the path and the cure."""

    def __init__(self, path: str, words: str) -> None:
        super().__init__(f"{path}: {words}")


@dataclass(frozen=True, slots=True)
class Residuals:
    """How far the fitted plane puts each control point from where it was measured, metres.

    Attributes:
        each: of every point, outliers too.
        outliers: indices of points that were left out of the fit.
        rms: root mean square over the points used; None when four were used, which always fit.
        leave_one_out: the same when each point is placed by the others; None as above.
        worst: index of the point that is farthest off.
    """

    each: tuple[float, ...]
    outliers: tuple[int, ...]
    rms: float | None
    leave_one_out: float | None
    worst: int


class Ground:
    """Ground plane of one scene for one picture size. Raises CalibrationError when the points give none."""

    def __init__(self, calibration: Calibration, image_size: tuple[int, int]) -> None:
        self.size = image_size
        self.lens = None if calibration.lens is None else Distortion.of(calibration.lens, image_size)
        self.plane = _tangent_plane(calibration)
        self.image = tuple(self._pixels_of(point.image) for point in calibration.points)
        self.points = tuple(_plane_metres(calibration, self.plane))
        ideal, measured = np.array([self._ideal(p) for p in self.image]), np.array(self.points)
        self.origin: Point = (float(measured[:, 0].mean()), float(measured[:, 1].mean()))
        measured = measured - np.array(self.origin)
        try:
            in_reference = ideal * (REFERENCE_PX / image_size[0])
            first = fit(in_reference, measured)
        except np.linalg.LinAlgError:
            raise CalibrationError(POINTS, f"the points do not determine a plane; {CURE}") from None
        fitted = for_width(first, image_size[0])
        self._take(fitted)
        self._given_region = bool(calibration.valid)
        self.region = self._region(calibration, ideal)
        self.is_valid: Callable[[Point], bool] = Region(self.region).holds
        """Whether the plane holds at a pixel; asked so often that there is no method around it."""
        self._check(ideal, fitted)
        self.residuals = _residuals(in_reference, measured, first)
        self.error_m, self._lengths = self._errors(ideal, fitted)
        self.reason = self._poor(calibration)

    @property
    def is_good(self) -> bool:
        """Whether speeds may be taken from it; `reason` says why not."""
        return self.reason is None

    def metres(self, pixel: Point) -> Point:
        """Ground point under a pixel. ValueError at and above the horizon."""
        x, y = self.from_origin(pixel)
        return x + self.origin[0], y + self.origin[1]

    def from_origin(self, pixel: Point) -> Point:
        """The same from the plane's origin, where no digits are lost to large coordinates."""
        return self.on_plane(self._ideal(pixel))

    def on_plane(self, ideal: Point) -> Point:
        """The same for a pixel of an ideal camera."""
        u, v = ideal
        a, b, c, d, e, f, g, h, i = self._flat
        w = g * u + h * v + i
        if w <= 0:
            raise ValueError(f"pixel {ideal} is not on the ground")
        return (a * u + b * v + c) / w, (d * u + e * v + f) / w

    def slopes(self, pixel: Point) -> tuple[float, float, float, float]:
        """Metres per pixel: dx/du, dx/dv, dy/du, dy/dv. The lens bends so little within a box that it is left out."""
        return self.place_and_slopes(pixel)[2:]

    def place_and_slopes(self, pixel: Point) -> tuple[float, float, float, float, float, float]:
        """`from_origin` and `slopes` in one go, for a pixel below the horizon."""
        u, v = pixel if self.lens is None else self.lens.ideal(pixel)
        a, b, c, d, e, f, g, h, i = self._flat
        w = g * u + h * v + i
        x, y = (a * u + b * v + c) / w, (d * u + e * v + f) / w
        return x, y, (a - x * g) / w, (b - x * h) / w, (d - y * g) / w, (e - y * h) / w

    def pixel(self, metres: Point) -> Point | None:
        """Pixel of a ground point; None behind the camera."""
        seen = self.ideal_pixel((metres[0] - self.origin[0], metres[1] - self.origin[1]))
        return seen if seen is None or self.lens is None else self.lens.seen(seen)

    def ideal_pixel(self, from_origin: Point) -> Point | None:
        """Pixel at which an ideal camera would show a ground point, counted from the origin; None behind it."""
        x, y = from_origin
        a, b, c, d, e, f, g, h, i = self.to_picture
        w = g * x + h * y + i
        return None if w <= 0 else ((a * x + b * y + c) / w, (d * x + e * y + f) / w)

    def wgs84(self, metres: Point) -> tuple[float, float] | None:
        """Latitude and longitude, degrees; None when the control points were given in metres."""
        return None if self.plane is None else self.plane.wgs84(metres)

    def length_error(self, pixel: Point) -> float:
        """Standard uncertainty of a short length there, as a share of it, from the control points' errors."""
        width, height = self.size
        column = min(max(int(pixel[0] / width * GRID), 0), GRID - 1)
        row = min(max(int(pixel[1] / height * GRID), 0), GRID - 1)
        return self._lengths[row][column]

    def _take(self, fitted: Fit) -> None:
        self.matrix = fitted.matrix
        self._flat = tuple(float(entry) for entry in fitted.matrix.ravel())
        back = np.linalg.inv(fitted.matrix)
        back /= np.sign(back[2, 2]) * np.linalg.norm(back[2])  # w > 0 at the origin, which lies among the points
        self.to_picture = tuple(float(entry) for entry in back.ravel())

    def _depth(self, ideal: Point) -> float:
        """Positive below the horizon."""
        return self._flat[6] * ideal[0] + self._flat[7] * ideal[1] + self._flat[8]

    def _ideal(self, pixel: Point) -> Point:
        return pixel if self.lens is None else self.lens.ideal(pixel)

    def _pixels_of(self, share: Point) -> Point:
        return share[0] * self.size[0], share[1] * self.size[1]

    def _region(self, calibration: Calibration, ideal: Array) -> tuple[Point, ...]:
        if calibration.valid:
            return tuple(self._pixels_of(corner) for corner in calibration.valid)
        x, y = float(ideal[:, 0].mean()), float(ideal[:, 1].mean())
        hull = _hull([(float(p[0]), float(p[1])) for p in ideal])
        wider = [(x + (u - x) * (1 + WIDENED), y + (v - y) * (1 + WIDENED)) for u, v in hull]
        if any(self._depth(corner) <= 0 for corner in wider):
            wider = hull  # it reaches nearly to the horizon
        seen = wider if self.lens is None else [self.lens.seen(corner) for corner in wider]
        return tuple(seen)

    def _check(self, ideal: Array, fitted: Fit) -> None:
        corners = np.array([self._ideal(corner) for corner in self.region])
        around = np.vstack([ideal, corners])
        depth = np.column_stack([around, np.ones(len(around))]) @ fitted.matrix[2]
        if (depth[: len(ideal)][fitted.used] <= 0).any():
            raise CalibrationError(
                POINTS, f"the points cannot be seen so by any camera; two may have changed places; {CURE}"
            )
        if (depth <= 0).any() and self._given_region:
            raise CalibrationError(
                "calibration.valid", "the horizon runs through it; expected a region of the road below"
            )
        if (depth <= 0).any():
            raise CalibrationError(POINTS, f"the horizon of their plane runs through the valid region; {CURE}")
        if np.linalg.det(fitted.matrix) > 0:
            raise CalibrationError(
                POINTS, f"their plane is seen from below; east and north may have changed places; {CURE}"
            )

    def _errors(self, at_points: Array, fitted: Fit) -> tuple[float, list[list[float]]]:
        """Position error amid the points, metres, and relative error of lengths over a grid of the picture."""
        width, height = self.size
        middles = [((c + 0.5) / GRID * width, (r + 0.5) / GRID * height) for r in range(GRID) for c in range(GRID)]
        ideal = np.array([self._ideal(p) for p in middles])
        on_ground = np.column_stack([ideal, np.ones(len(ideal))]) @ fitted.matrix[2] > 1e-9
        lengths = np.full(len(ideal), math.inf)
        lengths[on_ground] = self._length_errors(to_ground(fitted.matrix, ideal[on_ground]), fitted)
        slopes = gradients(fitted.matrix, at_points[fitted.used].mean(axis=0, keepdims=True))
        variances = np.einsum("nij,jk,nik->n", slopes, fitted.covariance, slopes)
        rows = [[float(entry) for entry in row] for row in lengths.reshape(GRID, GRID)]
        return float(np.sqrt(variances.mean())), rows

    def _length_errors(self, places: Array, fitted: Fit) -> Array:
        back: Array = np.asarray(np.linalg.inv(fitted.matrix), dtype=np.float64)
        squares = np.zeros(len(places))
        for axis in range(2):
            step = np.zeros(2)
            step[axis] = STEP_M
            ahead, behind = to_ground(back, places + step), to_ground(back, places - step)
            change = (gradients(fitted.matrix, ahead) - gradients(fitted.matrix, behind))[:, axis]
            squares += np.einsum("nj,jk,nk->n", change, fitted.covariance, change) / (2 * STEP_M) ** 2
        return np.asarray(np.sqrt(squares / 2), dtype=np.float64)

    def _poor(self, calibration: Calibration) -> str | None:
        limit, found = calibration.max_residual_m, self.residuals
        if len(found.outliers) * 4 > len(self.points):
            return f"{len(found.outliers)} of {len(self.points)} points do not fit the others; measure them again"
        if found.rms is not None and found.rms > limit:
            return (
                f"the points fit to {found.rms:.2f} m only, max_residual_m is {limit:g} m; "
                f"look at point {found.worst} first ({found.each[found.worst]:.2f} m off)"
            )
        if found.rms is None and self.error_m > limit:
            return (
                f"from four points the plane is known to {self.error_m:.2f} m only, max_residual_m is {limit:g} m; "
                "add points, farther apart"
            )
        return None


def _tangent_plane(calibration: Calibration) -> TangentPlane | None:
    places = [point.wgs84 for point in calibration.points if point.wgs84 is not None]
    if not places:
        return None
    return TangentPlane(math.fsum(p[0] for p in places) / len(places), math.fsum(p[1] for p in places) / len(places))


def _plane_metres(calibration: Calibration, plane: TangentPlane | None) -> Sequence[Point]:
    if plane is None:
        return [point.metres for point in calibration.points if point.metres is not None]
    return [plane.metres(*point.wgs84) for point in calibration.points if point.wgs84 is not None]


def _residuals(image: Array, ground: Array, fitted: Fit) -> Residuals:
    each = np.linalg.norm(to_ground(fitted.matrix, image) - ground, axis=1)
    used = [int(index) for index in np.flatnonzero(fitted.used)]
    rms = leave_one_out = None
    if len(used) > 4:
        rms = float(np.sqrt((each[used] ** 2).mean()))
        left = [_left_out(image, ground, used, index) for index in used]
        leave_one_out = float(np.sqrt(np.mean(np.square(left))))
    outliers = tuple(int(index) for index in np.flatnonzero(~fitted.used))
    return Residuals(tuple(float(m) for m in each), outliers, rms, leave_one_out, int(each.argmax()))


def _left_out(image: Array, ground: Array, used: list[int], index: int) -> float:
    """How far the other points put this one from where it was measured, metres; infinite when they cannot."""
    rest = [other for other in used if other != index]
    try:
        others = solve(image[rest], ground[rest])
    except np.linalg.LinAlgError:
        return math.inf
    return float(np.linalg.norm(to_ground(others, image[index : index + 1])[0] - ground[index]))


def _hull(points: Sequence[Point]) -> list[Point]:
    """Convex hull, monotone chain (A. M. Andrew, Information Processing Letters 9 (5), 1979)."""
    ordered = sorted(set(points))

    def half(run: Sequence[Point]) -> list[Point]:
        chain: list[Point] = []
        for p in run:
            while len(chain) >= 2 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def ground_of(calibration: Calibration | None, image_size: tuple[int, int]) -> Ground | None:
    """The ground plane where there is one; None without a calibration, and where its points give none."""
    if calibration is None:
        return None
    try:
        return Ground(calibration, image_size)
    except CalibrationError:
        return None  # said when the scene was loaded; nothing is measured


__all__ = ["CalibrationError", "Ground", "Residuals", "ground_of"]
