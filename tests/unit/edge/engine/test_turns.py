"""Fair turns: nobody starves, nobody gets more than his rate, who is broken costs the others nothing."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.engine.turns import Turns

RATES = st.sampled_from([1.0, 2.0, 5.0, 10.0])


def even(rates: list[float], places: int) -> None:
    """Leaves out loads in which one camera alone would keep a place busy: it cannot stand in line during its turn."""
    assume(max(rates) * places <= 0.4 * sum(rates))


@dataclass
class Machine:
    """A machine with so many places, on which every turn takes `turn_s`; cameras ask as threads do."""

    places: int
    turn_s: float
    rates: dict[str, float]
    own_s: dict[str, float] = field(default_factory=dict)
    silent: tuple[tuple[str, float, float], ...] = ()
    given: dict[str, list[float]] = field(default_factory=dict)

    def run(self, seconds: float) -> "Machine":
        turns: Turns[str] = Turns(self.places)
        for camera, rate in self.rates.items():
            turns.join(camera, rate)
        self.given = {camera: [] for camera in self.rates}
        coming = [(0.0, number, "asks", camera) for number, camera in enumerate(self.rates)]
        heapq.heapify(coming)
        serial = len(coming)
        while coming and coming[0][0] < seconds:
            now, _, act, camera = heapq.heappop(coming)
            later: tuple[float, str] | None = None
            if act == "ends":
                turns.end(camera)
                later = now + self.own_s.get(camera, 0.0), "asks"
            elif (back := self.back_at(camera, now)) is not None:
                later = back, "asks"
            elif (wait := turns.ask(camera, now)) > 0:
                later = now + wait, "asks"
            if later is not None:
                serial += 1
                heapq.heappush(coming, (later[0], serial, later[1], camera))
            while (chosen := turns.give(now)) is not None:
                self.given[chosen].append(now)
                serial += 1
                heapq.heappush(coming, (now + self.turn_s, serial, "ends", chosen))
        return self

    def back_at(self, camera: str, now: float) -> float | None:
        """When it has pictures again; None when it has."""
        return next((end for name, begin, end in self.silent if name == camera and begin <= now < end), None)

    def shares(self, begin: float, end: float) -> dict[str, float]:
        """Of each camera's rate, what it got."""
        return {
            camera: sum(begin <= at < end for at in moments) / (end - begin) / self.rates[camera]
            for camera, moments in self.given.items()
        }


def cameras(rates: list[float]) -> dict[str, float]:
    return {f"camera-{number}": rate for number, rate in enumerate(rates)}


@given(st.lists(RATES, min_size=5, max_size=16), st.integers(1, 3), st.floats(1.3, 6))
@settings(max_examples=25, deadline=None)
def test_under_overload_everybody_loses_the_same_share(rates: list[float], places: int, factor: float) -> None:
    """Twelve cameras on two cores: no camera is the one that is not looked at. Slow ones pay as fast ones do."""
    even(rates, places)
    turn_s = factor * places / sum(rates)
    seconds = 40 * factor
    machine = Machine(places, turn_s, cameras(rates)).run(seconds)
    shares = machine.shares(seconds / 6, seconds)
    span = seconds * 5 / 6
    for camera, share in shares.items():
        assert share == pytest.approx(1 / factor, abs=2.5 / (span * machine.rates[camera]) + 0.02 / factor), shares


@given(st.lists(RATES, min_size=5, max_size=16), st.integers(1, 3), st.floats(1.3, 6))
@settings(max_examples=25, deadline=None)
def test_under_overload_nobody_waits_longer_than_his_share(rates: list[float], places: int, factor: float) -> None:
    """His share of the places' time, and at worst two turns of each other camera on top."""
    even(rates, places)
    turn_s = factor * places / sum(rates)
    machine = Machine(places, turn_s, cameras(rates)).run(30 * factor)
    for camera, moments in machine.given.items():
        longest = max(later - earlier for earlier, later in pairwise(moments))
        fair = factor / machine.rates[camera]
        assert longest <= fair + turn_s * (2 * len(rates) / places + 1), (camera, longest, fair)


@given(st.lists(RATES, min_size=1, max_size=12), st.integers(1, 4), st.floats(0.05, 0.5))
@settings(max_examples=25, deadline=None)
def test_with_time_to_spare_everybody_gets_his_rate_and_no_more(rates: list[float], places: int, load: float) -> None:
    turn_s = min(load * places / sum(rates), 0.25 / max(rates))
    machine = Machine(places, turn_s, cameras(rates)).run(30)
    for camera, moments in machine.given.items():
        assert len(moments) == pytest.approx(30 * machine.rates[camera], abs=2)
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert min(gaps, default=1.0) >= 0.5 / machine.rates[camera] - 1e-6


@given(st.lists(RATES, min_size=6, max_size=12), st.floats(2, 4))
@settings(max_examples=25, deadline=None)
def test_who_was_silent_is_owed_nothing_and_who_is_slow_holds_nobody_up(rates: list[float], factor: float) -> None:
    """A camera that comes back after a minute gets its share, not a minute's turns at once."""
    even(rates[2:], 1)
    named = cameras(rates)
    machine = Machine(1, factor / sum(rates), named, silent=(("camera-0", 10, 70),), own_s={"camera-1": 3.0}).run(130)
    while_away, after = machine.shares(15, 70), machine.shares(75, 130)
    assert while_away["camera-0"] == 0
    busy = [camera for camera in named if camera not in {"camera-0", "camera-1"}]
    for camera in busy:
        slack = 3 / (55 * named[camera])
        assert after["camera-0"] <= after[camera] + slack + 3 / (55 * named["camera-0"]) + 0.02
        assert while_away[camera] >= min(1, 1 / factor) - slack - 0.02
        assert after[camera] >= 1 / factor - slack - 0.02


def test_a_greater_rate_brings_the_next_turn_forward() -> None:
    """Somebody comes into an empty street: the next look is not half a second away."""
    turns: Turns[str] = Turns(1)
    turns.join("gate", 2)
    assert turns.ask("gate", 100) == 0
    assert turns.give(100) == "gate"
    turns.end("gate")
    assert turns.ask("gate", 100.1) == pytest.approx(0.15)  # half a period on: the first turn was no late one
    turns.set_rate("gate", 10)
    assert turns.ask("gate", 100.1) == 0


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_rate_is_a_number_above_nothing(rate: float) -> None:
    turns: Turns[str] = Turns(1)
    with pytest.raises(ValueError, match="expected more than 0"):
        turns.join("gate", rate)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        Turns[str](0)
    turns: Turns[str] = Turns(1)
    turns.join("gate", 5)
    with pytest.raises(ValueError, match="joined already"):
        turns.join("gate", 5)
    turns.ask("gate", 0)
    turns.give(0)
    with pytest.raises(ValueError, match="while it has one"):
        turns.ask("gate", 1)


class Line(RuleBasedStateMachine):
    """Whatever threads do in whatever order: places are neither lost nor given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: Turns[int] = Turns(2)
        self.now = 0.0
        self.here: set[int] = set()
        self.asking: set[int] = set()
        self.holding: Counter[int] = Counter()

    @rule(camera=st.integers(0, 5), rate=RATES)
    def joins_or_changes(self, camera: int, rate: float) -> None:
        if camera in self.here:
            self.turns.set_rate(camera, rate)
        else:
            self.turns.join(camera, rate)
            self.here.add(camera)

    @precondition(lambda self: self.here - set(self.holding))
    @rule(data=st.data(), later=st.floats(0, 1))
    def asks(self, data: st.DataObject, later: float) -> None:
        camera = data.draw(st.sampled_from(sorted(self.here - set(self.holding))))
        self.now += later
        if self.turns.ask(camera, self.now) == 0:
            self.asking.add(camera)

    @rule()
    def gives(self) -> None:
        camera = self.turns.give(self.now)
        if camera is None:
            assert not self.asking or len(self.holding) == 2
        else:
            assert camera in self.asking
            self.asking.remove(camera)
            self.holding[camera] += 1

    @precondition(lambda self: self.here)
    @rule(data=st.data(), leaves=st.booleans())
    def ends_or_leaves(self, data: st.DataObject, leaves: bool) -> None:
        camera = data.draw(st.sampled_from(sorted(self.here)))
        self.asking.discard(camera)
        self.holding.pop(camera, None)
        if leaves:
            self.turns.leave(camera)
            self.here.remove(camera)
        else:
            self.turns.end(camera)

    @invariant()
    def never_more_than_the_places(self) -> None:
        assert len(self.holding) <= 2
        assert all(count == 1 for count in self.holding.values())


TestLine = Line.TestCase
