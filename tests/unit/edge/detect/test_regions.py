"""Whole picture and regions before one detector: what is seen, how often, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.scene import DetectionRegion
from edge.detect.regions import LookPlan, RegionalDetector, RegionView
from edge.picture import WholePicture
from tests.unit.edge.short_sighted import ShortSighted, road

SIZE = (640, 480)
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SMALL = (300.0, 220.0, 324.0, 244.0)  # 6 px in the detector's input, which sees 8
LARGE = (40.0, 300.0, 140.0, 400.0)


def region(left: float, top: float, right: float, bottom: float, **parts: Any) -> DetectionRegion:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return DetectionRegion.model_validate({"id": "stop", "polygon": corners, **parts})


def pictured(size: tuple[int, int], *boxes: tuple[float, float, float, float]) -> WholePicture:
    return WholePicture(road(size, *boxes))


MIDDLE = region(0.3, 0.3, 0.7, 0.7)


def test_who_is_too_small_for_the_whole_picture_is_seen_in_a_region() -> None:
    detector = ShortSighted()
    picture = pictured(SIZE, SMALL, LARGE)
    assert len(RegionalDetector(detector, []).detect(picture, START)) == 1
    found = RegionalDetector(detector, [MIDDLE]).detect(picture, START)
    assert sorted(found.xyxy.tolist()) == [pytest.approx(LARGE, abs=4), pytest.approx(SMALL, abs=4)]


def test_each_look_is_one_inference_on_a_cut_of_the_full_picture() -> None:
    detector = ShortSighted()
    RegionalDetector(detector, [MIDDLE, region(0, 0, 0.25, 0.25, scale=4)]).detect(pictured(SIZE), START)
    assert detector.pictures == [SIZE, (346, 259), (160, 120)]


def test_a_region_no_larger_than_the_whole_picture_costs_nothing() -> None:
    """It would show the same pixels twice."""
    detector = ShortSighted()
    found = RegionalDetector(detector, [region(0, 0, 1, 1)]).detect(pictured(SIZE, LARGE), START)
    assert detector.pictures == [SIZE]
    assert len(found) == 1


def test_a_vehicle_on_the_seam_is_one_in_every_place() -> None:
    """It drives through the region from left to right, pixel by pixel: never two, never half."""
    detector = RegionalDetector(ShortSighted(), [MIDDLE])
    for x in range(100, 540, 7):
        box = (float(x), 200.0, x + 60.0, 250.0)
        found = detector.detect(pictured(SIZE, box), START)
        assert found.xyxy.tolist() == [pytest.approx(box, abs=4)], x


def test_another_size_of_the_picture_moves_the_region_with_it() -> None:
    detector = RegionalDetector(ShortSighted(), [MIDDLE])
    detector.detect(pictured(SIZE, SMALL), START)
    half = tuple(side * 2 for side in SMALL)
    found = detector.detect(pictured((1280, 960), half), START)  # type: ignore[arg-type]
    assert found.xyxy.tolist() == [pytest.approx(half, abs=8)]


def looks(rate: float | None, pictures_a_second: float, seconds: float = 10) -> list[float]:
    """Moments, in seconds, at which a region with this rate is looked at."""
    plan = LookPlan([rate])
    moments = [number / pictures_a_second for number in range(round(seconds * pictures_a_second))]
    return [moment for moment in moments if plan.due(START + timedelta(seconds=moment))]


@pytest.mark.parametrize(("rate", "pictures", "expected"), [(5, 10, 50), (5, 25, 50), (4, 10, 40), (8, 5, 50)])
def test_a_region_has_a_rate_of_its_own(rate: float, pictures: float, expected: int) -> None:
    """As often as it says, and never more often than there are pictures."""
    assert len(looks(rate, pictures)) == pytest.approx(expected, abs=1)


def test_a_region_without_a_rate_is_looked_at_in_every_picture() -> None:
    assert len(looks(None, 7)) == 70


@settings(deadline=None)
@given(st.floats(4, 60), st.lists(st.floats(0.01, 2), min_size=1, max_size=200))
def test_a_picture_in_which_a_region_is_left_out_comes_soon_after_a_look(rate: float, gaps: list[float]) -> None:
    """Whoever is seen only there is not taken for lost: tracks of false boxes are dropped after 0.3 s unseen."""
    plan, now_s, looked_s = LookPlan([rate]), 0.0, None
    for gap_s in gaps:
        now_s += gap_s
        if plan.due(START + timedelta(seconds=now_s)):
            looked_s = now_s
        else:
            assert looked_s is not None
            assert now_s - looked_s < 0.3


def test_after_a_jump_back_in_time_it_is_looked_at_at_once() -> None:
    plan = LookPlan([4.0])
    assert plan.due(START) == [0]
    assert plan.due(START - timedelta(hours=1)) == [0]


def test_a_cut_never_leaves_the_picture() -> None:
    for width, height in ((64, 48), (641, 479), (3840, 2160), (5, 3)):
        for one in (MIDDLE, region(0.9, 0.9, 1, 1), region(0, 0, 0.01, 0.01, scale=8)):
            view = RegionView(one, width, height)
            cut = view.of(np.zeros((height, width, 3), np.uint8))
            assert cut.shape[:2] == (view.bottom - view.top, view.right - view.left)
            assert 0 not in cut.shape
