"""A decoded picture and the moment it was taken."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from contracts.event import TimeQuality


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of one camera.

    Attributes:
        camera: camera id.
        index: 0-based count of decoded frames of this camera since the node started; never repeats.
        image: (H, W, 3) uint8, BGR.
        captured_at: event time, aware UTC, from the stream (never the clock at reading).
        time_quality: how `captured_at` was taken.
        discontinuity: time or picture jumped before this frame (reconnect, PTS jump, loop of a file, new
            resolution): trackers and rules must not connect what lies before with what lies after.
    """

    camera: str
    index: int
    image: NDArray[np.uint8]
    captured_at: datetime
    time_quality: TimeQuality
    discontinuity: bool = False

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.image.shape[0])
