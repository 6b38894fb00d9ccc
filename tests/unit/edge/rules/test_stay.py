"""Stays are kept only as long as they may go on: memory does not grow with the day."""

from contracts.scene import SceneConfig
from edge.rules.finding import Moment
from edge.rules.stay import Stays
from edge.scene.signals import SignalHistory
from edge.scene.state import SceneState
from tests.unit.edge.road_story import SIZE, Story, scene

ZONE = {"id": "z", "kind": "presence", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]}


def followed(story: Story, drawn: SceneConfig) -> Stays:
    stays, state = Stays(["z"], {"person"}, bridge_s=5), SceneState(drawn)
    for at, tracks in story.frames():
        facts = state.update(tracks, at, SIZE)
        stays.inside(Moment(at, tracks, facts, state, SignalHistory()))
    return stays


def test_who_went_is_forgotten() -> None:
    drawn = scene(zones=[ZONE])
    story = Story(drawn)
    for number in range(1, 41):
        story.track(number, "person", box=(20, 60)).begins(number * 3.0).moves((0, 0.5), (1, 0.5), over_s=4)
    story.track(99, "car").begins(160).stands((0.5, 0.5), for_s=1)
    assert followed(story, drawn)._stays == {}


def test_one_lost_stay_is_taken_by_one() -> None:
    """Two tracks begin where one was lost: only one of them is that person."""
    drawn = scene(zones=[ZONE])
    story = Story(drawn).track(1, "person", box=(20, 60)).stands((0.5, 0.5), for_s=10)
    story.track(2, "person", box=(20, 60)).begins(12).stands((0.5, 0.5), for_s=5)
    story.track(3, "person", box=(20, 60)).begins(12).stands((0.51, 0.5), for_s=5)
    stays = followed(story, drawn)._stays
    assert sorted(round((stay.seen_at - stay.since).total_seconds()) for stay in stays.values()) == [5, 17]
