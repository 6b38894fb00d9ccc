"""CLEAR MOT and identity figures, computed here so that no evaluator is a dependency.

MOTA: Bernardin and Stiefelhagen, 2008 (doi 10.1155/2008/246309): matches of the frame before are kept while
they overlap, the rest is assigned; errors are misses, false positives and identity switches.
IDF1: Ristani et al., arXiv 1609.01775.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from edge.track.association import overlap

Boxes = dict[int, list[tuple[int, float, float, float, float]]]
"""Per frame: id, x1, y1, x2, y2."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out."""

    truth: int
    misses: int
    false_positives: int
    switches: int
    idf1: float

    @property
    def mota(self) -> float:
        """Per cent."""
        return 100 * (1 - (self.misses + self.false_positives + self.switches) / self.truth)

    def __str__(self) -> str:
        return (
            f"MOTA {self.mota:.1f} IDF1 {100 * self.idf1:.1f} switches {self.switches} "
            f"FP {self.false_positives} FN {self.misses} of {self.truth}"
        )


def evaluate(truth: Boxes, found: Boxes, least_iou: float = 0.5) -> Figures:
    """Figures of tracks against the truth."""
    misses = false_positives = switches = 0
    last: dict[int, int] = {}
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for frame in sorted(truth.keys() | found.keys()):
        true, mine = truth.get(frame, []), found.get(frame, [])
        iou = overlap(_array(true), _array(mine))
        for t, f in zip(*np.nonzero(iou >= least_iou), strict=True):
            shared[true[t][0], mine[f][0]] += 1
        pairs = _pairs(true, mine, iou, last, least_iou)
        misses += len(true) - len(pairs)
        false_positives += len(mine) - len(pairs)
        for t, f in pairs:
            switches += last.get(true[t][0], mine[f][0]) != mine[f][0]
            last[true[t][0]] = mine[f][0]
    n_true, n_found = sum(map(len, truth.values())), sum(map(len, found.values()))
    return Figures(n_true, misses, false_positives, switches, 2 * _identity(shared) / (n_true + n_found))


def _pairs(
    true: list[tuple[int, float, float, float, float]],
    mine: list[tuple[int, float, float, float, float]],
    iou: NDArray[np.float64],
    last: dict[int, int],
    least_iou: float,
) -> list[tuple[int, int]]:
    ids = {box[0]: column for column, box in enumerate(mine)}
    pairs = []
    for row, box in enumerate(true):
        column = ids.get(last.get(box[0], -1))
        if column is not None and iou[row, column] >= least_iou:
            pairs.append((row, column))
    rows = [row for row in range(len(true)) if row not in {pair[0] for pair in pairs}]
    columns = [column for column in range(len(mine)) if column not in {pair[1] for pair in pairs}]
    rest = iou[np.ix_(rows, columns)]
    for r, c in zip(*linear_sum_assignment(np.where(rest >= least_iou, 1 - rest, 1e6)), strict=True):
        if rest[r, c] >= least_iou:
            pairs.append((rows[r], columns[c]))
    return pairs


def _identity(shared: dict[tuple[int, int], int]) -> int:
    """True positives of the best one-to-one pairing of true and found ids."""
    if not shared:
        return 0
    true, mine = sorted({key[0] for key in shared}), sorted({key[1] for key in shared})
    table = np.array([[shared.get((t, m), 0) for m in mine] for t in true])
    rows, columns = linear_sum_assignment(-table)
    return int(table[rows, columns].sum())


def _array(boxes: list[tuple[int, float, float, float, float]]) -> NDArray[np.float64]:
    return np.array([box[1:] for box in boxes], np.float64).reshape(-1, 4)
