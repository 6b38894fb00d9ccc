"""Stitching on streets with known truth and every fault at once.

The faults are those of the issue, with the harshest reading of "2 % id switches": of every sighting, which for a
road user that is seen for 8 s at 8 frames a second is more than one switch.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from random import Random

import pytest

from edge.track.stitch import Stitcher
from edge.track.track import Track
from tests.unit.edge.track.street import CLEAN, Faults, Noise, User, flow, queue, times
from tests.unit.edge.track.world import at


@dataclass(frozen=True, slots=True)
class Tally:
    """Road users of a street: how many there were, kept one number, lost sightings; how many numbers were mixed."""

    users: int
    whole: int
    numbers: int
    merged: int
    false: int
    shown: float


def stitched(users: list[User], noise: Noise, *, fps: float, seconds: float, seed: int) -> Tally:
    """Follows a street. Seen for less than a second counts as nobody."""
    faults, stitcher = Faults(users, noise, Random(seed)), Stitcher()
    truth: dict[tuple[float, float, object], int | None] = {}
    told: Counter[int | None] = Counter()
    of_user: dict[int | None, Counter[int]] = defaultdict(Counter)
    of_number: dict[int, Counter[int | None]] = defaultdict(Counter)
    for t in times(Random(seed + 1000), seconds, fps):
        sights = faults.frame(t)
        for sight in sights:
            truth[key(sight.track)] = sight.truth
            told[sight.truth] += 1
        for track in stitcher.update([sight.track for sight in sights], at(t)):
            who = truth[key(track)]
            of_user[who][track.id] += 1
            of_number[track.id][who] += 1
    known = [user for user in told if user is not None and told[user] >= fps]
    return Tally(
        users=len(known),
        whole=sum(is_whole(of_user[user]) for user in known),
        numbers=len(of_number),
        merged=sum(is_merged(counts) for counts in of_number.values()),
        false=sum(counts.most_common(1)[0][0] is None for counts in of_number.values()),
        shown=sum(sum(of_user[user].values()) for user in known) / sum(told[user] for user in known),
    )


def key(track: Track) -> tuple[float, float, object]:
    return track.x1, track.y1, track.at


def is_whole(numbers: Counter[int]) -> bool:
    """One number for 99 of 100 sightings."""
    return bool(numbers) and max(numbers.values()) >= 0.99 * sum(numbers.values())


def is_merged(owners: Counter[int | None]) -> bool:
    """Three sightings or more of a second road user."""
    seen = sorted((count for user, count in owners.items() if user is not None), reverse=True)
    return len(seen) > 1 and seen[1] >= 3


RATES = (6.0, 8.0, 15.0, 25.0)


def total(street: str, noise: Noise, fps: float, seeds: range) -> Tally:
    """Sum over seeds."""
    tallies = []
    for seed in seeds:
        seconds = 50.0 if street == "flow" else 12.0
        users = flow(Random(seed), seconds) if street == "flow" else queue(Random(seed))
        tallies.append(stitched(users, noise, fps=fps, seconds=seconds, seed=seed))
    return added(tallies)


def added(tallies: list[Tally]) -> Tally:
    names = "users", "whole", "numbers", "merged", "false"
    sums = {name: sum(getattr(tally, name) for tally in tallies) for name in names}
    return Tally(**sums, shown=min(tally.shown for tally in tallies))


@pytest.mark.parametrize("street", ["flow", "queue"])
def test_given_tracks_without_faults_stay_as_they_are(street: str) -> None:
    """No number is changed without need, and nobody is mixed with anybody."""
    tally = added([total(street, CLEAN, fps, range(1, 2)) for fps in RATES])
    assert (tally.whole, tally.merged, tally.false) == (tally.users, 0, 0)
    assert tally.numbers <= tally.users + 8  # who was seen for less than a second has one too
    assert tally.shown > 0.99


@pytest.mark.parametrize("street", ["flow", "queue"])
def test_all_faults_at_once(street: str) -> None:
    """Two switches in a hundred road users and seconds, which is already more than trackers have."""
    tally = added([total(street, Noise(switches=0.02 / fps), fps, range(1, 4)) for fps in RATES])
    assert tally.whole >= 0.99 * tally.users
    assert tally.merged <= 0.003 * tally.numbers
    assert tally.shown > 0.985


@pytest.mark.parametrize("street", ["flow", "queue"])
def test_two_switches_in_a_hundred_sightings(street: str) -> None:
    """Far worse than any tracker: numbers mean nothing after two seconds, places must do. Measured: 97.8 and 99 %."""
    tally = added([total(street, Noise(), fps, range(11, 13)) for fps in RATES])
    assert tally.whole >= 0.97 * tally.users
    assert tally.merged <= 0.02 * tally.numbers
    assert tally.false <= 0.08 * tally.numbers
