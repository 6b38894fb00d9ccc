"""Seeded streets with known truth, and what a tracker with known faults makes of them.

The ground plane is 1 m a unit, seen by a pinhole camera 8 m above it; vehicles are boxes of their size.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from contracts.classes import RoadUserClass
from edge.track.track import Track
from tests.unit.edge.track.world import at

CAR, BUS, MOTORCYCLE = RoadUserClass.CAR, RoadUserClass.BUS, RoadUserClass.MOTORCYCLE
SIZES = {CAR: (1.8, 4.3, 1.5), BUS: (2.5, 11.0, 3.1), MOTORCYCLE: (0.8, 1.9, 1.7)}  # width, length, height, metres
FOCAL, WIDTH, HEIGHT, CAMERA_M, TILT = 900.0, 1280, 720, 8.0, math.radians(20)

Way = Callable[[float], tuple[float, float] | None]
"""Place on the road at a time: metres to the right of and ahead of the camera; None when not there."""


@dataclass(frozen=True, slots=True)
class User:
    """One road user and its way."""

    number: int
    cls: RoadUserClass
    way: Way


@dataclass(frozen=True, slots=True)
class Sight:
    """A track and whose it is; `truth` None for a false box."""

    truth: int | None
    track: Track


@dataclass(frozen=True, slots=True)
class Noise:
    """Faults. Rates are per sighting, except occlusions (per road user and second)."""

    jitter: float = 0.02
    missed: float = 0.05
    occlusions: float = 0.05
    longest_s: float = 0.8
    switches: float = 0.02
    flicker: float = 0.03
    false: float = 0.03


CLEAN = Noise(0, 0, 0, 0, 0, 0, 0)


def box_of(user: User, t: float) -> tuple[float, float, float, float] | None:
    """Box in the picture; None when it is not wholly in it."""
    place = user.way(t)
    if place is None:
        return None
    width, length, height = SIZES[user.cls]
    corners = [
        project(place[0] + sx * width / 2, place[1] + sy * length / 2, z)
        for sx in (-1, 1)
        for sy in (-1, 1)
        for z in (0.0, height)
    ]
    x1, y1 = min(x for x, _ in corners), min(y for _, y in corners)
    x2, y2 = max(x for x, _ in corners), max(y for _, y in corners)
    return (x1, y1, x2, y2) if x1 >= 0 and y1 >= 0 and x2 <= WIDTH and y2 <= HEIGHT else None


def project(x: float, ahead: float, up: float) -> tuple[float, float]:
    """Pinhole looking down by TILT."""
    down = CAMERA_M - up
    depth = ahead * math.cos(TILT) + down * math.sin(TILT)
    lower = down * math.cos(TILT) - ahead * math.sin(TILT)
    return WIDTH / 2 + FOCAL * x / depth, HEIGHT / 2 + FOCAL * lower / depth


def flow(random: Random, seconds: float, *, motorcycles: float = 0.5) -> list[User]:
    """Two lanes away from and two towards the camera; free flow, each vehicle at its lane's pace."""
    users: list[User] = []
    for x, sign in ((2.0, 1), (5.5, 1), (-2.0, -1), (-5.5, -1)):
        pace, start = random.uniform(7, 13), random.uniform(0, 3)
        while start < seconds:
            cls = MOTORCYCLE if random.random() < motorcycles else random.choice((CAR, CAR, CAR, BUS))
            side = random.uniform(-0.8, 0.8) if cls is MOTORCYCLE else 0.0
            users.append(User(1 + len(users), cls, _drive(x + side, sign, start, pace)))
            start += (SIZES[cls][1] + random.uniform(4, 25)) / pace
    return users


def _drive(x: float, sign: int, start: float, pace: float) -> Way:
    def way(t: float) -> tuple[float, float] | None:
        gone = pace * (t - start)
        return (x, 12 + gone if sign > 0 else 80 - gone) if 0 <= gone <= 68 else None

    return way


def queue(random: Random, *, waiting: int = 40, go: int = 3, at_s: float = 6.0, rows: int = 5) -> list[User]:
    """Motorcycles standing 1 m apart, some of the front go; beside them a lane of cars that queue and go."""
    going = set(random.sample(range(waiting - waiting // rows, waiting), go))
    users = []
    for number in range(waiting):
        x = -4 + 1.0 * (number % (waiting // rows)) + random.uniform(-0.1, 0.1)
        ahead = 20 + 2.2 * (number // (waiting // rows)) + random.uniform(-0.15, 0.15)
        users.append(User(1 + number, MOTORCYCLE, _start(x, ahead, at_s if number in going else math.inf, 2.0, 9.0)))
    for place in range(6):
        way = _start(6.5, 45 - 6.5 * place, at_s + 1.2 * place, 1.6, 9.0)
        users.append(User(1 + len(users), CAR, way))
    return users


def _start(x: float, ahead: float, at_s: float, acceleration: float, pace: float) -> Way:
    def way(t: float) -> tuple[float, float]:
        rolling = max(t - at_s, 0.0)
        speeding = min(rolling, pace / acceleration)
        return x, ahead + acceleration * speeding**2 / 2 + pace * (rolling - speeding)

    return way


def times(random: Random, seconds: float, fps: float) -> Iterator[float]:
    """Frame times with an interval that is uneven by a fifth."""
    t = 0.0
    while t < seconds:
        yield round(t, 6)
        t += random.uniform(0.8, 1.2) / fps


class Faults:
    """A tracker whose numbers, boxes and classes are wrong at known rates."""

    def __init__(self, users: list[User], noise: Noise, random: Random) -> None:
        self._users, self._noise, self._random = users, noise, random
        self._numbers = {user.number: user.number for user in users}
        self._next = len(users) + 1
        self._hidden: dict[int, float] = {}
        self._false: list[tuple[int, Track]] = []
        self._before = 0.0

    def frame(self, t: float) -> list[Sight]:
        """What is given out at a time."""
        dt, self._before = t - self._before, t
        seen = [(user, box) for user in self._users if (box := box_of(user, t))]
        sights = []
        for user, box in seen:
            self._switch(user, box, seen)
            if not self._is_missed(user, t, dt):
                sights.append(Sight(user.number, self._track(self._numbers[user.number], user.cls, box, t)))
        return self._with_false(sights, t)

    def _track(self, number: int, cls: RoadUserClass, box: tuple[float, float, float, float], t: float) -> Track:
        random, noise = self._random, self._noise
        if random.random() < noise.flicker:
            cls = random.choice([other for other in RoadUserClass if other is not cls])
        x, y, w, h = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]
        x, y = x + random.gauss(0, noise.jitter * w), y + random.gauss(0, noise.jitter * h)
        w, h = w * (1 + random.gauss(0, noise.jitter)), h * (1 + random.gauss(0, noise.jitter))
        return Track(number, cls, round(random.uniform(0.4, 0.9), 3), x - w / 2, y - h / 2, x + w / 2, y + h / 2, at(t))

    def _is_missed(self, user: User, t: float, dt: float) -> bool:
        if self._random.random() < self._noise.occlusions * dt:
            self._hidden[user.number] = t + self._random.uniform(0.1, self._noise.longest_s)
        return t < self._hidden.get(user.number, -1.0) or self._random.random() < self._noise.missed

    def _switch(
        self,
        user: User,
        box: tuple[float, float, float, float],
        seen: list[tuple[User, tuple[float, float, float, float]]],
    ) -> None:
        """A fresh number, or that of the nearest neighbour, who gets this one's."""
        if self._random.random() >= self._noise.switches:
            return
        others = [(math.dist(box, other), one.number) for one, other in seen if one is not user]
        if self._random.random() < 0.5 or not others:
            self._numbers[user.number] = self._next
            self._next += 1
            return
        other_number = min(others)[1]
        numbers = self._numbers
        numbers[user.number], numbers[other_number] = numbers[other_number], numbers[user.number]

    def _with_false(self, sights: list[Sight], t: float) -> list[Sight]:
        random = self._random
        going = [(left - 1, replace(track, at=at(t))) for left, track in self._false if left > 0]
        for _ in range(len(sights)):
            if random.random() < self._noise.false:
                cls = random.choice((CAR, MOTORCYCLE))
                size = random.uniform(30, 120)
                x, y = random.uniform(0, WIDTH - size), random.uniform(HEIGHT / 4, HEIGHT)
                number = random.choice(sights).track.id if random.random() < 0.3 else self._next
                self._next += 1
                track = Track(number, cls, 0.4, x, y - size, x + size, y, at(t))
                going.append((random.choice((0, 0, 1, 2)), track))
        self._false = going
        stolen = {track.id for _, track in going}
        kept = [sight for sight in sights if sight.track.id not in stolen]
        return kept + [Sight(None, track) for track in {track.id: track for _, track in going}.values()]
