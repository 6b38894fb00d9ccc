"""Prohibited turns: in at one gate, out at another, for whom and when it is forbidden."""

from typing import Any

import pytest

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

GATES = [
    {"id": "south", "start": [0.9, 0.8], "end": [0.1, 0.8]},
    {"id": "north", "start": [0.1, 0.15], "end": [0.9, 0.15]},
    {"id": "west", "start": [0.1, 0.8], "end": [0.1, 0.15]},
]
MOVEMENTS = [
    {"id": "left", "from": "south", "to": "west"},
    {"id": "ahead", "from": "south", "to": "north"},
    {"id": "back", "from": "south", "to": "south"},
]
LEFT = {"movement": "left", "kind": "left"}
BACK = {"movement": "back", "kind": "u_turn"}


def junction(*turns: dict[str, Any], **rule: Any) -> SceneConfig:
    rules = {"prohibited_turn": {"turns": list(turns or (LEFT, BACK)), **rule}}
    return scene(gates=GATES, movements=MOVEMENTS, rules=rules)


def turns_left(setting: SceneConfig, cls: str = "car", *, over_s: float = 2, seed: int = 1) -> Story:
    story = Story(setting, seed=seed).track(1, cls).moves((0.5, 0.95), (0.5, 0.5), over_s=2)
    return story.then((0.02, 0.45), over_s=over_s)


def test_a_forbidden_left_turn_is_one() -> None:
    (found,) = turns_left(junction()).findings()
    assert told([found]) == [("prohibited_turn", 1, "left")]
    assert found.kind == "violation"
    assert found.facts["kind"] == "left"
    assert (found.started_at - START).total_seconds() == pytest.approx(2 / 3, abs=0.01)
    assert found.facts["took_s"] == pytest.approx(2 + 2 * 0.4 / 0.48 - 2 / 3, abs=0.01)


def test_noise_changes_nothing() -> None:
    for seed in range(8):
        assert told(turns_left(junction(), seed=seed).noisy().findings()) == [("prohibited_turn", 1, "left")]


def test_other_movements_are_none() -> None:
    assert Story(junction()).track(1).moves((0.5, 0.95), (0.5, 0.02), over_s=3).findings() == []
    assert (
        Story(junction()).track(1).moves((0.02, 0.5), (0.5, 0.5), over_s=2).then((0.5, 0.95), over_s=2).findings() == []
    )


def test_an_entry_that_was_not_seen_is_none() -> None:
    assert Story(junction()).track(1).moves((0.5, 0.5), (0.02, 0.5), over_s=2).findings() == []


def test_a_u_turn_is_one_and_shunting_at_the_gate_is_none() -> None:
    story = Story(junction()).track(1).moves((0.6, 0.95), (0.6, 0.5), over_s=2).then((0.4, 0.5), over_s=1)
    assert told(story.then((0.4, 0.95), over_s=2).findings()) == [("prohibited_turn", 1, "back")]
    shunts = Story(junction()).track(1).moves((0.6, 0.95), (0.6, 0.72), over_s=2)
    assert shunts.then((0.6, 0.95), over_s=2).findings() == []


def test_a_bus_turns_round_close_to_the_gate() -> None:
    """Its box is so large that it is never far inside; it comes out beside where it went in."""
    story = Story(junction()).track(1, "bus", box=(160, 130)).moves((0.6, 0.99), (0.6, 0.7), over_s=2)
    story.then((0.4, 0.7), over_s=2)
    assert told(story.then((0.4, 0.99), over_s=2).findings()) == [("prohibited_turn", 1, "back")]


def test_trembling_on_a_gate_is_none() -> None:
    for seed in range(6):
        assert Story(junction(), seed=seed).track(1).stands((0.5, 0.8), for_s=60).trembles(4).findings() == []


@pytest.mark.parametrize(("cls", "count"), [("truck", 1), ("car", 0), ("person", 0)])
def test_only_the_classes_it_is_forbidden_for(cls: str, count: int) -> None:
    assert len(turns_left(junction(LEFT | {"classes": ["truck", "bus"]}), cls).findings()) == count


@pytest.mark.parametrize(
    ("hours", "count"), [({"from": "15:00", "to": "16:00"}, 1), ({"from": "16:00", "to": "17:00"}, 0)]
)
def test_only_at_its_hours(hours: dict[str, str], count: int) -> None:
    """The story plays at 15:00 in Ho Chi Minh City."""
    assert len(turns_left(junction(LEFT | {"hours": [hours]})).findings()) == count


def test_too_long_after_the_entry_is_none() -> None:
    assert turns_left(junction(LEFT, within_s=5), over_s=10).findings() == []


def test_a_second_round_is_a_second_act() -> None:
    story = turns_left(junction()).moves((0.02, 0.45), (0.02, 0.97), over_s=2)
    story.then((0.5, 0.97), over_s=2).then((0.5, 0.5), over_s=2).then((0.02, 0.45), over_s=2)
    assert told(story.findings()) == [("prohibited_turn", 1, "left")] * 2
