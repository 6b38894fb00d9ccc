"""Sudden slow-down: an emergency braking is found, everyday braking never is."""

import random
from datetime import timedelta

import pytest
from pydantic import ValidationError

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from edge.rules.sudden_slowdown import braking_of
from edge.scene.ground import ground_of
from edge.scene.sample import Sample
from edge.track.track import Track
from tests.unit.edge.road_story import SIZE, START, scene
from tests.unit.edge.rules.acts import GROUND, METRES
from tests.unit.edge.scene.camera_story import Drive, Pinhole, sightings

WHOLE = {"id": "road", "kind": "carriageway", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
PLACES = [(x, y) for y in (14.0, 30.0, 55.0, 90.0) for x in (-6.0, -2.0, 2.0, 6.0)]


def road(calibration: object, **rule: object) -> SceneConfig:
    return scene(zones=[WHOLE], calibration=calibration, rules={"sudden_slowdown": rule})


def drives(
    deceleration: float, *, seed: int = 1, fps: float = 12, from_mps: float = 16, rule: object = None
) -> list[Finding]:
    """Comes towards the camera, goes on evenly for 1.5 s and brakes to a stop, as a noisy tracker sees it."""
    camera, noise = Pinhole(), random.Random(seed)
    config = road(camera.calibration(PLACES).model_dump(), **(rule or {}))  # type: ignore[arg-type]
    even_s, brake_s = 1.5, min(from_mps / deceleration, 3.0)
    frames: list[Track] = []
    start = 60.0
    for _, track in sightings(camera, Drive("car", (1.5, start), -90, from_mps), noise, fps=fps, over_s=even_s):
        frames.append(track)
    braking = Drive("car", (1.5, start - from_mps * even_s), -90, from_mps, acceleration=-deceleration)
    for _, track in sightings(camera, braking, noise, fps=fps, over_s=brake_s):
        at = track.at + timedelta(seconds=even_s)
        frames.append(Track(1, track.cls, 0.9, track.x1, track.y1, track.x2, track.y2, at))
    road_of = TrackRoad(config, node="n", camera="c")
    return [
        found
        for track in sorted(frames, key=lambda t: t.at)
        for found in road_of.update([track], track.at, camera.size)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_an_emergency_braking_is_one_finding(seed: int) -> None:
    (found,) = drives(8.5, seed=seed)
    assert (found.rule, found.kind, found.where) == ("sudden_slowdown", "incident", "road")
    assert found.facts["deceleration_mps2"] - found.facts["uncertainty_mps2"] >= 5
    assert found.facts["deceleration_mps2"] == pytest.approx(8.5, abs=max(found.facts["uncertainty_mps2"], 2))
    assert found.facts["from_kmh"] == pytest.approx(58, abs=8)
    assert found.speed is not None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("deceleration", [0.5, 2.0, 3.5])
def test_everyday_braking_is_none(deceleration: float, seed: int) -> None:
    assert drives(deceleration, seed=seed) == []


def test_who_was_slow_before_is_none() -> None:
    assert drives(8.5, rule={"from_kmh": 90}) == []


def test_a_track_that_jumps_to_a_slower_vehicle_does_not_brake() -> None:
    """Ids swap in a dense platoon: 70 km/h becomes 20 within a frame, eight metres aside."""
    for jump_m in (-6.0, -3.0, 3.0, 6.0):
        road_of, found = TrackRoad(road(GROUND), node="n", camera="c"), []
        x = 5.0
        for number in range(60):
            x += 1.95 if number < 25 else (0.55 + (jump_m if number == 25 else 0.0))
            px, py, at = (
                x / METRES[0] * SIZE[0],
                250.0 + (20 if number >= 25 else 0),
                START + timedelta(seconds=number / 10),
            )
            track = Track(1, RoadUserClass.CAR, 0.9, px - 20, py - 20, px + 20, py, at)
            found += road_of.update([track], at, SIZE)
        assert found == [], jump_m


def test_without_a_calibration_the_scene_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"rules\.sudden_slowdown: is on, but there is no calibration"):
        scene(zones=[WHOLE], rules={"sudden_slowdown": {}})


def test_the_parabola_gives_the_deceleration_exactly() -> None:
    """Units: pixels in, m/s² out, against s = v t - a t²/2 worked by hand."""
    ground = ground_of(road(GROUND).calibration, SIZE)
    assert ground is not None
    path = []
    for number in range(13):
        t = number / 10
        metres = 10 + 20 * t - 6 * t * t / 2
        path.append(Sample(START + timedelta(seconds=t), (metres / METRES[0] * SIZE[0], 250.0), 20.0))
    braking = braking_of(tuple(path), ground, 1.0)
    assert braking is not None
    assert braking.mps2 == pytest.approx(6, rel=1e-6)
    assert braking.over_s == pytest.approx(1.2)
    assert 0 < braking.uncertainty_mps2 < 1
    assert braking_of(tuple(path[:4]), ground, 1.0) is None
