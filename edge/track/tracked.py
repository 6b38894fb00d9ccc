"""What goes into a camera's scene and rules for one frame, and is therefore what a track log keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.event import TimeQuality
from contracts.signals import SignalChange
from edge.track.track import Track


@dataclass(frozen=True, slots=True)
class TrackedFrame:
    """One frame of a camera after tracking.

    Attributes:
        index: 0-based count of decoded frames.
        at: event time, aware UTC.
        tracks: by id, as the tracker gave them out.
        size: width and height of the picture, pixels.
        time_quality: how `at` was taken.
        discontinuity: nothing before this frame connects with it.
        signals: changes of signal heads that came to be known with this frame, as they came.
        begins_run: the first frame of a node that has just started: nothing is remembered from before.
        lost: frames before this one that were judged and are not in the log.
    """

    index: int
    at: datetime
    tracks: Sequence[Track]
    size: tuple[int, int]
    time_quality: TimeQuality
    discontinuity: bool = False
    signals: tuple[SignalChange, ...] = ()
    begins_run: bool = False
    lost: int = 0
