"""Letterbox: a box found in the network's input must lie in the same place of the picture."""

import numpy as np
import pytest

from edge.detect.letterbox import GREY, letterbox, place


@pytest.mark.parametrize("size", [(640, 352), (768, 576), (1920, 1080), (352, 288), (100, 900), (640, 384), (31, 7)])
@pytest.mark.parametrize("centred", [True, False])
def test_a_mark_in_the_picture_is_found_where_it_was(size: tuple[int, int], centred: bool) -> None:
    """Boxes half a bar away from the car make every line crossing wrong."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    x1, y1, x2, y2 = width // 4, height // 4, width // 2, height // 2
    image[y1:y2, x1:x2] = 255
    placement = place(width, height, 640, 384, centred=centred)
    canvas = letterbox(image, placement, 640, 384)
    rows, columns = np.nonzero(canvas[..., 0] > 200)
    seen = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    found = placement.to_picture(seen)[0]
    assert np.abs(found - [x1, y1, x2, y2]).max() <= 1.5 / min(placement.scale, 1) + 0.5


def test_bars_are_grey_and_the_picture_keeps_its_shape() -> None:
    """A 4:3 camera on a 16:9 network: bars left and right."""
    canvas = letterbox(np.zeros((576, 768, 3), np.uint8), place(768, 576, 640, 384, centred=True), 640, 384)
    assert canvas.shape == (384, 640, 3)
    assert (canvas[:, :64] == GREY).all()
    assert (canvas[:, 64:576] == 0).all()
    assert (canvas[:, 576:] == GREY).all()


def test_boxes_are_cut_at_the_picture() -> None:
    """A network may see a car go on in the bars."""
    placement = place(768, 576, 640, 384, centred=True)
    found = placement.to_picture(np.array([[0, -10, 640, 500]], np.float32))
    assert found.tolist() == [[0, 0, 768, 576]]


def test_a_picture_of_the_input_size_is_not_touched() -> None:
    """No loss where none is needed."""
    image = np.random.default_rng(0).integers(0, 256, (384, 640, 3), np.uint8)
    np.testing.assert_array_equal(letterbox(image, place(640, 384, 640, 384, centred=True), 640, 384), image)
