"""Pictures made no larger than somebody sees them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge.detect.detector import Shown
from edge.detections import Detections
from edge.picture import NO_PICTURE, WholePicture, size_within
from tests.unit.edge.short_sighted import ShortSighted, road

SIDES = st.integers(1, 5000)


@given(SIDES, SIDES, SIDES, SIDES)
def test_no_larger_than_asked_never_larger_than_it_was_and_never_nothing(
    width: int, height: int, most_width: int, most_height: int
) -> None:
    new_width, new_height = size_within(width, height, most_width, most_height)
    assert 1 <= new_width <= min(width, most_width)
    assert 1 <= new_height <= min(height, most_height)
    if (new_width, new_height) != (width, height):
        assert new_width == most_width or new_height == most_height


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 1080), (640, 360)), ((704, 576), (469, 384)), ((640, 360), (640, 360)), ((384, 640), (230, 384))],
)
def test_its_proportions_are_kept(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert size_within(*size, 640, 384) == expected


class Sighted(ShortSighted):
    """Sees pictures of 640x384 and no larger."""

    input_size = (640, 384)


@pytest.mark.parametrize("size", [(1920, 1080), (704, 576), (640, 360), (320, 240)])
def test_boxes_are_those_of_the_picture_whatever_was_shown(size: tuple[int, int]) -> None:
    box = (0.25 * size[0], 0.5 * size[1], 0.75 * size[0], 0.75 * size[1])
    detector = Sighted()
    found = Shown.of(WholePicture(road(size, box)), detector).seen_by(detector)
    assert detector.pictures == [size_within(*size, 640, 384)]
    assert found.xyxy.dtype == np.float32
    assert found.xyxy[0] == pytest.approx(box, abs=0.02 * size[0])


def test_what_was_shown_whole_is_not_touched() -> None:
    class Exact(Sighted):
        seen = Detections(np.array([[1.1, 2.2, 3.3, 4.4]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int64))

        def detect(self, image: NDArray[np.uint8]) -> Detections:  # noqa: ARG002
            return self.seen

    detector = Exact()
    assert Shown.of(WholePicture(road((640, 360))), detector).seen_by(detector) is detector.seen


def test_no_picture_has_no_size() -> None:
    assert NO_PICTURE.size == (0, 0)
