"""A camera that sends black, or the same picture for ever, looks online to everybody else."""

import numpy as np
import pytest

from edge.stream.picture import HEIGHT, WIDTH, Gray, PictureCheck, shrink

CHANCE = np.random.default_rng(5)


def street() -> Gray:
    return CHANCE.integers(40, 220, (HEIGHT, WIDTH)).astype(np.uint8)


def watch(pictures: list[Gray], every_s: float = 0.5) -> PictureCheck:
    check = PictureCheck()
    for index, gray in enumerate(pictures):
        check.look(gray, index * every_s)
    return check


def noisy(gray: Gray, amplitude: int = 2) -> Gray:
    noise = CHANCE.integers(-amplitude, amplitude + 1, gray.shape)
    shaken: Gray = np.clip(gray.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return shaken


def test_a_living_picture_is_neither() -> None:
    scene = street()
    check = watch([noisy(scene) for _ in range(60)])
    assert not check.black
    assert not check.frozen


def test_black_is_told_after_two_seconds() -> None:
    dark: Gray = np.full((HEIGHT, WIDTH), 16, np.uint8)
    assert not watch([noisy(dark)] * 4).black
    assert watch([noisy(dark) for _ in range(5)]).black


def test_a_dark_street_with_a_lamp_is_not_black() -> None:
    night: Gray = np.full((HEIGHT, WIDTH), 20, np.uint8)
    night[10:20, 10:60] = 180
    assert not watch([noisy(night) for _ in range(20)]).black


def test_light_ends_black() -> None:
    dark: Gray = np.zeros((HEIGHT, WIDTH), np.uint8)
    check = watch([dark] * 10)
    check.look(street(), 5.0)
    assert not check.black


def test_frozen_is_told_after_ten_seconds() -> None:
    scene = street()
    assert not watch([scene] * 20).frozen
    assert watch([scene] * 21).frozen


def test_motion_ends_frozen() -> None:
    scene = street()
    check = watch([scene] * 30)
    check.look(street(), 15.0)
    assert not check.frozen


def test_another_size_is_not_frozen() -> None:
    check = watch([street()] * 30)
    check.look(np.full((45, 80), 90, np.uint8), 15.0)
    assert not check.frozen


def test_it_is_due_twice_a_second() -> None:
    check = PictureCheck()
    assert check.is_due(0.0)
    check.look(street(), 0.0)
    assert not check.is_due(0.4)
    assert check.is_due(0.5)
    assert check.is_due(-100.0), "a jump back must not silence the check"


@pytest.mark.parametrize("shape", [(1080, 1920), (90, 160), (33, 21), (1, 1)])
def test_any_size_shrinks(shape: tuple[int, int]) -> None:
    assert shrink(np.zeros(shape, np.uint8)).shape == (min(90, shape[0]), min(160, shape[1]))
