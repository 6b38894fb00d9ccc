"""Do the parts of a scene fit together? Each fault names its path and the cure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from contracts.scene.places import Lane, Place, Zone
from contracts.scene.rules import RuleId
from contracts.scene.rules_base import StopLineRule, ZoneRule

if TYPE_CHECKING:
    from contracts.scene.config import SceneConfig

NEEDS: dict[RuleId, str] = {
    "line_count": "at least one under lines",
    "lane_statistics": "at least one lane",
    "red_light": "a stop line with signals",
    "stop_line_overrun": "a stop line with signals",
    "wrong_way": "a zone or lane with a direction",
    "wrong_lane": "a lane with `use`",
    "solid_line": "at least one under solid_lines",
    "no_entry": "a zone of kind no_entry",
    "illegal_stopping": "a zone of kind no_stopping",
    "not_yielding": "a zone of kind crossing",
    "stopped_vehicle": "a zone of kind carriageway",
    "speeding": "a lane, or a zone of kind carriageway",
    "congestion": "a lane, or a zone of kind carriageway",
    "sudden_slowdown": "a zone of kind carriageway, or a lane",
    "collision_suspicion": "a zone of kind carriageway or junction",
    "pedestrian_on_carriageway": "a zone of kind carriageway",
    "intrusion": "a zone of kind restricted or presence",
    "loitering": "a zone of kind presence or restricted, or zones by name",
    "crowding": "a zone of kind presence or restricted, or zones by name",
    "abandoned_object": "a zone of kind presence or restricted, or zones by name",
}
"""What a rule cannot be without."""

_KINDS: dict[RuleId, frozenset[str]] = {
    "no_entry": frozenset({"no_entry"}),
    "illegal_stopping": frozenset({"no_stopping"}),
    "not_yielding": frozenset({"crossing"}),
    "stopped_vehicle": frozenset({"carriageway"}),
    "congestion": frozenset({"carriageway"}),
    "sudden_slowdown": frozenset({"carriageway"}),
    "speeding": frozenset({"carriageway"}),
    "collision_suspicion": frozenset({"carriageway", "junction"}),
    "pedestrian_on_carriageway": frozenset({"carriageway"}),
    "intrusion": frozenset({"restricted", "presence"}),
    "loitering": frozenset({"restricted", "presence"}),
    "crowding": frozenset({"restricted", "presence"}),
    "abandoned_object": frozenset({"restricted", "presence"}),
}
_LANES_TOO: frozenset[RuleId] = frozenset({"congestion", "sudden_slowdown", "speeding", "lane_statistics"})


def fits(rule: RuleId, place: Zone | Lane) -> bool:
    """Whether a rule that names no place looks at this one."""
    if rule == "wrong_way":
        return place.direction is not None
    if rule == "wrong_lane":
        return isinstance(place, Lane) and bool(place.use)
    if isinstance(place, Lane):
        return rule in _LANES_TOO
    return place.kind in _KINDS.get(rule, frozenset())


def faults_of(scene: SceneConfig) -> Iterator[str]:
    """Every fault, as `path: what is wrong; what is expected`."""
    yield from _repeated_ids(scene)
    yield from _unknown_ids(scene)
    yield from _rules_without_place(scene)


def _places(scene: SceneConfig) -> Iterator[tuple[str, int, Place]]:
    for kind in ("lines", "stop_lines", "solid_lines", "gates", "lanes", "zones", "signal_heads", "detection_regions"):
        for index, place in enumerate(getattr(scene, kind)):
            yield kind, index, place


def _repeated_ids(scene: SceneConfig) -> Iterator[str]:
    seen: dict[str, str] = {}
    for kind, index, place in _places(scene):
        if place.id in seen:
            yield f"{kind}.{index}.id: {place.id!r} stands twice (also {seen[place.id]}); expected ids that differ"
        seen.setdefault(place.id, f"{kind}.{index}")
    movements: set[str] = set()
    for index, movement in enumerate(scene.movements):
        if movement.id in movements:
            yield f"movements.{index}.id: {movement.id!r} stands twice; expected ids that differ"
        movements.add(movement.id)


def _unknown_ids(scene: SceneConfig) -> Iterator[str]:
    gates = [gate.id for gate in scene.gates]
    heads = [head.id for head in scene.signal_heads]
    movements = [movement.id for movement in scene.movements]
    for index, line in enumerate(scene.stop_lines):
        yield from _strangers(f"stop_lines.{index}.signals", line.signals, heads)
        yield from _strangers(f"stop_lines.{index}.movements", line.movements, movements)
    for index, movement in enumerate(scene.movements):
        yield from _strangers(f"movements.{index}.from", (movement.entry,), gates)
        yield from _strangers(f"movements.{index}.to", (movement.exit,), gates)
    for path, named, known in _named_by_rules(scene):
        yield from _strangers(path, named, known)


def _named_by_rules(scene: SceneConfig) -> Iterator[tuple[str, tuple[str, ...] | None, list[str]]]:
    rules = scene.rules
    areas = list(scene.areas())
    for rule in rules.on():
        parameters = getattr(rules, rule)
        if isinstance(parameters, ZoneRule):
            yield f"rules.{rule}.zones", parameters.zones, areas
        if isinstance(parameters, StopLineRule):
            yield f"rules.{rule}.stop_lines", parameters.stop_lines, [line.id for line in scene.stop_lines]
    for rule, key, places in (
        ("line_count", "lines", scene.lines),
        ("solid_line", "lines", scene.solid_lines),
        ("lane_statistics", "lanes", scene.lanes),
        ("wrong_lane", "lanes", scene.lanes),
    ):
        parameters = getattr(rules, rule)
        if parameters is not None:
            yield f"rules.{rule}.{key}", getattr(parameters, key), [place.id for place in places]
    yield from _named_in_lists(scene)


def _named_in_lists(scene: SceneConfig) -> Iterator[tuple[str, tuple[str, ...] | None, list[str]]]:
    rules = scene.rules
    if rules.prohibited_turn is not None:
        for index, turn in enumerate(rules.prohibited_turn.turns):
            known = [movement.id for movement in scene.movements]
            yield f"rules.prohibited_turn.turns.{index}.movement", (turn.movement,), known
    if rules.section_speed is not None:
        ends = [line.id for line in (*scene.lines, *scene.gates, *scene.stop_lines)]
        for index, section in enumerate(rules.section_speed.sections):
            yield f"rules.section_speed.sections.{index}", (section.entry, section.exit), ends


def _rules_without_place(scene: SceneConfig) -> Iterator[str]:
    for rule in scene.rules.on():
        needed = NEEDS.get(rule)
        if needed is not None and not _judged(scene, rule):
            yield f"rules.{rule}: is on, but there is nothing it could look at; expected {needed}"
    if scene.rules.wrong_way is not None:
        for zone in scene.zones_of("wrong_way"):
            if zone.direction is None:
                yield f"rules.wrong_way.zones: zone {zone.id!r} has no direction; expected a zone with one"
    for rule in ("red_light", "stop_line_overrun"):
        for line in scene.stop_lines_of(rule):
            if not line.signals:
                yield f"rules.{rule}.stop_lines: {line.id!r} has no signals; expected a stop line with signal heads"
    yield from _speeds_without_ground(scene)


def _judged(scene: SceneConfig, rule: RuleId) -> Sequence[object]:
    """Places a rule would look at."""
    if rule == "line_count":
        return scene.lines_of_count()
    if rule == "solid_line":
        return scene.solid_lines
    if rule in {"lane_statistics", "wrong_lane"}:
        return scene.lanes_of(rule)
    return scene.stop_lines_of(rule) or scene.zones_of(rule)


def _speeds_without_ground(scene: SceneConfig) -> Iterator[str]:
    if scene.calibration is None:
        for rule in ("speeding", "sudden_slowdown"):
            if getattr(scene.rules, rule) is not None:
                yield f"rules.{rule}: is on, but there is no calibration; expected `calibration` with at least 4 points"
    speeding = scene.rules.speeding
    if speeding is not None and speeding.limit_kmh is None and all(x.speed_limit_kmh is None for x in scene.lanes):
        yield "rules.speeding: no limit is known; expected limit_kmh here, or speed_limit_kmh at a lane"


def _strangers(path: str, named: tuple[str, ...] | None, known: list[str]) -> Iterator[str]:
    for place in named or ():
        if place not in known:
            yield f"{path}: {place!r} is not in this scene; expected one of {', '.join(known) or '(none drawn yet)'}"
