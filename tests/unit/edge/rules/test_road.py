"""The road as a whole: who it says is in the picture."""

from datetime import UTC, datetime, timedelta

from contracts.classes import RoadUserClass
from edge.rules.road import TrackRoad
from edge.track.track import Track
from tests.unit.edge.road_story import scene

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_false_box_is_no_road_user_and_a_road_user_is_one_once_confirmed() -> None:
    """Our tracker gives out every box from its first sighting on; an operator's picture must not flicker with them."""
    road = TrackRoad(scene(), node="n", camera="c")
    shown = []
    for step in range(10):
        at = START + timedelta(seconds=step / 10)
        tracks = [Track(1, RoadUserClass.CAR, 0.8, 100 + 10 * step, 250, 190 + 10 * step, 300, at)]
        if step == 5:
            tracks.append(Track(2, RoadUserClass.CAR, 0.8, 500, 250, 590, 300, at))
        road.update(tracks, at, (640, 480))
        shown.append([(user.id, user.at == at) for user in road.users])
    assert shown[0] == []
    assert shown[4:] == [[(1, True)]] * 6
