"""What holds for every rule, whatever it judges: a mirrored road, a lost frame, another day, another picture size."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.scene import RULE_IDS, RuleId, SceneConfig
from edge.errors import ConfigError
from edge.rules.finding import Finding
from edge.rules.judge import REGISTRY
from edge.rules.road import TrackRoad
from edge.scene.signals import SignalChange
from edge.track.track import Track
from tests.unit.edge.road_story import SIZE, Story, scene, told
from tests.unit.edge.rules.acts import ACTS

QUICK = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
JUDGED = sorted(set(ACTS) & set(REGISTRY), key=RULE_IDS.index)
every_rule = pytest.mark.parametrize("rule", JUDGED)
UNCERTAIN = {"uncertainty_kmh", "certain_excess_kmh", "uncertainty_mps2"}
MOST_LOST = 50
FLIPPED = ("lines", "stop_lines", "gates")


@dataclass(frozen=True)
class Shot:
    """One frame of a story."""

    at: datetime
    tracks: tuple[Track, ...]
    changes: tuple[SignalChange, ...]


@cache
def shots(rule: RuleId, fps: float = 10) -> tuple[Shot, ...]:
    story = ACTS[rule].story(Story(scene(), fps=fps))
    return tuple(Shot(at, tuple(tracks), tuple(changes)) for at, tracks, changes in story.recorded())


def judged(document: dict[str, Any], frames: Sequence[Shot], size: tuple[int, int] = SIZE) -> list[Finding]:
    road = TrackRoad(SceneConfig.model_validate(document), node="n", camera="c")
    return [
        finding for shot in frames for finding in road.update(list(shot.tracks), shot.at, size, signals=shot.changes)
    ]


@cache
def upright(rule: RuleId) -> tuple[Finding, ...]:
    return tuple(judged(ACTS[rule].document(rule), shots(rule)))


def mirrored_scene(document: dict[str, Any]) -> dict[str, Any]:
    """The scene of a picture turned left to right.

    Directed lines change their ends too: what comes from their left must go on coming from their left.
    """
    turned = deepcopy(document)
    for kind in FLIPPED:
        for line in turned.get(kind, ()):
            line["start"], line["end"] = across(line["end"]), across(line["start"])
    for line in turned.get("solid_lines", ()):
        line["points"] = [across(point) for point in reversed(line["points"])]
    for area in (*turned.get("zones", ()), *turned.get("lanes", ())):
        area["polygon"] = [across(point) for point in area["polygon"]]
        arrow = area.get("direction")
        if arrow:
            arrow["start"], arrow["end"] = across(arrow["start"]), across(arrow["end"])
    for head in turned.get("signal_heads", ()):
        if head.get("region"):
            (x1, y1), (x2, y2) = head["region"]
            head["region"] = [[1 - x2, y1], [1 - x1, y2]]
    _mirror_calibration(turned.get("calibration"))
    return turned


def _mirror_calibration(calibration: dict[str, Any] | None) -> None:
    """The ground is mirrored with its picture: seen from above, east stays right of north."""
    if calibration:
        for point in calibration["points"]:
            point["image"] = across(point["image"])
            point["metres"] = [-point["metres"][0], point["metres"][1]]
        if calibration.get("valid"):
            calibration["valid"] = [across(point) for point in calibration["valid"]]
        if calibration.get("lens", {}).get("centre"):
            calibration["lens"]["centre"] = across(calibration["lens"]["centre"])


def across(point: Sequence[float]) -> list[float]:
    return [1 - point[0], point[1]]


def mirrored(track: Track) -> Track:
    return replace(track, x1=SIZE[0] - track.x2, x2=SIZE[0] - track.x1)


def scaled(track: Track, k: float) -> Track:
    return replace(track, x1=track.x1 * k, y1=track.y1 * k, x2=track.x2 * k, y2=track.y2 * k)


def assert_same(found: Sequence[Finding], expected: Sequence[Finding]) -> None:
    """Rules, tracks, places, times and figures, but for rounding."""
    assert told(found) == told(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.kind == other.kind
        assert abs((one.started_at - other.started_at).total_seconds()) < 1e-3
        assert abs((one.judged_at - other.judged_at).total_seconds()) < 1e-3
        assert figures(one.facts) == figures(other.facts)
        assert one.signals == other.signals
        assert (one.speed is None) == (other.speed is None)
        if one.speed and other.speed:
            assert one.speed.mps == pytest.approx(other.speed.mps, rel=1e-3)


def figures(facts: Any) -> Any:
    """The same with numbers that may differ by rounding. Uncertainties are left out: more pixels, less doubt."""
    if isinstance(facts, bool | str | None):
        return facts
    if isinstance(facts, int | float):
        return pytest.approx(facts, rel=1e-3, abs=2e-3)
    if isinstance(facts, dict):
        return {key: figures(value) for key, value in facts.items() if "uncertainty" not in key}
    if isinstance(facts, list | tuple):
        return [figures(value) for value in facts]
    return facts


def readable(finding: Finding) -> Finding:
    """Without the uncertainty of a speed: points of a finer picture are known a little better."""
    return replace(finding, facts={key: value for key, value in finding.facts.items() if key not in UNCERTAIN})


def acts_of(found: Sequence[Finding]) -> Counter[tuple[str, int | None, str]]:
    return Counter(told(found))


def test_every_rule_has_its_act() -> None:
    """Who adds a rule to the registry adds one to acts.py, else nothing here looks at it."""
    assert set(REGISTRY) <= set(ACTS)


@every_rule
def test_the_act_is_found(rule: RuleId) -> None:
    """Else all that follows would hold for silence."""
    assert tuple(told(upright(rule))) == ACTS[rule].findings
    for finding in upright(rule):
        assert finding.started_at <= finding.judged_at


@every_rule
def test_a_mirrored_road_gives_mirrored_findings(rule: RuleId) -> None:
    """Left-hand and right-hand traffic, a camera on either side of the road."""
    frames = [replace(shot, tracks=tuple(map(mirrored, shot.tracks))) for shot in shots(rule)]
    found = judged(mirrored_scene(ACTS[rule].document(rule)), frames)
    assert_same(found, upright(rule))
    for one, other in zip(found, upright(rule), strict=True):
        places = [(SIZE[0] - x, y) for x, y in (sample.point for sample in other.path)]
        assert [sample.point for sample in one.path] == [pytest.approx(place, abs=1e-6) for place in places]


def without(frames: Sequence[Shot], lost: int) -> list[Shot]:
    """The same without one frame; what signal heads told is not lost with the picture."""
    kept = [*frames[:lost], *frames[lost + 1 :]]
    if lost < len(kept):
        kept[lost] = replace(kept[lost], changes=frames[lost].changes + kept[lost].changes)
    return kept


def to_lose(rule: RuleId) -> list[int]:
    """Every frame of a short story; of a long one, evenly some, and those around what was found."""
    frames = shots(rule)
    told_at = {at for finding in upright(rule) for at in (finding.started_at, finding.judged_at)}
    step = max(len(frames) // MOST_LOST, 1)
    return [
        number
        for number, shot in enumerate(frames)
        if number % step == 0 or any(abs((shot.at - at).total_seconds()) < 0.5 for at in told_at)
    ]


@every_rule
def test_no_single_frame_is_needed(rule: RuleId) -> None:
    """Cameras lose frames all day; a driver must not get off, nor be caught, by one. Each frame in turn."""
    for lost in to_lose(rule):
        found = judged(ACTS[rule].document(rule), without(shots(rule), lost))
        assert acts_of(found) == acts_of(upright(rule)), lost


@every_rule
@QUICK
@given(fps=st.sampled_from([6.0, 8.0, 12.5, 25.0]), data=st.data())
def test_a_lost_frame_at_another_frame_rate(rule: RuleId, fps: float, data: st.DataObject) -> None:
    """From six frames a second on the same act is found, with every frame or without one."""
    frames = shots(rule, fps)
    assert acts_of(judged(ACTS[rule].document(rule), frames)) == acts_of(upright(rule))
    lost = data.draw(st.integers(0, len(frames) - 1), label="lost frame")
    assert acts_of(judged(ACTS[rule].document(rule), without(frames, lost))) == acts_of(upright(rule))


@every_rule
@QUICK
@given(days=st.integers(-3650, 3650), steps=st.integers(0, 10**6))
def test_another_time_shifts_the_findings_and_nothing_else(rule: RuleId, days: int, steps: int) -> None:
    """Rules know no wall clock: yesterday's tracks give yesterday's findings, to the microsecond."""
    step = timedelta(seconds=ACTS[rule].shift_step_s)
    total = timedelta(days=days) + steps * timedelta(seconds=0.001)
    by = round(total / step) * step
    frames = [
        Shot(
            shot.at + by,
            tuple(replace(track, at=track.at + by) for track in shot.tracks),
            tuple(replace(change, at=change.at + by) for change in shot.changes),
        )
        for shot in shots(rule)
    ]
    found = judged(ACTS[rule].document(rule), frames)
    assert told(found) == told(upright(rule))
    for one, other in zip(found, upright(rule), strict=True):
        assert (one.started_at - by, one.judged_at - by) == (other.started_at, other.judged_at)
        assert one.facts == other.facts
        assert [(s.state, s.since - by) for s in one.signals] == [(s.state, s.since) for s in other.signals]


@every_rule
@pytest.mark.parametrize("k", [0.5, 1.5, 3.84])
def test_another_picture_size_changes_nothing(rule: RuleId, k: float) -> None:
    """A camera switched to its second stream sees the same road."""
    size = round(SIZE[0] * k), round(SIZE[1] * k)
    frames = [replace(shot, tracks=tuple(scaled(track, k) for track in shot.tracks)) for shot in shots(rule)]
    found = judged(ACTS[rule].document(rule), frames, size)
    assert_same([readable(finding) for finding in found], [readable(finding) for finding in upright(rule)])


@every_rule
@QUICK
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_tracks_is_nothing(rule: RuleId, order: Any) -> None:
    """Trackers list their tracks as they like."""
    frames = []
    for shot in shots(rule):
        tracks = list(shot.tracks)
        order.shuffle(tracks)
        frames.append(replace(shot, tracks=tuple(tracks)))
    assert tuple(judged(ACTS[rule].document(rule), frames)) == upright(rule)


def shapes(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of all points, and lists of points, of a scene file."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in pairs:
        if isinstance(value, list) and value and isinstance(value[0], int | float):
            yield (*path, key)
        elif isinstance(value, dict | list):
            yield from shapes(value, (*path, key))


def put(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    changed = deepcopy(document)
    spot: Any = changed
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return changed


NONSENSE: tuple[Any, ...] = (
    [],
    [0.5],
    [0.1, 0.2, 0.3],
    [math.nan, 0.5],
    [math.inf, 0.5],
    [-0.1, 0.5],
    [0.5, 1.5],
    "0.5,0.5",
    None,
)


@every_rule
@QUICK
@given(data=st.data())
def test_a_point_that_is_none_is_refused_with_its_path(rule: RuleId, data: st.DataObject) -> None:
    """A slip in the scene file is told; it neither crashes nor is judged by."""
    document = ACTS[rule].document(rule)
    corners = [path for path in shapes(document) if path[-1] not in {"metres", "wgs84", "bins_min"}]
    if not corners:
        return
    path = data.draw(st.sampled_from(corners))
    with pytest.raises(ValidationError) as caught:
        SceneConfig.model_validate(put(document, path, data.draw(st.sampled_from(NONSENSE))))
    assert any(error["loc"][: len(path)] == path for error in caught.value.errors())


@every_rule
@QUICK
@given(data=st.data())
def test_a_shape_fallen_together_is_an_error_or_judged_without_a_crash(rule: RuleId, data: st.DataObject) -> None:
    """Two corners on one spot, a line without length, a polygon turned inside out."""
    document = ACTS[rule].document(rule)
    corners = [path for path in shapes(document) if path[-1] != "bins_min"]
    if not corners:
        return
    for _ in range(data.draw(st.integers(1, 4))):
        path, other = data.draw(st.sampled_from(corners)), data.draw(st.sampled_from(corners))
        spot: Any = document
        for key in other:
            spot = spot[key]
        document = put(document, path, list(spot))
    with suppress(ValidationError, ConfigError):
        judged(document, shots(rule)[:20])
