"""Sightings of a head become changes. What breaks here dates red wrongly, or drowns the history in flicker."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.signals import SignalChange, SignalState
from edge.scene.signals import SignalHistory
from edge.signal.filter import HeadFilter

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Plan = list[tuple[float, SignalState]]
CYCLE: Plan = [(0, "green"), (5, "yellow"), (8, "red"), (20, "green")]


def at(second: float) -> datetime:
    """Moment of the story."""
    return START + timedelta(seconds=second)


def shown(plan: Plan, second: float) -> SignalState:
    """What the head shows by plan."""
    return next(state for begin, state in reversed(plan) if begin <= second + 1e-9)


def told(
    plan: Plan,
    *,
    fps: float = 10,
    until_s: float = 30,
    spoil: Callable[[int, SignalState], SignalState | None] = lambda _, state: state,
) -> list[SignalChange]:
    """What the filter tells of a head that shows the plan; `spoil` changes sightings, None drops the frame."""
    head = HeadFilter("A")
    changes = []
    for frame in range(int(until_s * fps)):
        sighting = spoil(frame, shown(plan, frame / fps))
        if sighting is not None:
            changes += head.see(sighting, at(frame / fps))
    return changes


def settled(changes: list[SignalChange]) -> Plan:
    """The history in the end, seconds."""
    history = SignalHistory()
    history.add(changes)
    spans = history.spans("A", at(-1), at(1000))
    return [((span.since - START).total_seconds(), span.state) for span in spans if span.since >= START]


def test_a_cycle_is_dated_at_first_sightings() -> None:
    """Ten frames a second: yellow, red and green begin with the frame that shows them; red ends with its last."""
    assert settled(told(CYCLE)) == [(0, "green"), (5, "yellow"), (8, "red"), (19.9, "green")]


@pytest.mark.parametrize("fps", [6.0, 8.0, 12.5, 25.0])
def test_changes_at_any_frame_rate(fps: float) -> None:
    """Red is never dated before it began nor told after it ended; both within a frame interval."""
    times = settled(told(CYCLE, fps=fps))
    assert [state for _, state in times] == ["green", "yellow", "red", "green"]
    red, green = times[2][0], times[3][0]
    assert 8 <= red < 8 + 1 / fps + 1e-6
    assert 20 - 1 / fps - 1e-6 <= green <= 20


def test_a_change_is_told_soon() -> None:
    """A red light is certain within 0.4 s at six frames a second, before the grace of the rule is over."""
    head = HeadFilter("A")
    known_at = {}
    for frame in range(180):
        for change in head.see(shown(CYCLE, frame / 6), at(frame / 6)):
            known_at[change.state] = frame / 6 - (change.at - START).total_seconds()
    assert known_at["red"] <= 0.4


def test_the_frames_before_green_is_certain_are_not_red() -> None:
    """A car that starts with green is not judged by a red that was not seen to go on."""
    head, history = HeadFilter("A"), SignalHistory()
    for frame in range(202):
        history.add(head.see(shown(CYCLE, frame / 10), at(frame / 10)))
        if frame >= 200:
            assert history.state("A", at(frame / 10)) != "red"


@pytest.mark.parametrize("wrong", ["green", "unknown", "off", "yellow"])
def test_single_wrong_frames_change_nothing(wrong: SignalState) -> None:
    """The lamp model errs once in two hundred pictures; an LED head is dark in single frames."""
    changes = told(CYCLE, spoil=lambda frame, state: wrong if frame % 17 == 5 else state)
    assert settled(changes) == settled(told(CYCLE))


def test_a_short_occlusion_is_bridged_afterwards() -> None:
    """A lorry passes for 0.8 s within red: unknown meanwhile, red in the end."""
    changes = told(CYCLE, spoil=lambda frame, state: "unknown" if 120 <= frame < 128 else state)
    assert SignalChange("A", at(11.9), "unknown", "image") in changes
    assert settled(changes) == settled(told(CYCLE))


def test_a_long_occlusion_is_unknown_from_the_last_sighting() -> None:
    """A bus stands before the head for three seconds of red."""
    changes = told(CYCLE, spoil=lambda frame, state: "unknown" if 120 <= frame < 150 else state)
    assert (11.9, "unknown") in settled(changes)
    assert (15.0, "red") in settled(changes)


def test_a_change_behind_a_bus_is_not_red() -> None:
    """Red, a bus for 0.8 s, green: the time between belongs to nobody's violation."""
    changes = told(CYCLE, spoil=lambda frame, state: "unknown" if 194 <= frame < 203 else state)
    assert settled(changes)[-2:] == [(19.3, "unknown"), (20.3, "green")]


def test_frames_that_do_not_come_are_not_seen() -> None:
    """The camera hangs for two seconds."""
    changes = told(CYCLE, spoil=lambda frame, state: None if 120 <= frame < 140 else state)
    assert (11.9, "unknown") in settled(changes)


@pytest.mark.parametrize("fps", [8.0, 10.0, 25.0])
@pytest.mark.parametrize("period_s", [0.6, 1.0, 1.4])
def test_flashing_yellow(fps: float, period_s: float) -> None:
    """At night the junction flashes: one state, not a yellow every second; afterwards the cycle goes on."""

    def spoil(frame: int, state: SignalState) -> SignalState:
        if state != "flashing_yellow":
            return state
        return "yellow" if (frame / fps) % period_s < period_s / 2 else "off"

    plan: Plan = [(0, "flashing_yellow"), (12, "red"), (20, "green")]
    states = settled(told(plan, fps=fps, spoil=spoil))
    assert [state for _, state in states if state != "unknown"][-3:] == ["flashing_yellow", "red", "green"]
    begun = next(second for second, state in states if state == "flashing_yellow")
    assert begun <= 1.5 * period_s
    assert next(second for second, state in states if state == "red") >= 12


def test_a_steady_yellow_that_beats_with_the_shutter_is_not_flashing() -> None:
    """Single dark frames, however regular."""
    plan: Plan = [(0, "green"), (3, "yellow"), (9, "red")]
    changes = told(plan, fps=25, until_s=12, spoil=lambda frame, state: "off" if frame % 20 == 0 else state)
    assert [state for _, state in settled(changes)] == ["green", "yellow", "red"]


def test_a_jump_in_time_forgets() -> None:
    """A new stream, or a clock set back: nothing seen before is connected."""
    head, history = HeadFilter("A"), SignalHistory()
    for frame in range(20):
        history.add(head.see("red", at(frame / 10)))
    history.add(head.see("red", at(60), discontinuity=True))
    assert history.state("A", at(60)) == "unknown"
    history.add(head.see("red", at(30)))
    assert history.state("A", at(30)) == "unknown"


@given(
    seed=st.integers(0, 10_000),
    fps=st.sampled_from([6.0, 8.0, 12.5, 25.0]),
    errors=st.floats(0, 0.05),
    phases=st.lists(st.integers(25, 120), min_size=3, max_size=6),
)
def test_red_is_told_only_while_it_is_shown(seed: int, fps: float, errors: float, phases: list[int]) -> None:
    """With 5 % unseen frames in any place: never red where the head shows another, never lost for long."""
    rng = random.Random(seed)
    plan: Plan = []
    begin = 0.0
    for number, phase in enumerate(phases):
        plan.append((begin, ("green", "yellow", "red")[number % 3]))
        begin += phase / 10
    blurred = told(
        plan,
        fps=fps,
        until_s=begin,
        spoil=lambda _, state: rng.choice(["unknown", None]) if rng.random() < errors else state,
    )
    history = SignalHistory()
    history.add(blurred)
    for tenth in range(int(begin * 10)):
        if history.state("A", at(tenth / 10)) == "red":
            assert shown(plan, tenth / 10) == "red"


@given(shift_s=st.integers(-86_400, 86_400), seed=st.integers(0, 1000))
def test_shifting_time_shifts_the_changes(shift_s: int, seed: int) -> None:
    """Nothing depends on the hour."""
    rng = random.Random(seed)
    sightings = [rng.choice(["red", "green", "yellow", "off", "unknown"]) for _ in range(60)]
    here, there = HeadFilter("A"), HeadFilter("A")
    shift = timedelta(seconds=shift_s)
    for frame, sighting in enumerate(sightings):
        one = here.see(sighting, at(frame / 10))  # type: ignore[arg-type]
        other = there.see(sighting, at(frame / 10) + shift)  # type: ignore[arg-type]
        assert [(c.at + shift, c.state) for c in one] == [(c.at, c.state) for c in other]
