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
