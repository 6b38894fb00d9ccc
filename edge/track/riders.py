"""Who rides what: a person on a motorcycle or bicycle is part of that road user, not a pedestrian.

A detector gives the rider and the machine as two boxes, each with gaps of its own. So the decision is held over time.
A person track is

    undecided    just seen, next to a two-wheeler or too fast for walking: given out as such, and judged by nobody
                 until it is clear which of the other two it is;
    pedestrian   nothing to ride was ever near by, or clearly apart from it for `leave_s`;
    rider        sits in the right place of one two-wheeler and moves as it does, for `join_s`; or rides what is not
                 seen: nobody goes on foot at `unseen_speed` for `unseen_s`.

Who rides something unseen is a rider for life, also while standing at a light; only who goes at a walking pace for
`walk_s` has got off. The same holds for a rider whose machine is not seen any more. A sprinter is taken for a rider;
people inside a car or bus (their boxes lie in its box and move as it does) are neither riders nor pedestrians.

Who was seen as a pedestrian first becomes a rider only by moving off together with the machine (for twice `join_s`, but
for who was seen without it for less than `hold_s`), or by staying on it for `mount_s`: who walks past a row of parked
motorcycles moves against them and stays a pedestrian.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from edge.track.association import area, common_area
from edge.track.kalman import Floats
from edge.track.table import rows_of


@dataclass(frozen=True, slots=True)
class RiderSettings:
    """Seconds, speeds in box heights per second, shares of boxes."""

    join_s: float = 0.3
    leave_s: float = 0.8
    mount_s: float = 3.0
    forget_s: float = 1.0  # a rider whose machine is gone is a pedestrian after this
    apart_speed: float = 0.5  # difference of velocities that two things which move as one may show
    apart_share: float = 0.35  # plus this share of the speed itself
    moving: float = 0.3
    riding: float = 1.2  # nobody walks so fast: who does is not called a pedestrian in the first `hold_s`
    hold_s: float = 1.0
    unseen_speed: float = 2.0  # 12 km/h at 1.7 m: faster than people run across a road
    unseen_s: float = 0.6
    mounted_s: float = 1.2  # the same for who was called a pedestrian: he may have been waiting
    walk_s: float = 4.0
    look_s: float = 0.2  # nobody is called a pedestrian before; a track is not confirmed earlier either
    least_fit: float = 0.35
    near: float = 0.5  # widening of a two-wheeler's box, share of its size: who is within is near


INSIDE = 0.8  # share of a person's box that lies in a car's


class Role(Enum):
    """What a person track is."""

    UNDECIDED = "undecided"
    PEDESTRIAN = "pedestrian"
    RIDER = "rider"


@dataclass(slots=True)
class Person:
    """Memory of one person track. `vehicle` is the serial of what is ridden, for riders only; None when unseen."""

    role: Role = Role.UNDECIDED
    vehicle: int | None = None
    candidate: int | None = None
    together_s: float = 0.0
    moving_s: float = 0.0
    apart_s: float = 0.0
    age_s: float = 0.0
    fast_s: float = 0.0
    walk_s: float = 0.0
    was_near: bool = False
    is_enclosed: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """Persons or two-wheelers of this frame.

    Attributes:
        serial: (N,) of the tracker.
        xyxy: (N, 4) boxes.
        velocity: (N, 2) pixels per second.
        seen: (N,) True when a detection was matched in this frame.
        known: (N,) True for what was seen so often that it is believed also while it is not seen.
    """

    serial: NDArray[np.int64]
    xyxy: Floats
    velocity: Floats
    seen: NDArray[np.bool_]
    known: NDArray[np.bool_]


class Riders:
    """Roles of the person tracks of one camera."""

    def __init__(self, settings: RiderSettings | None = None) -> None:
        self.settings = settings or RiderSettings()
        self._people: dict[int, Person] = {}

    def reset(self) -> None:
        """Forgets all."""
        self._people.clear()

    def role(self, serial: int) -> Role:
        """Role of a person track; undecided when it was never seen."""
        return self._people.get(serial, Person()).role

    def vehicle(self, serial: int) -> int | None:
        """Serial of what a rider rides."""
        return self._people.get(serial, Person()).vehicle

    def may_walk(self, serial: int) -> bool:
        """Undecided, and not in a car or bus: may turn out to be a pedestrian."""
        person = self._people.get(serial)
        return person is not None and person.role is Role.UNDECIDED and not person.is_enclosed

    def by_vehicle(self) -> dict[int, list[int]]:
        """Serials of the person tracks that ride each vehicle, oldest first, by its serial."""
        found: dict[int, list[int]] = {}
        for serial in sorted(self._people):
            vehicle = self._people[serial].vehicle
            if vehicle is not None:
                found.setdefault(vehicle, []).append(serial)
        return found

    def update(
        self,
        people: Side,
        vehicles: Side,
        doubtful: Floats,
        seconds: float,
        *,
        enclosed: NDArray[np.bool_] | None = None,
    ) -> None:
        """Takes in one frame.

        Args:
            people: person tracks, tentative ones among them.
            vehicles: two-wheeler tracks, tentative ones among them.
            doubtful: (K, 4) boxes of all two-wheeler detections, also of those without a track.
            seconds: since the last frame.
            enclosed: (N,) True for people inside a car, bus or truck; nobody by default.
        """
        alive = set(people.serial.tolist())
        for serial in [serial for serial in self._people if serial not in alive]:
            del self._people[serial]
        fit = fits(people.xyxy, vehicles.xyxy)
        agrees = self._agreement(people, vehicles)
        near = self._near(people.xyxy, np.concatenate([vehicles.xyxy, doubtful]))
        rows = {int(serial): row for row, serial in enumerate(vehicles.serial)}
        speed = speeds(people)
        for index in rows_of(people.seen):
            serial = int(people.serial[index])
            person = self._people.setdefault(serial, Person(age_s=-seconds))
            chosen = self._choose(person, fit[index], agrees[index], vehicles, rows)
            person.was_near |= bool(near[index])
            person.is_enclosed = enclosed is not None and bool(enclosed[index])
            self._pace(person, float(speed[index]), seconds)
            self._count(person, chosen, people, int(index), vehicles, seconds)
            if person.role is Role.RIDER:
                self._reconsider(person, chosen, vehicles, rows)
            else:
                self._decide(person, chosen, speed=float(speed[index]))

    def _choose(
        self, person: Person, fit: Floats, agrees: NDArray[np.bool_], vehicles: Side, rows: dict[int, int]
    ) -> int | None:
        """Row of the two-wheeler this person sits on, by this frame alone; the one so far where it still fits."""
        if not len(fit):
            return None
        good = (fit >= self.settings.least_fit) & agrees
        for known in (person.vehicle, person.candidate):
            row = rows.get(known) if known is not None else None
            if row is not None and good[row]:
                return row
        best = int(np.where(good, fit, -1.0).argmax())
        if not good[best]:
            return None
        person.candidate = int(vehicles.serial[best])
        return best

    def _count(
        self, person: Person, chosen: int | None, people: Side, index: int, vehicles: Side, seconds: float
    ) -> None:
        person.age_s += seconds
        if chosen is None:
            person.together_s = max(0.0, person.together_s - seconds)
            person.moving_s = max(0.0, person.moving_s - seconds)
            person.apart_s += seconds
            return
        person.apart_s = 0.0
        if not (vehicles.seen[chosen] or vehicles.known[chosen]):
            return  # who is taken for a bicycle once or twice does not ride one for as long as its box is predicted
        speed = float(np.hypot(*vehicles.velocity[chosen]) / heights(people)[index])
        person.together_s += seconds
        person.moving_s += seconds if speed >= self.settings.moving else 0.0

    def _pace(self, person: Person, speed: float, seconds: float) -> None:
        """How long it has gone too fast for walking, and how long at a walking pace. Standing says nothing."""
        s = self.settings
        if speed >= s.unseen_speed:
            person.fast_s += 0.0 if person.is_enclosed else seconds
            person.walk_s = 0.0
        elif speed <= s.riding:
            person.fast_s = max(0.0, person.fast_s - seconds)
            person.walk_s += seconds if speed >= s.moving else 0.0

    def _reconsider(self, person: Person, chosen: int | None, vehicles: Side, rows: dict[int, int]) -> None:
        """Who is apart from the machine for long is no rider any more; who lost it from sight still may be."""
        s = self.settings
        if chosen is not None:
            person.vehicle, person.walk_s = person.candidate, 0.0
        elif person.vehicle is not None and self._ridden_seen(person, vehicles, rows):
            if person.apart_s >= s.leave_s:
                # Only what he does from now on shows whether he rides again.
                person.role, person.vehicle, person.fast_s = Role.PEDESTRIAN, None, 0.0
        elif person.vehicle is not None:
            if person.apart_s >= s.forget_s:
                person.vehicle = None
                person.role = Role.RIDER if person.fast_s >= s.unseen_s else Role.PEDESTRIAN
        elif person.walk_s >= s.walk_s:
            person.role = Role.PEDESTRIAN

    def _decide(self, person: Person, chosen: int | None, *, speed: float) -> None:
        s = self.settings
        stays = s.join_s if person.role is Role.UNDECIDED else s.mount_s
        # Whose machine was seen a little later than himself has never walked.
        moves = s.join_s if person.age_s - person.together_s < s.hold_s else 2 * s.join_s
        if chosen is not None and (person.together_s >= stays or person.moving_s >= moves):
            person.role, person.vehicle = Role.RIDER, person.candidate
            return
        if chosen is None and person.fast_s >= (s.unseen_s if person.role is Role.UNDECIDED else s.mounted_s) - 1e-6:
            person.role, person.vehicle = Role.RIDER, None
            return
        waits = speed > s.riding and (person.age_s < s.hold_s - 1e-6 or person.is_enclosed)
        early = waits or person.age_s < s.look_s - 1e-6
        if not early and (not person.was_near or person.apart_s >= s.leave_s):
            person.role = Role.PEDESTRIAN

    @staticmethod
    def _ridden_seen(person: Person, vehicles: Side, rows: dict[int, int]) -> bool:
        row = rows.get(person.vehicle) if person.vehicle is not None else None
        return row is not None and bool(vehicles.seen[row])

    def _agreement(self, people: Side, vehicles: Side) -> NDArray[np.bool_]:
        """(N, M) True where a person moves as a two-wheeler does."""
        height = heights(people)[:, None]
        difference = people.velocity[:, None, :] - vehicles.velocity[None, :, :]
        apart = np.hypot(difference[..., 0], difference[..., 1]) / height
        speed = np.hypot(vehicles.velocity[:, 0], vehicles.velocity[:, 1])[None, :] / height
        return np.asarray(apart <= self.settings.apart_speed + self.settings.apart_share * speed)

    def _near(self, people: Floats, two_wheelers: Floats) -> NDArray[np.bool_]:
        """(N,) True for who is within a two-wheeler's widened box."""
        if not len(two_wheelers) or not len(people):
            return np.zeros(len(people), np.bool_)
        margin = (two_wheelers[:, 2:] - two_wheelers[:, :2]) * self.settings.near
        low, high = two_wheelers[:, :2] - margin, two_wheelers[:, 2:] + margin
        meets = (people[:, None, :2] < high[None]) & (people[:, None, 2:] > low[None])
        inside: NDArray[np.bool_] = np.asarray(meets.all(axis=2))
        return np.asarray(np.any(inside, axis=1))


def heights(people: Side) -> Floats:
    """(N,) pixels, at least one."""
    return np.asarray(np.maximum(people.xyxy[:, 3] - people.xyxy[:, 1], 1.0))


def speeds(people: Side) -> Floats:
    """(N,) box heights per second."""
    return np.asarray(np.hypot(people.velocity[:, 0], people.velocity[:, 1]) / heights(people))


def fits(people: Floats, two_wheelers: Floats) -> Floats:
    """(N, M) how well a person's box sits on a two-wheeler's, 0 (not at all) to 1.

    A rider is above the saddle: the box ends between the machine's top and a little below its wheels, starts above its
    middle, overlaps it sideways, and is neither tiny nor huge beside it.
    """
    if not len(people) or not len(two_wheelers):
        return np.zeros((len(people), len(two_wheelers)))
    p, v = people[:, None, :], two_wheelers[None, :, :]
    p_width, v_width = np.maximum(p[..., 2] - p[..., 0], 1.0), np.maximum(v[..., 2] - v[..., 0], 1.0)
    p_height, v_height = np.maximum(p[..., 3] - p[..., 1], 1.0), np.maximum(v[..., 3] - v[..., 1], 1.0)
    sideways = np.maximum(np.minimum(p[..., 2], v[..., 2]) - np.maximum(p[..., 0], v[..., 0]), 0.0)
    sideways = sideways / np.minimum(p_width, v_width)
    common = common_area(people, two_wheelers)
    covered = common / np.maximum(np.minimum(area(people)[:, None], area(two_wheelers)[None, :]), 1.0)
    ends = (p[..., 3] >= v[..., 1] + 0.15 * v_height) & (p[..., 3] <= v[..., 3] + 0.2 * v_height)
    starts = p[..., 1] <= (v[..., 1] + v[..., 3]) / 2
    size = (p_height >= 0.35 * v_height) & (p_height <= 3.0 * v_height)
    possible = ends & starts & size & (sideways >= 0.5) & (covered >= 0.15)
    return np.where(possible, 0.5 * sideways + 0.5 * covered, 0.0)


def enclosed(people: Side, wide: Side) -> NDArray[np.bool_]:
    """(N,) True for people whose box lies in that of a car, bus or truck which moves as they do."""
    if not len(people.xyxy) or not len(wide.xyxy):
        return np.zeros(len(people.xyxy), np.bool_)
    common = common_area(people.xyxy, wide.xyxy)
    inside = common >= INSIDE * np.maximum(area(people.xyxy), 1.0)[:, None]
    apart = np.hypot(*np.moveaxis(people.velocity[:, None, :] - wide.velocity[None, :, :], 2, 0))
    speed = np.hypot(wide.velocity[:, 0], wide.velocity[:, 1])[None, :]
    return np.asarray((inside & (apart <= 0.3 * heights(people)[:, None] + 0.35 * speed)).any(axis=1))


def usual_count(counts: Sequence[int] | Iterable[int]) -> int:
    """Number of riders over some frames: the greatest that a third of the frames with any rider show at least."""
    seen = sorted([count for count in counts if count > 0], reverse=True)
    return seen[(len(seen) - 1) // 3] if seen else 0
