"""One act for each rule: a scene in which only that rule is on, a short story, and what must be found.

The properties every rule has (test_properties.py) are tested on these. A new rule is one entry here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contracts.scene import RuleId
from tests.unit.edge.road_story import Story

Told = tuple[RuleId, int | None, str]

ROAD = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
YARD = [[0.3, 0.3], [0.7, 0.35], [0.7, 0.7], [0.3, 0.7]]
WALKER = (20.0, 60.0)


@dataclass(frozen=True)
class Act:
    """What happens, and what must be found.

    Attributes:
        places: the scene's parts beside `rules`.
        parameters: of the rule.
        story: who does what.
        findings: rule, track and place of each, in order.
        shift_step_s: findings move with the time by whole multiples of this (hours of the day, bins).
    """

    places: dict[str, Any]
    story: Callable[[Story], Story]
    findings: tuple[Told, ...]
    parameters: dict[str, Any] = field(default_factory=dict)
    shift_step_s: float = 0.001

    def document(self, rule: RuleId) -> dict[str, Any]:
        """The scene file."""
        return {"version": 1, "scene_version": 3, **self.places, "rules": {rule: self.parameters}}


def zone(kind: str, polygon: list[list[float]], **more: Any) -> dict[str, Any]:
    """Scene with one zone `z`."""
    return {"zones": [{"id": "z", "kind": kind, "polygon": polygon, **more}]}


def _line_count(story: Story) -> Story:
    story.track(1).moves((0.41, 0.1), (0.43, 0.9), over_s=5)
    return story.track(2, "motorcycle", box=(20, 40)).moves((0.62, 0.91), (0.57, 0.12), over_s=4)


def _wrong_way(story: Story) -> Story:
    story.track(1).moves((0.37, 0.85), (0.39, 0.15), over_s=6)
    return story.track(2).moves((0.61, 0.15), (0.63, 0.85), over_s=6)


def _stopped_vehicle(story: Story) -> Story:
    story.track(1).moves((0.12, 0.41), (0.47, 0.43), over_s=3).stands((0.47, 0.43), for_s=8)
    return story.track(2).moves((0.12, 0.71), (0.87, 0.73), over_s=6)


def _pedestrian(story: Story) -> Story:
    story.track(1, "person", box=WALKER).moves((0.02, 0.47), (0.38, 0.53), over_s=6)
    return story.track(2, "motorcycle", box=(20, 40), riders=1).moves((0.2, 0.15), (0.23, 0.95), over_s=6)


def _intrusion(story: Story) -> Story:
    story.track(1, "person", box=WALKER).moves((0.11, 0.51), (0.52, 0.53), over_s=4).stands((0.52, 0.53), for_s=3)
    return story.track(2, "person", box=WALKER).moves((0.02, 0.81), (0.93, 0.83), over_s=7)


ACTS: dict[RuleId, Act] = {
    "line_count": Act(
        {"lines": [{"id": "l", "start": [0.2, 0.5], "end": [0.8, 0.52], "forward": "in", "backward": "out"}]},
        _line_count,
        (("line_count", 2, "l"), ("line_count", 1, "l")),
    ),
    "wrong_way": Act(
        zone("carriageway", ROAD, direction={"start": [0.5, 0.2], "end": [0.52, 0.8]}),
        _wrong_way,
        (("wrong_way", 1, "z"),),
    ),
    "stopped_vehicle": Act(zone("carriageway", ROAD), _stopped_vehicle, (("stopped_vehicle", 1, "z"),), {"min_s": 4}),
    "pedestrian_on_carriageway": Act(zone("carriageway", ROAD), _pedestrian, (("pedestrian_on_carriageway", 1, "z"),)),
    "intrusion": Act(zone("restricted", YARD), _intrusion, (("intrusion", 1, "z"),)),
}
