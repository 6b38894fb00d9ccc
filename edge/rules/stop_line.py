"""Vehicles at stop lines: who passed one, what its heads showed, and where the vehicle was then.

What red_light and stop_line_overrun share. A *passage* is a forward crossing of a stop line; it ends when the vehicle
comes back over the line or is gone. Distances beyond a line are in box sizes of the sighting.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from contracts.scene import StopLine, StopLineOverrunRule
from edge.rules.class_vote import ClassVote
from edge.rules.finding import Moment
from edge.scene.facts import Gone, LineCrossed, Moved
from edge.scene.geometry import Point, along, signed_distance
from edge.scene.sample import Sample, seconds
from edge.scene.signals import SignalHistory, SignalSpan
from edge.track.track import Track

HISTORY_BEFORE = timedelta(seconds=10)
FOOTPRINT = 0.5  # of the box's height: the rest of it is the vehicle's own height


@dataclass(slots=True)
class Passage:
    """A vehicle passed a stop line into the junction.

    Attributes:
        crossing: of the line.
        track: as it was last seen.
        path: ground points up to the frame in which the crossing became certain, pixels, oldest first.
        left_at: when it moved off after it last stood, while it was over the line; None when it has not stood there.
        left_from: ground point where it was seen to have moved off then, pixels.
        vote: on its class, since the crossing.
        stand: over the line, on red.
        is_overrun: it stood over the line on red for long enough.
    """

    crossing: LineCrossed
    track: Track
    path: tuple[Sample, ...]
    left_at: datetime | None = None
    left_from: Point | None = None
    vote: ClassVote = field(default_factory=ClassVote)
    stand: "Overrun | None" = None
    is_overrun: bool = False

    def see(self, track: Track, classes: Collection[str]) -> None:
        """Takes the next sighting of its vehicle."""
        self.track = track
        self.vote.see(track, classes)

    @property
    def earliest(self) -> datetime:
        """The crossing was not before that: half of the time between the two sightings around it counts for him."""
        return self.crossing.at - timedelta(seconds=self.crossing.interval_s / 2)

    @property
    def latest(self) -> datetime:
        """The crossing was not after that."""
        return self.crossing.at + timedelta(seconds=self.crossing.interval_s / 2)

    @property
    def went_at(self) -> datetime:
        """When the movement that took it beyond the line began, or passed the line."""
        return self.crossing.at if self.left_at is None else max(self.crossing.at, self.left_at)


class Passages:
    """Open passages of the stop lines a rule judges. At most one per track and line."""

    def __init__(self, lines: Iterable[StopLine]) -> None:
        self._lines = frozenset(line.id for line in lines)
        self._moved: dict[int, datetime] = {}
        self.open: dict[tuple[int, str], Passage] = {}

    def follow(self, moment: Moment) -> list[Passage]:
        """Takes the moment's facts; passages that ended because their vehicle is gone."""
        ended: list[Passage] = []
        for fact in moment.changes:
            if isinstance(fact, LineCrossed):
                self._cross(fact, moment)
            elif isinstance(fact, Moved):
                self._leave(fact)
            elif isinstance(fact, Gone):
                self._moved.pop(fact.track.id, None)
                ended.extend(self.open.pop(key) for key in self.of(fact.track.id))
        return ended

    def of(self, track_id: int) -> list[tuple[int, str]]:
        """Keys of a track's open passages."""
        return [key for key in self.open if key[0] == track_id]

    def _cross(self, fact: LineCrossed, moment: Moment) -> None:
        if fact.line not in self._lines:
            return
        key = fact.track.id, fact.line
        if fact.direction == "backward":
            self.open.pop(key, None)
            return
        left_at = self._moved.get(fact.track.id)
        moved_off = left_at if left_at is not None and left_at > fact.at else None
        self.open[key] = Passage(fact, fact.track, moment.view.path(fact.track.id), moved_off)

    def _leave(self, fact: Moved) -> None:
        self._moved[fact.track.id] = fact.at
        for key in self.of(fact.track.id):
            if fact.at > self.open[key].crossing.at:
                self.open[key].left_at, self.open[key].left_from = fact.at, fact.track.ground


def red_since(signals: SignalHistory, heads: Sequence[str], start: datetime, end: datetime) -> datetime | None:
    """Since when all heads have been red, when all are from `start` to `end`; None when any is not, or is unknown."""
    began: list[datetime] = []
    for head in heads:
        if signals.state(head, end) != "red":
            return None
        since = signals.since(head, end)
        if since is None or since > start:
            return None
        began.append(since)
    return max(began, default=None)


def signal_spans(
    signals: SignalHistory, heads: Sequence[str], start: datetime, end: datetime
) -> tuple[SignalSpan, ...]:
    """History of these heads from 10 s before `start` to `end`: what an officer wants to see."""
    return tuple(span for head in heads for span in signals.spans(head, start - HISTORY_BEFORE, end))


@dataclass(frozen=True, slots=True)
class Overrun:
    """A vehicle stands over a stop line on red: for how long, since when it is red, how far beyond the line it is."""

    stood_s: float
    red_began: datetime
    beyond_box_sizes: float


def overrun(passage: Passage, line: StopLine, moment: Moment, rule: StopLineOverrunRule) -> Overrun | None:
    """The vehicle's stand over the line, when it passed on red and has stood for long enough in this same red."""
    stands = moment.view.stands_since(passage.track.id)
    if stands is None:
        return None
    since = max(stands, passage.crossing.at)
    if seconds(moment.at, since) < rule.min_s:
        return None
    pixels = moment.view.line(line.id)
    away = beyond(pixels, Sample.from_track(passage.track))
    if away < rule.over:
        return None
    began = red_since(moment.signals, line.signals, passage.earliest - timedelta(seconds=rule.grace_s), moment.at)
    if began is None or may_clear(passage, pixels, began, rule.clear_s):
        return None
    return Overrun(seconds(moment.at, since), began, away)


def may_clear(passage: Passage, line: tuple[Point, Point], began: datetime, clear_s: float) -> bool:
    """Whether the vehicle was on the line when red began, or may have been, and passed it within `clear_s`.

    On the line: the front reached it, the ground point did not. First seen later than that, its first place counts.
    """
    path = passage.path
    if not path or seconds(passage.crossing.at, began) > clear_s:
        return False
    then = beyond_at(path, line, max(began, path[0].at))
    return then is not None and then + front_reach(line, passage) >= 0


def beyond(line: tuple[Point, Point], sample: Sample) -> float:
    """Box sizes the ground point is beyond a line (forward of it); negative before it."""
    return signed_distance(*line, sample.point) / sample.size


def beyond_at(path: Sequence[Sample], line: tuple[Point, Point], at: datetime) -> float | None:
    """Box sizes beyond a line at a moment, between two sightings as on a straight path; None before the first."""
    if not path or at < path[0].at:
        return None
    for before, after in pairwise(path):
        if before.at <= at < after.at:
            share = seconds(at, before.at) / seconds(after.at, before.at)
            point = along(before.point, after.point, share)
            return signed_distance(*line, point) / (before.size + (after.size - before.size) * share)
    return beyond(line, path[-1])


def front_reach(line: tuple[Point, Point], passage: Passage) -> float:
    """Box sizes by which the vehicle's front may lie ahead of its ground point (the bottom centre of its box).

    Seen from the front it is 0: the box's bottom is the front. Seen from the side it is half the box's width. Seen
    from behind the bottom is the rear, and the front lies higher in the box, at most half its height.
    """
    track = passage.crossing.track
    width, height = max(track.x2 - track.x1, 1.0), max(track.y2 - track.y1, 1.0)
    (ax, ay), (bx, by) = line
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    forward_x, forward_y = (ay - by) / length, (bx - ax) / length
    ahead = abs(forward_x) * width / 2 + max(-forward_y, 0.0) * height * FOOTPRINT
    return float(ahead / (width * height) ** 0.5)
