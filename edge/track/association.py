"""Which detection belongs to which track: overlap, classes, and the assignment of least cost."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from contracts.classes import LOOK_ALIKE_GROUP, RoadUserClass
from edge.track.assignment import linear_sum_assignment

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

GROUP = np.array(LOOK_ALIKE_GROUP, np.int64)
"""(7,) look-alike group of each RoadUserClass."""

_IMPOSSIBLE = 1e6


def overlap(first: Floats, second: Floats) -> Floats:
    """(N, M) intersection over union of boxes x1, y1, x2, y2; 0 where they do not meet."""
    common = common_area(first, second)
    union = area(first)[:, None] + area(second)[None, :] - common
    return np.where(union > 0, common / np.maximum(union, 1e-9), 0.0)


def common_area(first: Floats, second: Floats) -> Floats:
    """(N, M) square pixels that lie in both of two boxes."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    sides = np.maximum(high - low, 0.0)  # np.clip is slow for so few
    return np.asarray(sides[..., 0] * sides[..., 1])


def area(boxes: Floats) -> Floats:
    """(N,) square pixels."""
    sides: Floats = np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0)
    return np.asarray(sides[:, 0] * sides[:, 1])


def widened(boxes: Floats, share: Floats) -> Floats:
    """Boxes grown on every side by a share of their own width and height (C-BIoU, arXiv 2211.14317)."""
    margin = (boxes[:, 2:] - boxes[:, :2]) * share[:, None]
    return np.concatenate([boxes[:, :2] - margin, boxes[:, 2:] + margin], axis=1)


def same_group(first: Rows, second: Rows) -> NDArray[np.bool_]:
    """(N, M) True where two classes may be the same road user."""
    return np.asarray(GROUP[first][:, None] == GROUP[second][None, :])


def similar_size(first: Floats, second: Floats, ratio: float | Floats) -> NDArray[np.bool_]:
    """(N, M) True where neither box is more than `ratio` (one, or (N, 1)) times as high or as wide as the other."""
    sides_a = np.maximum(first[:, 2:] - first[:, :2], 1.0)[:, None, :]
    sides_b = np.maximum(second[:, 2:] - second[:, :2], 1.0)[None, :, :]
    return np.asarray(np.maximum(sides_a / sides_b, sides_b / sides_a).max(axis=2) <= ratio)


def assign(similarity: Floats, least: float) -> tuple[Rows, Rows]:
    """Pairs of greatest total similarity, none below `least`. Deterministic for equal input."""
    cost = np.where(similarity >= least, 1.0 - similarity, _IMPOSSIBLE)
    rows, columns = linear_sum_assignment(cost)
    good = cost[rows, columns] < _IMPOSSIBLE
    return rows[good].astype(np.int64), columns[good].astype(np.int64)


def of_classes(wanted: Collection[RoadUserClass]) -> NDArray[np.bool_]:
    """(7,) True for each RoadUserClass wanted: to be asked with an array of classes."""
    return np.array([cls in wanted for cls in sorted(RoadUserClass)])


def voted(votes: Floats) -> list[RoadUserClass]:
    """Class with most votes of each row of (N, classes); the lower number at a tie."""
    return [RoadUserClass(int(number)) for number in votes.argmax(axis=1)]
