"""Something moves, or only the light and the sensor do."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.engine.motion import Motion
from edge.stream.file import FileReader
from edge.stream.picture import shrink

NOISE = np.random.default_rng(7)


def street(*, noise: float = 0.0, light: float = 0.0) -> NDArray[np.uint8]:
    """A grey road between darker sides, (90, 160)."""
    picture = np.full((90, 160), 60.0)
    picture[40:70] = 110
    return np.clip(picture + light + NOISE.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def with_rider(at: int, *, noise: float = 0.0) -> NDArray[np.uint8]:
    """A motorcycle 30 px high in a picture of 640x360, in dark clothes."""
    picture = street(noise=noise)
    picture[50:58, at : at + 4] = 45
    return picture


@pytest.mark.parametrize("noise", [0.0, 3.0, 10.0])
def test_a_rider_far_away_moves_and_noise_does_not(noise: float) -> None:
    """Also at night, when a quiet picture is full of grain."""
    motion = Motion()
    motion.look(street(noise=noise), 0)
    assert not any(motion.look(street(noise=noise), number / 5) for number in range(1, 100))
    assert motion.look(with_rider(20, noise=noise), 20.0)


def test_who_stands_still_has_been_seen() -> None:
    motion = Motion()
    motion.look(street(), 0)
    assert motion.look(with_rider(20), 0.2)
    assert not any([motion.look(with_rider(20), 2 + number / 5) for number in range(10)][1:])


def test_a_slow_walker_moves_within_a_second() -> None:
    """He moves less than a pixel between two looks; it is the picture of a second ago that is compared with."""
    motion = Motion()
    told = [motion.look(with_rider(20 + number // 5), number / 5) for number in range(40)]
    assert all(any(told[begin : begin + 6]) for begin in range(30))


def test_a_cloud_or_the_aperture_moves_nothing() -> None:
    motion = Motion()
    motion.look(street(), 0)
    assert not motion.look(street(light=25), 0.2)


def test_another_size_of_picture_moves() -> None:
    motion = Motion()
    motion.look(street(), 0)
    assert motion.look(street()[:80], 0.2)


def test_on_real_streets_what_drives_moves(clips: Path) -> None:
    """Cars on a street, 24 fps: told in nearly every look."""
    motion = Motion()
    told = []
    for number, frame in enumerate(FileReader(clips / "street.mp4")):
        if number % 5 == 0:
            told.append(motion.look(shrink(frame.image[:, :, 1]), number / 24))
    assert sum(told) >= 0.9 * len(told)
