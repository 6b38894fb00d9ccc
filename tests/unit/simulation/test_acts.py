"""Where and when the truth says that something happened, on ways whose answer is known by hand."""

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from tests.simulation.acts import Act, Ways
from tests.simulation.camera import Camera
from tests.simulation.drawing import Drawing
from tests.simulation.place_junction import across
from tests.simulation.scripted import Leg, Occupancy, arc, cruise, drive, insert
from tests.simulation.sumo import Phase
from tests.simulation.trajectory import Mover
from tests.simulation.truth import acts_of, once
from tests.simulation.world import Programme, World

CAMERA = Camera.looking_at((3.0, -25.0, 8.0), (2.0, 12.0), (1280, 720), 0.65)
STOP = across((0.0, 0.0), (0, 1), 6.0)


def world(*movers: Mover) -> World:
    draw = Drawing(CAMERA)
    scene = SceneConfig.model_validate(
        {
            "version": 1,
            "scene_version": 1,
            "signal_heads": [{"id": "head", "feed": "head"}],
            "stop_lines": [{"id": "stop", **draw.line(*STOP), "signals": ["head"]}],
            "rules": {"red_light": {}, "stop_line_overrun": {}},
        }
    )
    times = np.arange(0, 60, 0.1)
    head = Programme("head", ((0.0, "green"), (10.0, "red"), (40.0, "green")))
    return World("test", 1, CAMERA, scene, movers, times, {"head": head}, {"stop_lines": {"stop": STOP}})


def motorcycle(start: float, *legs: Leg, speed: float = 6.0) -> Mover:
    """Goes north from 12 m before the stop line."""
    return drive("m.1", RoadUserClass.MOTORCYCLE, [(1.0, -12.0), (1.0, 40.0)], start, speed, legs)


def told(mover: Mover) -> list[tuple[str, str]]:
    return [(act.rule, act.doubtful) for act in acts_of(Ways(world(mover)))]


def test_the_crossing_is_that_of_the_near_end() -> None:
    """From behind the ground point is the rear, 1.9 m behind the front: 13.9 m at 6 m/s."""
    mover = motorcycle(12.0, cruise(50, 6.0))
    crossings = list(Ways(world(mover)).crossings("stop"))
    assert [forward for _, _, forward in crossings] == [True]
    assert crossings[0][1] == pytest.approx(12.0 + 13.9 / 6, abs=0.03)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (12.0, [("red_light", "")]),
        (7.0, []),  # passes on green
        (8.2, [("red_light", "near the end of the grace")]),
        (45.0, []),  # green again
    ],
)
def test_going_on_over_the_line(start: float, expected: list[tuple[str, str]]) -> None:
    assert told(motorcycle(start, cruise(50, 6.0))) == expected


def test_standing_over_the_line_is_an_overrun() -> None:
    mover = motorcycle(12.0, cruise(10.5, 6.0), Leg(2.0, 0.0), Leg(30, 0.0), Leg(3, 6.0))
    assert told(mover) == [("stop_line_overrun", "")]


def test_standing_over_the_line_and_going_on_red_is_both() -> None:
    mover = motorcycle(12.0, cruise(10.5, 6.0), Leg(2.0, 0.0), Leg(6, 0.0), Leg(2, 6.0), Leg(3, 6.0))
    assert sorted(told(mover)) == [("red_light", ""), ("stop_line_overrun", "")]


def test_passing_the_line_again_within_one_act_is_the_same_act() -> None:
    first, again, later = (Act("red_light", "stop", 1, at, until) for at, until in ((5, 20), (18, 19), (30, 31)))
    other, overrun = Act("red_light", "stop", 2, 18, 19), Act("stop_line_overrun", "stop", 1, 5, 18)
    assert list(once([first, overrun, again, other, later])) == [first, overrun, other, later]


def test_stopping_before_the_line_is_nothing() -> None:
    assert told(motorcycle(12.0, cruise(6, 6.0), Leg(2.0, 0.0), Leg(20, 0.0))) == []


def test_a_programme_repeats() -> None:
    programme = Programme.of("h", (Phase(20, "Gr"), Phase(3, "yr"), Phase(27, "rG")), 0, 120)
    assert programme.at(21) == ("yellow", 20.0, 23.0)
    assert programme.at(60) == ("green", 50.0, 70.0)
    assert programme.at(75)[:2] == ("red", 73.0)


def test_nobody_is_put_where_somebody_is() -> None:
    """The lane is taken from 10 to 20 s; outside that a way through is found."""
    parked = drive("p.1", RoadUserClass.CAR, [(0.0, 0.0), (0.0, 1.0)], 10.0, 0.05, [Leg(10, 0.05)])

    def make(number: int, start: float, _: np.random.Generator) -> Mover:
        return drive(f"n.{number}", RoadUserClass.CAR, [(0.0, -30.0), (0.0, 30.0)], start, 12.0, [cruise(60, 12.0)])

    occupancy = Occupancy([parked])
    assert not occupancy.is_free(make(0, 12.0, np.random.default_rng(1)), 0.5)
    placed = insert(occupancy, make, np.random.default_rng(1), wanted=3, between=(0.0, 40.0), tries=200)
    assert len(placed) == 3
    for mover in placed:
        passes = float(np.interp(0.0, mover.y, mover.t))
        assert not 10.0 < passes < 20.0


def test_legs_are_driven_with_their_speeds() -> None:
    mover = drive("d.1", RoadUserClass.CAR, [(0.0, 0.0), (100.0, 0.0)], 5.0, 10.0, [cruise(20, 10.0), Leg(2.0, 0.0)])
    assert mover.x[-1] == pytest.approx(30.0, abs=0.3)
    assert mover.speed()[5] == pytest.approx(10.0, abs=0.01)
    assert mover.heading[3] == pytest.approx(0.0)


def test_an_arc_turns() -> None:
    """A left turn to the west from a northern heading, radius 5."""
    points = arc((0.0, 0.0), np.pi / 2, np.pi / 2, 5.0)
    assert points[-1] == pytest.approx((-5.0, 5.0))
