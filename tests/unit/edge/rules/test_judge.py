"""All rules together: switched on by the scene, in a fixed order, and never confused by time."""

import re
from pathlib import Path

import pytest

from contracts.scene import RULE_IDS, Rules
from edge.rules import judge
from edge.rules.road import TrackRoad
from tests.unit.edge.road_story import SIZE, Story, scene, told

WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]
SPEAK = ("line_count", "wrong_way", "stopped_vehicle", "pedestrian_on_carriageway", "intrusion")
EVERYTHING = scene(
    lines=[{"id": "l", "start": [0, 0.5], "end": [1, 0.5]}],
    zones=[
        {"id": "road", "kind": "carriageway", "polygon": WHOLE, "direction": {"start": [0, 0], "end": [0, 1]}},
        {"id": "yard", "kind": "restricted", "polygon": WHOLE},
    ],
    rules={rule: {} for rule in SPEAK},
)
ROOT = Path(__file__).resolve().parents[4]


def busy() -> Story:
    story = Story(EVERYTHING)
    story.track(3).moves((0.5, 0.9), (0.5, 0.1), over_s=5)
    story.track(1, "person", box=(20, 60)).moves((0.2, 0.3), (0.3, 0.3), over_s=40)
    return story.track(2).stands((0.8, 0.3), for_s=40)


def test_each_rule_that_is_on_speaks() -> None:
    """In one scene. That each rule of the registry speaks at all: test_properties.py."""
    assert {rule for rule, *_ in told(busy().findings())} == set(SPEAK)


def test_findings_of_one_frame_leave_in_the_order_of_the_rule_ids() -> None:
    assert list(judge.REGISTRY) == [rule for rule in RULE_IDS if rule in judge.REGISTRY]


def test_only_named_rules_speak() -> None:
    only = EVERYTHING.model_copy(update={"rules": Rules.model_validate({"line_count": {}})})
    story = busy()
    story.scene = only
    assert {rule for rule, *_ in told(story.findings())} == {"line_count"}


def test_equal_tracks_give_equal_findings_in_equal_order() -> None:
    """In whatever order the tracker lists them."""
    one, other = TrackRoad(EVERYTHING, node="n", camera="c"), TrackRoad(EVERYTHING, node="n", camera="c")
    for at, tracks in busy().frames():
        assert one.update(tracks, at, SIZE) == other.update(tracks[::-1], at, SIZE)


def test_time_that_goes_back_forgets_the_future() -> None:
    """A camera's clock was set back an hour: what was told before must not silence what happens now."""
    road = TrackRoad(EVERYTHING, node="n", camera="c")
    frames = list(busy().frames())
    first = [finding for at, tracks in frames for finding in road.update(tracks, at, SIZE)]
    again = [finding for at, tracks in frames for finding in road.update(tracks, at, SIZE)]
    assert told(again) == told(first)


@pytest.mark.parametrize("rule", list(judge.REGISTRY))
def test_rule_id_file_and_page_agree(rule: str) -> None:
    """One name from the scene file to the page an officer reads."""
    source = (ROOT / "edge" / "rules" / f"{rule}.py").read_text(encoding="utf-8")
    assert f'ID: Final = "{rule}"' in source
    version = re.search(r"^VERSION = (\d+)$", source, re.MULTILINE)
    assert version is not None
    for part in ("Reads:", "Emits:", "Unknown:"):
        assert part in source.split('"""')[1]
    page = (ROOT / "docs" / "rules" / f"{rule}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule}\n")
    assert f"Version {version[1]}" in page
    assert "## Tiếng Việt" in page
    assert "## English" in page
