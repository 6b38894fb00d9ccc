"""A picture that is put into colours, and made smaller, when somebody wants it and no earlier.

A camera of 1920x1080 costs 6 MB of memory traffic for every picture that is made whole, and a network sees a ninth of
it. So the network's picture is scaled straight out of what the decoder gave, and the whole one is only made for those
who need it: a picture with a finding, a region seen larger, a lamp.
"""

from dataclasses import dataclass
from typing import Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray


class Picture(Protocol):
    """One picture. For one thread at a time."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        ...

    def bgr(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8, BGR, as large as it was taken."""
        ...

    def bgr_within(self, width: int, height: int) -> NDArray[np.uint8]:
        """The same, no larger than so many pixels; only as small as that needs, with its proportions."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class WholePicture:
    """One that is whole already: (H, W, 3) uint8, BGR."""

    image: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """See Picture."""
        return int(self.image.shape[1]), int(self.image.shape[0])

    def bgr(self) -> NDArray[np.uint8]:
        """See Picture."""
        return self.image

    def bgr_within(self, width: int, height: int) -> NDArray[np.uint8]:
        """See Picture."""
        size = size_within(*self.size, width, height)
        return self.image if size == self.size else shrunk(self.image, *size)


NO_PICTURE = WholePicture(np.zeros((0, 0, 3), np.uint8))


def scale_within(width: int, height: int, most_width: int, most_height: int) -> float:
    """By how much both sides are multiplied so that one of them is the most and neither is more."""
    return min(most_width / width, most_height / height)


def size_within(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """Width and height of a picture made no larger than so much: its own where it fits, at least one pixel."""
    scale = scale_within(width, height, most_width, most_height)
    if scale >= 1:
        return width, height
    return max(1, min(round(width * scale), most_width)), max(1, min(round(height * scale), most_height))


def shrunk(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3); for making it larger too."""
    # Shrunk to less than half, linear sampling would step over thin things (riders, poles).
    how = cv2.INTER_AREA if width < image.shape[1] / 2 else cv2.INTER_LINEAR
    return cast("NDArray[np.uint8]", cv2.resize(image, (width, height), interpolation=how))
