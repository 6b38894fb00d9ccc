"""YOLOX head."""

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.detect.classes import coco_table
from edge.detect.yolov8 import planes
from edge.detect.yolox import CHANNELS, SCALE, cells, decode


def test_boxes_are_relative_to_their_cells() -> None:
    """A motorcycle in the second row of the middle level; its confidence is objectness times class score."""
    height, width = 64, 96
    grid = cells(height, width)
    assert len(grid[0]) == 8 * 12 + 4 * 6 + 2 * 3
    row = 8 * 12 + 6 + 2  # stride 16, row 1, column 2
    output = np.zeros((1, len(grid[0]), 85), np.float32)
    output[0, row, :5] = (0.5, 0.25, np.log(2), np.log(1), 0.8)
    output[0, row, 5 + 3] = 0.5
    found = decode(output, coco_table(), 0.1, grid)
    # centre (2.5 * 16, 1.25 * 16) = (40, 20), size (32, 16)
    np.testing.assert_allclose(found.xyxy, [[24, 12, 56, 28]], rtol=1e-6)
    assert found.class_id.tolist() == [RoadUserClass.MOTORCYCLE]
    assert found.confidence.tolist() == [pytest.approx(0.4)]


def test_doubtful_and_foreign_classes_are_left_out() -> None:
    """Objectness 0.3 times 0.3 is below the floor; a dog is none of ours."""
    grid = cells(32, 32)
    output = np.zeros((1, len(grid[0]), 85), np.float32)
    output[0, 0, 4:6] = (0.3, 0.3)
    output[0, 1, 4], output[0, 1, 5 + 16] = 0.9, 0.9
    assert len(decode(output, coco_table(), 0.1, grid)) == 0


def test_input_is_bgr_from_0_to_255() -> None:
    """Not normalised, not exchanged."""
    canvas = np.zeros((32, 32, 3), np.uint8)
    canvas[..., 0] = 200
    assert planes(canvas, CHANNELS, SCALE)[0, :, 0, 0].tolist() == [200, 0, 0]
