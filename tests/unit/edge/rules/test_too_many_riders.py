"""Too many riders: counted over sightings, never by one."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import Story, scene, told


def street(**rule: Any) -> SceneConfig:
    return scene(rules={"too_many_riders": rule})


def rides(riders: int, cls: str = "motorcycle", over_s: float = 4, **rule: Any) -> Story:
    story = Story(street(**rule)).track(1, cls, box=(24, 50), riders=riders)
    return story.moves((0.5, 0.1), (0.5, 0.9), over_s=over_s)


@pytest.mark.parametrize(("riders", "count"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1)])
def test_more_than_two_is_a_violation(riders: int, count: int) -> None:
    found = rides(riders).findings()
    assert told(found) == [("too_many_riders", 1, "picture")] * count
    for finding in found:
        assert finding.kind == "violation"
        assert finding.facts["riders"] == riders
        assert finding.facts["allowed_riders"] == 2


def test_the_scene_may_allow_other_numbers() -> None:
    assert rides(3, allowed=3).findings() == []
    assert len(rides(2, "bicycle", allowed=1, classes=["bicycle"]).findings()) == 1


def test_other_vehicles_are_not_judged() -> None:
    assert rides(3, "bicycle").findings() == []


def test_two_machines_one_behind_the_other_for_a_moment_are_none() -> None:
    """For half a second the tracker joins the neighbour's rider too."""
    story = Story(street())
    for number, (riders, begin, for_s) in enumerate(((2, 0, 2), (3, 2.1, 0.5), (2, 2.7, 2))):
        story.track(1, "motorcycle", box=(24, 50), riders=riders).begins(begin)
        story.stands((0.5, 0.2 + 0.2 * number), for_s=for_s)
    assert story.findings() == []


@pytest.mark.parametrize("seed", range(3))
def test_noise(seed: int) -> None:
    story = Story(street(), seed=seed, fps=6).noisy().track(1, "motorcycle", box=(24, 50), riders=3)
    assert len(story.moves((0.5, 0.1), (0.5, 0.9), over_s=6).findings()) == 1


@pytest.mark.parametrize("rule", [{"allowed": 0}, {"min_share": 0.4}, {"min_s": 9}, {"zones": ["z"]}])
def test_nonsense_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=f"too_many_riders.{next(iter(rule))}"):
        street(**rule)
