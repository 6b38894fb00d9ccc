"""The rates of the noise model, counted: a figure "under noise" is only worth what the noise was."""

import numpy as np
import pytest

from contracts.classes import LOOK_ALIKE_GROUP, RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation.camera import Camera
from tests.simulation.given import in_pieces
from tests.simulation.noise import NOBODY, Boxes, NoiseModel, flickered, jittered, spoil
from tests.simulation.pictures import Sightings, covered_share, frame_times, look
from tests.simulation.trajectory import SIZES, Mover
from tests.simulation.world import World

CAMERA = Camera.looking_at((3.0, -20.0, 8.0), (2.0, 15.0), (1280, 720), 0.65)
KINDS = (RoadUserClass.CAR, RoadUserClass.MOTORCYCLE, RoadUserClass.BUS)


@pytest.fixture(name="world", scope="module")
def _world() -> World:
    """900 vehicles, one after the other in three lanes, for ten minutes."""
    movers = []
    for number in range(900):
        t = np.arange(0, 9, 0.1) + number * 2 / 3
        y = -10 + 8 * (t - t[0])
        cls = KINDS[number % 3]
        x = np.full(len(t), -4.0 + 5.0 * (number % 3))
        movers.append(Mover(f"m.{number}", cls, SIZES[cls], t, x, y, np.full(len(t), np.pi / 2)))
    times = frame_times(np.random.default_rng(3), 12.5, 0, 600)
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1})
    return World("test", 1, CAMERA, scene, tuple(movers), times)


@pytest.fixture(name="seen", scope="module")
def _seen(world: World) -> Sightings:
    return look(world.camera, world.movers, world.times)


@pytest.fixture(name="told", scope="module")
def _told(world: World, seen: Sightings) -> Boxes:
    return spoil(world, seen, np.random.default_rng(5))


def test_frames_come_unevenly_at_the_rate_asked_for() -> None:
    times = frame_times(np.random.default_rng(1), 10, 60, 660)
    steps = np.diff(times)
    assert 1 / steps.mean() == pytest.approx(10, rel=0.01)
    assert steps.std() / steps.mean() == pytest.approx(0.12, abs=0.01)
    assert steps.min() > 0


def test_sides_tremble_by_two_percent_of_the_box() -> None:
    boxes = np.tile([100.0, 50.0, 300.0, 150.0], (20000, 1))
    off = jittered(boxes, np.random.default_rng(1), 0.02) - boxes
    np.testing.assert_allclose(off.std(axis=0), [4.0, 2.0, 4.0, 2.0], rtol=0.03)
    np.testing.assert_allclose(off.mean(axis=0), 0, atol=0.1)


def test_three_percent_of_the_classes_are_wrong_mostly_within_their_group() -> None:
    cls = np.full(40000, int(RoadUserClass.CAR))
    told = flickered(cls, np.random.default_rng(1), 0.03)
    wrong = told[told != cls]
    assert len(wrong) / len(cls) == pytest.approx(0.03, rel=0.1)
    alike = np.mean([LOOK_ALIKE_GROUP[int(one)] == LOOK_ALIKE_GROUP[int(RoadUserClass.CAR)] for one in wrong])
    assert 0.88 < alike < 0.99
    assert int(RoadUserClass.OBJECT) not in told


def test_boxes_are_missing_and_false_at_their_rates(world: World, seen: Sightings) -> None:
    told = spoil(world, seen, np.random.default_rng(7), NoiseModel(hidden_above=2.0, hidden_per_s=0.0))
    true = told.mover != NOBODY
    assert 1 - true.sum() / len(seen.frame) == pytest.approx(0.05, rel=0.05)
    assert (~true).sum() / true.sum() == pytest.approx(0.03, rel=0.1)


def test_false_boxes_live_for_at_most_three_frames(told: Boxes) -> None:
    false = told.mover == NOBODY
    _, lives = np.unique(told.track[false], return_counts=True)
    assert set(lives.tolist()) <= {1, 2, 3}


def test_two_of_a_hundred_road_users_change_their_number(world: World, told: Boxes) -> None:
    """Swapped ones change both numbers: the share is of road users in whose life a switch was drawn."""
    true = told.mover != NOBODY
    changed = sum(len(set(told.track[true & (told.mover == one)])) > 1 for one in range(len(world.movers)))
    assert 0.01 < changed / len(world.movers) < 0.05


def test_nobody_is_hidden_for_longer_than_the_model_says(seen: Sightings) -> None:
    world_times = seen.times[seen.frame]
    model = NoiseModel(jitter=0, missed=0, switches=0, flicker=0, false=0, hidden_per_s=0.5)
    scene = SceneConfig.model_validate({"version": 1, "scene_version": 1})
    t = np.array([0.0, 700.0])
    movers = tuple(
        Mover(f"m.{n}", RoadUserClass.CAR, SIZES[RoadUserClass.CAR], t, t, t, t)
        for n in range(int(seen.mover.max()) + 1)
    )
    world = World("test", 1, CAMERA, scene, movers, seen.times)
    told = spoil(world, seen, np.random.default_rng(2), model)
    assert len(told.frame) < len(seen.frame)
    for one in range(0, 900, 50):
        all_of, left = world_times[seen.mover == one], seen.times[told.frame[told.mover == one]]
        inner = np.diff(left)
        step = float(np.diff(all_of).max())
        assert inner.max(initial=0.0) <= model.hidden_s + 2 * step


def test_a_car_behind_a_bus_is_covered() -> None:
    sightings = Sightings(
        np.array([0.0]),
        np.array([0, 0, 0]),
        np.array([0, 1, 2]),
        np.array([[100.0, 100, 200, 200], [90, 80, 210, 260], [400, 100, 500, 200]]),
        np.array([30.0, 20.0, 25.0]),
    )
    assert covered_share(sightings).tolist() == pytest.approx([1.0, 0.0, 0.0])


def test_the_same_seed_gives_the_same_noise(world: World, seen: Sightings, told: Boxes) -> None:
    again = spoil(world, seen, np.random.default_rng(5))
    np.testing.assert_array_equal(again.boxes, told.boxes)
    np.testing.assert_array_equal(again.track, told.track)


def test_two_wheelers_come_as_machine_and_rider(told: Boxes) -> None:
    """The detector sees pieces; together they are the box of both."""
    boxes, cls, _, frame = in_pieces(told, np.random.default_rng(1))
    people = (cls == int(RoadUserClass.PERSON)).sum()
    two = np.isin(told.cls, [int(RoadUserClass.MOTORCYCLE), int(RoadUserClass.BICYCLE)]).sum()
    stray = (told.cls == int(RoadUserClass.PERSON)).sum()
    assert people - stray == pytest.approx(0.95 * two, rel=0.02)
    assert (np.diff(frame) >= 0).all()
    assert len(boxes) == len(cls) == len(frame)
