"""ByteTrack with real time steps (Zhang et al., arXiv 2110.06864).

Each frame: every track is predicted to the frame's time; sure detections are matched to confirmed tracks by overlap;
doubtful ones keep alive tracks that would be lost otherwise (a half hidden car gives a low score, not none); what is
left is tried again with widened boxes (after C-BIoU, arXiv 2211.14317), because at 5 fps a road user whose speed
is not known yet moves by more than its own box; and at last, where there is no other choice, by distance alone.
Times are seconds of the frames' own clock, never frame counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from contracts.classes import RoadUserClass
from edge.detections import Detections
from edge.track.association import area, assign, overlap, same_group, similar_size, widened
from edge.track.doubles import doubles
from edge.track.kalman import Floats, Noise
from edge.track.table import Mask, Rows, TrackTable, rows_of
from edge.track.track import Track

_CLASSES = tuple(RoadUserClass)  # by number


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Numbers of a tracker. Seconds, box heights, shares of overlap; never frames."""

    high: float = 0.25  # detections from here up are sure
    new_above: float = 0.05  # a new track needs this much more than `high`
    low: float = 0.1  # detections below are not looked at
    least_iou: float = 0.2  # sure detection and confirmed track
    least_iou_low: float = 0.4  # doubtful detection
    least_iou_wide: float = 0.25  # widened boxes
    first_speed: float = 12.0  # box sizes per second: how far off the next sighting of one seen once may be
    confirm_hits: int = 3
    confirm_votes: float = 1.0  # two hits are enough when their confidences sum up to this
    confirm_s: float = 0.2
    early_hits: int = 0  # given out when seen so often, before it is confirmed; 0: never
    tentative_lost_s: float = 0.4  # a tentative track is dropped so long after its last detection
    lost_s: float = 2.0  # a confirmed one
    lost_parked_s: float = 8.0  # one that stood still: it will be where it was when the truck has passed
    parked_speed: float = 0.15  # box heights per second
    parked_after_s: float = 2.0
    double_s: float = 1.0  # a confirmed track is dropped when a stronger one has followed the same so long
    predicted_s: float = 0.5  # boxes are given out so long after the last detection
    predicted_parked_s: float = 2.0


class Tracker:
    """Follows the road users of one camera. Equal input gives equal output; instances share nothing."""

    def __init__(self, settings: TrackerSettings | None = None, noise: Noise | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self.table = TrackTable.empty()
        self.now_s = 0.0
        self._last_s = 0.0  # of the frame before
        self._noise = noise or Noise()
        self._epoch: datetime | None = None
        self._serial = 1
        self._id = 1

    def update(self, detections: Detections, at: datetime, *, discontinuity: bool = False) -> list[Track]:
        """Confirmed tracks of this frame, by id: matched now, or predicted for a short time (`observed` False).

        Args:
            at: event time of the frame, aware; not before the last one's unless `discontinuity` is set.
            discontinuity: nothing before this frame may be connected with it; ids go on counting.

        Raises:
            ValueError: naive time, or a time before the last frame's.
        """
        self.advance(detections, at, discontinuity=discontinuity)
        shown = rows_of(self.visible())
        return sorted(self.tracks(shown, self.sighted()[shown], at), key=lambda track: track.id)

    def advance(
        self,
        detections: Detections,
        at: datetime,
        *,
        discontinuity: bool = False,
        strength: Floats | None = None,
    ) -> None:
        """Takes in a frame; `table` then holds the result.

        Args:
            strength: (N,) what counts as confidence for the thresholds, where other evidence speaks for a detection.
        """
        seconds = self._step(at, discontinuity=discontinuity)
        self.table.boxes.predict(seconds, self._noise)
        self.table = self.table.where(self.now_s - self.table.seen_s <= self._patience())
        self._associate(detections, np.asarray(detections.confidence if strength is None else strength, np.float64))
        self._settle()
        self._confirm(self._without_doubles(seconds))

    def visible(self) -> Mask:
        """(N,) True for confirmed tracks seen now or a short time ago, and for early ones (`early_hits`) seen now."""
        s, table = self.settings, self.table
        limit = np.where(table.parked, s.predicted_parked_s, s.predicted_s)
        limit = np.where(table.confirmed, limit, 0.0)
        return np.asarray((table.id > 0) & (self.now_s - table.seen_s <= limit))

    def sighted(self) -> Floats:
        """(N, 4) boxes as they are given out: as detected now, else as predicted.

        A filtered box lags, and its errors go together from frame to frame: a speed would seem surer than it is.
        """
        seen = self.table.seen_s == self.now_s
        return np.where(seen[:, None], self.table.measured, self.table.boxes.xyxy())

    def carry(self, row: int, xyxy: Floats) -> None:
        """Keeps a track alive whose own detection failed, by a box that follows from something else seen now."""
        self.table.boxes.correct(np.array([row]), xyxy[None, :], np.array([0.3]), self._noise)
        self.table.seen_s[row] = self.now_s
        self.table.measured[row] = self.table.boxes.xyxy()[row]

    def tracks(
        self, rows: Rows, boxes: Floats, at: datetime, *, ids: Sequence[int] = (), riders: Sequence[int] = ()
    ) -> list[Track]:
        """Public form of some rows, in their order.

        Args:
            rows: (M,).
            boxes: (M, 4) as they are to be given out.
            at: event time of the frame.
            ids: of each row; its own by default.
            riders: of each row; none by default.
        """
        table = self.table
        columns = zip(
            ids or table.id[rows].tolist(),
            table.votes[rows].argmax(axis=1).tolist(),
            table.confidence[rows].tolist(),
            snapped(boxes).tolist(),
            (table.seen_s[rows] == self.now_s).tolist(),
            riders or [0] * len(rows),
            strict=True,
        )
        return [
            Track(number, _CLASSES[cls], round(confidence, 4), x1, y1, x2, y2, at, observed, ridden_by)
            for number, cls, confidence, (x1, y1, x2, y2), observed, ridden_by in columns
        ]

    def _step(self, at: datetime, *, discontinuity: bool) -> float:
        """Seconds since the last frame; 0 after a jump."""
        if at.tzinfo is None:
            raise ValueError("frame time without a zone: make it aware UTC first")
        if self._epoch is None or discontinuity:
            self._epoch = at
            self.table = TrackTable.empty()
            self.now_s = self._last_s = 0.0
            return 0.0
        before = self._last_s = self.now_s
        self.now_s = (at - self._epoch).total_seconds()
        if self.now_s < before:
            backwards, self.now_s = before - self.now_s, before
            raise ValueError(f"frame time went back by {backwards:.3f} s: mark a jump as a discontinuity")
        return self.now_s - before

    def _patience(self) -> Floats:
        s = self.settings
        confirmed = np.where(self.table.parked, s.lost_parked_s, s.lost_s)
        return np.where(self.table.confirmed, confirmed, s.tentative_lost_s)

    def _associate(self, detections: Detections, strength: Floats) -> None:
        s = self.settings
        xyxy = np.asarray(detections.xyxy, np.float64)
        sure, doubtful = strength >= s.high, (strength >= s.low) & (strength < s.high)
        free = np.ones(len(self.table), np.bool_)
        left = np.ones(len(xyxy), np.bool_)
        boxes, confirmed = self.table.boxes.xyxy(), self.table.confirmed
        young = ~confirmed & (self.table.hits <= 2)
        group = same_group(self.table.class_id, detections.class_id)
        iou = np.where(group, overlap(boxes, xyxy), 0.0)

        # Taken before anybody is matched: who is matched meanwhile was a rival.
        near = self._nearness(boxes, xyxy, group & young[:, None]) if young.any() and sure.any() else iou

        def wide() -> Floats:
            far = overlap(widened(boxes, self._margin()), widened(xyxy, np.full(len(xyxy), 0.1)))
            return np.where(group & similar_size(boxes, xyxy, 2.0), far, 0.0)

        rounds: tuple[tuple[Callable[[], Floats], Mask, Mask, float], ...] = (
            (lambda: iou, confirmed, sure, s.least_iou),
            (lambda: iou, confirmed, doubtful, s.least_iou_low),
            (lambda: iou, ~confirmed, sure, s.least_iou),
            (wide, np.ones_like(confirmed), sure, s.least_iou_wide),
            (lambda: iou, ~confirmed, doubtful, s.least_iou_low),
            (lambda: near, young, sure, 0.01),
        )
        for similarity, tracks, wanted, least in rounds:
            columns = rows_of(wanted & left)
            rows = rows_of(tracks & free) if len(columns) else columns
            if not len(rows):
                continue  # most rounds of most frames: all are matched in the first
            found_rows, found_columns = assign(similarity()[rows[:, None], columns], least)
            rows, columns = rows[found_rows], columns[found_columns]
            free[rows], left[columns] = False, False
            self._match(rows, columns, detections, strength)
        # Who was seen in the last frame had little time: what others were matched to is no rival of its next sighting.
        # After a longer gap it is: beside a queue false boxes come and go, and two of them would make a fast one.
        young &= free & (self.table.seen_s >= self._last_s)
        likely = group & young[:, None] & (sure & left)[None, :] if young.any() else None
        if likely is not None and likely.any():
            rows, columns = assign(self._nearness(boxes, xyxy, likely), 0.01)
            left[columns] = False
            self._match(rows, columns, detections, strength)
        self._start(rows_of(left & (strength >= s.high + s.new_above)), detections)

    def _nearness(self, boxes: Floats, xyxy: Floats, likely: Mask) -> Floats:
        """(N, M) 1 at the predicted place, 0 at the farthest one of unknown speed may be; pairs without rivals only.

        A track that was seen before another could be matched is no rival of that one: it is where the same road user
        was a frame earlier.
        """
        unseen_s = self.now_s - self.table.seen_s
        size = np.sqrt(np.maximum(area(boxes), 1.0))
        reach = size * self.settings.first_speed * unseen_s
        apart = (boxes[:, None, :2] + boxes[:, None, 2:] - xyxy[None, :, :2] - xyxy[None, :, 2:]) / 2
        near = 1.0 - np.hypot(apart[..., 0], apart[..., 1]) / np.maximum(reach, 1e-6)[:, None]
        alike = similar_size(boxes, xyxy, np.minimum(1.3 + 2.0 * unseen_s, 2.0)[:, None])
        possible = likely & alike & (near > 0)
        newest = np.where(possible, self.table.seen_s[:, None], -np.inf)
        possible &= newest == newest.max(axis=0, initial=-np.inf)[None, :]
        alone = (possible.sum(axis=1) == 1)[:, None] & (possible.sum(axis=0) == 1)[None, :]
        return np.where(possible & alone, near, 0.0)

    def _margin(self) -> Floats:
        """Share by which boxes are widened: by the time since the last detection, more where speed is unknown."""
        unseen_s = self.now_s - self.table.seen_s
        known = self.table.hits >= 3
        return np.where(known, np.minimum(0.05 + unseen_s, 0.4), np.minimum(0.1 + 2 * unseen_s, 0.7))

    def _match(self, rows: Rows, columns: Rows, detections: Detections, strength: Floats) -> None:
        table = self.table
        confidence = np.asarray(detections.confidence[columns], np.float64)
        xyxy = np.asarray(detections.xyxy[columns], np.float64)
        table.boxes.correct(rows, xyxy, np.minimum(confidence * 2, 1.0), self._noise)
        table.votes[rows, detections.class_id[columns]] += confidence
        table.hits[rows] += strength[columns] >= self.settings.high
        table.seen_s[rows] = self.now_s
        table.confidence[rows] = confidence
        table.measured[rows] = xyxy

    def _start(self, columns: Rows, detections: Detections) -> None:
        if not len(columns):
            return
        fresh = TrackTable.first(
            np.asarray(detections.xyxy[columns], np.float64),
            np.asarray(detections.confidence[columns], np.float64),
            detections.class_id[columns],
            serial=self._serial,
            now_s=self.now_s,
            noise=self._noise,
        )
        self._serial += len(columns)
        self.table = self.table.joined(fresh)

    def _settle(self) -> None:
        """What was not seen changes its size only as its way surely does, and keeps its place when it stood still."""
        s, table, boxes = self.settings, self.table, self.table.boxes
        seen = table.seen_s == self.now_s
        long = self.now_s - table.first_s >= s.parked_after_s
        table.parked = np.where(seen, long & (table.speed() < s.parked_speed), table.parked)
        if seen.all():
            return
        coming = boxes.growth(self._noise)[:, None] * boxes.mean[:, 2:]
        boxes.velocity[~seen, 2:] = coming[~seen]
        boxes.pv[~seen, 2:] = 0.0
        boxes.velocity[~seen & table.parked] = 0.0
        boxes.pv[~seen & table.parked] = 0.0

    def _without_doubles(self, seconds: float) -> Mask:
        """Drops confirmed tracks that have been doubles for long; returns which of the others are doubles now."""
        double = doubles(self.table)
        change = np.where(double, seconds, -seconds)
        self.table.double_s = np.maximum(self.table.double_s + change, 0.0)
        kept = self.table.double_s < self.settings.double_s
        self.table = self.table.where(kept)
        return double[kept]

    def _confirm(self, double: Mask) -> None:
        s, table = self.settings, self.table
        old = table.seen_s - table.first_s >= s.confirm_s  # time without a sighting proves nothing
        sure = (table.hits >= 2) & (table.votes.sum(axis=1) >= s.confirm_votes)
        table.confirmed |= ~double & old & (sure | (table.hits >= s.confirm_hits))
        early = ~double & (s.early_hits > 0) & (table.hits >= s.early_hits)
        ready = rows_of((table.id == 0) & (table.confirmed | early))
        table.id[ready] = np.arange(self._id, self._id + len(ready))
        self._id += len(ready)


def snapped(pixels: Floats) -> Floats:
    """The nearest 1/256 of a pixel: left plus width gives the right edge again exactly, also out of a text file."""
    return np.asarray(np.rint(pixels * 256) / 256 + 0.0)  # never -0.0, which text shows
