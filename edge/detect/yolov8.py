"""Output head of Ultralytics YOLOv8 and YOLO11: (1, 4 + classes, N), boxes decoded, scores after the sigmoid.

Input: RGB, 0..1. Rows 0..3 are centre x, centre y, width, height in input pixels; each further row is one class.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import NOT_OURS
from edge.detections import Detections

CENTRED = True


def prepare(canvas: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(1, 3, H, W) input from a BGR canvas."""
    return np.asarray(cv2.dnn.blobFromImage(canvas, scalefactor=1 / 255, swapRB=True), np.float32)


def decode(output: NDArray[np.float32], table: NDArray[np.int64], floor: float) -> Detections:
    """Boxes, in input pixels, whose best class is one of ours with a confidence of `floor` or more.

    Args:
        table: (classes,) RoadUserClass of each output class, or NOT_OURS.
    """
    rows = output[0]
    scores = rows[4:]
    best = scores.max(axis=0)
    sure = np.flatnonzero(best >= floor)
    class_id = table[scores[:, sure].argmax(axis=0)]
    ours = class_id != NOT_OURS
    sure, class_id = sure[ours], class_id[ours]
    return Detections(corners(rows[:4, sure].T), best[sure].astype(np.float32), class_id)


def corners(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 4) centre x, centre y, width, height to x1, y1, x2, y2."""
    half = centres[:, 2:] / 2
    return np.concatenate([centres[:, :2] - half, centres[:, :2] + half], axis=1).astype(np.float32)
