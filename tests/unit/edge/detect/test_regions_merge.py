"""One road user seen by several looks is one box: seams, order, classes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.classes import RoadUserClass
from contracts.scene import DetectionRegion
from edge.detect.regions import RegionView
from edge.detect.regions_merge import Look, merged
from edge.detections import Detections

WIDTH, HEIGHT = 640, 480
CAR, TRUCK, BUS = int(RoadUserClass.CAR), int(RoadUserClass.TRUCK), int(RoadUserClass.BUS)
PERSON, MOTORCYCLE = int(RoadUserClass.PERSON), int(RoadUserClass.MOTORCYCLE)

Row = tuple[float, float, float, float, float, int]


def boxes(*rows: Row) -> Detections:
    return Detections(
        np.array([row[:4] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[4] for row in rows], np.float32),
        np.array([row[5] for row in rows], np.int64),
    )


def view(left: float, top: float, right: float, bottom: float, **parts: Any) -> RegionView:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    region = DetectionRegion.model_validate({"id": "r", "polygon": corners, **parts})
    return RegionView(region, WIDTH, HEIGHT)


def look(where: RegionView, *rows: Row) -> Look:
    """Of boxes given in pixels of the whole picture."""
    shift = (where.left, where.top, where.left, where.top)
    moved = [(*(side - by for side, by in zip(row[:4], shift, strict=True)), *row[4:]) for row in rows]
    return where.see(boxes(*moved))  # type: ignore[arg-type]


def rows_of(found: Detections) -> list[Row]:
    return [
        (*(round(float(side), 3) for side in box), round(float(sure), 4), int(cls))  # type: ignore[misc]
        for box, sure, cls in zip(found.xyxy, found.confidence, found.class_id, strict=True)
    ]


MIDDLE = view(0.25, 0.25, 0.75, 0.75, scale=2)
"""Cuts out 160..480 x 120..360."""


def test_one_seen_by_both_looks_keeps_the_sharper_place_and_the_greater_confidence() -> None:
    found = merged(boxes((298, 195, 345, 252, 0.8, TRUCK)), [look(MIDDLE, (300, 200, 340, 250, 0.6, CAR))])
    assert rows_of(found) == [(300, 200, 340, 250, 0.8, TRUCK)]


def test_who_only_one_look_sees_stays() -> None:
    found = merged(boxes((10, 10, 60, 60, 0.5, CAR)), [look(MIDDLE, (300, 200, 320, 240, 0.9, MOTORCYCLE))])
    assert rows_of(found) == [(300, 200, 320, 240, 0.9, MOTORCYCLE), (10, 10, 60, 60, 0.5, CAR)]


@pytest.mark.parametrize(
    "half",
    [(160, 200, 220, 250), (400, 200, 478, 250), (300, 121, 380, 200), (300, 300, 380, 358)],
    ids=["left", "right", "top", "bottom"],
)
def test_a_vehicle_half_in_the_region_is_the_one_of_the_whole_picture(half: tuple[float, ...]) -> None:
    """The half would stand elsewhere than the vehicle does, and be a second one."""
    x1, y1, x2, y2 = half
    bus = (x1 - 60, y1 - 60, x2 + 60, y2 + 60, 0.4, BUS)
    found = merged(boxes(bus), [look(MIDDLE, (x1, y1, x2, y2, 0.95, CAR))])
    assert rows_of(found) == [pytest.approx(bus)]


def test_who_ends_with_the_picture_is_not_cut_by_the_region() -> None:
    corner = view(0, 0, 0.5, 0.5, scale=2)
    found = merged(boxes(), [look(corner, (0, 0, 50, 80, 0.9, CAR))])
    assert len(found) == 1


def test_a_car_before_a_bus_does_not_become_the_bus() -> None:
    """Only the region sees the car; the bus reaches over the region, and only the whole picture sees it."""
    bus = (150, 150, 500, 300, 0.8, BUS)
    found = merged(boxes(bus), [look(MIDDLE, (300, 250, 360, 290, 0.6, CAR))])
    assert [row[:4] for row in rows_of(found)] == [bus[:4], (300, 250, 360, 290)]


def test_a_rough_box_of_a_small_one_is_that_one() -> None:
    """YOLO's boxes of 12 px are often twice too large: overlap 0.25."""
    found = merged(boxes((290, 190, 330, 250, 0.3, MOTORCYCLE)), [look(MIDDLE, (300, 215, 320, 245, 0.8, MOTORCYCLE))])
    assert rows_of(found) == [pytest.approx((300, 215, 320, 245, 0.8, MOTORCYCLE))]


def test_two_riders_whom_the_whole_picture_takes_for_one_are_two() -> None:
    left, right = (300, 200, 330, 260, 0.7, MOTORCYCLE), (325, 200, 355, 260, 0.6, MOTORCYCLE)
    found = merged(boxes((300, 198, 356, 262, 0.5, MOTORCYCLE)), [look(MIDDLE, left, right)])
    assert rows_of(found) == [pytest.approx(left), pytest.approx(right)]


def test_rider_and_machine_are_not_one() -> None:
    found = merged(boxes((300, 200, 330, 250, 0.7, PERSON)), [look(MIDDLE, (300, 205, 330, 260, 0.6, MOTORCYCLE))])
    assert len(found) == 2


def test_a_region_speaks_only_of_its_own_ground_and_classes() -> None:
    narrow = view(0.25, 0.4, 0.75, 0.6, scale=2, classes=["motorcycle"])
    seen = look(
        narrow,
        (300, 220, 320, 260, 0.9, MOTORCYCLE),
        (300, 160, 320, 180, 0.9, MOTORCYCLE),  # its ground point is above the region
        (350, 220, 390, 260, 0.9, CAR),
    )
    assert [row[:4] for row in rows_of(seen.detections)] == [(300, 220, 320, 260)]


sides = st.integers(0, 400)
a_row = st.builds(
    lambda x, y, w, h, sure, cls: (float(x), float(y), float(x + w), float(y + h), sure / 64, cls),
    sides,
    st.integers(0, 300),
    st.integers(4, 200),
    st.integers(4, 150),
    st.integers(7, 64),
    st.sampled_from([PERSON, MOTORCYCLE, CAR, TRUCK, BUS]),
)
some = st.lists(a_row, max_size=6)
VIEWS = [
    MIDDLE,
    view(0.25, 0.25, 0.75, 0.75, scale=2, classes=["car"]),
    view(0.4, 0.4, 0.7, 0.7),
    view(0.3, 0.3, 0.5, 0.5, scale=3),
    view(0, 0.5, 0.5, 1, scale=1.5),
]


@settings(deadline=None)
@given(some, st.lists(some, min_size=5, max_size=5), st.permutations(range(5)))
def test_the_order_of_the_regions_changes_nothing(whole: list[Row], parts: list[list[Row]], order: list[int]) -> None:
    looks = [look(where, *rows) for where, rows in zip(VIEWS, parts, strict=True)]
    assert rows_of(merged(boxes(*whole), looks)) == rows_of(merged(boxes(*whole), [looks[n] for n in order]))


@settings(deadline=None)
@given(st.lists(a_row, max_size=6, unique_by=lambda row: row[:4]))
def test_a_region_that_is_the_whole_picture_changes_nothing(rows: list[Row]) -> None:
    everything = view(0, 0, 1, 1)
    assert sorted(rows_of(merged(boxes(*rows), [look(everything, *rows)]))) == sorted(rows_of(boxes(*rows)))


@settings(deadline=None)
@given(some, some)
def test_a_mirrored_region_gives_mirrored_boxes(whole: list[Row], parts: list[Row]) -> None:
    def mirrored(rows: list[Row]) -> list[Row]:
        return [(WIDTH - x2, y1, WIDTH - x1, y2, sure, cls) for x1, y1, x2, y2, sure, cls in rows]

    here, there = view(0.2, 0.3, 0.5, 0.6, scale=2), view(0.5, 0.3, 0.8, 0.6, scale=2)
    seen = rows_of(merged(boxes(*whole), [look(here, *parts)]))
    other = rows_of(merged(boxes(*mirrored(whole)), [look(there, *mirrored(parts))]))
    assert sorted(mirrored(other)) == sorted(seen)


@settings(deadline=None)
@given(some, some)
def test_nobody_is_lost_and_nobody_comes_from_nothing(whole: list[Row], parts: list[Row]) -> None:
    """Every box of the result is one that a look gave, and there are as many as the look that saw most, at least."""
    seen = look(MIDDLE, *parts)
    found = merged(boxes(*whole), [seen])
    given_boxes = {row[:4] for row in [*rows_of(boxes(*whole)), *rows_of(seen.detections)]}
    assert {row[:4] for row in rows_of(found)} <= given_boxes
    assert max(len(whole), len(seen.detections)) <= len(found) <= len(whole) + len(seen.detections)
    assert list(found.confidence) == sorted(found.confidence, reverse=True)
