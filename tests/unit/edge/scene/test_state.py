"""Facts from tracks: what a scene says about who moves where, however the frames come."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.scene.facts import Gone, HeadingAgainst, InZone, LineCrossed, Moved, Stopped, ZoneEntered, ZoneLeft
from edge.scene.followed import PATH_POINTS, PATH_S
from edge.scene.state import SceneState
from tests.unit.edge.road_story import SIZE, START, Story, scene

ZONE = {"id": "z", "kind": "carriageway", "polygon": [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]}
DOWN = {**ZONE, "direction": {"start": [0.5, 0.2], "end": [0.5, 0.8]}}
LINE = {"id": "l", "start": [0.0, 0.5], "end": [1.0, 0.5]}


def seconds_of(fact: object) -> float:
    return (fact.at - START).total_seconds()  # type: ignore[attr-defined,no-any-return]


def test_entering_and_leaving_at_the_edge() -> None:
    """Times are those of the edge, not of the frame that saw it."""
    facts = Story(scene(zones=[ZONE])).track(1).moves((0.05, 0.5), (0.95, 0.5), over_s=9).facts()
    entered, *between, left = facts
    assert {type(fact) for fact in between} == {InZone}
    assert isinstance(entered, ZoneEntered)
    assert isinstance(left, ZoneLeft)
    assert abs(seconds_of(entered) - 1.5) < 1e-3
    assert abs(seconds_of(left) - 7.5) < 1e-3


def test_trembling_at_the_edge_is_no_coming_and_going() -> None:
    story = Story(scene(zones=[ZONE])).track(1).stands((0.2, 0.5), for_s=60).trembles(2)
    changes = [fact for fact in story.facts() if isinstance(fact, ZoneEntered | ZoneLeft)]
    assert len(changes) <= 3


def test_who_is_there_from_the_start_has_entered() -> None:
    facts = Story(scene(zones=[ZONE])).track(1).stands((0.5, 0.5), for_s=3).facts()
    assert isinstance(facts[0], ZoneEntered)
    assert facts[0].at == START


def test_stop_and_start() -> None:
    story = Story(scene()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=3)
    story.stands((0.5, 0.5), for_s=10).then((0.9, 0.5), over_s=3)
    stopped, moved = story.facts()
    assert isinstance(stopped, Stopped)
    assert isinstance(moved, Moved)
    assert abs(seconds_of(stopped) - 3) < 0.7
    assert abs(seconds_of(moved) - 13) < 0.5


def test_a_bus_in_front_does_not_move_a_parked_car() -> None:
    """For less than half a second the box is cut; the car has not gone anywhere."""
    story = Story(scene()).track(1).stands((0.5, 0.5), for_s=10).moves((0.5, 0.42), (0.5, 0.42), over_s=0.3)
    story.stands((0.5, 0.5), for_s=10)
    assert [type(fact) for fact in story.facts()] == [Stopped]


def test_creeping_is_not_standing() -> None:
    story = Story(scene()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=20)
    assert story.facts() == []


def test_heading_against_the_arrow() -> None:
    up = Story(scene(zones=[DOWN])).track(1).moves((0.5, 0.75), (0.5, 0.25), over_s=4).facts()
    against = [fact for fact in up if isinstance(fact, HeadingAgainst)]
    assert len(against) > 20
    assert against[-1].angle_deg > 179
    assert against[-1].at == against[0].at
    assert [fact.travel for fact in against] == sorted(fact.travel for fact in against)
    for target in ((0.5, 0.78), (0.75, 0.5)):
        other = Story(scene(zones=[DOWN])).track(1).moves((0.3, 0.5), target, over_s=4).facts()
        assert not [fact for fact in other if isinstance(fact, HeadingAgainst)]


def test_a_track_that_jumps_to_another_vehicle_does_not_head_against() -> None:
    """Trackers swap ids between a vehicle and its oncoming neighbour."""
    story = Story(scene(zones=[DOWN])).track(1).moves((0.5, 0.3), (0.5, 0.7), over_s=2)
    story.moves((0.4, 0.3), (0.4, 0.7), over_s=2)
    assert not [fact for fact in story.facts() if isinstance(fact, HeadingAgainst)]


def test_memory_holds_only_who_was_seen_lately() -> None:
    """A camera runs for months; thousands of ids a day must not stay."""
    story = Story(scene(lines=[LINE], zones=[DOWN]))
    for number in range(1, 200):
        story.track(number).begins(number).moves((0.3, 0.3), (0.5, 0.4), over_s=1)
    state, most, gone = SceneState(story.scene), 0, 0
    for at, tracks in story.frames():
        gone += sum(isinstance(fact, Gone) for fact in state.update(tracks, at, SIZE))
        most = max(most, state.followed)
    assert most <= 5
    assert gone >= 190


def test_path_is_short_and_ends_now() -> None:
    story = Story(scene(), fps=30).track(1).moves((0.1, 0.5), (0.9, 0.5), over_s=20)
    state = SceneState(story.scene)
    for at, tracks in story.frames():
        state.update(tracks, at, SIZE)
    path = state.path(1)
    assert path[-1].at == at
    assert path[-1].point == tracks[0].ground
    assert timedelta(seconds=PATH_S - 0.3) < path[-1].at - path[0].at <= timedelta(seconds=PATH_S)
    assert len(path) <= PATH_POINTS
    assert state.path(99) == ()


def test_nothing_is_connected_across_a_jump() -> None:
    """After a reconnect the same id may be another vehicle on the other side of the line."""
    story = Story(scene(lines=[LINE])).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=2)
    frames = list(story.frames())
    for options in ({"discontinuity": True}, {}):
        state = SceneState(story.scene)
        first_at, first = frames[0]
        state.update(first, first_at, SIZE)
        last_at, last = frames[-1]
        facts = state.update(last, last_at, SIZE, **options)
        assert [type(fact) for fact in facts] == ([Gone] if options else [LineCrossed])


def test_a_new_resolution_or_time_that_goes_back_is_a_jump() -> None:
    story = Story(scene(lines=[LINE])).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=2)
    (first_at, first), *_, (last_at, last) = story.frames()
    state = SceneState(story.scene)
    state.update(first, first_at, SIZE)
    assert [type(fact) for fact in state.update(last, last_at, (640, 360))] == [Gone]
    assert state.update(last, last_at, (640, 360)) == []
    assert [type(fact) for fact in state.update(first, first_at, (640, 360))] == [Gone]


def test_predicted_boxes_say_nothing() -> None:
    """A prediction runs on over the line when the car has long turned off."""
    from dataclasses import replace

    story = Story(scene(lines=[LINE])).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=1)
    state = SceneState(story.scene)
    facts = [
        fact
        for at, tracks in story.frames()
        for fact in state.update([replace(track, observed=False) for track in tracks], at, SIZE)
    ]
    assert facts == []


@settings(max_examples=30)
@given(keep_every=st.sampled_from([1, 2, 3]), fps=st.sampled_from([10.0, 25.0]), over_s=st.floats(4, 20))
def test_dropped_frames_change_a_stay_by_an_interval_at_most(keep_every: int, fps: float, over_s: float) -> None:
    """Dwell is evidence; it must not depend on how busy the node was."""

    def dwell(every: int) -> float:
        story = Story(scene(zones=[ZONE]), fps=fps).track(1).moves((0.05, 0.5), (0.95, 0.5), over_s=over_s)
        story.stands((0.95, 0.5), for_s=2)
        changes = [
            fact
            for fact in story.keeping(lambda number: number % every == 0).facts()
            if isinstance(fact, ZoneEntered | ZoneLeft)
        ]
        assert [type(fact) for fact in changes] == [ZoneEntered, ZoneLeft]
        return seconds_of(changes[1]) - seconds_of(changes[0])

    assert abs(dwell(keep_every) - dwell(1)) <= keep_every / fps


@settings(max_examples=30)
@given(x=st.floats(0.25, 0.75), dx=st.floats(-0.2, 0.2), over_s=st.floats(1.5, 8))
def test_mirrored_scene_gives_mirrored_facts(x: float, dx: float, over_s: float) -> None:
    """A picture mirrored left to right: same facts, crossings the other way round."""
    start, end = (x, 0.1), (x + dx, 0.9)
    there = Story(scene(lines=[LINE], zones=[DOWN])).track(1).moves(start, end, over_s=over_s).facts()
    flipped = Story(scene(lines=[LINE], zones=[DOWN])).track(1)
    flipped.moves((1 - start[0], 0.1), (1 - end[0], 0.9), over_s=over_s)
    mirrored = flipped.facts()
    assert [type(fact) for fact in there] == [type(fact) for fact in mirrored]
    for one, other in zip(there, mirrored, strict=True):
        assert abs((one.at - other.at).total_seconds()) < 1e-4
