"""Homography from image to ground, fitted to control points, with its covariance and its outliers.

Normalised DLT (R. I. Hartley, In Defense of the Eight-Point Algorithm, IEEE TPAMI 19 (6), 1997; R. Hartley and
A. Zisserman, Multiple View Geometry, 2nd ed., algorithm 4.2). Each pair of rows is then weighted by the inverse of the
error one expects of that point, and the fit repeated: a point read to 1.5 pixels is known to a hand's breadth in front
and to metres at the back. So the sum that is least is that of squared standardised residuals in metres.

Outliers are found without chance: while the fit is worse than readings explain, the point without which it is best is
left out, when it is far from where the others put it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

READING_PX = 1.5  # standard deviation of a point read in a picture REFERENCE_PX wide, each way
REFERENCE_PX = 960
SURVEY_M = 0.1  # the same of a point surveyed on the ground
STEPS = 12
PRIOR_POINTS = 2.0  # the errors expected above weigh as much as so many redundant points
OUTLIER = 4.0  # standard deviations from where the other points put it
ENOUGH_POINTS = 7  # below that nobody can tell which one is wrong
WORST = 8  # points tried for leaving out, each round


@dataclass(frozen=True, slots=True)
class Fit:
    """A homography and how good it is.

    Attributes:
        matrix: 3x3, image to ground metres, ideal (undistorted) pixels; w > 0 at the control points.
        covariance: 9x9 of its entries.
        used: which points it was fitted to.
        variance_factor: how much larger the errors' variance is than expected.
    """

    matrix: Array
    covariance: Array
    used: NDArray[np.bool_]
    variance_factor: float


def fit(image: Array, ground: Array) -> Fit:
    """Fit to points (n, 2) each, n >= 4; image in pixels of a picture REFERENCE_PX wide, ground around its own mean.

    LinAlgError when they do not determine it.
    """
    used = np.ones(len(image), dtype=bool)
    matrix = solve(image, ground)
    while len(image) >= ENOUGH_POINTS and used.sum() > max(len(image) - len(image) // 3, ENOUGH_POINTS - 1):
        outlier = _outlier(image, ground, used, matrix)
        if outlier is None:
            break
        used[outlier] = False
        matrix = solve(image[used], ground[used])
    covariance, factor = _covariance(image[used], ground[used], matrix)
    return Fit(matrix, covariance, used, factor)


def solve(image: Array, ground: Array) -> Array:
    """Matrix fitted to all these points, w > 0 at their mean. LinAlgError when they do not determine it."""
    at_image, at_ground = _normaliser(image), _normaliser(ground)
    p, q = to_ground(at_image, image), to_ground(at_ground, ground)
    rows = np.zeros((len(p), 2, 9))
    ones = np.column_stack([p, np.ones(len(p))])
    rows[:, 0, 0:3] = rows[:, 1, 3:6] = ones
    rows[:, :, 6:9] = -q[:, :, None] * ones[:, None, :]
    weights = np.broadcast_to(np.eye(2), (len(p), 2, 2))
    matrix = np.eye(3)
    for _ in range(STEPS if len(p) > 4 else 1):
        stacked = (weights @ rows).reshape(-1, 9)
        entries = np.linalg.svd(stacked)[2][-1].reshape(3, 3)
        matrix = np.linalg.inv(at_ground) @ entries @ at_image
        if not np.isfinite(matrix).all() or abs(np.linalg.det(entries)) < 1e-12:
            raise np.linalg.LinAlgError("the points do not determine a plane")
        w = ones @ entries[2]
        weights = _whitening(matrix, image) / w[:, None, None] / at_ground[0, 0]
    middle = float(np.append(image.mean(axis=0), 1) @ matrix[2])
    return matrix / (np.sign(middle) * np.linalg.norm(matrix[2]) if middle else 1.0)


def for_width(fitted: Fit, width: float) -> Fit:
    """The same for pixels of a picture of another width."""
    scale = np.tile([REFERENCE_PX / width, REFERENCE_PX / width, 1.0], 3)
    matrix = fitted.matrix * scale.reshape(3, 3)
    return Fit(matrix, fitted.covariance * np.outer(scale, scale), fitted.used, fitted.variance_factor)


def to_ground(matrix: Array, image: Array) -> Array:
    """Ground points (n, 2) of image points (n, 2)."""
    homogeneous = np.column_stack([image, np.ones(len(image))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], dtype=np.float64)


def jacobians(matrix: Array, image: Array) -> Array:
    """Derivatives (n, 2, 2) of ground metres by image pixels."""
    w = np.column_stack([image, np.ones(len(image))]) @ matrix[2]
    ground = to_ground(matrix, image)
    rows: Array = matrix[None, :2, :2] - ground[:, :, None] * matrix[None, 2:, :2]
    return np.asarray(rows / w[:, None, None], dtype=np.float64)


def gradients(matrix: Array, image: Array) -> Array:
    """Derivatives (n, 2, 9) of ground metres by the matrix's entries."""
    p = np.column_stack([image, np.ones(len(image))])
    w = p @ matrix[2]
    ground = to_ground(matrix, image)
    slopes = np.zeros((len(image), 2, 9))
    slopes[:, 0, 0:3] = slopes[:, 1, 3:6] = p
    slopes[:, :, 6:9] = -ground[:, :, None] * p[:, None, :]
    return np.asarray(slopes / w[:, None, None], dtype=np.float64)


def _normaliser(points: Array) -> Array:
    """Moves the mean to 0 and the mean distance from it to the square root of 2."""
    mean = points.mean(axis=0)
    scale = np.sqrt(2) / np.linalg.norm(points - mean, axis=1).mean()
    return np.array([[scale, 0, -scale * mean[0]], [0, scale, -scale * mean[1]], [0, 0, 1]])


def _whitening(matrix: Array, image: Array) -> Array:
    """Matrices (n, 2, 2) that turn residuals in metres into standard deviations."""
    slopes = jacobians(matrix, image)
    expected = READING_PX**2 * slopes @ slopes.transpose(0, 2, 1) + SURVEY_M**2 * np.eye(2)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(expected)), dtype=np.float64)


def _squares(image: Array, ground: Array, matrix: Array) -> Array:
    """Squared standardised residual of each point."""
    residuals = to_ground(matrix, image) - ground
    white = (_whitening(matrix, image) @ residuals[:, :, None])[:, :, 0]
    return np.asarray((white**2).sum(axis=1), dtype=np.float64)


def _outlier(image: Array, ground: Array, used: NDArray[np.bool_], matrix: Array) -> int | None:
    """Point without which the others agree best, when they put it far away; None when all fit."""
    squares = np.where(used, _squares(image, ground, matrix), 0)
    best, best_sum, best_far = None, np.inf, 0.0
    for index in np.argsort(-squares, kind="stable")[:WORST]:
        if not used[index]:
            continue
        rest = used.copy()
        rest[index] = False
        without = solve(image[rest], ground[rest])
        left = float(_squares(image[rest], ground[rest], without).sum())
        if left < best_sum:
            best, best_sum = int(index), left
            best_far = _distance(image, ground, rest, without, best)
    return best if best_far > OUTLIER else None


def _distance(image: Array, ground: Array, rest: NDArray[np.bool_], matrix: Array, index: int) -> float:
    """How far a point is from where the rest put it, in standard deviations of both."""
    covariance, factor = _covariance(image[rest], ground[rest], matrix)
    slope = gradients(matrix, image[index : index + 1])[0]
    white = _whitening(matrix, image[index : index + 1])[0]
    expected = slope @ covariance @ slope.T + np.linalg.inv(white.T @ white) * factor
    residual = to_ground(matrix, image[index : index + 1])[0] - ground[index]
    return float(np.sqrt(residual @ np.linalg.solve(expected, residual)))


def _covariance(image: Array, ground: Array, matrix: Array) -> tuple[Array, float]:
    """Covariance of the matrix's entries and the variance factor.

    GUM (JCGM 100:2008) 5.2 and H.3: inverse of the normal matrix, scaled by what the residuals say. The matrix has one
    entry too many (its scale), so the inverse is the pseudo-inverse across that direction.
    """
    slopes = _whitening(matrix, image) @ gradients(matrix, image)
    # entries differ by orders of magnitude: solved in units in which they do not
    units = np.linalg.norm(slopes.reshape(-1, 9), axis=0)
    stacked = slopes.reshape(-1, 9) / units
    inverse = np.linalg.pinv(stacked.T @ stacked, rcond=1e-13, hermitian=True)
    spare = 2 * len(image) - 8
    prior = 2 * PRIOR_POINTS
    factor = (prior + float(_squares(image, ground, matrix).sum())) / (prior + spare)
    return np.asarray(inverse / np.outer(units, units) * factor, dtype=np.float64), factor
