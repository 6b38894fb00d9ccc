"""The lit lamp, on drawn heads: real ones are in tests/accuracy/test_signals.py."""

import itertools

import numpy as np
import pytest

from edge.signal.lamp import COLOURS, LampColour, read_lamp
from tests.unit.edge.signal.heads_drawn import bus, head

ORDERS = [order for count in (2, 3) for order in itertools.permutations(COLOURS, count)]


@pytest.mark.parametrize("lit", COLOURS)
@pytest.mark.parametrize("housing", [8, 35, 90])
def test_each_lamp_by_night_and_by_day(lit: LampColour, housing: int) -> None:
    """Black night, dusk, a grey housing in the sun."""
    for seed in range(10):
        assert read_lamp(head(lit, housing=housing, seed=seed)).state == lit


@pytest.mark.parametrize("lit", COLOURS)
def test_heads_that_lie_down(lit: LampColour) -> None:
    """Horizontal heads, first lamp on the left."""
    lying = np.ascontiguousarray(head(lit).transpose(1, 0, 2))
    assert read_lamp(lying, COLOURS, "horizontal").state == lit


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_any_order_of_lamps(order: tuple[LampColour, ...]) -> None:
    """Two lamps, or green on top: as the scene says. Never another colour than the one lit."""
    for lit in order:
        assert read_lamp(head(lit, order), order).state in (lit, "unknown")


@pytest.mark.parametrize("across", [8, 12, 60])
@pytest.mark.parametrize("lit", COLOURS)
def test_far_and_near_heads(lit: LampColour, across: int) -> None:
    """Eight pixels across are enough."""
    assert read_lamp(head(lit, across=across)).state == lit


def test_a_dark_head_is_off() -> None:
    """No lamp is no state; whether it is night or a lamp has failed, nobody is judged."""
    assert all(read_lamp(head(None, housing=h, seed=s)).state == "off" for h in (8, 35, 90) for s in range(10))


def test_glare_and_specks_are_unknown() -> None:
    """The low sun behind the head; a region too small to read; an empty region beyond the picture."""
    assert read_lamp(np.full((60, 20, 3), 255, np.uint8)).state == "unknown"
    assert read_lamp(head("red")[:5, :5]).state == "unknown"
    assert read_lamp(np.zeros((0, 0, 3), np.uint8)).state == "unknown"


@pytest.mark.parametrize("colour", [(30, 30, 30), (200, 200, 200), (40, 170, 230), (60, 140, 50), (160, 90, 30)])
def test_a_bus_before_the_head_shows_no_red(colour: tuple[int, int, int]) -> None:
    """White, yellow, green and blue buses; a red one is known by the filter only when the head is seen again."""
    assert all(read_lamp(bus(colour, seed)).state != "red" for seed in range(10))


@pytest.mark.parametrize("lit", ["red", "green"])
def test_tints_do_not_turn_red_into_green(lit: LampColour) -> None:
    """White balance that wanders at dusk."""
    for tint in ((1.25, 1, 0.8), (0.8, 1, 1.25), (1, 1.2, 1), (1.15, 0.9, 1.15)):
        tinted = (head(lit) * np.array(tint)).clip(0, 255).astype(np.uint8)
        assert read_lamp(tinted).state in (lit, "unknown")
