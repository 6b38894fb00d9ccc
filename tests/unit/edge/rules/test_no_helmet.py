"""No helmet: only what a model said of the heads, often enough; unknown is never bare."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.scene import SceneConfig
from edge.track.track import HelmetSeen
from tests.unit.edge.road_story import Story, scene, told


def street(**rule: Any) -> SceneConfig:
    return scene(rules={"no_helmet": rule})


def rides(*helmets: HelmetSeen, cls: str = "motorcycle", over_s: float = 4, from_s: float = 0) -> Story:
    story = Story(street()).track(1, cls, box=(24, 50), riders=len(helmets)).wears(*helmets, from_s=from_s)
    return story.moves((0.5, 0.1), (0.5, 0.9), over_s=over_s)


@pytest.mark.parametrize(
    ("helmets", "count"),
    [
        (("none",), 1),
        (("helmet",), 0),
        (("helmet", "none"), 1),
        (("none", "none"), 1),
        (("unknown",), 0),
        (("unknown", "helmet"), 0),
        (("unknown", "none"), 1),
        ((), 0),
    ],
)
def test_a_bare_head_is_a_violation_and_an_unknown_one_is_not(helmets: tuple[HelmetSeen, ...], count: int) -> None:
    found = rides(*helmets).findings()
    assert told(found) == [("no_helmet", 1, "picture")] * count
    for finding in found:
        assert finding.kind == "violation"
        assert finding.facts["bare_heads"] == helmets.count("none")
        assert finding.facts["riders"] == len(helmets)


def test_a_few_frames_are_not_enough() -> None:
    assert rides("none", from_s=3.75).findings() == []


def test_a_helmet_that_is_missed_now_and_then_is_none() -> None:
    """The model errs in every second frame."""
    story = Story(street())
    for number in range(20):
        seen: HelmetSeen = "none" if number % 2 else "helmet"
        story.track(1, "motorcycle", riders=1).wears(seen).begins(number * 0.2).stands((0.5, 0.5), for_s=0.1)
    assert story.findings() == []


def test_a_cyclist_needs_none() -> None:
    assert rides("none", cls="bicycle").findings() == []


@pytest.mark.parametrize("rule", [{"min_sightings": 0}, {"min_share": 0.5}, {"model": "x"}])
def test_nonsense_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=f"no_helmet.{next(iter(rule))}"):
        street(**rule)
