"""Detection regions: what is cut out, and what is answered to those that cannot be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.scene import DetectionRegion, SceneConfig
from contracts.scene.regions import MOST_SCALE

SQUARE = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]]
REGION: dict[str, Any] = {"id": "stop", "polygon": SQUARE}


def build(*regions: dict[str, Any], **parts: Any) -> SceneConfig:
    return SceneConfig.model_validate({"version": 1, "scene_version": 1, "detection_regions": regions, **parts})


def rectangle(left: float, top: float, right: float, bottom: float, **parts: Any) -> DetectionRegion:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return DetectionRegion.model_validate({"id": "r", "polygon": corners, **parts})


@pytest.mark.parametrize(
    ("regions", "place", "words"),
    [
        ([{**REGION, "scale": 0.5}], "detection_regions.0", "larger than the picture; expected 1 to 8, or leave it"),
        ([{**REGION, "scale": 9}], "detection_regions.0", "scale 9 leaves too few pixels"),
        (
            [{**REGION, "scale": 6}],
            "detection_regions.0",
            "expected a scale of at most 5.00, or two",
        ),
        ([{**REGION, "scale": float("nan")}], "detection_regions.0.scale", "finite"),
        ([{**REGION, "scale": "large"}], "detection_regions.0.scale", "valid number"),
        ([{**REGION, "fps": 1}], "detection_regions.0", "forgotten between two looks; expected 4 or more"),
        ([{**REGION, "fps": 100}], "detection_regions.0.fps", "less than or equal to 60"),
        ([{**REGION, "classes": []}], "detection_regions.0.classes", "at least 1"),
        ([{**REGION, "classes": ["tram"]}], "detection_regions.0.classes.0", "'person', 'bicycle'"),
        ([{**REGION, "zoom": 2}], "detection_regions.0.zoom", "Extra inputs"),
        ([{"id": "stop"}], "detection_regions.0.polygon", "Field required"),
        ([{**REGION, "polygon": [SQUARE[i] for i in (0, 2, 1, 3)]}], "detection_regions.0.polygon", "cross"),
        ([{**REGION, "polygon": [[0.4, 0.4], [1.4, 0.4], [0.5, 0.9]]}], "detection_regions.0.polygon.1.0", "to 1"),
        ([REGION, REGION], "", "detection_regions.1.id: 'stop' stands twice (also detection_regions.0)"),
        ([{**REGION, "id": f"r{number}"} for number in range(9)], "detection_regions", "at most 8"),
    ],
)
def test_mistakes_are_answered_with_place_and_cure(regions: list[dict[str, Any]], place: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        build(*regions)
    found = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in caught.value.errors()]
    assert any(where == place and words in said for where, said in found), found


def test_a_region_may_not_have_the_id_of_a_line() -> None:
    """A finding names places by id alone."""
    line = {"id": "stop", "start": [0.1, 0.5], "end": [0.9, 0.5]}
    with pytest.raises(ValidationError, match=r"detection_regions\.0\.id: 'stop' stands twice \(also lines\.0\)"):
        build(REGION, lines=[line])


def test_without_a_scale_it_is_seen_as_large_as_fits_with_room_around_it() -> None:
    """0.2 wide with a tenth on each side; 0.2 high with a quarter above, for who stands at its upper edge."""
    region = rectangle(0.4, 0.4, 0.6, 0.6)
    assert region.magnification == pytest.approx(1 / 0.27)
    assert region.cut == pytest.approx((0.365, 0.35, 0.635, 0.62))


def test_a_region_that_is_the_whole_picture_cuts_nothing_off() -> None:
    region = rectangle(0, 0, 1, 1)
    assert region.magnification == 1
    assert region.cut == (0, 0, 1, 1)


shares = st.floats(0, 1)


@settings(deadline=None)
@given(shares, shares, shares, shares, st.floats(1, MOST_SCALE) | st.none())
def test_the_cut_holds_the_region_and_lies_in_the_picture(
    x: float, y: float, width: float, height: float, scale: float | None
) -> None:
    left, top = min(x, 0.99), min(y, 0.99)
    right, bottom = left + max(width * (1 - left), 0.005), top + max(height * (1 - top), 0.005)
    try:
        region = rectangle(left, top, min(right, 1.0), min(bottom, 1.0), scale=scale)
    except ValidationError as error:
        assert "expected a scale of at most" in str(error)  # noqa: PT017
        return
    cut = region.cut
    assert cut[0] <= region.bounds[0] + 1e-9
    assert cut[1] <= region.bounds[1] + 1e-9
    assert cut[2] >= region.bounds[2] - 1e-9
    assert cut[3] >= region.bounds[3] - 1e-9
    assert cut[0] >= 0
    assert cut[1] >= 0
    assert cut[2] - cut[0] == pytest.approx(1 / region.magnification)
    assert cut[3] - cut[1] == pytest.approx(1 / region.magnification)
