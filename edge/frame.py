"""A decoded picture and the moment it was taken."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from contracts.event import TimeQuality
from edge.picture import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of one camera.

    Attributes:
        camera: camera id.
        index: 0-based count of decoded frames of this camera since the node started; never repeats.
        picture: what was taken; only the thread that has the frame may ask it for pixels.
        captured_at: event time, aware UTC, from the stream (never the clock at reading).
        time_quality: how `captured_at` was taken.
        discontinuity: time or picture jumped before this frame (reconnect, PTS jump, loop of a file, new
            resolution): trackers and rules must not connect what lies before with what lies after.
    """

    camera: str
    index: int
    picture: Picture
    captured_at: datetime
    time_quality: TimeQuality
    discontinuity: bool = False

    @property
    def image(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8, BGR, whole: made when first asked for."""
        return self.picture.bgr()

    @property
    def width(self) -> int:
        """Pixels."""
        return self.picture.size[0]

    @property
    def height(self) -> int:
        """Pixels."""
        return self.picture.size[1]
