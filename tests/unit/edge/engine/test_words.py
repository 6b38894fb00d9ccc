"""The engineer is told whether the machine, a camera's road or its source is too slow, and what to do."""

from dataclasses import replace

import pytest

from edge.engine.pace import Account
from edge.engine.words import Hanging, overload, slow_because


def account(
    wanted: float = 5, reached: float = 5, *, turn: float = 0.1, own: float = 0.1, covered: float = 10
) -> Account:
    return Account(wanted, reached, 0.4, turn, own, covered)


def test_all_is_well() -> None:
    assert overload({}) == []
    assert overload({"a": account(), "b": account(10, 8.1), "off": account(0, 0)}) == []


def test_a_machine_that_is_too_small_says_by_how_much() -> None:
    told = overload({f"c{number}": account(5, 2.6, turn=0.7) for number in range(12)})
    assert len(told) == 1
    assert told[0].startswith("12 cameras want 60 pictures a second, this machine manages 31: ")
    assert "detect.fps" in told[0]
    assert overload({"c": account(5, 2, turn=0.7)})[0].startswith("1 camera wants 5 pictures a second")


def test_detection_regions_are_named_where_they_are_what_it_takes() -> None:
    busy = replace(account(5, 2.5, turn=0.7), looks=3.0)
    (words,) = overload({"gate": busy, "well": account(5, 2.5, turn=0.7)})
    assert words.startswith("2 cameras want 10 pictures a second, each looked at 2.0 times for its detection regions, ")
    assert "look at fewer or slower detection regions, take a smaller" in words


def test_nobody_complains_before_it_is_known() -> None:
    """The first seconds after a start are no fault."""
    assert overload({"a": account(5, 1, turn=0.8, covered=9)}) == []


def test_a_slow_camera_is_named_and_the_machine_is_not_blamed() -> None:
    told = overload({"gate": account(5, 1.5, own=0.8), "well": account()})
    words = (
        "gate: tracks, rules and evidence take 0.53 s a picture, so it is judged 1.5 times a second instead of 5.0. "
    )
    assert told == [words + "Is the disk slow, or are there very many zones and road users?"]
    (words,) = overload({"far": account(5, 3), "well": account()})
    assert words.startswith("far: its pictures come more slowly than they were taken")


def test_on_a_machine_that_is_too_small_slow_decoding_is_no_news() -> None:
    told = overload({"a": account(5, 2, turn=0.8), "far": account(5, 2), "gate": account(5, 1, own=0.9)})
    assert [words.split(":")[0] for words in told] == [
        "2 cameras want 10 pictures a second, this machine manages 4",
        "gate",
    ]


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (account(), None),
        (account(5, 4.1), None),
        (account(5, 3.9, turn=0.6), "machine"),
        (account(5, 3.9, turn=0.6, own=0.6), "road"),
        (account(5, 3.9), "source"),
    ],
)
def test_causes(given: Account, cause: str | None) -> None:
    assert slow_because(given) == cause


def test_what_hangs_is_told_with_its_place() -> None:
    assert "in the detector (usually 0.06 s)" in Hanging(12.3, in_detector=True, usual_s=0.06).words()
    assert "for 12 s, in tracks, rules and evidence" in Hanging(12.3, in_detector=False, usual_s=0.01).words()
