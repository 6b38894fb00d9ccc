"""Is the picture black, or has it stopped moving? On a small gray plane, twice a second.

Black follows FFmpeg's blackdetect (98 % of the pixels at or under 10 % of the luma range), frozen its freezedetect
(mean difference to the first picture of the pause at most 0.1 %). A frozen picture is told later than there (10 s
instead of 2 s): sensor noise moves more than that in a live camera, even at night in an empty street, but strong
compression can repeat a still scene until the next key frame, mostly 1 to 4 s later.
"""

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 90
CHECK_EVERY_S = 0.5
BLACK_LUMA = 16 + 0.10 * 219  # of 255; "limited" range has black at 16
BLACK_SHARE = 0.98
BLACK_FOR_S = 2.0
FROZEN_DIFFERENCE = 0.001  # of the full range
FROZEN_FOR_S = 10.0

Gray = NDArray[np.uint8]


def shrink(luma: Gray) -> Gray:
    """A (90, 160) or smaller sample of a luma plane: single pixels at even distances, so that noise survives."""
    height, width = luma.shape
    rows = np.linspace(0, height - 1, min(HEIGHT, height)).astype(np.intp)
    columns = np.linspace(0, width - 1, min(WIDTH, width)).astype(np.intp)
    return luma[np.ix_(rows, columns)]


class PictureCheck:
    """Watches small gray pictures of one camera; times are seconds of the stream's own time."""

    def __init__(self) -> None:
        self._reference: Gray | None = None
        self._still_since_s = 0.0
        self._dark_since_s: float | None = None
        self._checked_s: float | None = None
        self.black = False
        self.frozen = False

    def is_due(self, at_s: float) -> bool:
        """Whether the next check is due at this moment."""
        return self._checked_s is None or not 0 <= at_s - self._checked_s < CHECK_EVERY_S

    def look(self, gray: Gray, at_s: float) -> None:
        """Takes a small gray picture into account."""
        self._checked_s = at_s
        dark = bool(np.mean(gray <= BLACK_LUMA) >= BLACK_SHARE)
        if not dark:
            self._dark_since_s = None
        elif self._dark_since_s is None or at_s < self._dark_since_s:
            self._dark_since_s = at_s
        self.black = self._dark_since_s is not None and at_s - self._dark_since_s >= BLACK_FOR_S
        if self._moved(gray) or at_s < self._still_since_s:
            self._reference, self._still_since_s = gray, at_s
        self.frozen = at_s - self._still_since_s >= FROZEN_FOR_S

    def _moved(self, gray: Gray) -> bool:
        if self._reference is None or self._reference.shape != gray.shape:
            return True
        difference = np.abs(gray.astype(np.int16) - self._reference)
        return float(difference.mean()) > FROZEN_DIFFERENCE * 255

    def restart(self) -> None:
        """Another connection: what was seen before says nothing any more."""
        self.__init__()  # type: ignore[misc]
