"""Output head of Ultralytics YOLO26, exported end to end (`nms=False`): (1, K, 6), surest first, nothing to suppress.

Input: RGB, 0..1, as YOLOv8. Each row is x1, y1, x2, y2 in input pixels, confidence, class number; K is 300 by default,
and rows beyond what was found have confidences near 0. A file exported with `nms=None` has YOLOv8's output.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import NOT_OURS
from edge.detections import Detections


def decode(rows: NDArray[Any], table: NDArray[np.int64], floor: float) -> Detections:
    """Boxes, in input pixels, of our classes with a confidence of `floor` or more.

    Args:
        rows: (K, 6).
        table: (classes,) RoadUserClass of each class number, or NOT_OURS.
    """
    return numbered(rows[:, :4], rows[:, 4], rows[:, 5], table, floor)


def numbered(
    xyxy: NDArray[Any], confidence: NDArray[Any], number: NDArray[Any], table: NDArray[np.int64], floor: float
) -> Detections:
    """Boxes that come with the number of their class; a number that `table` does not have is nobody of ours.

    Args:
        xyxy: (K, 4) input pixels; confidence, number: (K,).
        table: (classes,) RoadUserClass of each class number, or NOT_OURS.
    """
    known = (confidence >= floor) & (number >= 0) & (number < len(table))
    class_id = table[number[known].astype(np.int64)]
    ours = np.flatnonzero(known)[class_id != NOT_OURS]
    return Detections(
        xyxy[ours].astype(np.float32), confidence[ours].astype(np.float32), class_id[class_id != NOT_OURS]
    )
