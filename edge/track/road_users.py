"""Road users of one camera: tracks in which a motorcycle or bicycle and its riders are one.

Who rides something the detector does not see is given out as a motorcycle with one rider: in Vietnamese traffic nine of
ten two-wheelers are. When the machine is seen after all, it goes on under the same id.

This is what a pipeline uses. The detector's boxes come in, road users go out, from their first sighting on: a fast one
may have passed a line before a false box could be told from it. False boxes are left out by the stitcher
(edge/track/stitch.py), which holds early sightings back and gives them out when their road user is confirmed.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from contracts.classes import TWO_WHEELERS, RoadUserClass
from edge.detections import Detections
from edge.track.association import of_classes
from edge.track.kalman import Floats
from edge.track.riders import Riders, RiderSettings, Role, Side, enclosed, fits, usual_count
from edge.track.table import Rows, rows_of
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

    def known(self, serial: int, own_id: int) -> int:
        """Id under which a track would be given out now; it is not yet."""
        return self._known.get(serial, own_id)

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
        table = self._tracker.table
        boxes, class_id = table.boxes.xyxy(), table.class_id
        people, machines = rows_of(_is_person(class_id)), rows_of(_is_two_wheeler(class_id))
        two_wheelers = np.asarray(detections.xyxy[_is_two_wheeler(detections.class_id)], np.float64)
        walking = self._side(people, boxes)
        self._riders.update(
            walking,
            self._side(machines, boxes),
            two_wheelers,
            self._tracker.now_s - before_s,
            enclosed=enclosed(walking, self._side(rows_of(_ENCLOSING[class_id]), boxes)),
        )
        rows = dict(zip(table.serial.tolist(), range(len(table)), strict=True))
        ridden = self._riders.by_vehicle()
        self._carry(machines, rows, ridden, boxes)
        self._hand_over(machines, rows, ridden)
        return self._given_out(at, people, machines, rows, ridden)

    def _hand_over(self, machines: Rows, rows: Mapping[int, int], ridden: Mapping[int, Sequence[int]]) -> None:
        serial, own_id = self._tracker.table.serial, self._tracker.table.id
        self._ids.forget(set(rows))
        joined = [(rider, machine) for machine in serial[machines].tolist() for rider in ridden.get(machine, ())]
        for rider, machine in sorted(joined):
            self._ids.join(rider, int(own_id[rows[rider]]), machine, int(own_id[rows[machine]]))

    def _strength(self, detections: Detections) -> Floats:
        """Confidence, raised for a doubtful two-wheeler under a sure person: a seated rider hides most of it."""
        settings = self._tracker.settings
        strength = np.asarray(detections.confidence, np.float64).copy()
        people = (detections.class_id == _PERSON) & (strength >= settings.high)
        machines = rows_of(_is_two_wheeler(detections.class_id) & (strength >= 0.6 * settings.high))
        if people.any() and len(machines):
            fit = fits(
                np.asarray(detections.xyxy[people], np.float64), np.asarray(detections.xyxy[machines], np.float64)
            )
            ridden = machines[(fit >= self._riders.settings.least_fit).any(axis=0)]
            strength[ridden] = np.maximum(strength[ridden], settings.high + settings.new_above)
        return strength

    def _side(self, rows: Rows, boxes: Floats) -> Side:
        table = self._tracker.table
        return Side(
            serial=table.serial[rows],
            xyxy=boxes[rows],
            velocity=table.boxes.velocity[rows, :2],
            seen=table.seen_s[rows] == self._tracker.now_s,
            known=table.hits[rows] >= KNOWN_HITS,
        )

    def _carry(
        self, machines: Rows, rows: Mapping[int, int], ridden: Mapping[int, Sequence[int]], boxes: Floats
    ) -> None:
        """Counts riders, learns where each machine lies from its rider, and moves unseen machines with them."""
        table, now = self._tracker.table, self._tracker.now_s
        seen = (table.seen_s == now).tolist()
        self._mounts = {serial: mount for serial, mount in self._mounts.items() if serial in rows}
        for machine, serial in zip(machines.tolist(), table.serial[machines].tolist(), strict=True):
            seen_riders = [rider for rider in ridden.get(serial, ()) if seen[rows[rider]]]
            mount = self._mounts.setdefault(serial, _Mount(seen_s=now))
            is_seen = seen[machine]
            if is_seen:
                mount.seen_s = now
                mount.beside = {rider: relative(boxes[machine], boxes[rows[rider]]) for rider in seen_riders}
            elif seen_riders:
                rider = rows[seen_riders[0]]
                known = mount.beside.get(seen_riders[0])
                riding = now - mount.seen_s <= self.CARRY_S or table.speed()[rider] > self._riders.settings.riding
                if known is not None and riding:
                    self._tracker.carry(machine, placed(known, boxes[rider]))
                    is_seen = True
            if is_seen:
                mount.counts.append((now, len(seen_riders)))
            while mount.counts and now - mount.counts[0][0] > self.COUNT_S:
                mount.counts.popleft()

    def _given_out(
        self, at: datetime, people: Rows, machines: Rows, rows: Mapping[int, int], ridden: Mapping[int, Sequence[int]]
    ) -> list[Track]:
        table, boxes = self._tracker.table, self._tracker.sighted()
        serials, own_ids = table.serial.tolist(), table.id.tolist()
        alone = {row for row in people.tolist() if self._rides_unseen(serials[row])}
        visible = self._tracker.visible() & ~self._awaited(boxes, machines, sorted(alone))
        walking = set(people.tolist())
        seen = (table.seen_s == self._tracker.now_s).tolist()
        shown, ids, riders, unseen, undecided = [], [], [], [], []
        for row in rows_of(visible).tolist():
            serial, count, is_undecided = serials[row], 0, False
            if row in walking:
                if row not in alone and self._riders.role(serial) is not Role.PEDESTRIAN:
                    is_undecided = seen[row] and self._riders.may_walk(serial)
                    if not is_undecided:
                        continue
            elif serial in self._mounts:
                count = usual_count([count for _, count in self._mounts[serial].counts])
            shown.append(row)
            own = own_ids[row]
            ids.append(
                self._ids.known(serial, own) if is_undecided else self._ids.give(serial, own, alone=row in alone)
            )
            riders.append(count)
            unseen.append(row in alone)
            undecided.append(is_undecided)
        given = self._with_riders(boxes, rows, ridden)[shown]
        tracks = self._tracker.tracks(np.array(shown, np.int64), given, at, ids=ids, riders=riders)
        for place, track in enumerate(tracks):
            if unseen[place]:
                tracks[place] = replace(track, cls=RoadUserClass.MOTORCYCLE, riders=1)
            elif undecided[place]:
                tracks[place] = replace(track, undecided=True)
        return sorted(tracks, key=lambda track: track.id)

    def _awaited(self, boxes: Floats, machines: Rows, alone: Sequence[int]) -> NDArray[np.bool_]:
        """(N,) True for machines not yet confirmed under who was seen to ride alone: theirs will be his id."""
        table = self._tracker.table
        awaited = np.zeros(len(table), np.bool_)
        fresh = machines[~table.confirmed[machines]] if alone else machines[:0]
        if len(fresh):
            awaited[fresh] = (fits(boxes[alone], boxes[fresh]) > 0).any(axis=0)
        return awaited

    def _rides_unseen(self, serial: int) -> bool:
        """A rider whose machine is not seen."""
        return self._riders.role(serial) is Role.RIDER and self._riders.vehicle(serial) is None

    def _with_riders(self, boxes: Floats, rows: Mapping[int, int], ridden: Mapping[int, Sequence[int]]) -> Floats:
        """(N, 4) boxes, those of machines around them and those who sit on them."""
        vehicles = [vehicle for vehicle in ridden if vehicle in self._mounts]
        if not vehicles:
            return boxes
        pairs = [(rows[rider], column) for column, vehicle in enumerate(vehicles) for rider in ridden[vehicle]]
        machines = [rows[vehicle] for vehicle in vehicles]
        sits = fits(boxes[[rider for rider, _ in pairs]], boxes[machines]) > 0
        around = boxes.copy()
        for (rider, column), fitting in zip(pairs, sits, strict=True):
            if fitting[column]:
                box = around[machines[column]]
                np.minimum(box[:2], boxes[rider, :2], out=box[:2])
                np.maximum(box[2:], boxes[rider, 2:], out=box[2:])
        return around


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
