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
METRES = (100.0, 50.0)  # of the picture, seen from above
GROUND = {
    "points": [
        {"image": [x, y], "metres": [METRES[0] * x, METRES[1] * (1 - y)]}
        for x, y in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    ]
}
EAST = {"start": [0.2, 0.5], "end": [0.8, 0.5]}


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


def _intrusion(story: Story) -> Story:
    story.track(1, "person", box=WALKER).moves((0.11, 0.51), (0.52, 0.53), over_s=4).stands((0.52, 0.53), for_s=3)
    return story.track(2, "person", box=WALKER).moves((0.02, 0.81), (0.93, 0.83), over_s=7)


def _crossing_walked(story: Story) -> Story:
    """One walks over the crossing, one beside it, and one rides something that was not seen."""
    story.track(1, "person", box=WALKER).moves((0.02, 0.23), (0.42, 0.27), over_s=6)
    story.track(2, "person", box=WALKER).moves((0.02, 0.77), (0.41, 0.73), over_s=6)
    return story.track(3, "person", box=WALKER).moves((0.61, 0.15), (0.63, 0.95), over_s=2)


def _loitering(story: Story) -> Story:
    story.track(1, "person", box=WALKER).moves((0.11, 0.51), (0.52, 0.53), over_s=4).stands((0.52, 0.53), for_s=7)
    return story.track(2, "person", box=WALKER).moves((0.02, 0.61), (0.93, 0.63), over_s=9)


def _crowding(story: Story) -> Story:
    for number, (x, y) in enumerate(((0.38, 0.41), (0.47, 0.55), (0.52, 0.47), (0.61, 0.63)), start=1):
        story.track(number, "person", box=WALKER).begins(number * 0.5).stands((x, y), for_s=8)
    return story


def _abandoned_object(story: Story) -> Story:
    """A bag is put down and left; a box stands there before anybody came."""
    story.track(1, "person", box=WALKER).moves((0.11, 0.51), (0.45, 0.53), over_s=3).stands((0.45, 0.53), for_s=3)
    story.then((0.95, 0.57), over_s=4)
    story.track(2, "object", box=(14, 12)).begins(3).stands((0.463, 0.531), for_s=12)
    return story.track(3, "object", box=(20, 16)).stands((0.613, 0.411), for_s=15)


def _too_many_riders(story: Story) -> Story:
    story.track(1, "motorcycle", box=(22, 50), riders=3).moves((0.31, 0.12), (0.33, 0.93), over_s=4)
    return story.track(2, "motorcycle", box=(22, 50), riders=2).moves((0.61, 0.12), (0.63, 0.93), over_s=4)


def _no_helmet(story: Story) -> Story:
    story.track(1, "motorcycle", box=(22, 50), riders=2).wears("helmet", "none")
    story.moves((0.31, 0.12), (0.33, 0.93), over_s=4)
    story.track(2, "motorcycle", box=(22, 50), riders=1).wears("unknown")
    return story.moves((0.61, 0.12), (0.63, 0.93), over_s=4)


def _red_light(story: Story) -> Story:
    story.signal("h", 0, "green").signal("h", 3, "red").signal("h", 30, "green")
    story.track(1).begins(1).moves((0.41, 0.93), (0.43, 0.12), over_s=2)
    return story.track(2).begins(5).moves((0.57, 0.93), (0.59, 0.12), over_s=3)


STOP_LINE: dict[str, Any] = {
    "signal_heads": [{"id": "h", "feed": "h"}],
    "stop_lines": [{"id": "stop", "start": [0.9, 0.51], "end": [0.1, 0.49], "signals": ["h"]}],
}
CROSSING = [[0.05, 0.15], [0.95, 0.15], [0.95, 0.35], [0.05, 0.35]]


def _illegal_stopping(story: Story) -> Story:
    story.track(1).moves((0.12, 0.41), (0.47, 0.43), over_s=3).stands((0.47, 0.43), for_s=11)
    return story.track(2).moves((0.12, 0.71), (0.87, 0.73), over_s=6)


def _congestion(story: Story) -> Story:
    for number in range(1, 4):
        x = 0.7 - number * 0.1
        story.track(number).moves((0.12, 0.5), (x, 0.51), over_s=2).stands((x, 0.51), for_s=9)
    return story


def _brakes(story: Story) -> Story:
    """At 20 m/s, then 8 m/s² for 2.2 s; another one brakes with 2 m/s²."""
    for number, y, deceleration in ((1, 0.35, 8.0), (2, 0.65, 2.0)):
        story.track(number, box=(40, 20)).moves((0.11, y), (0.43, y), over_s=1.6)
        for step in range(22):
            t = step / 10
            mps = 20 - deceleration * (t + 0.05)
            here = story.actors[-1].legs[-1][1]
            story.then((here[0] + mps * 0.1 / METRES[0], y), over_s=0.1)
        here = story.actors[-1].legs[-1][1]
        story.then((here[0] + (20 - deceleration * 2.2) / 2 / METRES[0], y), over_s=0.5)
    return story


def _collision(story: Story) -> Story:
    story.track(1).moves((0.12, 0.51), (0.47, 0.51), over_s=2.2).stands((0.47, 0.51), for_s=9)
    story.track(2).stands((0.52, 0.51), for_s=11)
    return story.track(3).moves((0.12, 0.71), (0.87, 0.73), over_s=6)


def _lane_statistics(story: Story) -> Story:
    story.track(1).begins(52).moves((0.12, 0.41), (0.87, 0.43), over_s=6)
    return story.track(2, "motorcycle", box=(20, 40)).begins(54).moves((0.12, 0.61), (0.87, 0.63), over_s=7)


def _stop_line_overrun(story: Story) -> Story:
    story.signal("h", 0, "green").signal("h", 1, "red")
    story.track(1).begins(2).moves((0.41, 0.93), (0.42, 0.41), over_s=2.03).stands((0.42, 0.41), for_s=4)
    return story.track(2).begins(3).moves((0.61, 0.93), (0.62, 0.531), over_s=2.03).stands((0.62, 0.531), for_s=4)


def _prohibited_turn(story: Story) -> Story:
    story.track(1).moves((0.51, 0.93), (0.52, 0.48), over_s=2.03).then((0.03, 0.47), over_s=2.21)
    return story.track(2).begins(1).moves((0.61, 0.93), (0.62, 0.03), over_s=4.03)


TURNS: dict[str, Any] = {
    "gates": [
        {"id": "south", "start": [0.9, 0.8], "end": [0.1, 0.8]},
        {"id": "west", "start": [0.1, 0.8], "end": [0.1, 0.15]},
    ],
    "movements": [{"id": "left", "from": "south", "to": "west"}],
}


def _wrong_lane(story: Story) -> Story:
    story.track(1).moves((0.61, 0.97), (0.6, 0.04), over_s=5.03)
    return story.track(2, "motorcycle", box=(20, 40)).moves((0.57, 0.97), (0.58, 0.04), over_s=4.03)


def _solid_line(story: Story) -> Story:
    story.track(1).moves((0.43, 0.93), (0.44, 0.62), over_s=1.03).then((0.6, 0.31), over_s=1.51)
    story.then((0.61, 0.07), over_s=2.03)
    return story.track(2).moves((0.57, 0.93), (0.61, 0.07), over_s=4.03)


def _no_entry(story: Story) -> Story:
    story.track(1, "truck").moves((0.51, 0.97), (0.52, 0.05), over_s=4.03)
    return story.track(2).moves((0.41, 0.97), (0.42, 0.05), over_s=4.03)


def _not_yielding(story: Story) -> Story:
    story.track(1).begins(3).moves((0.5, 0.93), (0.51, 0.03), over_s=3.03)
    story.track(2).begins(11).moves((0.5, 0.93), (0.51, 0.03), over_s=3.03)
    return story.track(9, "person", box=WALKER).moves((0.25, 0.53), (0.74, 0.54), over_s=11)


LANE_OF_MOTORCYCLES: dict[str, Any] = {
    "lanes": [
        {
            "id": "m",
            "polygon": [[0.5, 0.1], [0.7, 0.1], [0.72, 0.9], [0.5, 0.9]],
            "direction": {"start": [0.6, 0.9], "end": [0.6, 0.1]},
            "use": [{"classes": ["motorcycle", "bicycle"]}],
        }
    ]
}


def _speeding(story: Story) -> Story:
    """90 km/h and 45 km/h on the ground of 100 m by 50 m."""
    story.track(1).moves((0.12, 0.41), (0.87, 0.41), over_s=3)
    return story.track(2).moves((0.87, 0.61), (0.12, 0.61), over_s=6)


SECTION: dict[str, Any] = {
    "gates": [
        {"id": "a", "start": [0.25, 0.9], "end": [0.25, 0.1]},
        {"id": "b", "start": [0.75, 0.1], "end": [0.75, 0.9]},
    ]
}

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
    "wrong_lane": Act(LANE_OF_MOTORCYCLES, _wrong_lane, (("wrong_lane", 1, "m"),)),
    "solid_line": Act(
        {"solid_lines": [{"id": "s", "points": [[0.5, 0.05], [0.51, 0.5], [0.52, 0.95]]}]},
        _solid_line,
        (("solid_line", 1, "s"),),
    ),
    "no_entry": Act(zone("no_entry", YARD, closed_to=["truck", "bus"]), _no_entry, (("no_entry", 1, "z"),)),
    "not_yielding": Act(
        zone("crossing", [[0.2, 0.45], [0.8, 0.45], [0.8, 0.6], [0.2, 0.6]]),
        _not_yielding,
        (("not_yielding", 1, "z"),),
    ),
    "stop_line_overrun": Act(STOP_LINE, _stop_line_overrun, (("stop_line_overrun", 1, "stop"),)),
    "prohibited_turn": Act(
        TURNS,
        _prohibited_turn,
        (("prohibited_turn", 1, "left"),),
        {"turns": [{"movement": "left", "kind": "left"}]},
    ),
    "red_light": Act(STOP_LINE, _red_light, (("red_light", 2, "stop"),)),
    "no_helmet": Act({}, _no_helmet, (("no_helmet", 1, "picture"),)),
    "too_many_riders": Act({}, _too_many_riders, (("too_many_riders", 1, "picture"),)),
    "stopped_vehicle": Act(zone("carriageway", ROAD), _stopped_vehicle, (("stopped_vehicle", 1, "z"),), {"min_s": 4}),
    "intrusion": Act(zone("restricted", YARD), _intrusion, (("intrusion", 1, "z"),)),
    "pedestrian_on_carriageway": Act(
        {"zones": [*zone("carriageway", ROAD)["zones"], {"id": "x", "kind": "crossing", "polygon": CROSSING}]},
        _crossing_walked,
        (("pedestrian_on_carriageway", 2, "z"),),
    ),
    "loitering": Act(zone("presence", YARD), _loitering, (("loitering", 1, "z"),), {"min_s": 6}),
    "crowding": Act(zone("presence", YARD), _crowding, (("crowding", 2, "z"),), {"min_people": 4, "min_s": 4}),
    "abandoned_object": Act(zone("presence", YARD), _abandoned_object, (("abandoned_object", 2, "z"),), {"min_s": 4}),
    "illegal_stopping": Act(
        zone("no_stopping", ROAD),
        _illegal_stopping,
        (("illegal_stopping", 1, "z"), ("illegal_stopping", 1, "z")),
        {"stop_s": 4, "park_s": 8},
    ),
    "congestion": Act(
        zone("carriageway", ROAD, direction=EAST),
        _congestion,
        (("congestion", 3, "z"),),
        {"min_vehicles": 3, "min_s": 3},
    ),
    "sudden_slowdown": Act(
        zone("carriageway", ROAD) | {"calibration": GROUND}, _brakes, (("sudden_slowdown", 1, "z"),)
    ),
    "collision_suspicion": Act(zone("carriageway", ROAD), _collision, (("collision_suspicion", 1, "z"),)),
    "lane_statistics": Act(
        {"lanes": [{"id": "z", "polygon": ROAD, "direction": EAST}]},
        _lane_statistics,
        (("lane_statistics", None, "z"),),
        {"bins_min": [1]},
        shift_step_s=60,
    ),
    "speeding": Act(
        zone("carriageway", ROAD) | {"calibration": GROUND}, _speeding, (("speeding", 1, "z"),), {"limit_kmh": 50}
    ),
    "section_speed": Act(
        SECTION,
        _speeding,
        (("section_speed", 1, "b"),),
        {"sections": [{"from": "a", "to": "b", "length_m": 50, "limit_kmh": 50}]},
    ),
}
