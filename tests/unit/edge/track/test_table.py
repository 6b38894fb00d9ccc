"""The table of tracks: rows stay together."""

import numpy as np

from contracts.classes import RoadUserClass
from edge.track.kalman import Noise
from edge.track.table import TrackTable

BOXES = np.array([[0, 0, 10, 20], [50, 50, 70, 90]], float)


def two() -> TrackTable:
    classes = np.array([RoadUserClass.CAR, RoadUserClass.PERSON], np.int64)
    return TrackTable.first(BOXES, np.array([0.9, 0.6]), classes, serial=7, now_s=2.0, noise=Noise())


def test_rows_stay_together() -> None:
    """A box that slips to another track's id would be a false accusation."""
    joined = TrackTable.empty().joined(two()).joined(two().where(np.array([False, True])))
    assert joined.serial.tolist() == [7, 8, 8]
    assert joined.class_id.tolist() == [RoadUserClass.CAR, RoadUserClass.PERSON, RoadUserClass.PERSON]
    np.testing.assert_allclose(joined.boxes.xyxy(), BOXES[[0, 1, 1]])
    assert len(joined.where(np.zeros(3, bool))) == 0


def test_new_tracks_are_tentative() -> None:
    """No id, no speed."""
    assert not two().confirmed.any()
    assert two().speed().tolist() == [0, 0]
