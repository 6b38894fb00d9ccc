"""Output head of Ultralytics YOLOv8 and YOLO11: (1, 4 + classes, N), boxes decoded, scores after the sigmoid.

Input: RGB, 0..1. Rows 0..3 are centre x, centre y, width, height in input pixels; each further row is one class.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import NOT_OURS
from edge.detections import Detections

CENTRED = True
CHANNELS = (2, 1, 0)  # of a BGR picture
SCALE = 1 / 255


def planes(canvas: NDArray[np.uint8], order: tuple[int, int, int], scale: float) -> NDArray[np.float32]:
    """(1, 3, H, W) of (H, W, 3): its channels in that order, times `scale`.

    A third of what OpenCV's `blobFromImage` takes, and the same to the last bit.
    """
    height, width = canvas.shape[:2]
    blob = np.empty((1, 3, height, width), np.float32)
    channels = cv2.split(canvas)
    for plane, place in zip(blob[0], order, strict=True):
        np.multiply(channels[place], np.float32(scale), out=plane, dtype=np.float32)
    return blob


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
