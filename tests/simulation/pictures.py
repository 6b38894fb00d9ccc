"""What a camera would see of a world, frame by frame, without any fault: boxes in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulation.camera import NEAREST_M, Camera
from tests.simulation.trajectory import Floats, Mover

Ints = NDArray[np.int64]
LEAST_SHARE = 0.35  # of a box inside the picture; with less a detector sees nothing it could name
LEAST_PX = 8.0  # height of the smallest box


@dataclass(frozen=True, slots=True)
class Sightings:
    """Boxes of all frames, in order of frame and road user.

    Attributes:
        times: (F,) event time of each frame, seconds.
        frame, mover: (R,) places in `times` and in the world's road users.
        boxes: (R, 4) x1, y1, x2, y2, pixels, cut at the picture's edge.
        depth: (R,) distance from the camera, metres.
    """

    times: Floats
    frame: Ints
    mover: Ints
    boxes: Floats
    depth: Floats

    def where(self, mask: NDArray[np.bool_]) -> "Sightings":
        """Those with a true mask."""
        return Sightings(self.times, self.frame[mask], self.mover[mask], self.boxes[mask], self.depth[mask])

    def starts(self) -> Ints:
        """(F + 1,) first row of each frame; the last entry is the number of rows."""
        return np.searchsorted(self.frame, np.arange(len(self.times) + 1))


def frame_times(rng: np.random.Generator, fps: float, start: float, end: float) -> Floats:
    """Event times of the frames of an uneven camera: each interval is off by 12 % (sigma), never below a fifth."""
    count = int((end - start) * fps)
    steps = np.maximum(rng.normal(1.0, 0.12, count), 0.2) / fps
    times = start + np.cumsum(steps)
    return np.asarray(np.round(times[times < end], 6))


def look(camera: Camera, movers: Sequence[Mover], times: Floats, *, farthest_m: float = 90.0) -> Sightings:
    """Every road user in every frame in which enough of it is in the picture."""
    parts: list[tuple[Any, ...]] = []
    for number, mover in enumerate(movers):
        first, last = np.searchsorted(times, (mover.t[0], mover.t[-1]))
        if first >= last:
            continue
        moments = times[first:last]
        x, y = np.interp(moments, mover.t, mover.x), np.interp(moments, mover.t, mover.y)
        near = np.hypot(x - camera.place[0], y - camera.place[1]) < farthest_m
        if not near.any():
            continue
        frames = np.arange(first, last)[near]
        boxes, depth = camera.boxes(mover, moments[near])
        cut = cut_boxes(camera, boxes)
        seen = is_seen(boxes, cut) & (depth > NEAREST_M)
        parts.append((frames[seen], np.full(int(seen.sum()), number), cut[seen], depth[seen]))
    if not parts:
        none = np.zeros(0, np.int64)
        return Sightings(times, none, none, np.zeros((0, 4)), np.zeros(0))
    frame, mover_of, boxes, depth = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((mover_of, frame))
    return Sightings(times, frame[order], mover_of[order], boxes[order], depth[order])


def cut_boxes(camera: Camera, boxes: Floats) -> Floats:
    """Boxes cut at the picture's edge."""
    limits = np.array([camera.width, camera.height, camera.width, camera.height], np.float64)
    return np.asarray(np.clip(boxes, 0.0, limits))


def is_seen(boxes: Floats, cut: Floats) -> NDArray[np.bool_]:
    """Enough of the box is in the picture, and it is large enough."""
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = (cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1])
    return np.asarray((left > LEAST_SHARE * area) & (cut[:, 3] - cut[:, 1] >= LEAST_PX))


def covered_share(sightings: Sightings) -> Floats:
    """(R,) share of each box that nearer road users cover, at most: the sum over those in front, cut at 1."""
    share = np.zeros(len(sightings.frame))
    starts = sightings.starts()
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if last - first < 2:
            continue
        boxes, depth = sightings.boxes[first:last], sightings.depth[first:last]
        low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
        high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
        shared = np.prod(np.maximum(high - low, 0.0), axis=2)
        shared[depth[None, :] >= depth[:, None]] = 0.0
        area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
        share[first:last] = np.minimum(shared.sum(axis=1) / np.maximum(area, 1e-9), 1.0)
    return share
