"""Output head of YOLOX: (1, N, 5 + classes), boxes relative to their cells, scores after the sigmoid.

Input: BGR, 0..255, not normalised. Each row is x and y offset and log width and height, in units of the
cell's stride, then objectness, then one score for each class; confidence is objectness times class score
(arXiv 2107.08430, section 2.1; decoding as in the project's ONNX description).
"""

import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import NOT_OURS
from edge.detect.yolov8 import corners
from edge.detections import Detections

CENTRED = False
CHANNELS = (0, 1, 2)  # of a BGR picture
SCALE = 1.0
STRIDES = (8, 16, 32)


def cells(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(N, 2) column and row of each cell, and (N, 1) its stride, for an input of that size in pixels."""
    places, strides = [], []
    for stride in STRIDES:
        x, y = np.meshgrid(np.arange(width // stride), np.arange(height // stride))
        places.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((x.size, 1), stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode(
    output: NDArray[np.float32],
    table: NDArray[np.int64],
    floor: float,
    grid: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> Detections:
    """Boxes, in input pixels, whose best class is one of ours with a confidence of `floor` or more.

    Args:
        table: (classes,) RoadUserClass of each output class, or NOT_OURS.
        grid: `cells` of the input size.
    """
    rows = output[0]
    likely = np.flatnonzero(rows[:, 4] >= floor)
    number = rows[likely, 5:].argmax(axis=1)
    confidence = rows[likely, 4] * rows[likely, 5 + number]
    class_id = table[number]
    kept = (confidence >= floor) & (class_id != NOT_OURS)
    sure = likely[kept]
    places, strides = grid[0][sure], grid[1][sure]
    centre = (rows[sure, :2] + places) * strides
    size = np.exp(rows[sure, 2:4]) * strides
    return Detections(
        corners(np.concatenate([centre, size], axis=1)), confidence[kept].astype(np.float32), class_id[kept]
    )
