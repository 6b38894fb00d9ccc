"""Suppression: one road user, one box."""

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.detect.nms import suppress
from edge.detections import Detections


def seen(*rows: tuple[float, float, float, float, float, RoadUserClass]) -> Detections:
    return Detections(
        np.array([row[:4] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[4] for row in rows], np.float32),
        np.array([int(row[5]) for row in rows], np.int64),
    )


CAR, TRUCK, PERSON, MOTORCYCLE = (
    RoadUserClass.CAR,
    RoadUserClass.TRUCK,
    RoadUserClass.PERSON,
    RoadUserClass.MOTORCYCLE,
)


def test_the_surest_of_two_that_overlap_stays() -> None:
    """Networks give each car several times."""
    kept = suppress(seen((0, 0, 100, 50, 0.6, CAR), (2, 0, 102, 50, 0.9, CAR)), 0.6)
    assert kept.confidence.tolist() == [pytest.approx(0.9)]


def test_a_car_that_is_also_seen_as_a_truck_is_one() -> None:
    """Else each pick-up counts twice."""
    kept = suppress(seen((0, 0, 100, 50, 0.6, TRUCK), (2, 0, 102, 50, 0.5, CAR)), 0.6)
    assert kept.class_id.tolist() == [TRUCK]


def test_a_rider_does_not_suppress_the_motorcycle() -> None:
    """Their boxes lie on each other."""
    kept = suppress(seen((0, 0, 50, 100, 0.9, PERSON), (0, 5, 50, 100, 0.3, MOTORCYCLE)), 0.6)
    assert sorted(kept.class_id.tolist()) == [PERSON, MOTORCYCLE]


def test_neighbours_both_stay() -> None:
    """Two cars in a queue overlap in the picture."""
    kept = suppress(seen((0, 0, 100, 50, 0.6, CAR), (50, 0, 150, 50, 0.9, CAR)), 0.6)
    assert kept.confidence.tolist() == pytest.approx([0.9, 0.6])


def test_nothing_stays_nothing() -> None:
    """An empty road."""
    assert len(suppress(Detections.empty(), 0.6)) == 0
