"""Doubles: the same road user followed twice."""

import numpy as np

from contracts.classes import RoadUserClass
from edge.track.doubles import doubles
from edge.track.kalman import Noise
from edge.track.table import TrackTable

CAR, BUS, MOTORCYCLE = RoadUserClass.CAR, RoadUserClass.BUS, RoadUserClass.MOTORCYCLE


def table(*rows: tuple[float, float, float, float, float, RoadUserClass]) -> TrackTable:
    boxes = np.array([row[:4] for row in rows], float).reshape(-1, 4)
    confidence = np.array([row[4] for row in rows])
    classes = np.array([int(row[5]) for row in rows], np.int64)
    return TrackTable.first(boxes, confidence, classes, serial=1, now_s=0.0, noise=Noise())


def test_the_weaker_of_two_cars_in_each_other_is_the_double() -> None:
    """Half a car."""
    assert doubles(table((0, 0, 100, 50, 0.9, CAR), (0, 0, 50, 48, 0.4, CAR))).tolist() == [False, True]
    assert doubles(table((0, 0, 50, 48, 0.4, CAR), (0, 0, 100, 50, 0.9, CAR))).tolist() == [True, False]


def test_of_equals_the_older_stays() -> None:
    """Deterministic."""
    assert doubles(table((0, 0, 100, 50, 0.9, CAR), (0, 0, 100, 50, 0.9, CAR))).tolist() == [False, True]


def test_a_car_in_front_of_a_bus_is_no_double() -> None:
    """Its box lies in that of the bus."""
    assert not doubles(table((0, 0, 300, 150, 0.9, BUS), (100, 80, 190, 140, 0.6, CAR))).any()


def test_motorcycles_side_by_side_are_no_doubles() -> None:
    """In a dense stream most of one's box lies in the other's."""
    assert not doubles(table((0, 0, 40, 60, 0.9, MOTORCYCLE), (6, 4, 40, 58, 0.6, MOTORCYCLE))).any()


def test_a_car_that_moves_against_the_other_is_no_double() -> None:
    """It is being overtaken behind it."""
    both = table((0, 0, 100, 50, 0.9, CAR), (0, 0, 50, 48, 0.4, CAR))
    both.boxes.velocity[1, 0] = 60
    assert not doubles(both).any()


def test_none_and_one() -> None:
    """Nothing to compare."""
    assert doubles(TrackTable.empty()).tolist() == []
    assert doubles(table((0, 0, 9, 9, 0.9, CAR))).tolist() == [False]
