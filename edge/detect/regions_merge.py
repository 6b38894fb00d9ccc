"""What several looks at one picture saw becomes one set of boxes, each road user once.

Looks are taken in from the sharpest to the whole picture. A box that is seen already becomes one with the sharper box,
which keeps its place (its edges are known better) and takes the greater confidence with its class. Everybody is one
with at most one other of each look: two riders side by side, seen apart by one look, are not made one by another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import GROUP
from edge.detections import Detections

SAME_IOU = 0.4  # two looks at one road user; lower than within one look, for edges are rough where it is small
INSIDE = 0.8  # of the smaller box in the larger: a small road user's box is often far too large in the whole picture


class View(Protocol):
    """Where a look was taken."""

    @property
    def key(self) -> tuple[float, ...]:
        """Sharper looks have smaller ones; no two looks have the same."""
        ...

    def takes(self, boxes: Detections) -> NDArray[np.bool_]:
        """(N,) whom this look would have seen, and whole."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Boxes one look may speak of, in pixels of the picture."""

    detections: Detections
    view: View


def merged(whole: Detections, looks: Sequence[Look]) -> Detections:
    """Road users of a picture, surest first; the same whatever the order of the looks.

    Args:
        whole: what was seen in the whole picture.
        looks: what was seen in parts of it.
    """
    seen, views = Detections.empty(), np.zeros(0, np.int64)
    ordered = sorted(looks, key=lambda look: look.view.key)
    for number, look in enumerate(ordered):
        seen, views = _taken_in(seen, views, look.detections, ordered, number)
    seen, _ = _taken_in(seen, views, whole, ordered, len(ordered))
    x1, y1, x2, y2 = seen.xyxy.T
    surest = np.lexsort((seen.class_id, y2, x2, y1, x1, -seen.confidence))
    return Detections(seen.xyxy[surest], seen.confidence[surest], seen.class_id[surest])


def _taken_in(
    seen: Detections, views: NDArray[np.int64], found: Detections, looks: Sequence[Look], number: int
) -> tuple[Detections, NDArray[np.int64]]:
    """The boxes of a look (of this number) beside those of all sharper ones; with the look each box is from."""
    rows, columns = _pairs(seen, views, found, looks)
    surer = found.confidence[columns] > seen.confidence[rows]
    confidence, class_id = seen.confidence.copy(), seen.class_id.copy()
    confidence[rows[surer]] = found.confidence[columns[surer]]
    class_id[rows[surer]] = found.class_id[columns[surer]]
    new = np.ones(len(found), np.bool_)
    new[columns] = False
    fresh = found.where(new)
    both = Detections(
        np.concatenate([seen.xyxy, fresh.xyxy]),
        np.concatenate([confidence, fresh.confidence]),
        np.concatenate([class_id, fresh.class_id]),
    )
    return both, np.concatenate([views, np.full(len(fresh), number, np.int64)])


def _pairs(
    seen: Detections, views: NDArray[np.int64], found: Detections, looks: Sequence[Look]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of `seen` and of `found` that are one road user; the greatest overlaps first, each row once."""
    common, smaller, union = _overlaps(seen.xyxy, found.xyxy)
    iou, inside = common / np.maximum(union, 1e-9), common / np.maximum(smaller, 1e-9)
    # Only who would have been seen whole by the sharper look may be a rough box of it: a car before a bus is no bus.
    sees = np.array([look.view.takes(found) for look in looks], np.bool_).reshape(len(looks), len(found))
    same = (iou >= SAME_IOU) | ((inside >= INSIDE) & sees[views])
    same &= GROUP[seen.class_id][:, None] == GROUP[found.class_id][None, :]
    rows, columns = np.nonzero(same)
    pairs: list[tuple[int, int]] = []
    for place in np.argsort(-iou[rows, columns], kind="stable"):
        row, column = int(rows[place]), int(columns[place])
        if all(row != other[0] and column != other[1] for other in pairs):
            pairs.append((row, column))
    chosen = np.array(pairs, np.int64).reshape(-1, 2)
    return chosen[:, 0], chosen[:, 1]


def _overlaps(
    first: NDArray[np.float32], second: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(N, M) intersection, area of the smaller, and union of boxes, square pixels."""
    a, b = first.astype(np.float64)[:, None, :], second.astype(np.float64)[None, :, :]
    sides = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    common = np.asarray(sides[..., 0] * sides[..., 1])
    area_a, area_b = (np.prod(boxes[..., 2:] - boxes[..., :2], axis=2) for boxes in (a, b))
    return common, np.minimum(area_a, area_b), area_a + area_b - common
