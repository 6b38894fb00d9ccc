"""Scene files: every field described, every mistake a person makes answered with its place and what is expected."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.scene import Lane, Rules, SceneConfig, Zone

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
LINE: dict[str, Any] = {"id": "l", "start": [0.1, 0.5], "end": [0.9, 0.5]}
ROAD: dict[str, Any] = {"id": "road", "kind": "carriageway", "polygon": SQUARE}
ARROW = {"start": [0.2, 0.2], "end": [0.2, 0.8]}


def build(**parts: Any) -> SceneConfig:
    return SceneConfig.model_validate({"version": 1, "scene_version": 1, **parts})


def faults(**parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        build(**parts)
    return [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in caught.value.errors()]


@pytest.mark.parametrize(
    ("parts", "place", "words"),
    [
        ({"lines": [{**LINE, "end": [1.2, 0.5]}]}, "lines.0.end.0", "less than or equal to 1"),
        ({"lines": [{**LINE, "end": [-0.1, 0.5]}]}, "lines.0.end.0", "greater than or equal to 0"),
        ({"lines": [{**LINE, "end": [float("nan"), 0.5]}]}, "lines.0.end.0", "finite number"),
        ({"lines": [{**LINE, "end": [0.5]}]}, "lines.0.end.1", "Field required"),
        ({"lines": [{**LINE, "end": LINE["start"]}]}, "lines.0", "start and end are the same place"),
        ({"lines": [{**LINE, "forward": "in", "backward": "in"}]}, "lines.0", "expected two different labels"),
        ({"lines": [{**LINE, "id": "a b"}]}, "lines.0.id", "pattern"),
        ({"lines": [{**LINE, "colour": "red"}]}, "lines.0.colour", "Extra inputs"),
        ({"lines": [LINE, LINE]}, "", "lines.1.id: 'l' stands twice"),
        ({"lines": [LINE], "zones": [{**ROAD, "id": "l"}]}, "", "zones.0.id: 'l' stands twice"),
        ({"zones": [{**ROAD, "polygon": SQUARE[:2]}]}, "zones.0.polygon", "expected at least 3"),
        ({"zones": [{**ROAD, "polygon": [SQUARE[i] for i in (0, 2, 1, 3)]}]}, "zones.0.polygon", "cross"),
        ({"zones": [{**ROAD, "kind": "lawn"}]}, "zones.0.kind", "'carriageway', 'restricted' or 'presence'"),
        ({"zones": [{**ROAD, "direction": {"start": [0, 0], "end": [0, 0]}}]}, "zones.0.direction", "same place"),
        ({"zones": [{**ROAD, "direction": {**ARROW, "tolerance_deg": 90}}]}, "zones.0.direction.tolerance_deg", "90"),
        ({"rules": {"line_cuont": {}}}, "rules", "unknown rule line_cuont: expected line_count, wrong_way"),
        ({"rules": {"line_count": {}}}, "", "rules.line_count: is on, but there is no line"),
        (
            {"rules": {"line_count": {"lines": ["x"]}}, "lines": [LINE]},
            "",
            "'x' is not in this scene; expected one of l",
        ),
        ({"rules": {"stopped_vehicle": {"zones": ["x"]}}}, "", "rules.stopped_vehicle.zones: 'x' is not in this scene"),
        ({"rules": {"stopped_vehicle": {}}}, "", "expected a zone of kind carriageway"),
        ({"rules": {"intrusion": {}}, "zones": [ROAD]}, "", "expected a zone of kind restricted or presence"),
        ({"rules": {"wrong_way": {}}, "zones": [ROAD]}, "", "expected a zone with a direction"),
        ({"rules": {"wrong_way": {"zones": ["road"]}}, "zones": [ROAD]}, "", "zone 'road' has no direction"),
        ({"rules": {"stopped_vehicle": {"min_s": -1}}, "zones": [ROAD]}, "rules.stopped_vehicle.min_s", "equal to 1"),
        ({"rules": {"intrusion": {"classes": ["cat"]}}}, "rules.intrusion.classes.0", "'person', 'bicycle'"),
        ({"rules": []}, "rules", "dictionary"),
        ({"position": {"latitude": 91, "longitude": 0}}, "position.latitude", "90"),
        ({"version": 2}, "version", "Input should be 1"),
        ({"scene_version": 0}, "scene_version", "greater than or equal to 1"),
        ({"zoness": []}, "zoness", "Extra inputs"),
    ],
)
def test_mistakes_are_answered_with_place_and_expectation(parts: dict[str, Any], place: str, words: str) -> None:
    """Who draws a scene at 2 a.m. on a pole must be told what to change, not that something is wrong."""
    found = faults(**parts)
    assert any(where == place and words in said for where, said in found), found


def test_all_faults_of_the_whole_file_come_at_once() -> None:
    """One by one would cost a drive per mistake."""
    ((_, said),) = faults(lines=[LINE, LINE], rules={"line_count": {"lines": ["x"]}, "wrong_way": {}})
    assert said.count(";") >= 3


def test_a_rule_that_is_named_is_on_with_defaults() -> None:
    scene = build(lines=[LINE], rules={"line_count": None})
    assert [line.id for line in scene.lines_of_count()] == ["l"]
    assert scene.rules.wrong_way is None
    assert scene.zones_of("wrong_way") == ()
    assert build(lines=[LINE]).lines_of_count() == ()


def test_rules_find_the_zones_that_fit() -> None:
    yard: dict[str, Any] = {"id": "yard", "kind": "restricted", "polygon": SQUARE}
    one_way = {**ROAD, "id": "one-way", "direction": ARROW}
    scene = build(
        zones=[ROAD, yard, one_way],
        rules={
            "wrong_way": {},
            "stopped_vehicle": {"zones": ["yard"]},
            "pedestrian_on_carriageway": {},
            "intrusion": {},
        },
    )

    def ids(zones: tuple[Zone | Lane, ...]) -> list[str]:
        return [zone.id for zone in zones]

    assert ids(scene.zones_of("wrong_way")) == ["one-way"]
    assert ids(scene.zones_of("stopped_vehicle")) == ["yard"]
    assert ids(scene.zones_of("pedestrian_on_carriageway")) == ["road", "one-way"]
    assert ids(scene.zones_of("intrusion")) == ["yard"]
    assert scene.zones_of("line_count") == ()


def test_every_field_says_what_it_is() -> None:
    """The schema is what editors and the scene form show."""
    schema = SceneConfig.model_json_schema()
    parts = {"SceneConfig": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, field in part.get("properties", {}).items()
        if not field.get("description")
    ]
    assert silent == []


def test_a_scene_survives_json() -> None:
    scene = build(
        lines=[LINE], zones=[{**ROAD, "direction": ARROW}], rules={rule: {} for rule in ("line_count", "wrong_way")}
    )
    assert SceneConfig.model_validate_json(scene.model_dump_json(exclude_none=True)) == scene


def test_rules_are_the_first_five() -> None:
    """Adding a rule to the scene without its rule file must be noticed."""
    from edge.rules.judge import REGISTRY

    assert list(Rules.model_fields) == list(REGISTRY)
