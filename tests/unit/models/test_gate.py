"""The gate: what is matched, what is counted, what is too little, and words for each."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from models.gate import Boxes, ClipSeen, GateTerms, Tally, judge, overlaps, tally

CAR, BUS, PERSON, BICYCLE, MOTORCYCLE = (
    RoadUserClass.CAR,
    RoadUserClass.BUS,
    RoadUserClass.PERSON,
    RoadUserClass.BICYCLE,
    RoadUserClass.MOTORCYCLE,
)
TERMS = GateTerms()
Row = tuple[float, float, float, float, float, int]


@dataclass
class Seen:
    """Boxes of one frame; as edge.detections.Detections, which models may not import."""

    xyxy: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    confidence: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    class_id: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


def seen(*rows: Row) -> Seen:
    """Boxes from (x1, y1, x2, y2, confidence, class)."""
    if not rows:
        return Seen()
    table = np.array(rows, np.float64)
    return Seen(table[:, :4].astype(np.float32), table[:, 4].astype(np.float32), table[:, 5].astype(np.int64))


def car(left: float = 0, confidence: float = 0.9, cls: int = CAR, width: float = 10) -> Row:
    return (left, 0, left + width, 10, confidence, cls)


def clip(*frames: Boxes, name: str = "a.mp4", counts: dict[str, int] | None = None) -> ClipSeen:
    return ClipSeen(name, frames, {"line north": 2} if counts is None else counts)


def clips(frame: Seen, counts: dict[str, int] | None = None, each: int = 100) -> list[ClipSeen]:
    """Three clips of a hundred frames, all alike: just enough to judge by."""
    return [clip(*[frame] * each, name=name, counts=counts) for name in ("a.mp4", "b.mp4", "c.mp4")]


# What is matched


def test_the_same_boxes_are_matched() -> None:
    """Nothing changed, nothing lost."""
    frame = seen(car(0), car(50, cls=PERSON))
    assert tally(frame, frame, TERMS) == Tally(2, 2)


def test_nothing_seen_is_nothing_to_match() -> None:
    """Empty streets are in every clip."""
    assert tally(seen(), seen(), TERMS) == Tally(0, 0)
    assert tally(seen(), seen(car()), TERMS) == Tally(0, 0)
    assert tally(seen(car()), seen(), TERMS) == Tally(1, 0)
    assert Tally(0, 0).share == 1.0


@pytest.mark.parametrize(("confidence", "expected"), [(0.39, Tally(0, 0)), (0.41, Tally(1, 1))])
def test_only_sure_boxes_are_asked_for(confidence: float, expected: Tally) -> None:
    """Doubtful ones come and go with every change of arithmetic."""
    assert tally(seen(car(confidence=confidence)), seen(car()), TERMS) == expected


@pytest.mark.parametrize(("confidence", "matched"), [(0.24, 0), (0.26, 1)])
def test_a_box_is_found_by_one_that_begins_a_track(confidence: float, matched: int) -> None:
    """What the other side takes for noise is lost to the rules."""
    assert tally(seen(car()), seen(car(confidence=confidence)), TERMS) == Tally(1, matched)


@pytest.mark.parametrize(("shift", "matched"), [(3.3, 1), (3.4, 0)])
def test_a_box_must_lie_where_the_other_lies(shift: float, matched: int) -> None:
    """10 wide, shifted by a third: IoU 6.67 / 13.33 = 0.5."""
    assert tally(seen(car()), seen(car(shift)), TERMS) == Tally(1, matched)


@pytest.mark.parametrize(
    ("one", "other", "matched"), [(CAR, BUS, 1), (BICYCLE, MOTORCYCLE, 1), (CAR, MOTORCYCLE, 0), (PERSON, BICYCLE, 0)]
)
def test_a_class_may_waver_within_its_group(one: int, other: int, matched: int) -> None:
    """A van is a car or a truck; a pedestrian is no bicycle."""
    assert tally(seen(car(cls=one)), seen(car(cls=other)), TERMS) == Tally(1, matched)


def test_one_box_does_not_stand_for_two() -> None:
    """Two motorcycles abreast that became one are one lost."""
    two, one = seen(car(0, cls=MOTORCYCLE), car(2, cls=MOTORCYCLE)), seen(car(1, cls=MOTORCYCLE))
    assert tally(two, one, TERMS) == Tally(2, 1)


def test_as_many_as_can_be_are_matched() -> None:
    """The first must not take the only box of the second: 0 fits 1 and -2; 2 fits only 1."""
    ours, theirs = seen(car(0), car(2.5)), seen(car(1), car(-2))
    assert tally(ours, theirs, TERMS) == Tally(2, 2)
    assert tally(seen(car(2.5), car(0)), theirs, TERMS) == Tally(2, 2)


def test_garbage_is_not_matched() -> None:
    """A broken network gives boxes without area, or no numbers at all."""
    garbage = seen((5, 5, 5, 5, 0.9, CAR), (float("nan"),) * 4 + (0.9, CAR), (9, 9, 0, 0, 0.9, CAR))
    assert tally(garbage, garbage, TERMS) == Tally(3, 0)
    assert tally(seen(car(confidence=float("nan"))), seen(car()), TERMS) == Tally(0, 0)
    infinite = seen((0, 0, float("inf"), float("inf"), 0.9, CAR))
    assert tally(infinite, infinite, TERMS) == Tally(1, 0)


def test_overlap_by_hand() -> None:
    """Half of one, a quarter of the other."""
    one = np.array([[0, 0, 10, 10]], np.float32)
    others = np.array([[0, 0, 10, 10], [0, 0, 10, 20], [5, 5, 15, 15], [20, 20, 30, 30]], np.float32)
    np.testing.assert_allclose(overlaps(one, others), [[1, 0.5, 25 / 175, 0]])
    assert overlaps(one, np.zeros((0, 4), np.float32)).shape == (1, 0)


_ROWS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(1, 20),
        st.integers(1, 20),
        st.floats(0, 1),
        st.integers(0, 6),
    ).map(lambda row: (row[0], row[1], row[0] + row[2], row[1] + row[3], row[4], row[5])),
    max_size=6,
)


@given(_ROWS, _ROWS)
def test_no_more_is_matched_than_there_is(one: list[Row], other: list[Row]) -> None:
    """Each box is matched at most once, on both sides, and the order in which boxes come does not matter."""
    ours, theirs = seen(*one), seen(*other)
    found = tally(ours, theirs, TERMS)
    assert found.matched <= min(found.boxes, int((theirs.confidence >= TERMS.found).sum()))
    assert tally(seen(*reversed(one)), seen(*reversed(other)), TERMS) == found


# The verdict


def test_the_reference_passes_against_itself() -> None:
    """Otherwise nothing ever does."""
    same = clips(seen(car(), car(50)))
    verdict = judge(same, same)
    assert verdict.passed
    assert verdict.faults == ()
    assert (verdict.frames, verdict.share) == (300, 1.0)
    assert verdict.kept == verdict.made == Tally(600, 600)


def mixed(lost: int, of: int = 300) -> list[ClipSeen]:
    """Three clips in which the variant loses one box in `lost` of the frames."""
    frames = [seen() if number < lost else seen(car()) for number in range(of)]
    third = of // 3
    return [
        clip(*frames[start : start + third], name=name)
        for name, start in (("a.mp4", 0), ("b.mp4", third), ("c.mp4", 2 * third))
    ]


@pytest.mark.parametrize(("lost", "passes"), [(11, True), (12, False)])
def test_two_in_a_hundred_may_be_lost(lost: int, passes: bool) -> None:
    """Of 300 and 300 - lost boxes: with 11 lost 578 of 589 are matched (98.1 %), with 12 576 of 588 (97.96 %)."""
    verdict = judge(clips(seen(car())), mixed(lost))
    assert verdict.passed is passes
    assert (verdict.kept, verdict.made) == (Tally(300, 300 - lost), Tally(300 - lost, 300 - lost))


def test_a_lost_box_is_named_in_figures_that_are_not_rounded_up() -> None:
    """97.96 % shown as 98.0 % would contradict its own sentence."""
    verdict = judge(clips(seen(car())), mixed(12))
    assert verdict.faults == ("97.9 % of the sure boxes are matched, 98% are needed (12 of 300 lost, 0 of 288 new)",)


def test_a_box_that_was_not_there_counts_too() -> None:
    """A variant that sees cars in bushes keeps all of the reference's boxes."""
    verdict = judge(mixed(12), clips(seen(car())), GateTerms(frames=288))
    assert verdict.kept == Tally(288, 288)
    assert verdict.made == Tally(300, 288)
    assert not verdict.passed
    assert "0 of 288 lost, 12 of 300 new" in verdict.faults[0]


def test_a_line_counted_differently_fails_whatever_the_boxes() -> None:
    """One car more or less is a wrong figure on somebody's screen."""
    frame = seen(car())
    other = clips(frame)
    other[1] = clip(*other[1].frames, name="b.mp4", counts={"line north": 3})
    verdict = judge(clips(frame), other)
    assert verdict.faults == ("b.mp4: line line north: 3, not 2",)
    assert verdict.clips[1].miscounted == ("line north: 3, not 2",)


def test_a_line_crossed_on_one_side_only_is_a_difference() -> None:
    """A missing key is a count of nought."""
    frame = seen(car())
    verdict = judge(clips(frame, {"in": 1}), clips(frame, {"in": 1, "out": 1}))
    assert len(verdict.faults) == 3
    assert "out: 1, not 0" in verdict.faults[0]
    assert judge(clips(frame, {"in": 1, "out": 0}), clips(frame, {"in": 1})).passed


def test_too_few_frames_are_no_pass() -> None:
    """Empty streets show nothing: frames count in which the reference is sure of somebody."""
    same = [*clips(seen(car()), each=99), clip(*[seen(car(confidence=0.3))] * 500, name="d.mp4")]
    verdict = judge(same, same)
    assert verdict.faults == ("too little to judge by: road users in 297 frames, at least 300 are needed",)


def test_too_few_clips_are_no_pass() -> None:
    """One camera says nothing of another; a clip without anybody is none."""
    same = [clip(*[seen(car())] * 400, name="a.mp4"), clip(*[seen(car())] * 400, name="b.mp4"), clip(name="c.mp4")]
    verdict = judge(same, same)
    assert verdict.faults == ("too little to judge by: road users in 2 clips, at least 3 are needed",)


def test_counts_of_nobody_are_no_pass() -> None:
    """Nought and nought are the same on any variant."""
    same = clips(seen(car()), counts={})
    assert judge(same, same).faults == ("too little to judge by: nobody crosses a counted line in any clip",)


def test_nothing_at_all_is_no_pass() -> None:
    """No clips: three reasons, no crash."""
    assert len(judge([], []).faults) == 3


def test_other_terms() -> None:
    """The terms are what is judged by, not constants behind them."""
    one = [clip(seen(car()))]
    assert judge(one, one, GateTerms(frames=1, clips=1)).passed
    lost = [clip(seen(car(confidence=0.2)))]
    assert not judge(one, lost, GateTerms(frames=1, clips=1)).passed
    assert judge(one, lost, GateTerms(frames=1, clips=1, found=0.1)).passed


@pytest.mark.parametrize(
    ("reference", "variant", "words"),
    [
        ([clip(seen())], [], "the same clips"),
        ([clip(seen(), name="a")], [clip(seen(), name="b")], "the same clips"),
        ([clip(seen(), seen())], [clip(seen())], "saw 2 frames, the variant 1"),
    ],
)
def test_what_was_not_seen_alike_is_not_compared(
    reference: list[ClipSeen], variant: list[ClipSeen], words: str
) -> None:
    """A variant that dropped frames would pass on those it has."""
    with pytest.raises(ValueError, match=words):
        judge(reference, variant)


def test_a_frame_of_any_kind_of_boxes_will_do() -> None:
    """The gate asks for three arrays, not for a class of ours."""
    boxes: Boxes = seen(car())
    assert tally(boxes, boxes, TERMS).share == 1
