"""Has anything moved? On small grey pictures, single pixels at even distances (`edge.stream.picture.shrink`).

It only decides how often a camera's pictures are looked at, never what is found. A missed movement costs at most one
period of the least rate; a false one costs the usual rate.
"""

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

REFERENCE_S = 1.0  # the picture compared with is at most so old: a walker far away needs that long to move a pixel
LEAST_DIFFERENCE = 15.0  # grey values: what compression alone changes stays below
NOISES = 6.0  # medians of all differences: sensor noise at night, and a change of light everywhere, stay below
LEAST_PIXELS = 5  # a rider 30 px high in a picture of 640x360 covers about 20 of 160x90


class Motion:
    """Watches one camera; seconds are handed in, of any one clock."""

    def __init__(self) -> None:
        self._reference: Gray | None = None
        self._since_s = 0.0

    def look(self, gray: Gray, now_s: float) -> bool:
        """Whether something moved since about a second ago. A first picture, or one of another size, moves."""
        reference = self._reference
        if reference is None or reference.shape != gray.shape:
            self._reference, self._since_s = gray, now_s
            return True
        if now_s - self._since_s >= REFERENCE_S:
            self._reference, self._since_s = gray, now_s
        difference = np.abs(gray.astype(np.int16) - reference)
        threshold = LEAST_DIFFERENCE + NOISES * float(np.median(difference))
        return int(np.count_nonzero(difference > threshold)) >= LEAST_PIXELS
