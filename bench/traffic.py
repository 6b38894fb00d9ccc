"""Traffic of the bench junction: as many road users as wanted in every frame, most of them doing what is allowed.

Made up from a seed, so that every run and every machine gets the same tracks. Boxes tremble by 2 % of their size, one
sighting of twenty is missing.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.classes import RoadUserClass
from contracts.event import TimeQuality
from contracts.signals import SignalChange, SignalState
from edge.track.track import Track
from edge.track.tracked import TrackedFrame

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SIZE = (1280, 720)
FPS = 10
QUALITY = TimeQuality(source="rtcp", uncertainty_ms=4)
CYCLE: tuple[tuple[SignalState, float], ...] = (("green", 30), ("yellow", 3), ("red", 27))
STOP = 0.60  # of the way: where the queue before the stop line begins
KINDS: tuple[tuple[RoadUserClass, int], ...] = (
    (RoadUserClass.MOTORCYCLE, 6),
    (RoadUserClass.CAR, 3),
    (RoadUserClass.TRUCK, 1),
    (RoadUserClass.BUS, 1),
    (RoadUserClass.PERSON, 1),
)
BOX = {
    RoadUserClass.MOTORCYCLE: (0.03, 0.09),
    RoadUserClass.CAR: (0.09, 0.10),
    RoadUserClass.TRUCK: (0.11, 0.18),
    RoadUserClass.BUS: (0.11, 0.20),
    RoadUserClass.PERSON: (0.02, 0.09),
}


@dataclass(slots=True)
class _User:
    """A road user on its way: `done` is the share of the way behind it, `side` where across its lane it goes."""

    id: int
    cls: RoadUserClass
    side: float
    is_oncoming: bool
    per_s: float
    done: float = 0.0

    def step(self, seconds: float, *, is_red: bool) -> None:
        before, self.done = self.done, self.done + self.per_s * seconds
        if is_red and not self.is_oncoming and self.cls is not RoadUserClass.PERSON and before <= STOP - 0.05:
            self.done = min(self.done, STOP - 0.05 - 0.01 * (self.id % 5))

    def ground(self) -> tuple[float, float]:
        """Shares of the picture."""
        if self.cls is RoadUserClass.PERSON:
            return self.done, 0.62 if self.side < 0.5 else 0.9
        along = 1 - self.done if self.is_oncoming else self.done
        y = 0.98 - 0.76 * along
        left, right = 0.10 + 0.22 * along, 0.90 - 0.22 * along
        half = (left + right) / 2
        x = half + (right - half) * self.side if self.is_oncoming else left + (half - left) * self.side
        return x, y


def frames(count: int, users: int = 10, seed: int = 1) -> Iterator[TrackedFrame]:
    """So many frames at 10 frames a second, with so many road users in each."""
    chance = random.Random(seed)
    present: list[_User] = []
    number = 0
    shown: SignalState | None = None
    for index in range(count):
        at = START + timedelta(seconds=index / FPS)
        state = _signal(index / FPS)
        changes = () if state == shown else (SignalChange("main", at, state, "log"),)
        shown = state
        present = [user for user in present if user.done < 1]
        while len(present) < users:
            number += 1
            present.append(_newcomer(number, chance, is_first=index == 0))
        for user in present:
            user.step(1 / FPS, is_red=state == "red")
        tracks = [_track(user, at, chance) for user in present if chance.random() >= 0.05]
        yield TrackedFrame(index, at, tracks, SIZE, QUALITY, index == 0, changes)


def _signal(t: float) -> SignalState:
    left = t % sum(seconds for _, seconds in CYCLE)
    for state, seconds in CYCLE:
        if left < seconds:
            return state
        left -= seconds
    return "unknown"


def _newcomer(number: int, chance: random.Random, *, is_first: bool) -> _User:
    cls = chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    per_s = chance.uniform(0.08, 0.25)
    user = _User(number, cls, chance.uniform(0.1, 0.9), chance.random() < 0.4, per_s)
    user.done = chance.random() * 0.8 if is_first else 0.0
    return user


def _track(user: _User, at: datetime, chance: random.Random) -> Track:
    x, y = user.ground()
    depth = 0.35 + 0.65 * y
    width, height = (side * depth * extent for side, extent in zip(BOX[user.cls], SIZE, strict=True))
    x1, y1, x2, y2 = (
        round((side + chance.gauss(0, 0.02) * width) * 256) / 256
        for side in (x * SIZE[0] - width / 2, y * SIZE[1] - height, x * SIZE[0] + width / 2, y * SIZE[1])
    )
    riders = 1 + user.id % 2 if user.cls is RoadUserClass.MOTORCYCLE else 0
    return Track(user.id, user.cls, round(chance.uniform(0.4, 0.95), 4), x1, y1, x2, y2, at, riders=riders)
