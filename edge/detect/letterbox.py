"""Picture to network input and back: the picture keeps its shape, grey bars fill the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.picture import scale_within, shrunk

GREY = 114


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lies in the network's input.

    Attributes:
        scale: input pixels for each picture pixel.
        left, top: input pixels before the picture starts.
        width, height: the picture's own size, pixels.
    """

    scale: float
    left: int
    top: int
    width: int
    height: int

    def to_picture(self, xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 4) boxes of the input as boxes of the picture, cut at its edges."""
        shift = np.array([self.left, self.top, self.left, self.top], np.float32)
        limit = np.array([self.width, self.height, self.width, self.height], np.float32)
        cut: NDArray[np.float32] = np.clip((xyxy - shift) / np.float32(self.scale), 0, limit).astype(np.float32)
        return cut


def place(width: int, height: int, input_width: int, input_height: int, *, centred: bool) -> Placement:
    """Largest placement of a picture in the input. Ultralytics centres the picture, YOLOX puts it top left."""
    scale = scale_within(width, height, input_width, input_height)
    if not centred:
        return Placement(scale, 0, 0, width, height)
    left = (input_width - round(width * scale)) // 2
    top = (input_height - round(height * scale)) // 2
    return Placement(scale, left, top, width, height)


def letterbox(image: NDArray[np.uint8], placement: Placement, input_width: int, input_height: int) -> NDArray[np.uint8]:
    """(input_height, input_width, 3) picture in its place, grey around it."""
    width = min(round(placement.width * placement.scale), input_width)
    height = min(round(placement.height * placement.scale), input_height)
    canvas = np.full((input_height, input_width, 3), GREY, np.uint8)
    inner = canvas[placement.top : placement.top + height, placement.left : placement.left + width]
    inner[:] = image if (width, height) == (placement.width, placement.height) else shrunk(image, width, height)
    return canvas
