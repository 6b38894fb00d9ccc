"""Road users of one camera: tracks in which a motorcycle or bicycle and its riders are one.

Who rides something the detector does not see is given out as a motorcycle with one rider: in Vietnamese traffic nine of
ten two-wheelers are. When the machine is seen after all, it goes on under the same id.

This is what a pipeline uses. The detector's boxes come in, road users go out, from their first sighting on: a fast one
may have passed a line before a false box could be told from it. False boxes are left out by the stitcher
(edge/track/stitch.py), which holds early sightings back and gives them out when their road user is confirmed.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from contracts.classes import TWO_WHEELERS, RoadUserClass
from edge.detections import Detections
from edge.track.association import of_classes
from edge.track.kalman import Floats
from edge.track.riders import Riders, RiderSettings, Role, Side, enclosed, fits, usual_count
from edge.track.table import Rows
from edge.track.track import Track
from edge.track.tracker import Tracker, TrackerSettings

KNOWN_HITS = 5  # sightings after which a machine is no passing mistake
_PERSON = int(RoadUserClass.PERSON)
_ENCLOSING = of_classes({RoadUserClass.CAR, RoadUserClass.BUS, RoadUserClass.TRUCK})
_TWO_WHEELERS = of_classes(TWO_WHEELERS)


@dataclass(slots=True)
class _Mount:
    """What is remembered of a two-wheeler: how many rode it lately, and where its box lies from its rider's."""

    counts: deque[tuple[float, int]] = field(default_factory=deque)
    beside: dict[int, Floats] = field(default_factory=dict)
    seen_s: float = 0.0


class _Ids:
    """Ids of riders and machines that are one road user, seen now as the one, now as the other.

    Whichever was given out first gives its id to the other. A rider who gets off must not have the machine's id: where
    the machine has his, he has the one it never used.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._shared: dict[int, tuple[int, int]] = {}  # of a rider: serial and id of what was ridden
        self._given: set[int] = set()
        self._alive: set[int] = set()

    def forget(self, alive: set[int]) -> None:
        """Keeps only tracks that are alive."""
        self._alive = alive
        self._given &= alive
        self._known = {serial: known for serial, known in self._known.items() if serial in alive}
        self._shared = {serial: shared for serial, shared in self._shared.items() if serial in alive}

    def join(self, rider: int, rider_id: int, machine: int, machine_id: int) -> None:
        """A person rides a machine; each by its serial and the tracker's id, 0 while that has none."""
        if rider in self._given and machine not in self._given and machine_id > 0:
            self._known[machine] = self._known.get(rider, rider_id)
            self._known[rider] = machine_id
            self._given.add(machine)
        if machine in self._given:
            self._shared[rider] = machine, self._known.get(machine, machine_id)

    def give(self, serial: int, own_id: int, *, alone: bool) -> int:
        """Id under which a track is given out. `alone`: it rides, and what it rides is not seen."""
        self._given.add(serial)
        machine, shared = self._shared.get(serial, (None, 0))
        if alone and machine is not None and machine not in self._alive:
            return shared
        return self._known.get(serial, own_id)


class RoadUserTracker:
    """Follows the road users of one camera.

    Args:
        confidence: detections from here up may start a track; down to 0.1 they keep one alive.
    """

    COUNT_S = 2.0  # riders are counted over so long
    CARRY_S = 4.0  # a two-wheeler the detector misses is carried by its rider so long, without end while he rides on

    def __init__(self, confidence: float = 0.25, *, settings: RiderSettings | None = None) -> None:
        self._tracker = Tracker(TrackerSettings(high=confidence, early_hits=1))
        self._riders = Riders(settings)
        self._mounts: dict[int, _Mount] = {}
        self._ids = _Ids()

    def update(self, detections: Detections, at: datetime, *, discontinuity: bool = False) -> list[Track]:
        """Road users of this frame, by id. Persons who ride are told by `riders` of what they ride.

        Args:
            at: event time of the frame, aware; not before the last one's unless `discontinuity` is set.
            discontinuity: nothing before this frame may be connected with it; ids go on counting.

        Raises:
            ValueError: naive time, or a time before the last frame's.
        """
        before_s = 0.0 if discontinuity else self._tracker.now_s
        if discontinuity:
            self._riders.reset()
            self._mounts.clear()
            self._ids = _Ids()
        self._tracker.advance(detections, at, discontinuity=discontinuity, strength=self._strength(detections))
        class_id = self._tracker.table.class_id
        people, machines = np.flatnonzero(_is_person(class_id)), np.flatnonzero(_is_two_wheeler(class_id))
        two_wheelers = np.asarray(detections.xyxy[_is_two_wheeler(detections.class_id)], np.float64)
        self._riders.update(
            self._side(people),
            self._side(machines),
            two_wheelers,
            self._tracker.now_s - before_s,
            enclosed=enclosed(self._side(people), self._side(np.flatnonzero(_ENCLOSING[class_id]))),
        )
        self._carry(people, machines)
        self._hand_over(people, machines)
        return self._given_out(at, people)

    def _hand_over(self, people: Rows, machines: Rows) -> None:
        table = self._tracker.table
        self._ids.forget(set(table.serial.tolist()))
        rows = {int(table.serial[row]): int(row) for row in machines}
        for person in people:
            serial = int(table.serial[person])
            vehicle = self._riders.vehicle(serial)
            if vehicle is not None and vehicle in rows:
                self._ids.join(serial, int(table.id[person]), vehicle, int(table.id[rows[vehicle]]))

    def _strength(self, detections: Detections) -> Floats:
        """Confidence, raised for a doubtful two-wheeler under a sure person: a seated rider hides most of it."""
        settings = self._tracker.settings
        strength = np.asarray(detections.confidence, np.float64).copy()
        people = (detections.class_id == _PERSON) & (strength >= settings.high)
        machines = np.flatnonzero(_is_two_wheeler(detections.class_id) & (strength >= 0.6 * settings.high))
        if people.any() and len(machines):
            fit = fits(
                np.asarray(detections.xyxy[people], np.float64), np.asarray(detections.xyxy[machines], np.float64)
            )
            ridden = machines[(fit >= self._riders.settings.least_fit).any(axis=0)]
            strength[ridden] = np.maximum(strength[ridden], settings.high + settings.new_above)
        return strength

    def _side(self, rows: Rows) -> Side:
        table = self._tracker.table
        return Side(
            serial=table.serial[rows],
            xyxy=table.boxes.xyxy()[rows],
            velocity=table.boxes.velocity[rows, :2],
            seen=table.seen_s[rows] == self._tracker.now_s,
            known=table.hits[rows] >= KNOWN_HITS,
        )

    def _carry(self, people: Rows, machines: Rows) -> None:
        """Counts riders, learns where each machine lies from its rider, and moves unseen machines with them."""
        table, now = self._tracker.table, self._tracker.now_s
        boxes = table.boxes.xyxy()
        rows = {int(table.serial[row]): int(row) for row in people}
        speed = table.speed()
        self._mounts = {serial: mount for serial, mount in self._mounts.items() if serial in set(table.serial.tolist())}
        for machine in machines:
            serial = int(table.serial[machine])
            riders = [rows[rider] for rider in self._riders.riders_of(serial) if rider in rows]
            seen_riders = [row for row in riders if table.seen_s[row] == now]
            mount = self._mounts.setdefault(serial, _Mount(seen_s=now))
            if table.seen_s[machine] == now:
                mount.seen_s = now
                mount.beside = {int(table.serial[row]): relative(boxes[machine], boxes[row]) for row in seen_riders}
            elif seen_riders:
                rider = seen_riders[0]
                known = mount.beside.get(int(table.serial[rider]))
                riding = speed[rider] > self._riders.settings.riding or now - mount.seen_s <= self.CARRY_S
                if known is not None and riding:
                    self._tracker.carry(int(machine), placed(known, boxes[rider]))
            if table.seen_s[machine] == now:
                mount.counts.append((now, len(seen_riders)))
            while mount.counts and now - mount.counts[0][0] > self.COUNT_S:
                mount.counts.popleft()

    def _given_out(self, at: datetime, people: Rows) -> list[Track]:
        table, visible = self._tracker.table, self._tracker.visible()
        boxes = self._tracker.sighted()
        rows = {int(table.serial[row]): int(row) for row in people}
        visible &= ~self._awaited(boxes, rows)
        tracks = []
        for row in np.flatnonzero(visible):
            serial = int(table.serial[row])
            box, riders, rides_unseen = boxes[row], 0, False
            if serial in rows:
                rides_unseen = self._rides_unseen(serial)
                if self._riders.role(serial) is not Role.PEDESTRIAN and not rides_unseen:
                    continue
            elif serial in self._mounts:
                riders = usual_count(count for _, count in self._mounts[serial].counts)
                box = self._with_riders(serial, box, boxes, rows)
            tracks.append(self._public(int(row), box, at, riders, rides_unseen=rides_unseen))
        return sorted(tracks, key=lambda track: track.id)

    def _awaited(self, boxes: Floats, people: dict[int, int]) -> NDArray[np.bool_]:
        """(N,) True for machines not yet confirmed under who was seen to ride alone: theirs will be his id."""
        table = self._tracker.table
        awaited = np.zeros(len(table), np.bool_)
        fresh = np.flatnonzero(~table.confirmed & _is_two_wheeler(table.class_id))
        alone = [row for serial, row in people.items() if self._rides_unseen(serial)] if len(fresh) else []
        if alone:
            awaited[fresh] = (fits(boxes[alone], boxes[fresh]) > 0).any(axis=0)
        return awaited

    def _rides_unseen(self, serial: int) -> bool:
        """A rider whose machine is not seen."""
        return self._riders.role(serial) is Role.RIDER and self._riders.vehicle(serial) is None

    def _public(self, row: int, box: Floats, at: datetime, riders: int, *, rides_unseen: bool) -> Track:
        track = self._tracker.track(row, box, at, riders=riders)
        known = self._ids.give(int(self._tracker.table.serial[row]), track.id, alone=rides_unseen)
        if rides_unseen:
            return replace(track, id=known, cls=RoadUserClass.MOTORCYCLE, riders=1)
        return track if known == track.id else replace(track, id=known)

    def _with_riders(self, serial: int, box: Floats, boxes: Floats, rows: dict[int, int]) -> Floats:
        """Box around a machine and those who sit on it."""
        machine = box[None, :]
        for rider in self._riders.riders_of(serial):
            row = rows.get(rider)
            if row is not None and fits(boxes[row][None, :], machine)[0, 0] > 0:
                box = np.concatenate([np.minimum(box[:2], boxes[row][:2]), np.maximum(box[2:], boxes[row][2:])])
        return box


def relative(machine: Floats, rider: Floats) -> Floats:
    """(4,) corners of a machine's box in units of its rider's size, from the rider's top left corner."""
    size = np.maximum(rider[2:] - rider[:2], 1.0)
    return np.concatenate([(machine[:2] - rider[:2]) / size, (machine[2:] - rider[:2]) / size])


def placed(known: Floats, rider: Floats) -> Floats:
    """Inverse of `relative`, for the rider's box of another frame."""
    size = np.maximum(rider[2:] - rider[:2], 1.0)
    return np.concatenate([rider[:2] + known[:2] * size, rider[:2] + known[2:] * size])


def _is_person(class_id: Rows) -> NDArray[np.bool_]:
    return np.asarray(class_id == _PERSON)


def _is_two_wheeler(class_id: Rows) -> NDArray[np.bool_]:
    return np.asarray(_TWO_WHEELERS[class_id])
