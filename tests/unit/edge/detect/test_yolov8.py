"""Ultralytics head."""

import cv2
import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.detect.classes import coco_table
from edge.detect.yolov8 import CHANNELS, SCALE, decode, planes


def test_rows_are_centre_and_size_then_classes() -> None:
    """A car in cell 3, a train in cell 4 (not ours), a doubtful person in cell 5."""
    output = np.zeros((1, 84, 10), np.float32)
    output[0, :4, 3] = (100, 60, 40, 20)
    output[0, 4 + 2, 3] = 0.8
    output[0, 4 + 6, 4] = 0.9
    output[0, 4 + 0, 5] = 0.09
    found = decode(output, coco_table(), 0.1)
    assert found.xyxy.tolist() == [[80, 50, 120, 70]]
    assert found.class_id.tolist() == [RoadUserClass.CAR]
    assert found.confidence.tolist() == [pytest.approx(0.8)]


def test_input_is_rgb_from_0_to_1() -> None:
    """Exchanged colours cost accuracy silently."""
    canvas = np.zeros((32, 32, 3), np.uint8)
    canvas[..., 2] = 255  # red, in BGR
    blob = planes(canvas, CHANNELS, SCALE)
    assert blob.shape == (1, 3, 32, 32)
    assert blob[0, :, 0, 0].tolist() == [1, 0, 0]


def test_input_is_what_opencv_makes_of_it() -> None:
    """To the last bit: networks were judged with that."""
    canvas = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    assert np.array_equal(
        planes(canvas, CHANNELS, SCALE), cv2.dnn.blobFromImage(canvas, scalefactor=1 / 255, swapRB=True)
    )
