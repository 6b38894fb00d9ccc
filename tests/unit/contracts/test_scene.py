"""Scene files: every field described, every mistake a person makes answered with its place and what is expected."""

from typing import Any

import pytest
from pydantic import ValidationError

from contracts.scene import RULE_IDS, Lane, Rules, SceneConfig, Zone

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
LINE: dict[str, Any] = {"id": "l", "start": [0.1, 0.5], "end": [0.9, 0.5]}
ROAD: dict[str, Any] = {"id": "road", "kind": "carriageway", "polygon": SQUARE}
ARROW = {"start": [0.2, 0.2], "end": [0.2, 0.8]}
LANE: dict[str, Any] = {"id": "kerb", "polygon": SQUARE, "direction": ARROW}
CROSSED = [SQUARE[i] for i in (0, 2, 1, 3)]
PLACES = [([0.1, 0.9], [-5, 10]), ([0.9, 0.9], [5, 10]), ([0.7, 0.4], [6, 40]), ([0.3, 0.4], [-6, 40])]
POINTS: list[dict[str, Any]] = [{"image": image, "metres": metres} for image, metres in PLACES]
GOOD: dict[str, Any] = {"points": POINTS}
GLOBE: dict[str, Any] = {"image": [0.5, 0.6], "wgs84": [10.7, 106.7]}
ON_A_LINE = [{**point, "image": [0.2 * i, 0.5]} for i, point in enumerate(POINTS)]
THREE_ON_A_LINE = [{**point, "image": [0.2 * i, 0.5 if i else 0.9]} for i, point in enumerate(POINTS)]
FLAT = [{**point, "metres": [3.0 * i, 7.0 * i]} for i, point in enumerate(POINTS)]
SECTION = {"from": "l", "to": "m", "length_m": 50, "limit_kmh": 50}


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
        (
            {"zones": [ROAD], "rules": {"pedestrian_on_carriageway": {"classes": ["car"]}}},
            "rules.pedestrian_on_carriageway.classes.0",
            "Input should be 'person'",
        ),
        ({"lines": [LINE, LINE]}, "", "lines.1.id: 'l' stands twice"),
        ({"lines": [LINE], "zones": [{**ROAD, "id": "l"}]}, "", "zones.0.id: 'l' stands twice"),
        ({"zones": [{**ROAD, "polygon": SQUARE[:2]}]}, "zones.0.polygon", "expected at least 3"),
        ({"zones": [{**ROAD, "polygon": [SQUARE[i] for i in (0, 2, 1, 3)]}]}, "zones.0.polygon", "cross"),
        ({"zones": [{**ROAD, "kind": "lawn"}]}, "zones.0.kind", "'carriageway', 'restricted', 'presence', 'junction'"),
        ({"zones": [{**ROAD, "direction": {"start": [0, 0], "end": [0, 0]}}]}, "zones.0.direction", "same place"),
        ({"zones": [{**ROAD, "direction": {**ARROW, "tolerance_deg": 90}}]}, "zones.0.direction.tolerance_deg", "90"),
        ({"rules": {"line_cuont": {}}}, "rules", "unknown rule line_cuont: expected line_count, "),
        (
            {"rules": {"line_count": {}}},
            "",
            "rules.line_count: is on, but there is nothing it could look at; expected at least one",
        ),
        (
            {"rules": {"line_count": {"lines": ["x"]}}, "lines": [LINE]},
            "",
            "'x' is not in this scene; expected one of l",
        ),
        ({"rules": {"stopped_vehicle": {"zones": ["x"]}}}, "", "rules.stopped_vehicle.zones: 'x' is not in this scene"),
        ({"rules": {"stopped_vehicle": {}}}, "", "expected a zone of kind carriageway"),
        ({"rules": {"intrusion": {}}, "zones": [ROAD]}, "", "expected a zone of kind restricted or presence"),
        ({"rules": {"wrong_way": {}}, "zones": [ROAD]}, "", "expected a zone or lane with a direction"),
        ({"rules": {"wrong_way": {"zones": ["road"]}}, "zones": [ROAD]}, "", "zone 'road' has no direction"),
        ({"rules": {"stopped_vehicle": {"min_s": -1}}, "zones": [ROAD]}, "rules.stopped_vehicle.min_s", "equal to 1"),
        ({"rules": {"intrusion": {"classes": ["cat"]}}}, "rules.intrusion.classes.0", "'person', 'bicycle'"),
        ({"rules": []}, "rules", "dictionary"),
        ({"position": {"latitude": 91, "longitude": 0}}, "position.latitude", "90"),
        ({"version": 2}, "version", "Input should be 1"),
        ({"scene_version": 0}, "scene_version", "greater than or equal to 1"),
        ({"zoness": []}, "zoness", "Extra inputs"),
        ({"lanes": [LANE, LANE]}, "", "lanes.1.id: 'kerb' stands twice (also lanes.0); expected ids that differ"),
        (
            {"lanes": [{**LANE, "polygon": CROSSED}]},
            "lanes.0.polygon",
            "sides 1 and 3 cross; expected corners in order",
        ),
        ({"lanes": [{**LANE, "direction": None}]}, "lanes.0.direction", "Direction"),
        ({"lanes": [{**LANE, "speed_limit": 50}]}, "lanes.0.speed_limit", "Extra inputs"),
        ({"stop_lines": [{**LINE, "signals": ["s"]}]}, "", "stop_lines.0.signals: 's' is not in this scene"),
        ({"solid_lines": [{"id": "s", "points": [[0, 0], [0, 1.5]]}]}, "solid_lines.0.points.1.1", "equal to 1"),
        ({"solid_lines": [{"id": "s", "points": [[0, 0], [0, 0]]}]}, "solid_lines.0", "points 0 and 1 are the same"),
        ({"gates": [LINE], "movements": [{"id": "m", "from": "l", "to": "x"}]}, "", "movements.0.to: 'x' is not in"),
        (
            {"signal_heads": [{"id": "s", "region": [[0.5, 0.5], [0.4, 0.6]]}]},
            "signal_heads.0",
            "top left, bottom right",
        ),
        ({"calibration": {"points": POINTS[:3]}}, "calibration.points", "at least 4"),
        ({"calibration": {"points": ON_A_LINE}}, "calibration.points", "on one line in the picture; expected four"),
        ({"calibration": {"points": THREE_ON_A_LINE}}, "calibration.points", "no three of them on a line"),
        ({"calibration": {"points": FLAT}}, "calibration.points", "on one line on the ground; expected four"),
        ({"calibration": {"points": [*POINTS, POINTS[1]]}}, "calibration.points", "points 1 and 4 are one place"),
        ({"calibration": {"points": [*POINTS, GLOBE]}}, "calibration.points", "some in wgs84; expected all alike"),
        ({"calibration": {"points": [{"image": [0, 0]}]}}, "calibration.points.0", "give either metres or wgs84"),
        ({"calibration": {"points": [{**GLOBE, "wgs84": [106, 10]}]}}, "calibration.points.0", "[latitude, longitude]"),
        (
            {"calibration": {"points": [{"image": [0, 0], "metres": [float("nan"), 0]}]}},
            "calibration.points.0",
            "finite",
        ),
        ({"calibration": {"points": POINTS, "valid": CROSSED}}, "calibration.valid", "sides 1 and 3 cross"),
        (
            {"rules": {"speeding": {"limit_kmh": 50}}, "lanes": [LANE]},
            "",
            "rules.speeding: is on, but there is no calib",
        ),
        ({"rules": {"speeding": {}}, "lanes": [LANE], "calibration": GOOD}, "", "rules.speeding: no limit is known"),
        ({"rules": {"speeding": {"limit_kmh": 50}}, "calibration": GOOD}, "", "expected a lane, or a zone of kind"),
        ({"rules": {"section_speed": {"sections": [SECTION]}}}, "", "rules.section_speed.sections.0: 'l' is not in"),
        (
            {"rules": {"section_speed": {"sections": [{**SECTION, "to": "l"}]}}, "lines": [LINE]},
            "rules.section_speed.sections.0",
            "from and to are both 'l'; expected two lines",
        ),
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


def test_rules_are_asked_in_the_order_of_the_scene() -> None:
    """Adding a rule to the scene without its rule file must be noticed."""
    from edge.rules.judge import REGISTRY

    assert list(Rules.model_fields) == list(RULE_IDS) == list(REGISTRY)


def test_points_that_are_far_apart_in_the_picture_only_are_told_so() -> None:
    """A pole's foot and top are two points of the picture and one of the ground."""
    ((where, said),) = faults(calibration={"points": [*POINTS, {"image": [0.5, 0.2], "metres": [5, 10]}]})
    assert where == "calibration.points"
    assert "points 1 and 4 are one place on the ground; expected points apart" in said


def test_good_points_are_taken() -> None:
    calibration = build(calibration=GOOD).calibration
    assert calibration is not None
    assert calibration.points[2].metres == (6, 40)
    around = [[10.7, 106.7], [10.7, 106.7002], [10.7002, 106.7001], [10.7001, 106.6999]]
    globe = [{**point, "metres": None, "wgs84": place} for point, place in zip(POINTS, around, strict=True)]
    assert build(calibration={"points": globe}).calibration is not None
