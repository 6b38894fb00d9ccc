"""A queue is traffic; a vehicle that stands for itself is not. Told through the two rules that ask."""

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

ROAD = {"id": "road", "kind": "carriageway", "polygon": [[0, 0.2], [1, 0.2], [1, 0.8], [0, 0.8]]}
EAST = {"start": [0.1, 0.5], "end": [0.9, 0.5]}
STOP_LINE = {"id": "stop", "start": [0.62, 0.9], "end": [0.62, 0.1]}
"""Forward is to the right of start→end: whoever drives to the right of the picture drives into the junction."""


def road(*, heads: bool = False, line: bool = False, **rule: object) -> SceneConfig:
    parts: dict[str, object] = {
        "zones": [ROAD | {"direction": EAST}],
        "rules": {"stopped_vehicle": {"min_s": 8, **rule}},
    }
    if heads:
        parts["signal_heads"] = [{"id": "head", "feed": "1"}]
    if line or heads:
        parts["stop_lines"] = [STOP_LINE | ({"signals": ["head"]} if heads else {})]
    return scene(**parts)


def waits(story: Story, count: int, *, first: float = 0.6, for_s: float, leave: bool = True, y: float = 0.5) -> Story:
    """Cars come from the left, stand bumper to bumper, and leave one after the other."""
    begin = max((actor.id for actor in story.actors), default=0)
    for number in range(count):
        x = first - number * 0.07
        story.track(begin + number + 1).moves((0.02, y), (x, y), over_s=3).stands((x, y), for_s=for_s + number * 1.5)
        if leave:
            story.then((0.98, y), over_s=3)
    return story


def test_a_queue_at_a_signal_out_of_the_picture_is_traffic() -> None:
    """Half a minute, then all go: nobody broke down."""
    assert waits(Story(road()), 4, for_s=30).findings() == []


@pytest.mark.parametrize("state", ["red", "yellow", "red_yellow", "unknown", "off", "flashing_yellow"])
def test_a_lone_vehicle_at_a_stop_line_that_is_not_green_waits(state: str) -> None:
    story = waits(Story(road(heads=True)), 1, for_s=90)
    assert story.signal("head", 0, state).findings() == []  # type: ignore[arg-type]


def test_over_the_line_through_the_whole_red_is_waiting() -> None:
    story = Story(road(heads=True)).signal("head", 0, "red")
    story.track(1, "motorcycle", box=(20, 40)).moves((0.1, 0.5), (0.65, 0.5), over_s=4).stands((0.65, 0.5), for_s=60)
    assert story.findings() == []


def test_who_stays_when_the_signal_turns_green_is_found() -> None:
    story = (
        waits(Story(road(heads=True)), 1, for_s=60, leave=False).signal("head", 0, "red").signal("head", 30, "green")
    )
    (found,) = story.findings()
    assert 30 <= (found.started_at - START).total_seconds() <= 31.1
    assert found.facts["free_s"] == pytest.approx(8, abs=1.1)
    assert found.facts["dwell_s"] > 30


def test_the_head_that_does_not_leave_with_its_queue_behind_it_is_found_when_others_go_by() -> None:
    """Broken down in the left lane; the one behind is stuck, the right lane flows."""
    story = waits(Story(road(queue_s=600)), 3, for_s=40, leave=False)
    for number in range(5):
        story.track(20 + number).begins(6 + number * 4).moves((0.02, 0.65), (0.98, 0.65), over_s=4)
    assert told(story.findings()) == [("stopped_vehicle", 1, "road")]


def test_the_head_of_a_queue_nobody_passes_is_found_after_queue_s() -> None:
    story = waits(Story(road(queue_s=30)), 3, for_s=60, leave=False)
    (found,) = story.findings()
    assert found.track_id == 1
    assert found.facts["around"] == "group"
    assert found.facts["free_s"] == pytest.approx(30, abs=1.1)


def test_three_lanes_at_a_signal_out_of_sight_wait_side_by_side() -> None:
    story = Story(road())
    for lane in range(3):
        waits(story, 1, for_s=25 + lane * 1.5, y=0.4 + lane * 0.12)
    assert story.findings() == []


def test_a_stop_line_without_heads_gives_time_but_no_leave() -> None:
    story = waits(Story(road(line=True, queue_s=20)), 1, for_s=40, leave=False)
    (found,) = story.findings()
    assert found.facts["free_s"] == pytest.approx(20, abs=1.1)


def test_a_queue_that_leaves_while_one_behind_stays_starts_his_time_then() -> None:
    """He stood in traffic for half a minute; what he does after it left is his own."""
    story = waits(Story(road()), 2, for_s=30)
    story.actors[1].legs = [*story.actors[1].legs[:1], ((0.53, 0.5), (0.53, 0.5), 60.0)]
    (found,) = story.findings()
    assert found.track_id == 2
    assert (found.judged_at - found.started_at).total_seconds() == pytest.approx(8, abs=0.5)
    assert found.facts["dwell_s"] > 35


def test_the_driver_who_got_out_is_no_queue() -> None:
    story = Story(road()).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=3).stands((0.5, 0.5), for_s=30)
    story.track(2, "person", box=(20, 60)).begins(5).stands((0.55, 0.5), for_s=28)
    assert told(story.findings()) == [("stopped_vehicle", 1, "road")]


def test_oncoming_traffic_that_stands_is_no_queue_ahead() -> None:
    """Two face each other: one of the groups in which each may be the head of its queue."""
    story = Story(scene(zones=[ROAD], rules={"stopped_vehicle": {"min_s": 8, "queue_s": 20}}))
    story.track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=3).stands((0.5, 0.5), for_s=30)
    story.track(2).moves((0.95, 0.5), (0.58, 0.5), over_s=3).stands((0.58, 0.5), for_s=30)
    assert {finding.track_id for finding in story.findings()} == {1, 2}
    assert all(finding.facts["free_s"] >= 20 for finding in story.findings())


def test_forty_motorcycles_that_wait_are_none() -> None:
    """The normal case: a dense pack over the whole width, the first row beyond the line, for a minute and a half."""
    story = Story(road(heads=True), fps=6).signal("head", 0, "red")
    for number in range(40):
        x, y = 0.66 - number // 8 * 0.035, 0.3 + number % 8 * 0.06
        story.track(number + 1, "motorcycle", box=(18, 36), riders=1)
        story.moves((x - 0.4, y), (x, y), over_s=4).stands((x, y), for_s=86)
    assert story.noisy().findings() == []


@pytest.mark.parametrize("seed", range(4))
def test_noise_makes_no_difference(seed: int) -> None:
    """Boxes tremble and are missed, classes flicker: the queue stays traffic, the lone one is found once."""
    assert waits(Story(road(), seed=seed), 4, for_s=30).noisy().findings() == []
    alone = Story(road(), seed=seed).track(1).moves((0.1, 0.5), (0.5, 0.5), over_s=3).stands((0.5, 0.5), for_s=40)
    for number in range(4):
        alone.track(10 + number).begins(number * 9).moves((0.02, 0.65), (0.98, 0.65), over_s=4)
    assert told(alone.noisy().findings()) == [("stopped_vehicle", 1, "road")]


def test_who_waits_behind_the_side_of_a_lorry_waits_in_its_queue() -> None:
    """The lorry broke down and others go round it; the motorcycle behind its side, many own sizes aside, is held up."""
    story = Story(road()).track(1, "truck", box=(160, 120)).moves((0.1, 0.5), (0.6, 0.5), over_s=3)
    story.stands((0.6, 0.5), for_s=40)
    story.track(2, "motorcycle", box=(20, 40)).begins(4).moves((0.05, 0.57), (0.48, 0.57), over_s=3)
    story.stands((0.48, 0.57), for_s=33)
    for number in range(5):
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(9 + number * 4)
        story.moves((0.02, 0.7), (0.98, 0.7), over_s=4)
    assert told(story.findings()) == [("stopped_vehicle", 1, "road")]


def test_a_bus_close_to_the_camera_is_no_neighbour_of_who_stands_far_off() -> None:
    """Three of the bus's sizes lie between them, twenty-seven of the motorcycle's: it stands alone."""
    story = Story(road()).track(1, "bus", box=(200, 150)).stands((0.12, 0.78), for_s=60)
    story.track(2, "motorcycle", box=(14, 28)).begins(5).moves((0.3, 0.3), (0.6, 0.3), over_s=3)
    story.stands((0.6, 0.3), for_s=30)
    assert ("stopped_vehicle", 2, "road") in told(story.findings())


STREET = {
    "points": [
        {"image": image, "metres": metres}
        for image, metres in (
            ([0.2, 0.9], [0, 0]),
            ([0.8, 0.9], [10, 0]),
            ([0.6125, 0.45], [10, 20]),
            ([0.3875, 0.45], [0, 20]),
        )
    ]
}
"""Seen along its length, 12 m from the camera on; beyond 20 m no speed is spoken of."""


def test_who_drives_on_far_down_the_street_holds_nobody_up() -> None:
    """18 km/h, forty metres off: hardly a third of its size a second in the picture, but no jam."""
    north = {"start": [0.5, 0.9], "end": [0.5, 0.3]}
    street = ROAD | {"direction": north, "polygon": [[0, 0.25], [1, 0.25], [1, 0.95], [0, 0.95]]}
    story = Story(scene(zones=[street], rules={"stopped_vehicle": {"min_s": 8}}, calibration=STREET))
    story.track(1, box=(48, 40)).moves((0.5, 0.8), (0.5, 0.5), over_s=3).stands((0.5, 0.5), for_s=16)
    for number in range(6):
        story.track(10 + number, box=(30, 20)).begins(number * 3)
        story.moves((0.5, 0.427), (0.5, 0.353), over_s=3).then((0.5, 0.313), over_s=3)
    (found,) = story.findings()
    assert found.track_id == 1
    assert (found.started_at - START).total_seconds() == pytest.approx(3, abs=0.7)


def test_who_was_near_when_it_came_level_has_gone_by_wherever_it_drives_then() -> None:
    """Towards the camera lanes run apart: a second later it is six box sizes aside."""
    story = waits(Story(road(queue_s=600)), 2, for_s=40, leave=False)
    for number in range(4):
        story.track(20 + number).begins(8 + number * 6).moves((0.2, 0.55), (0.6, 0.65), over_s=2)
        story.then((0.61, 0.93), over_s=0.3).then((0.75, 0.99), over_s=1.5)
    assert told(story.findings()) == [("stopped_vehicle", 1, "road")]


def test_who_filters_past_and_stands_further_ahead_has_not_gone_by() -> None:
    """Two motorcycles come forward through the jam; its head is not in sight."""
    story = waits(Story(road(queue_s=600)), 2, for_s=40, leave=False)
    for number in range(2):
        x = 0.72 + 0.05 * number
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(6 + number * 8).moves(
            (0.2, 0.62), (x, 0.62), over_s=3
        )
        story.stands((x, 0.62), for_s=30)
    assert 1 not in {finding.track_id for finding in story.findings()}


MAP = {
    "points": [
        {"image": [x, y], "metres": [40 * x, 20 * (1 - y)]} for x, y in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    ]
}


@pytest.mark.parametrize(("aside", "told_of"), [(0.07, [1]), (0.11, [1, 2])])
def test_less_than_half_a_lane_aside_on_the_ground_is_ahead(aside: float, told_of: list[int]) -> None:
    """A motorcycle's box is small: 1.4 m aside is more than one of it, and the same lane; 2.2 m is another."""
    story = Story(scene(zones=[ROAD | {"direction": EAST}], rules={"stopped_vehicle": {"min_s": 8}}, calibration=MAP))
    for number, (x, y) in enumerate(((0.6, 0.5), (0.51, 0.5 + aside)), start=1):
        story.track(number, "motorcycle", box=(20, 40)).begins(number).moves((0.05, y), (x, y), over_s=3)
        story.stands((x, y), for_s=35)
    for number in range(5):
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(9 + number * 4)
        story.moves((0.02, 0.4), (0.98, 0.4), over_s=4)
    assert sorted(finding.track_id or 0 for finding in story.findings()) == told_of


LEANING = {
    "points": [
        {"image": [x, y], "metres": [40 * x, 20 * (1 - y) - 20 * x]}
        for x, y in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    ]
}


def test_who_is_ahead_is_told_on_the_ground() -> None:
    """The camera looks across the road: 0.6 m ahead and 1.7 m to the side is behind, as the picture shows it."""
    whole = {"id": "road", "kind": "carriageway", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
    story = Story(scene(zones=[whole], rules={"stopped_vehicle": {"min_s": 8}}, calibration=LEANING))
    for number, (x, y) in enumerate(((0.515, 0.57), (0.5, 0.5)), start=1):
        story.track(number, "motorcycle", box=(20, 40)).begins(number).moves((x - 0.3, y + 0.3), (x, y), over_s=3)
        story.stands((x, y), for_s=35)
    for number in range(5):
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(9 + number * 4)
        story.moves((0.1, 0.8), (0.88, 0.02), over_s=4)
    assert [finding.track_id for finding in story.findings()] == [1]


def test_a_lorry_close_ahead_is_no_second_box() -> None:
    """Far down the street a lorry's lower edge is a few pixels from that of the motorcycle that waits behind it."""
    story = Story(scene(zones=[ROAD | {"direction": EAST}], rules={"stopped_vehicle": {"min_s": 8}}))
    story.track(3, "truck", box=(120, 120)).moves((0.1, 0.49), (0.51, 0.49), over_s=3).stands((0.51, 0.49), for_s=40)
    story.track(1, "motorcycle", box=(20, 40)).begins(2).moves((0.1, 0.5), (0.5, 0.5), over_s=3)
    story.stands((0.5, 0.5), for_s=36)
    for number in range(5):
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(9 + number * 4)
        story.moves((0.02, 0.4), (0.98, 0.4), over_s=4)
    assert [finding.track_id for finding in story.findings()] == [3]


@pytest.mark.parametrize(("street_m", "is_told"), [(80, True), (50, False)])
def test_who_stands_far_down_the_street_is_no_queue(street_m: float, is_told: bool) -> None:
    """The same picture, 36 m and 22 m of road: the lorry is less than four boxes ahead of the car in both."""
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    plan = {"points": [{"image": [x, y], "metres": [street_m * x, 20 * (1 - y)]} for x, y in corners]}
    story = Story(scene(zones=[ROAD | {"direction": EAST}], rules={"stopped_vehicle": {"min_s": 8}}, calibration=plan))
    story.track(2, "truck", box=(240, 240)).moves((0.1, 0.5), (0.8, 0.5), over_s=3).stands((0.8, 0.5), for_s=60)
    story.track(1, "car", box=(150, 110)).begins(4).moves((0.05, 0.5), (0.35, 0.5), over_s=3)
    story.stands((0.35, 0.5), for_s=30)
    assert (1 in {finding.track_id for finding in story.findings()}) == is_told


@pytest.mark.parametrize(("ahead", "told_of"), [("truck", []), ("car", [1])])
def test_a_lorry_holds_up_who_stands_behind_its_side(ahead: str, told_of: list[int]) -> None:
    """2.2 m from the middle of its box: a lane further for a car, behind it for a lorry 2.5 m wide."""
    story = Story(scene(zones=[ROAD | {"direction": EAST}], rules={"stopped_vehicle": {"min_s": 8}}, calibration=MAP))
    story.track(2, ahead, box=(40, 40)).moves((0.1, 0.61), (0.6, 0.61), over_s=3).stands((0.6, 0.61), for_s=60)
    story.track(1, "motorcycle", box=(20, 40)).begins(2).moves((0.05, 0.5), (0.51, 0.5), over_s=3)
    story.stands((0.51, 0.5), for_s=35)
    for number in range(5):
        story.track(20 + number, "motorcycle", box=(20, 40)).begins(9 + number * 4)
        story.moves((0.02, 0.4), (0.98, 0.4), over_s=4)
    assert [finding.track_id for finding in story.findings() if finding.track_id == 1] == told_of
