"""The gate a faster variant of a detector must pass: it sees what the reference sees, and counts what it counts.

Pure. The reference is the network as published, in 32-bit floats, at 640x640. Of the boxes either side is sure of,
nearly all must be found by the other, at a lower confidence that still begins a track; and the crossings of each line,
counted by the whole road behind the detector, must be the same. Too little material is no pass either.

Boxes are matched one to one: two boxes on one car are not both explained by one box of the other side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from contracts.classes import LOOK_ALIKE_GROUP

_GROUP = np.array(LOOK_ALIKE_GROUP, np.int64)


class Boxes(Protocol):
    """What one side saw in one frame: xyxy (N, 4) pixels, confidence (N,) 0..1, class_id (N,) of RoadUserClass."""

    @property
    def xyxy(self) -> NDArray[np.float32]: ...

    @property
    def confidence(self) -> NDArray[np.float32]: ...

    @property
    def class_id(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True, slots=True)
class GateTerms:
    """What is asked of a variant.

    Attributes:
        sure: boxes of this confidence or more must be matched.
        found: by a box of this confidence or more.
        iou: that overlaps by this or more.
        share: of the sure boxes of both sides together that must be matched.
        frames: in which the reference is sure of a box, over all clips, at least.
        clips: with such frames, at least.
    """

    sure: float = 0.40
    found: float = 0.25
    iou: float = 0.5
    share: float = 0.98
    frames: int = 300
    clips: int = 3


@dataclass(frozen=True, slots=True)
class ClipSeen:
    """One clip through the whole road with one detector.

    Attributes:
        name: of the clip.
        frames: boxes of each frame judged, in order.
        counts: crossings of each counted line, by line and direction.
    """

    name: str
    frames: Sequence[Boxes]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Sure boxes of one side, and how many of them the other side has."""

    boxes: int = 0
    matched: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.boxes + other.boxes, self.matched + other.matched)

    @property
    def share(self) -> float:
        """Matched of all; 1 where there is none to match."""
        return self.matched / self.boxes if self.boxes else 1.0


@dataclass(frozen=True, slots=True)
class ClipVerdict:
    """One clip: frames with objects, sure boxes of each side, and the lines counted differently."""

    name: str
    frames: int
    kept: Tally
    made: Tally
    crossings: int
    miscounted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a variant.

    Attributes:
        clips: figures of each clip.
        kept: boxes the reference is sure of, and those the variant has.
        made: boxes the variant is sure of, and those the reference has.
        faults: why it does not pass, in words; empty when it does.
    """

    clips: tuple[ClipVerdict, ...]
    kept: Tally
    made: Tally
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True when nothing was found against it."""
        return not self.faults

    @property
    def share(self) -> float:
        """Matched of the sure boxes of both sides."""
        return (self.kept + self.made).share

    @property
    def frames(self) -> int:
        """Frames with objects."""
        return sum(clip.frames for clip in self.clips)


def judge(reference: Sequence[ClipSeen], variant: Sequence[ClipSeen], terms: GateTerms | None = None) -> Verdict:
    """Verdict on a variant.

    Args:
        reference: clips as the reference saw them.
        variant: the same clips, in the same order, as the variant saw them.
        terms: what is asked; as the house asks it by default.

    Raises:
        ValueError: the two did not see the same clips or frames.
    """
    terms = terms or GateTerms()
    if [clip.name for clip in reference] != [clip.name for clip in variant]:
        raise ValueError("reference and variant must have seen the same clips in the same order")
    clips = tuple(_clip(one, other, terms) for one, other in zip(reference, variant, strict=True))
    kept = sum((clip.kept for clip in clips), Tally())
    made = sum((clip.made for clip in clips), Tally())
    return Verdict(clips, kept, made, (*_too_little(clips, terms), *_differs(clips, kept, made, terms)))


def _clip(reference: ClipSeen, variant: ClipSeen, terms: GateTerms) -> ClipVerdict:
    if len(reference.frames) != len(variant.frames):
        raise ValueError(
            f"{reference.name}: the reference saw {len(reference.frames)} frames, the variant {len(variant.frames)}"
        )
    pairs = list(zip(reference.frames, variant.frames, strict=True))
    return ClipVerdict(
        name=reference.name,
        frames=sum(bool((boxes.confidence >= terms.sure).any()) for boxes in reference.frames),
        kept=sum((tally(one, other, terms) for one, other in pairs), Tally()),
        made=sum((tally(other, one, terms) for one, other in pairs), Tally()),
        crossings=sum(reference.counts.values()),
        miscounted=_miscounted(reference.counts, variant.counts),
    )


def tally(ours: Boxes, theirs: Boxes, terms: GateTerms) -> Tally:
    """Sure boxes of ours in one frame, and the most of them that can each have a box of theirs of its own."""
    sure, found = ours.confidence >= terms.sure, theirs.confidence >= terms.found
    near = overlaps(ours.xyxy[sure], theirs.xyxy[found]) >= terms.iou
    alike = _GROUP[ours.class_id[sure]][:, None] == _GROUP[theirs.class_id[found]][None, :]
    fits = near & alike
    mine, others = linear_sum_assignment(fits, maximize=True)
    return Tally(int(sure.sum()), int(fits[mine, others].sum()))


def overlaps(one: NDArray[np.floating[Any]], other: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(N, M) intersection over union of (N, 4) and (M, 4) boxes; 0 where a box has no area or is no number."""
    a, b = one.astype(np.float64)[:, None, :], other.astype(np.float64)[None, :, :]
    shared = _area(np.concatenate([np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])], axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        union = _area(a) + _area(b) - shared
        return np.nan_to_num(np.where(union > 0, shared / union, 0.0), nan=0.0, posinf=0.0)


def _area(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    sides: NDArray[np.float64] = np.clip(boxes[..., 2:] - boxes[..., :2], 0, None)
    return sides[..., 0] * sides[..., 1]


def _miscounted(reference: Mapping[str, int], variant: Mapping[str, int]) -> tuple[str, ...]:
    """`line: 8, not 9` for each line whose count differs; a line nobody crossed counts 0."""
    lines = sorted({*reference, *variant})
    return tuple(
        f"{line}: {variant.get(line, 0)}, not {reference.get(line, 0)}"
        for line in lines
        if reference.get(line, 0) != variant.get(line, 0)
    )


def _too_little(clips: Sequence[ClipVerdict], terms: GateTerms) -> list[str]:
    frames, telling = sum(clip.frames for clip in clips), sum(clip.frames > 0 for clip in clips)
    faults = []
    if telling < terms.clips:
        faults.append(f"too little to judge by: road users in {telling} clips, at least {terms.clips} are needed")
    if frames < terms.frames:
        faults.append(f"too little to judge by: road users in {frames} frames, at least {terms.frames} are needed")
    if not any(clip.crossings for clip in clips):
        faults.append("too little to judge by: nobody crosses a counted line in any clip")
    return faults


def _differs(clips: Sequence[ClipVerdict], kept: Tally, made: Tally, terms: GateTerms) -> list[str]:
    both = kept + made
    faults = []
    if both.share < terms.share:
        faults.append(
            f"{_percent(both)} of the sure boxes are matched, {terms.share:.0%} are needed "
            f"({kept.boxes - kept.matched} of {kept.boxes} lost, {made.boxes - made.matched} of {made.boxes} new)"
        )
    faults += [f"{clip.name}: line {line}" for clip in clips for line in clip.miscounted]
    return faults


def _percent(tally: Tally) -> str:
    """Cut, never rounded up: 97.99 % is not shown as 98.0 %."""
    return f"{int(tally.share * 1000) / 10:.1f} %"
