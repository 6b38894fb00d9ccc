"""Who rides what, by the boxes alone."""

import numpy as np
import pytest

from edge.track.riders import Riders, Role, Side, fits, usual_count

MACHINE = (100.0, 100.0, 140.0, 150.0)


@pytest.mark.parametrize(
    ("person", "sits"),
    [
        ((105, 60, 135, 138), True),  # in the saddle
        ((100, 55, 130, 150), True),  # legs down to the road, at a light
        ((105, 40, 135, 105), False),  # above it: somebody behind, on the pavement
        ((105, 120, 135, 210), False),  # in front of it
        ((145, 60, 175, 150), False),  # beside it
        ((110, 100, 120, 115), False),  # a tiny one far behind
        ((60, -200, 180, 140), False),  # a huge one close to the camera
    ],
)
def test_the_place_of_a_rider(person: tuple[float, ...], sits: bool) -> None:
    """Above the saddle, not beside, behind or in front."""
    assert (fits(np.array([person], float), np.array([MACHINE]))[0, 0] >= 0.35) == sits


def test_no_people_or_no_machines() -> None:
    """Empty roads."""
    assert fits(np.zeros((0, 4)), np.array([MACHINE])).shape == (0, 1)
    assert fits(np.array([MACHINE]), np.zeros((0, 4))).shape == (1, 0)


@pytest.mark.parametrize(
    ("counts", "usual"),
    [([], 0), ([0, 0], 0), ([1], 1), ([1, 1, 1, 2], 1), ([2, 1, 2, 1], 2), ([2, 0, 0, 0], 2), ([3, 2, 2, 2, 2, 2], 2)],
)
def test_the_usual_number_of_riders(counts: list[int], usual: int) -> None:
    """One stray box is not a second rider; a passenger hidden in most frames is one."""
    assert usual_count(counts) == usual


def side(*boxes: tuple[float, ...], speed: float = 0.0, first: int = 1) -> Side:
    n = len(boxes)
    return Side(
        serial=np.arange(first, first + n, dtype=np.int64),
        xyxy=np.array(boxes, float).reshape(-1, 4),
        velocity=np.full((n, 2), speed),
        seen=np.ones(n, np.bool_),
        known=np.ones(n, np.bool_),
    )


SADDLE = (105.0, 60.0, 135.0, 138.0)
NOWHERE = np.zeros((0, 4))


def test_nothing_to_ride_makes_a_pedestrian_as_soon_as_a_track_can_be_confirmed() -> None:
    """No delay where there is no doubt."""
    riders = Riders()
    for expected in (Role.UNDECIDED, Role.UNDECIDED, Role.PEDESTRIAN):
        riders.update(side(SADDLE), side(), NOWHERE, 0.1)
        assert riders.role(1) is expected


def test_next_to_a_doubtful_machine_the_decision_waits() -> None:
    """The machine's own track comes a moment later."""
    riders = Riders()
    riders.update(side(SADDLE), side(), np.array([MACHINE]), 0.1)
    assert riders.role(1) is Role.UNDECIDED


def test_in_the_saddle_makes_a_rider_who_stays_one_through_gaps() -> None:
    """A third of a second; one frame beside it does not end it, a second does."""
    riders = Riders()
    for _ in range(4):
        riders.update(side(SADDLE), side(MACHINE, first=50), NOWHERE, 0.1)
    assert riders.role(1) is Role.RIDER
    assert riders.by_vehicle() == {50: [1]}
    away = (305.0, 60.0, 335.0, 138.0)
    riders.update(side(away), side(MACHINE, first=50), NOWHERE, 0.1)
    assert riders.role(1) is Role.RIDER
    for _ in range(8):
        riders.update(side(away), side(MACHINE, first=50), NOWHERE, 0.1)
    assert riders.role(1) is Role.PEDESTRIAN
    assert riders.vehicle(1) is None


def test_who_is_gone_is_forgotten() -> None:
    """Memory does not grow."""
    riders = Riders()
    riders.update(side(SADDLE), side(), NOWHERE, 0.1)
    riders.update(side(), side(), NOWHERE, 0.1)
    assert riders.role(1) is Role.UNDECIDED


def test_a_doubtful_machine_seen_once_is_remembered() -> None:
    """A bicycle from the front is seen in one frame of five; its rider must not be given out in the others."""
    riders = Riders()
    riders.update(side(SADDLE), side(), np.array([MACHINE]), 0.1)
    for _ in range(6):
        riders.update(side(SADDLE), side(), NOWHERE, 0.1)
    assert riders.role(1) is Role.UNDECIDED
    for _ in range(3):
        riders.update(side(SADDLE), side(), NOWHERE, 0.1)
    assert riders.role(1) is Role.PEDESTRIAN


def test_who_is_too_fast_for_walking_is_held_for_a_second() -> None:
    """A machine that is not seen yet; a runner is given out after that."""
    riders = Riders()
    shown = []
    for _ in range(13):
        riders.update(side(SADDLE, speed=100.0), side(), NOWHERE, 0.1)
        shown.append(riders.role(1) is Role.PEDESTRIAN)
    assert shown.index(True) == 10


@pytest.mark.parametrize(("alone_s", "frames"), [(0.5, 3), (1.5, 6)])
def test_whose_machine_is_seen_a_little_later_has_never_walked(alone_s: float, frames: int) -> None:
    """Moving together for 0.3 s joins who was alone for less than a second, 0.6 s who was seen walking for longer."""
    riders = Riders()
    for _ in range(round(alone_s * 10)):
        riders.update(side(SADDLE, speed=40.0), side(), NOWHERE, 0.1)
    assert riders.role(1) is Role.PEDESTRIAN
    roles = []
    for _ in range(8):
        riders.update(side(SADDLE, speed=40.0), side(MACHINE, first=50, speed=40.0), NOWHERE, 0.1)
        roles.append(riders.role(1))
    assert roles.index(Role.RIDER) + 1 == frames
