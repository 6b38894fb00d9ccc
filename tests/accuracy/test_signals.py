"""Real pictures of signal heads, kept apart from those the lamp model was fitted on; the folder's name is the truth."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.signal.lamp import COLOURS, LampColour, read_lamp

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "build" / "signals.json"


@pytest.fixture(scope="module", name="heads")
def _heads(shared: Path) -> dict[str, list[NDArray[np.uint8]]]:
    folder = shared / "samples" / "signals" / "test"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return {colour: list(_pictures(folder / colour)) for colour in COLOURS}


def test_states_of_real_heads(heads: dict[str, list[NDArray[np.uint8]]]) -> None:
    """At least 99 of 100 red and green heads are read, and no red one is called green."""
    read = {colour: Counter(read_lamp(head).state for head in pictures) for colour, pictures in heads.items()}
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(read, indent=2) + "\n", encoding="utf-8")
    print(f"\nsignal heads, truth to read: {json.dumps(read)}")
    red_and_green: tuple[LampColour, ...] = ("red", "green")
    for colour in red_and_green:
        assert read[colour][colour] >= 0.99 * len(heads[colour]), read
    assert read["red"]["green"] == 0
    assert read["yellow"]["yellow"] >= 0.7 * len(heads["yellow"]), read


@pytest.mark.parametrize("gain", [0.45, 0.7, 1.3])
def test_states_in_poor_light(heads: dict[str, list[NDArray[np.uint8]]], gain: float) -> None:
    """Dusk and over-exposure cost readings (unknown), not truth: red and green are never taken for each other."""
    pairs: tuple[tuple[LampColour, LampColour], ...] = (("red", "green"), ("green", "red"))
    for colour, other in pairs:
        states = Counter(read_lamp(np.clip(head * gain, 0, 255).astype(np.uint8)).state for head in heads[colour])
        assert states[other] == 0, states
        assert states[colour] >= 0.9 * len(heads[colour]), states


def test_the_head_upside_down_is_read_with_its_order(heads: dict[str, list[NDArray[np.uint8]]]) -> None:
    """Green on top, as the scene says: place alone does not decide, nor colour alone."""
    order: tuple[LampColour, ...] = ("green", "yellow", "red")
    for colour in order[::2]:
        states = Counter(read_lamp(np.ascontiguousarray(head[::-1]), order).state for head in heads[colour])
        assert states[colour] >= 0.97 * len(heads[colour]), states


def _pictures(folder: Path) -> Iterator[NDArray[np.uint8]]:
    for path in sorted(folder.iterdir()):
        picture = cv2.imread(str(path))
        assert picture is not None, path
        yield np.asarray(picture, np.uint8)
