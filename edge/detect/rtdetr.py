"""Output heads of RT-DETR and its descendants (D-FINE, DEIM), in the forms their exporters write.

Input: RGB, 0..1. The network has K queries (300), each with a box and a score for every class after the sigmoid;
nothing is to be suppressed. What differs is how far the exporter went on:

    logits    (1, K, classes) before the sigmoid and (1, K, 4) boxes: Hugging Face's `logits`, `pred_boxes`
    scores    (1, K, 4 + classes): Ultralytics before 8.4, scores after the sigmoid
    rows      (1, K, 6): Ultralytics from 8.4, with confidence and class number
    labelled  class numbers (1, K), boxes (1, K, 4) and confidences (1, K): the makers' own exporters, whose second
              input `orig_target_sizes` says how large a picture the boxes are wanted for

Boxes are centre x, centre y, width and height as shares of the input, but for `labelled`: corners in pixels. As the
makers' decoding has it (arXiv 2304.08069, `RTDETRPostProcessor`), the K surest pairs of query and class count, so that
one query may be two road users.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect.yolo26 import numbered
from edge.detect.yolov8 import corners
from edge.detections import Detections

Array = NDArray[Any]


def decode_logits(
    logits: Array, boxes: Array, table: NDArray[np.int64], floor: float, size: tuple[int, int]
) -> Detections:
    """Boxes, in input pixels, of our classes with a confidence of `floor` or more.

    Args:
        logits: (K, classes) before the sigmoid.
        boxes: (K, 4) shares of the input.
        table: (classes,) RoadUserClass of each class number, or NOT_OURS.
        size: height and width of the input, pixels.
    """
    # A logit far below 0 is a confidence of 0, not an overflow.
    return decode_scores(boxes, 1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))), table, floor, size)


def decode_scores(
    boxes: Array, scores: Array, table: NDArray[np.int64], floor: float, size: tuple[int, int]
) -> Detections:
    """As `decode_logits`, from (K, classes) scores after the sigmoid."""
    query, number = np.nonzero(scores >= floor)
    surest = np.argsort(-scores[query, number], kind="stable")[: len(boxes)]
    query, number = query[surest], number[surest]
    return numbered(in_pixels(boxes[query], size), scores[query, number], number, table, floor)


def decode_rows(rows: Array, table: NDArray[np.int64], floor: float, size: tuple[int, int]) -> Detections:
    """As `decode_logits`, from (K, 6) boxes with confidence and class number."""
    return numbered(in_pixels(rows[:, :4], size), rows[:, 4], rows[:, 5], table, floor)


def in_pixels(boxes: Array, size: tuple[int, int]) -> NDArray[np.float32]:
    """(N, 4) corners in input pixels from centre and size as shares of an input of `size`, height and width."""
    height, width = size
    return corners(boxes * np.array([width, height, width, height], np.float32))
