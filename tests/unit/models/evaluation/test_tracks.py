"""HOTA, IDF1 and MOTA: by hand where they can be, and beside this repository's own implementation of two of them."""

import numpy as np
import pytest

from models.errors import TruthError
from models.evaluation.mot import ALL, Told, told
from models.evaluation.tracks import by_group, score
from tests.accuracy import clear_mot

pytest.importorskip("trackeval", reason="the extra `evaluate` is not installed")


def walk(identity: int, frames: range, *, left: float = 0.0, group: int = ALL) -> Told:
    """One who moves by a pixel a frame in a box of 10x10."""
    return told((frame, identity, (left + frame, 0.0, left + frame + 10, 10.0), group) for frame in frames)


def both(*parts: Told) -> Told:
    columns = ("frame", "identity", "xyxy", "group")
    return Told(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def test_the_truth_beside_itself_is_perfect() -> None:
    """Whatever numbers the tracks have."""
    truth = both(walk(1, range(1, 11)), walk(2, range(3, 9), left=50))
    found = both(walk(907, range(1, 11)), walk(0, range(3, 9), left=50))
    figures = score({"a": (truth, found)})
    assert (figures.hota, figures.idf1, figures.mota, figures.switches) == (100, 100, 100, 0)
    assert (figures.truth, figures.users) == (16, 2)


def test_a_track_that_breaks_in_the_middle() -> None:
    """Ten frames, the number changes after five: found everywhere, half of it as the same.

    Each of the two tracks shares 5 of 10 frames with the road user: association 0.5, so that HOTA is the root of 0.5
    (arXiv 2009.07736, equations 7 to 14).
    """
    figures = score({"a": (walk(1, range(1, 11)), both(walk(1, range(1, 6)), walk(2, range(6, 11))))})
    assert figures.deta == pytest.approx(100)
    assert figures.assa == pytest.approx(50)
    assert figures.hota == pytest.approx(100 * 0.5**0.5)
    assert figures.idf1 == pytest.approx(50)
    assert figures.mota == pytest.approx(90)
    assert figures.switches == 1


def test_nothing_found_and_nobody_there() -> None:
    """A tracker that gives nothing is not an error; a set without truth is."""
    nothing = told([])
    figures = score({"a": (walk(1, range(1, 11)), nothing)})
    assert (figures.hota, figures.idf1, figures.mota, figures.misses) == (0, 0, 0, 10)
    with pytest.raises(TruthError, match="not one box that counts"):
        score({"a": (nothing, walk(1, range(1, 11)))})


def test_sequences_are_summed_up() -> None:
    """A short one that went wrong does not weigh as much as a long one; the same number in two is two road users."""
    good, bad = walk(1, range(1, 91)), walk(1, range(1, 11))
    together = score({"good": (good, good), "bad": (bad, told([]))})
    assert together.mota == pytest.approx(90)
    assert together.users == 2


def test_a_group_is_matched_within_itself() -> None:
    """A person followed as a car is a miss and a false alarm, and both groups have it."""
    truth = both(walk(1, range(1, 11), group=0), walk(2, range(1, 11), left=50, group=2))
    found = both(walk(1, range(1, 11), group=2), walk(2, range(1, 11), left=50, group=2))
    groups = by_group({"a": (truth, found)})
    assert list(groups) == ["person", "vehicle"]
    assert (groups["person"].misses, groups["person"].false_positives) == (10, 0)
    assert (groups["vehicle"].misses, groups["vehicle"].false_positives) == (0, 10)
    assert score({"a": (truth, found)}).mota == pytest.approx(0)
    assert by_group({"a": (walk(1, range(1, 9)), walk(1, range(1, 9)))}) == {}


@pytest.mark.parametrize("seed", range(5))
def test_beside_another_implementation(seed: int) -> None:
    """Two written apart agree on IDF1 everywhere, on MOTA nearly: they keep a match of before in different ways."""
    rng = np.random.default_rng(seed)
    people = [walk(number, range(1, 40), left=25.0 * number) for number in range(6)]
    truth = both(*people)
    numbers = np.where(truth.frame > rng.integers(10, 30), truth.identity + 10 * rng.integers(0, 2), truth.identity)
    moved = truth.xyxy + rng.normal(0, 1.5, (len(numbers), 1))
    kept = rng.random(len(numbers)) > 0.1
    found = Told(truth.frame, numbers, moved, truth.group).where(kept)

    def boxes(one: Told) -> clear_mot.Boxes:
        rows: clear_mot.Boxes = {}
        for frame, identity, box in zip(one.frame.tolist(), one.identity.tolist(), one.xyxy.tolist(), strict=True):
            rows.setdefault(frame, []).append((identity, *box))
        return rows

    ours, theirs = score({"a": (truth, found)}), clear_mot.evaluate(boxes(truth), boxes(found))
    assert ours.idf1 == pytest.approx(100 * theirs.idf1)
    assert ours.mota == pytest.approx(theirs.mota, abs=0.5)
