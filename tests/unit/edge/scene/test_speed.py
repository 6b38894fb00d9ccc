"""Speed over the ground against a pinhole camera: near the truth, and sure of itself no more than it may be.

Seeds are fixed for development; other seeds, cameras and whole traffic judge in the simulation.
"""

import math
import random
import time
from dataclasses import dataclass, field

import pytest

from edge.scene.facts import Speed, SpeedMeasured
from edge.scene.ground import Ground
from edge.scene.speed import MeasuringPlane, SpeedWatch, Spot, Way, fit_line
from edge.scene.state import SceneState
from tests.unit.edge.road_story import scene
from tests.unit.edge.scene.camera_story import SIZES, Drive, Pinhole, sightings

CAMERA = Pinhole()
PLACES = [(-11.0, 24.0), (11.0, 24.0), (-28.0, 75.0), (28.0, 75.0), (0.0, 40.0), (-8.0, 55.0), (10.0, 32.0)]
KMH = 3.6


@dataclass
class Score:
    """Errors of measurements, km/h, and which of them lie within U."""

    errors: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)

    @property
    def rmse(self) -> float:
        return math.sqrt(sum(e * e for e in self.errors) / len(self.errors))

    @property
    def bias(self) -> float:
        return sum(self.errors) / len(self.errors)

    @property
    def coverage(self) -> float:
        return sum(self.covered) / len(self.covered)


def drive(kind: str, noise: random.Random) -> Drive:
    """A vehicle of any class and not quite the usual size, at 20 to 90 km/h (turning: 15 to 30)."""
    cls = noise.choice(["motorcycle", "motorcycle", "car", "car", "bus", "truck"])
    length, width, height = (metres * (1 + noise.gauss(0, 0.12)) for metres in SIZES[cls])
    body, mps = (length, width, height), noise.uniform(20, 90) / KMH
    if kind == "towards":
        return Drive(cls, (noise.uniform(-10, 10), 75), -90 + noise.uniform(-8, 8), mps, body=body)
    if kind == "away":
        return Drive(cls, (noise.uniform(-10, 10), 22), 90 + noise.uniform(-8, 8), mps, body=body)
    if kind == "across":
        return Drive(cls, (-35, noise.uniform(28, 60)), noise.uniform(-15, 15), mps, body=body)
    if kind == "braking":
        return Drive(cls, (noise.uniform(-10, 10), 75), -90, mps, acceleration=noise.uniform(-3, 2), body=body)
    radius = noise.choice([1, -1]) * noise.uniform(9, 20)
    return Drive(cls, (-14, 30), noise.uniform(0, 20), noise.uniform(15, 30) / KMH, radius_m=radius, body=body)


def measured(kind: str, seed: int, camera: Pinhole = CAMERA, drives: int = 40) -> Score:
    """Every measurement of so many drives, each on a calibration of its own (points read to one pixel)."""
    noise, score = random.Random(seed), Score()
    for _ in range(drives):
        plane = MeasuringPlane(Ground(camera.calibration(PLACES, noise, 1.0), camera.size), 0.005)
        one, watch, last = drive(kind, noise), None, None
        for t, track in sightings(camera, one, noise, fps=noise.uniform(8, 25), over_s=7):
            if one.mps + one.acceleration * t < 3:
                break
            watch = watch or SpeedWatch(track)
            speed = watch.step(track, plane)
            if speed is None or speed is last:
                continue
            last = speed
            truth = (one.gone(t) - one.gone(t - speed.window_s)) / speed.window_s
            score.errors.append((speed.mps - truth) * KMH)
            score.covered.append(abs(speed.mps - truth) <= speed.uncertainty_mps)
    return score


@pytest.mark.parametrize("seed", [11, 12])
def test_speed_is_near_the_truth_and_its_uncertainty_is_honest(seed: int) -> None:
    """Noise of the issue: boxes tremble by 2 % of their size, 5 % of frames are missing, 8 to 25 frames a second."""
    whole = Score()
    for kind in ("towards", "away", "across", "braking"):
        score = measured(kind, seed)
        assert len(score.errors) > 150
        assert score.rmse <= 1.5
        assert abs(score.bias) < 0.4
        assert 0.90 <= score.coverage <= 0.995
        whole.errors += score.errors
        whole.covered += score.covered
    assert whole.rmse <= 1.5
    assert 0.93 <= whole.coverage <= 0.98


def test_through_a_turn_too() -> None:
    """The bottom centre of a box swings around the vehicle when it turns."""
    score = measured("turning", 13)
    assert score.rmse <= 1.5
    assert score.coverage >= 0.88


def test_a_small_picture_of_a_low_camera_stays_honest() -> None:
    low = Pinhole(height_m=6, tilt_deg=12, focal=0.8, size=(640, 480))
    score = measured("towards", 14, low, 60)
    assert score.coverage >= 0.90
    assert score.rmse <= 1.6


def one_drive(cls: str, start: tuple[float, float], heading_deg: float, kmh: float, **noise: float) -> list[Speed]:
    plane = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.0)
    speeds, watch = [], None
    for _, track in sightings(
        CAMERA, Drive(cls, start, heading_deg, kmh / KMH), random.Random(1), fps=15, over_s=6, **noise
    ):
        watch = watch or SpeedWatch(track)
        speed = watch.step(track, plane)
        if speed is not None:
            speeds.append(speed)
    return speeds


@pytest.mark.parametrize("cls", ["motorcycle", "car", "bus"])
@pytest.mark.parametrize(("start", "heading_deg"), [((3, 74), -90), ((-4, 25), 90), ((-20, 32), 5)])
def test_without_noise_the_box_of_a_body_is_no_bias(cls: str, start: tuple[float, float], heading_deg: float) -> None:
    """A bus that crosses the picture at 30 m would seem 4 % slower by its box alone."""
    speeds = one_drive(cls, start, heading_deg, 54, box=0, missed=0)
    assert len(speeds) >= 8
    assert all(abs(speed.mps * KMH - 54) < 0.8 for speed in speeds), [speed.mps * KMH for speed in speeds]
    assert all(speed.method == "screening" for speed in speeds)


def test_noisier_boxes_are_less_certain() -> None:
    calm, wild = one_drive("car", (3, 50), -90, 50, box=0.005), one_drive("car", (3, 50), -90, 50, box=0.03)
    assert sum(s.uncertainty_mps for s in wild) / len(wild) > sum(s.uncertainty_mps for s in calm) / len(calm)


def state_of(calibration: object, size: tuple[int, int] = CAMERA.size) -> list[SpeedMeasured]:
    state = SceneState(scene(calibration=calibration))
    facts = []
    for _, track in sightings(CAMERA, Drive("car", (3, 70), -90, 12), random.Random(2), fps=12, over_s=4):
        facts += state.update([track], track.at, size)
        if not any(isinstance(fact, SpeedMeasured) for fact in facts):
            assert state.speed(1) is None
    return [fact for fact in facts if isinstance(fact, SpeedMeasured)]


def test_a_scene_with_a_good_calibration_measures() -> None:
    calibration = CAMERA.calibration(PLACES).model_dump(exclude_none=True, mode="json")
    facts = state_of(calibration)
    assert len(facts) > 10
    assert all(abs(fact.speed.mps - 12) < 1 for fact in facts)
    assert facts[-1].speed.metres == pytest.approx((3, 70 - 12 * 4), abs=3)


def test_no_calibration_a_poor_one_or_off_its_region_is_no_speed() -> None:
    """An unknown never makes a violation."""
    assert state_of(None) == []
    poor = CAMERA.calibration(PLACES, random.Random(1), 12).model_dump(exclude_none=True, mode="json")
    assert state_of({**poor, "max_residual_m": 0.3}) == []
    good = CAMERA.calibration(PLACES).model_dump(exclude_none=True, mode="json")
    corner = [[0, 0.9], [0.2, 0.9], [0.1, 1.0]]
    assert state_of({**good, "valid": corner}) == []


def test_a_path_that_is_no_vehicles_gives_no_speed() -> None:
    """An id that jumps between two lanes of traffic must not become 200 km/h."""
    plane = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.005)
    near = list(sightings(CAMERA, Drive("car", (-5, 40), -90, 5), random.Random(1), fps=10, over_s=3, missed=0))
    far = list(sightings(CAMERA, Drive("car", (5, 70), -90, 5), random.Random(1), fps=10, over_s=3, missed=0))
    watch = SpeedWatch(near[0][1])
    speeds = [
        watch.step((near if number % 4 < 2 else far)[number][1], plane) for number in range(min(len(near), len(far)))
    ]
    assert all(speed is None for speed in speeds)


@pytest.mark.parametrize("seed", range(4))
def test_hidden_for_a_second_its_mean_speed_is_known_when_it_is_seen_again(seed: int) -> None:
    plane, noise = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.005), random.Random(seed)
    seen = list(sightings(CAMERA, Drive("car", (3, 24), 90, 22), noise, fps=10, over_s=2.2, missed=0))
    first = next(number for number, (t, _) in enumerate(seen) if t > 1.65)
    shown = [track for number, (t, track) in enumerate(seen[: first + 2]) if t < 0.75 or number >= first]
    watch = SpeedWatch(shown[0])
    speed = [watch.step(track, plane) for track in shown][-2]
    assert speed is not None
    assert speed.window_s > 1.5
    assert abs(speed.mps - 22) <= min(speed.uncertainty_mps, 1.1)


def test_hidden_for_longer_it_is_measured_anew() -> None:
    plane = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.005)
    seen = sightings(CAMERA, Drive("car", (3, 24), 90, 16), random.Random(1), fps=10, over_s=2.6, missed=0)
    shown = [track for t, track in seen if t < 0.75 or t > 2.25]
    watch = SpeedWatch(shown[0])
    assert [watch.step(track, plane) for track in shown][-1] is None


def test_the_moment_a_slope_stands_for() -> None:
    """Seen often at first and once at the end, braking: the slope is the mean speed, not that of the beginning."""
    times = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.9]
    spots = [Spot(t, 20 * t - 2 * t * t, 0.0, 0.05, 0.0, 0.05, 0.0) for t in times]
    line = fit_line(spots, Way(1.0, 0.0, 0.0, 20.0), 0.0)
    assert line.slope == pytest.approx(20 - 4 * (0.95 + line.lag_s), abs=1e-4)
    assert abs(line.lag_s) < 0.2


def test_standing_is_no_speed_to_speak_of() -> None:
    for cls in ("motorcycle", "car", "bus"):
        for speed in one_drive(cls, (3, 35), -90, 0, box=0.02, missed=0.05):
            assert speed.mps - speed.uncertainty_mps < 0.3


def test_a_second_frame_of_the_same_time_changes_nothing() -> None:
    plane = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.005)
    tracks = [t for _, t in sightings(CAMERA, Drive("car", (3, 60), -90, 12), random.Random(1), fps=10, over_s=3)]
    once, twice = SpeedWatch(tracks[0]), SpeedWatch(tracks[0])
    for track in tracks:
        assert once.step(track, plane) == [twice.step(track, plane), twice.step(track, plane)][1]


def test_cheap_enough_for_every_track_and_frame() -> None:
    """15 µs is the aim on an idle core; the machine may be busy."""
    plane = MeasuringPlane(Ground(CAMERA.calibration(PLACES), CAMERA.size), 0.005)
    tracks = [t for _, t in sightings(CAMERA, Drive("car", (3, 74), -90, 7), random.Random(1), fps=10, over_s=8)]
    best = 1.0
    for _ in range(10):
        watch, begun = SpeedWatch(tracks[0]), time.perf_counter()
        for track in tracks:
            watch.step(track, plane)
        best = min(best, (time.perf_counter() - begun) / len(tracks))
    assert best < 60e-6
