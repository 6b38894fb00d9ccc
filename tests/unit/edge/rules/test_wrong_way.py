"""Wrong way: a violation somebody will sign, so nothing short of a clear way against the arrow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

POLYGON = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]


def one_way(start: tuple[float, float] = (0.5, 0.2), end: tuple[float, float] = (0.5, 0.8)) -> SceneConfig:
    zone = {"id": "z", "kind": "carriageway", "polygon": POLYGON, "direction": {"start": start, "end": end}}
    return scene(zones=[zone], rules={"wrong_way": {}})


def test_against_the_arrow_is_one_violation() -> None:
    (found,) = Story(one_way()).track(1).moves((0.5, 0.85), (0.5, 0.15), over_s=6).findings()
    assert told([found]) == [("wrong_way", 1, "z")]
    assert found.kind == "violation"
    assert found.facts["image_angle_deg"] > 179
    assert found.facts["travel_box_sizes"] >= 1
    assert found.facts["against_s"] >= 1
    assert (found.judged_at - START).total_seconds() < 2.5


@pytest.mark.parametrize(
    "end", [(0.5, 0.85), (0.85, 0.5), (0.15, 0.5), (0.5, 0.42)], ids=["with it", "across", "other way", "barely back"]
)
def test_other_ways_are_none(end: tuple[float, float]) -> None:
    assert Story(one_way()).track(1).moves((0.5, 0.45), end, over_s=5).findings() == []


def test_a_short_reversing_is_none() -> None:
    """Half a length back to let somebody out is not wrong-way driving."""
    story = Story(one_way()).track(1).moves((0.5, 0.2), (0.5, 0.6), over_s=4).then((0.5, 0.55), over_s=2)
    assert story.then((0.5, 0.85), over_s=4).findings() == []


def test_an_id_swapped_with_oncoming_traffic_is_none() -> None:
    story = Story(one_way())
    story.track(1).moves((0.5, 0.2), (0.5, 0.6), over_s=3).moves((0.4, 0.2), (0.4, 0.6), over_s=3)
    assert story.findings() == []


def test_people_on_foot_may_walk_both_ways() -> None:
    assert Story(one_way()).track(1, "person", box=(20, 60)).moves((0.5, 0.85), (0.5, 0.15), over_s=9).findings() == []


def test_out_of_the_zone_is_none() -> None:
    assert Story(one_way()).track(1).moves((0.95, 0.85), (0.95, 0.15), over_s=5).findings() == []


def test_a_standing_car_that_trembles_is_none() -> None:
    for seed in range(5):
        assert Story(one_way(), seed=seed).track(1).stands((0.5, 0.5), for_s=120).trembles(4).findings() == []


@settings(max_examples=25)
@given(
    x=st.floats(0.2, 0.8), over_s=st.floats(2, 8), fps=st.sampled_from([5.0, 10.0, 25.0]), against=st.booleans()
)  # fmt: skip
def test_picture_and_arrow_upside_down_give_the_same(x: float, over_s: float, fps: float, against: bool) -> None:
    start, end = ((x, 0.85), (x, 0.15)) if against else ((x, 0.15), (x, 0.85))
    upright = Story(one_way(), fps=fps).track(1).moves(start, end, over_s=over_s).findings()
    turned = Story(one_way((0.5, 0.8), (0.5, 0.2)), fps=fps).track(1)
    turned.moves((x, 1 - start[1]), (x, 1 - end[1]), over_s=over_s)
    mirrored = turned.findings()
    assert len(upright) == len(mirrored) == (1 if against else 0)
    if against:
        assert abs((upright[0].judged_at - mirrored[0].judged_at).total_seconds()) <= 1 / fps + 1e-6


def lane(lane_id: str, left: float, right: float, *, up: bool) -> dict[str, object]:
    ends = ((left + right) / 2, 0.9), ((left + right) / 2, 0.1)
    arrow = ends if up else ends[::-1]
    corners = [[left, 0.1], [right, 0.1], [right, 0.9], [left, 0.9]]
    return {"id": lane_id, "polygon": corners, "direction": {"start": arrow[0], "end": arrow[1]}}


def street(**rule: object) -> SceneConfig:
    lanes = [
        lane("kerb", 0.6, 0.75, up=True),
        lane("middle", 0.45, 0.6, up=True),
        lane("oncoming", 0.3, 0.45, up=False),
    ]
    return scene(lanes=lanes, rules={"wrong_way": rule})


def test_lanes_have_directions_too() -> None:
    assert told(Story(street()).track(1).moves((0.68, 0.05), (0.68, 0.95), over_s=6).findings()) == [
        ("wrong_way", 1, "kerb")
    ]
    assert Story(street()).track(1).moves((0.37, 0.05), (0.37, 0.95), over_s=6).findings() == []


def test_over_two_lanes_and_the_zone_under_them_is_one_act() -> None:
    zone = {"id": "z", "kind": "carriageway", "polygon": POLYGON, "direction": {"start": (0.5, 0.9), "end": (0.5, 0.1)}}
    lanes = [lane("kerb", 0.6, 0.75, up=True), lane("middle", 0.45, 0.6, up=True)]
    story = Story(scene(lanes=lanes, zones=[zone], rules={"wrong_way": {}})).track(1)
    story.moves((0.68, 0.02), (0.67, 0.4), over_s=3).then((0.52, 0.6), over_s=1).then((0.52, 0.95), over_s=3)
    assert len(story.findings()) == 1


def test_a_u_turn_into_the_oncoming_lane_is_none() -> None:
    story = Story(street()).track(1).moves((0.53, 0.95), (0.53, 0.5), over_s=2).then((0.51, 0.42), over_s=0.5)
    story.then((0.45, 0.38), over_s=0.7).then((0.38, 0.42), over_s=0.7).then((0.37, 0.95), over_s=3)
    assert story.findings() == []


@pytest.mark.parametrize("pause_s", [1, 12])
def test_backing_into_a_place_to_park_is_none(pause_s: float) -> None:
    """Seen from the side a car's length is 1.7 box sizes: one length back, after driving past the place."""
    story = Story(street()).track(1, box=(90, 32)).moves((0.68, 0.95), (0.68, 0.3), over_s=4)
    story.then((0.68, 0.3), over_s=pause_s).then((0.69, 0.48), over_s=4).then((0.7, 0.48), over_s=10)
    assert story.findings() == []


def test_backing_up_the_whole_street_is_one() -> None:
    story = Story(street()).track(1).moves((0.68, 0.95), (0.68, 0.2), over_s=4).then((0.68, 0.2), over_s=4)
    assert told(story.then((0.68, 0.88), over_s=6).findings()) == [("wrong_way", 1, "kerb")]


def test_again_after_a_while_is_another_act() -> None:
    story = Story(street()).track(1).moves((0.68, 0.02), (0.68, 0.85), over_s=5).then((0.68, 0.15), over_s=15)
    assert len(story.then((0.68, 0.85), over_s=5).findings()) == 2


@pytest.mark.parametrize("fps", [6.0, 25.0])
def test_noise_in_lanes_changes_nothing(fps: float) -> None:
    for seed in range(6):
        story = Story(street(), fps=fps, seed=seed).noisy().track(1, "motorcycle", box=(26, 46))
        story.moves((0.68, 0.02), (0.68, 0.95), over_s=5).track(2).moves((0.68, 0.95), (0.68, 0.02), over_s=5)
        assert told(story.findings()) == [("wrong_way", 1, "kerb")]
