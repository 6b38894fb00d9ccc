"""Who is too small to be seen, told before a camera is on air; and a region that helps."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.scene import SceneConfig
from edge.scene.sight import INPUT, proposals, told, too_small
from tests.unit.edge.road_story import scene
from tests.unit.edge.scene.camera_story import SIZES, Pinhole

SIZE = (1280, 720)
CORNERS = [(-6.0, 15.0), (6.0, 15.0), (8.0, 60.0), (-8.0, 60.0), (0.0, 30.0)]


def across(camera: Pinhole, y: float, name: str = "stop") -> dict[str, Any]:
    """A line across the road, `y` metres before the camera."""
    ends = [camera.pixel(x, y) for x in (-3.5, 3.5)]
    start, end = ([u / SIZE[0], v / SIZE[1]] for u, v in (end for end in ends if end is not None))
    return {"id": name, "start": start, "end": end}


def seen_by(camera: Pinhole, *lines: dict[str, Any], **parts: Any) -> SceneConfig:
    calibration = camera.calibration(CORNERS).model_dump(exclude_none=True)
    return scene(calibration=calibration, lines=lines, **parts)


@pytest.mark.parametrize("y", [30.0, 50.0, 70.0])
def test_the_size_is_that_of_a_motorcycle_before_a_pinhole_camera(y: float) -> None:
    """Beside a block of its size, projected corner by corner; the formula leaves its length out, so it is less."""
    camera = Pinhole()
    (found,) = too_small(seen_by(camera, across(camera, y)), SIZE) or pytest.fail("nothing was found")
    box = camera.box((0.0, y, math.pi / 2), SIZES["motorcycle"])
    assert box is not None
    shown = math.sqrt((box[2] - box[0]) * (box[3] - box[1])) * min(INPUT[0] / SIZE[0], INPUT[1] / SIZE[1])
    assert 0.75 * shown <= found.px <= 1.02 * shown
    assert found.label == "motorcycle"


def test_what_is_near_is_no_matter() -> None:
    camera = Pinhole()
    assert told(seen_by(camera, across(camera, 15)), SIZE) == []


@settings(deadline=None, max_examples=30)
@given(st.floats(28, 75), st.floats(0.6, 1.2))
def test_a_proposed_region_helps(y: float, focal: float) -> None:
    """Put into the scene as it was told, it is a good region, and the place is no longer told of."""
    camera = Pinhole(focal=focal)
    line = across(camera, y)
    if not all(0 <= share <= 1 for point in (line["start"], line["end"]) for share in point):
        return
    given_scene = seen_by(camera, line)
    found = too_small(given_scene, SIZE)
    regions = [yaml.safe_load(one.line())[0] for one in proposals(found)]
    helped = too_small(seen_by(camera, line, detection_regions=regions), SIZE)
    for one in found:
        if one.shown >= one.scale:
            assert helped == []
    assert all(one.px < 32 for one in found)


def test_without_a_calibration_lanes_tell_the_size() -> None:
    """70 px wide of 1280 and 3.5 m: 20 px a metre, 10 in the network's input; a motorcycle of 1.06 m is 10.6 px."""
    half = 35 / 1280
    lane = {
        "id": "kerb",
        "polygon": [[0.5 - half, 0.2], [0.5 + half, 0.2], [0.5 + half, 0.9], [0.5 - half, 0.9]],
        "direction": {"start": [0.5, 0.25], "end": [0.5, 0.85]},
    }
    (found,) = too_small(scene(lanes=[lane]), SIZE)
    assert found.px == pytest.approx(10.6, abs=0.1)
    assert found.scale == pytest.approx(32 / 10.6, abs=0.02)
    sideways = {**lane, "direction": {"start": [0.49, 0.5], "end": [0.51, 0.5]}}
    assert too_small(scene(lanes=[sideways]), SIZE) == []


def test_nothing_is_said_where_no_size_is_known() -> None:
    assert told(scene(lines=[{"id": "l", "start": [0.1, 0.1], "end": [0.9, 0.1]}]), SIZE) == []


def test_people_on_a_far_crossing_are_told_of() -> None:
    camera = Pinhole()
    corners = [camera.pixel(x, y) for x, y in ((-4, 60), (4, 60), (4, 64), (-4, 64))]
    polygon = [[u / SIZE[0], v / SIZE[1]] for u, v in (corner for corner in corners if corner is not None)]
    words = told(seen_by(camera, zones=[{"id": "zebra", "kind": "crossing", "polygon": polygon}]), SIZE)
    assert words[0].startswith("zebra: a person is about ")
    assert words[1].startswith("add under detection_regions: - {id: zebra-larger, polygon: [[")


def test_a_region_that_does_not_look_for_the_class_does_not_help() -> None:
    camera = Pinhole()
    line = across(camera, 50)
    one = proposals(too_small(seen_by(camera, line), SIZE))[0]
    region = {**yaml.safe_load(one.line())[0], "classes": ["person"]}
    assert too_small(seen_by(camera, line, detection_regions=[region]), SIZE) != []


def test_places_near_each_other_are_helped_by_one_region() -> None:
    camera = Pinhole()
    lines = [across(camera, y, f"l{y}") for y in (48, 50, 52)]
    found = too_small(seen_by(camera, *lines), SIZE)
    assert len(found) == 3
    assert len(proposals(found)) == 1


def test_what_no_region_can_show_larger_is_told_without_one() -> None:
    """As large as fits is not large enough: to say it again would not help, nor would a second region of that id."""
    lane = {
        "id": "long",
        "polygon": [[0.48, 0], [0.52, 0], [0.52, 1], [0.48, 1]],
        "direction": {"start": [0.5, 0.02], "end": [0.5, 0.98]},
    }
    region = {"id": "long-larger", "polygon": [[0.3, 0.02], [0.7, 0.02], [0.7, 0.96], [0.3, 0.96]], "scale": 1.06}
    for regions in ([], [region]):
        (words,) = told(scene(lanes=[lane], detection_regions=regions), SIZE)
        assert words.endswith("and no region shows it larger: take a camera nearer by, or a larger input")


def test_a_region_that_shows_nothing_larger_is_told_of() -> None:
    whole = {"id": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
    (words,) = told(scene(detection_regions=[whole]), SIZE)
    assert words.startswith("detection region all shows nothing larger than the whole picture does")
