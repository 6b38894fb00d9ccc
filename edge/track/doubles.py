"""Tracks that follow the same road user twice: a detector sees a car, and the half of it that a branch leaves free.

Two boxes of one kind that lie in each other and do not move against each other are taken for one road user. Of cars,
buses and trucks of one class it is enough that most of the smaller box lies in the other; people and two-wheelers
ride and walk so close that their boxes must nearly be the same.
"""

import numpy as np

from contracts.classes import VEHICLES, RoadUserClass
from edge.track.association import area, common_area, of_classes
from edge.track.table import Mask, Rows, TrackTable

SAME_IOU = 0.85
INSIDE = 0.8
APART_SPEED = 0.5  # box heights per second

_WIDE = of_classes(VEHICLES - {RoadUserClass.BICYCLE, RoadUserClass.MOTORCYCLE})


def doubles(table: TrackTable) -> Mask:
    """(N,) True for tracks that a stronger one already follows; strength is the confidence summed up over its life."""
    double = np.zeros(len(table), np.bool_)
    boxes, class_id = table.boxes.xyxy(), table.class_id
    common = common_area(boxes, boxes)
    one, other = np.nonzero((common > 0) & (class_id[:, None] == class_id[None, :]))
    apart = one != other
    one, other = one[apart], other[apart]
    if not len(one):
        return double  # nearly always: what follows is asked of few pairs
    common, size, strength = common[one, other], area(boxes), table.votes.sum(axis=1)
    iou = common / (size[one] + size[other] - common)
    inside = common / np.minimum(size[one], size[other])
    alike = (iou >= SAME_IOU) | (_WIDE[class_id[one]] & (inside >= INSIDE))
    # At a tie the older, which stands first, is the stronger.
    weaker = (strength[one] < strength[other]) | ((strength[one] == strength[other]) & (one > other))
    double[one[alike & weaker & _together(table, one, other)]] = True
    return double


def _together(table: TrackTable, one: Rows, other: Rows) -> Mask:
    """(K,) True where the two of a pair do not move against each other."""
    velocity = table.boxes.velocity[:, :2]
    difference = velocity[one] - velocity[other]
    height = np.maximum(table.boxes.mean[:, 3], 1.0)
    apart = np.hypot(difference[:, 0], difference[:, 1]) / np.maximum(height[one], height[other])
    return np.asarray(apart <= APART_SPEED)
