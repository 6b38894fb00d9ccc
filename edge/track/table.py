"""All tracks of one camera as a struct of arrays: tentative, confirmed and lost ones."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from edge.track.kalman import BoxState, Floats, Noise

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class TrackTable:
    """N tracks, oldest first.

    Attributes:
        boxes: filtered boxes and velocities.
        serial: (N,) unique within a tracker, from the first detection on.
        id: (N,) public id, 0 while it was never given out.
        confirmed: (N,) True for tracks that were seen often and long enough.
        votes: (N, classes) summed confidence of each class.
        hits: (N,) detections above the high threshold.
        first_s, seen_s: (N,) seconds since the tracker's epoch of the first and the last detection.
        confidence: (N,) of the last detection.
        parked: (N,) True for a road user that stood still when last seen.
        double_s: (N,) seconds for which a stronger track has followed the same road user.
        measured: (N, 4) box of the last detection, as it was, or what stood in for it.
    """

    boxes: BoxState
    serial: Rows
    id: Rows
    confirmed: Mask
    votes: Floats
    hits: Rows
    first_s: Floats
    seen_s: Floats
    confidence: Floats
    parked: Mask
    double_s: Floats
    measured: Floats

    def __len__(self) -> int:
        return len(self.serial)

    @classmethod
    def empty(cls) -> "TrackTable":
        """No tracks."""
        none, whole, truth = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.bool_)
        votes = np.zeros((0, len(RoadUserClass)))
        return cls(BoxState.empty(), whole, whole, truth, votes, whole, none, none, none, truth, none, np.zeros((0, 4)))

    @classmethod
    def first(
        cls, xyxy: Floats, confidence: Floats, class_id: Rows, *, serial: int, now_s: float, noise: Noise
    ) -> "TrackTable":
        """Tentative tracks, one for each detection, with serials counted up from `serial`."""
        n = len(xyxy)
        votes = np.zeros((n, len(RoadUserClass)))
        votes[np.arange(n), class_id] = confidence
        return cls(
            boxes=BoxState.first(xyxy, noise),
            serial=np.arange(serial, serial + n, dtype=np.int64),
            id=np.zeros(n, np.int64),
            confirmed=np.zeros(n, np.bool_),
            votes=votes,
            hits=np.ones(n, np.int64),
            first_s=np.full(n, now_s),
            seen_s=np.full(n, now_s),
            confidence=confidence.astype(np.float64),
            parked=np.zeros(n, np.bool_),
            double_s=np.zeros(n),
            measured=xyxy.copy(),
        )

    def where(self, mask: Mask) -> "TrackTable":
        """Those with a true mask, in the same order; the same table where that is all of them."""
        if mask.all():
            return self
        columns = (getattr(self, field.name)[mask] for field in fields(self)[1:])
        return TrackTable(self.boxes.where(mask), *columns)

    def joined(self, other: "TrackTable") -> "TrackTable":
        """These, then the others."""
        columns = (np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)[1:])
        return TrackTable(self.boxes.joined(other.boxes), *columns)

    @property
    def class_id(self) -> Rows:
        """(N,) class with most votes; the lower number at a tie."""
        return np.asarray(self.votes.argmax(axis=1), np.int64)

    def speed(self) -> Floats:
        """(N,) movement of the centre, box heights per second."""
        moved = np.hypot(self.boxes.velocity[:, 0], self.boxes.velocity[:, 1])
        return np.asarray(moved / np.maximum(self.boxes.mean[:, 3], 1.0))


def rows_of(mask: Mask) -> Rows:
    """Where a mask is true; a quarter of what `np.flatnonzero` takes, and it is asked twenty times a frame."""
    return mask.nonzero()[0]
