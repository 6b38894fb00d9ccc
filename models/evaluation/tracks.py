"""Tracks beside the truth: HOTA (arXiv 2009.07736), IDF1 (arXiv 1609.01775), MOTA (doi 10.1155/2008/246309).

Computed by trackeval, the reference implementation. Boxes of one group are matched among themselves only; a track's
class may waver within its group. Several sequences are one result, as benchmarks have it: summed up, not averaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ExtraMissing, TruthError
from models.evaluation.groups import GROUPS
from models.evaluation.mot import Told
from models.gate import overlaps


@dataclass(frozen=True, slots=True)
class TrackFigures:
    """What came out; per cent where nothing else is said.

    Attributes:
        hota, deta, assa: of 19 thresholds of overlap, 0.05 to 0.95, the mean.
        idf1, mota: at an overlap of 0.5.
        switches, false_positives, misses: counts at 0.5.
        truth, users: boxes and road users in the truth.
    """

    hota: float
    deta: float
    assa: float
    idf1: float
    mota: float
    switches: int
    false_positives: int
    misses: int
    truth: int
    users: int

    def as_dict(self) -> dict[str, float]:
        """For scripts: rounded, so that equal input gives equal text."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def score(sequences: Mapping[str, tuple[Told, Told]]) -> TrackFigures:
    """Figures of all sequences together.

    Args:
        sequences: truth and what was found, by name.

    Raises:
        TruthError: there is no truth in them.
        ExtraMissing: trackeval is not installed.
    """
    library = _library()
    data = {name: _data(*pair) for name, pair in sequences.items()}
    boxes, users = (sum(one[key] for one in data.values()) for key in ("num_gt_dets", "num_gt_ids"))
    if not boxes:
        raise TruthError("there is no truth to judge by: not one box that counts")
    quiet = {"PRINT_CONFIG": False}
    hota, clear, identity = (
        metric.combine_sequences({name: metric.eval_sequence(one) for name, one in data.items()})
        for metric in (library.metrics.HOTA(), library.metrics.CLEAR(quiet), library.metrics.Identity(quiet))
    )
    return TrackFigures(
        hota=100 * float(hota["HOTA"].mean()),
        deta=100 * float(hota["DetA"].mean()),
        assa=100 * float(hota["AssA"].mean()),
        idf1=100 * float(identity["IDF1"]),
        mota=100 * float(clear["MOTA"]),
        switches=int(clear["IDSW"]),
        false_positives=int(clear["CLR_FP"]),
        misses=int(clear["CLR_FN"]),
        truth=boxes,
        users=users,
    )


def by_group(sequences: Mapping[str, tuple[Told, Told]]) -> dict[str, TrackFigures]:
    """Figures of each group the truth has, by its name; empty where classes are not told."""
    found = {}
    for number, name in enumerate(GROUPS):
        parts = {
            key: (truth.where(truth.group == number), tracks.where(tracks.group == number))
            for key, (truth, tracks) in sequences.items()
        }
        if any(len(truth.frame) for truth, _ in parts.values()):
            found[name] = score(parts)
    return found


def _data(truth: Told, found: Told) -> dict[str, Any]:
    """A sequence as trackeval wants it: numbers from 0, and the overlaps of every frame."""
    frames = np.unique(np.concatenate([truth.frame, found.frame]))
    true_ids, found_ids = np.unique(truth.identity), np.unique(found.identity)
    of_truth, of_found = _by_frame(truth, frames), _by_frame(found, frames)
    # Boxes of different groups are never the same road user, however much they overlap.
    similarity = [
        overlaps(truth.xyxy[rows], found.xyxy[columns]) * (truth.group[rows][:, None] == found.group[columns][None, :])
        for rows, columns in zip(of_truth, of_found, strict=True)
    ]
    return {
        "num_timesteps": len(frames),
        "num_gt_ids": len(true_ids),
        "num_tracker_ids": len(found_ids),
        "num_gt_dets": len(truth.frame),
        "num_tracker_dets": len(found.frame),
        "gt_ids": [np.searchsorted(true_ids, truth.identity[rows]) for rows in of_truth],
        "tracker_ids": [np.searchsorted(found_ids, found.identity[rows]) for rows in of_found],
        "similarity_scores": similarity,
    }


def _by_frame(boxes: Told, frames: NDArray[np.int64]) -> Sequence[NDArray[np.int64]]:
    """Rows of each frame."""
    order = np.argsort(boxes.frame, kind="stable")
    return np.split(order, np.searchsorted(boxes.frame[order], frames[1:])) if len(frames) else []


def _library() -> Any:
    try:
        import trackeval
    except ImportError:
        raise ExtraMissing("trackeval is not installed; install the extra: pip install 'giaolo[evaluate]'") from None
    return trackeval
