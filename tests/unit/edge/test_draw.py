"""Drawing: everything that is judged can be seen, on small pictures and big ones, fast enough for live."""

import time
from dataclasses import replace

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.draw import draw_scene, draw_tracks
from edge.scene.load import default_scene
from edge.track.track import Track
from tests.unit.edge.road_story import START, scene

SQUARE = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]
SCENE = scene(
    lines=[{"id": "l", "start": [0.1, 0.9], "end": [0.9, 0.9], "forward": "in", "backward": "out"}],
    zones=[{"id": "z", "kind": "restricted", "polygon": SQUARE, "direction": {"start": [0.5, 0.3], "end": [0.5, 0.7]}}],
)
CAR = Track(7, RoadUserClass.CAR, 0.9, 100, 80, 180, 140, START)


def grey(width: int = 640, height: int = 360) -> np.ndarray:
    return np.full((height, width, 3), 90, np.uint8)


def test_zone_and_line_are_seen() -> None:
    image = grey()
    assert draw_scene(image, SCENE) is image
    assert (image[180, 200] != 90).any()  # tint
    assert (image[324, 100] != 90).any()  # line
    assert (image[10, 10] == 90).all()


def test_box_and_name_are_seen() -> None:
    image = draw_tracks(grey(), [CAR])
    assert (image[110, 100] != 90).any()
    assert (image[74, 110] != 90).any()
    assert (image[110, 140] == 90).all()


def test_riders_and_predictions_look_different() -> None:
    motorcycle = replace(CAR, cls=RoadUserClass.MOTORCYCLE)
    alone, pair = draw_tracks(grey(), [motorcycle]), draw_tracks(grey(), [replace(motorcycle, riders=2)])
    assert (alone != pair).any()
    predicted = draw_tracks(grey(1280, 720), [replace(CAR, observed=False)])
    assert (predicted != draw_tracks(grey(1280, 720), [CAR])).any()


@pytest.mark.parametrize("size", [(64, 48), (352, 288), (3840, 2160)])
def test_any_size_and_any_box(size: tuple[int, int]) -> None:
    """A predicted box may lie far outside; a preview must not fail for it."""
    wild = replace(CAR, x1=-5000.5, y1=-20.0, x2=90000.0, y2=3.0)
    image = draw_tracks(draw_scene(grey(*size), default_scene()), [CAR, wild])
    assert image.shape == (size[1], size[0], 3)


def test_fast_enough_for_live() -> None:
    """Loose: 3 ms is the aim on an idle core, the machine may be busy."""
    tracks = [replace(CAR, id=number, x1=20.0 * number, x2=20.0 * number + 60) for number in range(20)]
    image, best = grey(), 1.0
    for _ in range(10):
        begun = time.perf_counter()
        draw_tracks(draw_scene(image, SCENE), tracks)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.015
