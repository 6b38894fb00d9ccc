"""Roads on which vehicles go as vehicles can."""

from pathlib import Path

import numpy as np
import pytest

from tests.simulation import networks
from tests.simulation.demand import Demand, Flow
from tests.simulation.sumo import link_index, simulate, ways_from
from tests.simulation.trajectory import steered

LANES = dict.fromkeys("NESW", 3)


@pytest.mark.parametrize("arms", ["NESW", "ESW"])
def test_who_turns_round_goes_out_at_the_kerb_and_all_other_ways_stay(arms: str, tmp_path: Path) -> None:
    pytest.importorskip("sumo", reason="eclipse-sumo is in the test extra")
    plan = networks.junction(arms, LANES, reach_m=150, cycle_s=60)
    before = ways_from(plan.build(tmp_path), "Si")
    net = networks.junction_with_u_turns(plan, "S", tmp_path)
    assert ("So", 2, 2) in before
    assert sorted(ways_from(net, "Si")) == sorted(("So", 2, 0) if way == ("So", 2, 2) else way for way in before)
    assert link_index(net, "Si", "So") >= 0


def test_who_stands_does_not_turn_on_the_spot() -> None:
    """A quarter turn wanted while it stands and shifts aside by 20 cm, then 4 m of driving to come round."""
    wanted = np.array([0.0, 0.0, np.pi / 2, np.pi / 2, np.pi / 2, np.pi / 2, 0.0])
    driven_m = np.array([1.0, 0.1, 0.1, 0.0, 8.0, 0.0])
    assert steered(wanted, driven_m, 4.0) == pytest.approx([0, 0, 0.025, 0.05, 0.05, np.pi / 2, np.pi / 2])


def test_nobody_leaps_or_spins_in_a_turn(tmp_path: Path) -> None:
    """Motorcycles anywhere in their lane, turning round and to the left: none turns by more than 200 degrees a second,
    none slides backwards by more than a hand's breadth in a step."""
    pytest.importorskip("sumo", reason="eclipse-sumo is in the test extra")
    net = networks.junction_with_u_turns(networks.junction("NESW", LANES, reach_m=150, cycle_s=60), "S", tmp_path)
    demand = Demand(1.0, (Flow("Si", "So", 400), Flow("Si", "Wo", 400)))
    movers = simulate(net, demand.routes(200), tmp_path, seconds=200, seed=3)
    assert len(movers) > 10
    for mover in movers:
        ahead = np.diff(mover.x) * np.cos(mover.heading[:-1]) + np.diff(mover.y) * np.sin(mover.heading[:-1])
        spins = np.degrees(np.abs(np.diff(mover.heading))) / np.diff(mover.t)
        assert spins.max() < 200, mover.name
        assert ahead.min() > -0.35, mover.name
