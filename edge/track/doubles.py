"""Tracks that follow the same road user twice: a detector sees a car, and the half of it that a branch leaves free.

Two boxes of one kind that lie in each other and do not move against each other are taken for one road user. Of cars,
buses and trucks of one class it is enough that most of the smaller box lies in the other; people and two-wheelers
ride and walk so close that their boxes must nearly be the same.
"""

import numpy as np

from contracts.classes import VEHICLES, RoadUserClass
from edge.track.association import area, common_area, of_classes, overlap
from edge.track.kalman import Floats
from edge.track.table import Mask, TrackTable

SAME_IOU = 0.85
INSIDE = 0.8
APART_SPEED = 0.5  # box heights per second

_WIDE = of_classes(VEHICLES - {RoadUserClass.BICYCLE, RoadUserClass.MOTORCYCLE})


def doubles(table: TrackTable) -> Mask:
    """(N,) True for tracks that a stronger one already follows; strength is the confidence summed up over its life."""
    n = len(table)
    if n < 2:
        return np.zeros(n, np.bool_)
    boxes = table.boxes.xyxy()
    class_id = table.class_id
    wide = _WIDE[class_id]
    alike = (class_id[:, None] == class_id[None, :]) & (
        (overlap(boxes, boxes) >= SAME_IOU) | (wide[:, None] & (_inside(boxes) >= INSIDE))
    )
    strength = table.votes.sum(axis=1)
    # At a tie the older, which stands first, is the stronger.
    weaker = (strength[:, None] < strength[None, :]) | (
        (strength[:, None] == strength[None, :]) & (np.arange(n)[:, None] > np.arange(n)[None, :])
    )
    return np.asarray((alike & weaker & _together(table)).any(axis=1))


def _inside(boxes: Floats) -> Floats:
    """(N, N) share of the smaller box that lies in the other."""
    common = common_area(boxes, boxes)
    size = area(boxes)
    return np.asarray(common / np.maximum(np.minimum(size[:, None], size[None, :]), 1.0))


def _together(table: TrackTable) -> Mask:
    """(N, N) True where two do not move against each other."""
    velocity = table.boxes.velocity[:, :2]
    difference = velocity[:, None, :] - velocity[None, :, :]
    height = np.maximum(table.boxes.mean[:, 3], 1.0)
    apart = np.hypot(difference[..., 0], difference[..., 1]) / np.maximum(height[:, None], height[None, :])
    return np.asarray(apart <= APART_SPEED)
