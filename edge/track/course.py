"""The course of one road user through the picture: where it will be next, how far off that may be, and what it is.

Place and speed are followed by a fading-memory filter (Morrison, "Introduction to Sequential Smoothing and Prediction",
1969; Brookner, "Tracking and Kalman Filtering Made Easy", 1998, section 1.3). With theta = exp(-dt / MEMORY_S) the
gains are g = 1 - theta^2 and h = (1 - theta)^2; at the beginning those of a line fitted to all sightings. They follow
from the seconds that passed, so that any and an uneven frame rate give the same course.

The picture's perspective counts: at depth Z all lengths and the distance to the vanishing point are as 1/Z, so who
drives with a rate r = (dZ/dt) / Z, which is how fast the box shrinks, moves by k v t with k = 1 / (1 + r t). It is then
k times as large and k² times as fast, and an error e of its place says that this speed is off by k e / t. Nothing on
the road shrinks or grows faster than it moves (`NEAREST`): a box that does is cut by something in front.

Votes count by confidence and fade: a vote t seconds ago weighs exp(-t / CLASS_S). Instead of making all old ones
smaller the new ones are made greater (`VoteScale`), which costs one addition.
"""

import math
from typing import Final

from contracts.classes import LOOK_ALIKE_GROUP, TWO_WHEELERS, RoadUserClass
from edge.track.track import Track

MEMORY_S: Final = 0.15
SHRINK_S: Final = 0.5  # memory for the rate at which a box shrinks
NEAREST: Final = 2.0  # a camera hangs at least so many heights of a road user above the road
LEAST_CHANGE: Final = 0.03  # of size in a step; less is not worth the reckoning
LEAST_DEPTH: Final = 1e-4  # one over the size of a box larger than any picture
MOST_CHANGE: Final = 2.5  # nothing is more than so many times as large or small after a step
MOST_WIDER: Final = 1.6  # the side of a two-wheeler is 2.4 times as wide as its back: with a ratio of 1.6, 2.6 times
CLASS_S: Final = 8.0
RIDERS_S: Final = 4.0
MOST_RIDERS: Final = 7
TURNING: Final = 4.0  # box sizes per second; who is faster goes nearly straight on for a second
SLOW: Final = 0.3  # box sizes per second; below that there is no direction
SURE: Final = 8  # sightings after which place and speed are known
RATE_DOUBT: Final = 0.3  # per second; by so much the rate of who comes nearer may be wrong
CUT: Final = 0.85  # of the height; a box so much lower than before is of a part
HELD: Final = 40
"""Sightings kept back at most."""

GROUP: Final = LOOK_ALIKE_GROUP
CLASSES: Final = tuple(RoadUserClass)
_LARGEST: Final = 60.0  # exponent; e^60 is still exact enough to add to


class VoteScale:
    """What a vote given now weighs, against those given before."""

    __slots__ = ("_from_s", "_memory_s", "weight")

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._from_s = 0.0
        self.weight = 1.0

    def advance(self, now_s: float) -> float:
        """Moves on; all votes so far must be multiplied by what is returned, which is 1 nearly always."""
        exponent = (now_s - self._from_s) / self._memory_s
        if exponent <= _LARGEST:
            self.weight = math.exp(exponent)
            return 1.0
        self._from_s, self.weight = now_s, 1.0
        return math.exp(-exponent)


class Course:
    """One road user. Places are ground points (bottom centre), pixels; times are seconds of the stitcher's clock.

    Attributes:
        id: given out; 0 while it is not confirmed.
        given: number under which it was seen last.
        home: number it goes back to, where it was seen under another only just now and for want of its own.
        strange: sightings in a row under another number than that.
        serial: order of first sight; breaks ties.
        x, y, vx, vy: filtered place and speed at `seen_s`.
        size: square root of the box's area.
        depth, shrinks: one over the size by a slower filter, and the rate at which it grows, per second.
        hits, missed: sightings, and frames without one since the last.
        held: sightings before it was confirmed.
        vouched: its tracker takes it for real.
    """

    __slots__ = (
        "cls", "depth", "first_s", "given", "h", "held", "hits", "home", "id", "missed", "rider_votes", "riders",
        "seen_s", "serial", "shrinks", "size", "strange", "votes", "vouched", "vx", "vy", "w", "x", "y",
    )  # fmt: skip

    def __init__(self, track: Track, serial: int, now_s: float) -> None:
        self.id = 0
        self.given = self.home = track.id
        self.strange = 0
        self.serial = serial
        self.x, self.y = (track.x1 + track.x2) / 2, track.y2
        self.vx = self.vy = 0.0
        self.w, self.h = max(track.x2 - track.x1, 1.0), max(track.y2 - track.y1, 1.0)
        self.size = math.sqrt(self.w * self.h)
        self.depth = 1.0 / self.size
        self.shrinks = 0.0
        self.first_s = self.seen_s = now_s
        self.hits, self.missed = 1, 0
        self.cls = track.cls
        self.votes = [0.0] * len(CLASSES)
        self.rider_votes = [0.0] * (MOST_RIDERS + 1)
        self.riders = track.riders
        self.held: list[Track] = []
        self.vouched = False

    def see(self, track: Track, now_s: float) -> None:
        """Takes in the next sighting."""
        dt = now_s - self.seen_s
        theta = math.exp(-dt / MEMORY_S)
        g, h = 1.0 - theta * theta, (1.0 - theta) ** 2
        self.hits = n = self.hits + 1
        if n < 40:
            fitted = 1.0 / (n * (n + 1))
            g, h = max(g, (4 * n - 2) * fitted), max(h, 6 * fitted)
        k = self._growth(dt)
        x, y = self.x + self.vx * dt * k, self.y + self.vy * dt * k
        self.vx, self.vy = self.vx * k * k, self.vy * k * k
        rx, ry = (track.x1 + track.x2) / 2 - x, track.y2 - y
        if n > SURE and track.y2 - track.y1 < CUT * self.h * k:
            rx, ry = self._within_reach(rx, ry, dt)
        self.x, self.y = x + g * rx, y + g * ry
        self.vx += h * k * rx / dt
        self.vy += h * k * ry / dt
        self.w += g * (track.x2 - track.x1 - self.w)
        self.h += g * (track.y2 - track.y1 - self.h)
        self.size = math.sqrt(max(self.w * self.h, 1.0))
        self._follow_size(math.sqrt(max((track.x2 - track.x1) * (track.y2 - track.y1), 1.0)), dt)
        self.seen_s, self.missed = now_s, 0

    def _within_reach(self, rx: float, ry: float, dt: float) -> tuple[float, float]:
        """What of a cut box's error counts: part of a road user must not pull its place away from where the whole is.

        All of it within reach; of what is farther off than can be, half a reach.
        """
        off, most = math.hypot(rx, ry) / self.size, reach(dt)
        share = 1.0 if off <= most else most / (2.0 * off)
        return rx * share, ry * share

    def _follow_size(self, size: float, dt: float) -> None:
        """Who drives at one speed changes its depth evenly: that is followed, not its size, which grows ever faster."""
        theta, n = math.exp(-dt / SHRINK_S), self.hits
        g, h = 1.0 - theta * theta, (1.0 - theta) ** 2
        if n < 40:
            fitted = 1.0 / (n * (n + 1))
            g, h = max(g, (4 * n - 2) * fitted), max(h, 6 * fitted)
        rate = self._rate()
        depth = self.depth / _scale(rate, dt)
        error = 1.0 / size - depth
        drives = rate * self.depth + h * error / dt
        self.depth = max(depth + g * error, LEAST_DEPTH)
        self.shrinks = drives / self.depth  # the same speed nearer by is a higher rate

    def vote(self, track: Track, class_weight: float, riders_weight: float) -> None:
        """Takes in what the sighting was taken for."""
        votes, cls = self.votes, track.cls
        votes[cls] += track.confidence * class_weight
        if cls is not self.cls and votes[cls] > votes[self.cls]:
            self.cls = cls
        if cls in TWO_WHEELERS:
            riders = min(track.riders, MOST_RIDERS)
            self.rider_votes[riders] += riders_weight
            if riders != self.riders and self.rider_votes[riders] > self.rider_votes[self.riders]:
                self.riders = riders

    def rescale(self, class_factor: float, riders_factor: float) -> None:
        """Follows a vote scale that began anew."""
        self.votes = [vote * class_factor for vote in self.votes]
        self.rider_votes = [vote * riders_factor for vote in self.rider_votes]

    def distance(self, track: Track, now_s: float) -> float:
        """From where it should be now to a sighting, in box sizes."""
        dt = now_s - self.seen_s
        dt *= self._growth(dt)
        dx = (track.x1 + track.x2) / 2 - self.x - self.vx * dt
        dy = track.y2 - self.y - self.vy * dt
        return math.hypot(dx, dy) / self.size

    def _growth(self, dt: float) -> float:
        """How many times as large it is after `dt`, by its distance from the camera; the way it seems to go is as
        many times that of its newest speed. 1 where it is not worth the reckoning."""
        if -LEAST_CHANGE < self.shrinks * dt < LEAST_CHANGE:
            return 1.0
        return _scale(self._rate(), dt)

    def _rate(self) -> float:
        """At which it shrinks, as far as that can be believed: what goes up the picture goes away, and none grows.

        One that comes in over the picture's lower edge does by its box, of which more and more is seen.
        """
        if self.hits < 3 or self.shrinks * self.vy > 0:
            return 0.0
        most = math.hypot(self.vx, self.vy) / (NEAREST * self.h)
        return min(max(self.shrinks, -most), most)

    def is_within_reach(self, track: Track, now_s: float) -> bool:
        """A known road user may be there now: along its way it may have braked or sped up, across it hardly moves."""
        dt = now_s - self.seen_s
        k = self._growth(dt)
        seen_dt, size = dt * k, self.size * k
        dx = ((track.x1 + track.x2) / 2 - self.x - self.vx * seen_dt) / size
        dy = (track.y2 - self.y - self.vy * seen_dt) / size
        if self.is_slow:
            return math.hypot(dx, dy) <= (reach(dt) + sideways_reach(dt)) / 2
        speed = math.hypot(self.vx, self.vy)
        doubt = speed * seen_dt / size * k * dt * RATE_DOUBT if k > 1 else 0.0
        forward = (dx * self.vx + dy * self.vy) / speed / (reach(dt) + doubt)
        sideways = (dx * self.vy - dy * self.vx) / speed / sideways_reach(dt, turning=self.may_turn)
        return forward * forward + sideways * sideways <= 1.0

    def travel(self) -> float:
        """From the first sighting held back to here, box sizes."""
        first = self.held[0]
        return math.hypot(self.x - (first.x1 + first.x2) / 2, self.y - first.y2) / self.size

    @property
    def is_slow(self) -> bool:
        """It stands or nearly so: where it will be is certain, where it heads is not."""
        return math.hypot(self.vx, self.vy) < SLOW * self.size

    @property
    def may_turn(self) -> bool:
        """It is slow enough for a tight turn, in which its way bends and its box widens."""
        return math.hypot(self.vx, self.vy) < TURNING * self.size

    def agrees(self, later: "Course") -> bool:
        """Another course may be this one after a gap, by its speed: nobody turns round behind a bus.

        Who has come k times as near seems k² times as fast.
        """
        dt = later.first_s - self.seen_s
        k = _scale(self._rate(), later.seen_s - self.seen_s)
        apart = math.hypot(later.vx - k * k * self.vx, later.vy - k * k * self.vy) / (k * self.size)
        turned = self.vx * later.vx + self.vy * later.vy < 0 and not (self.is_slow or later.is_slow)
        return apart <= 0.6 + 3.0 * dt and not turned and not (self.is_slow and self._is_beside(later, dt))

    def _is_beside(self, later: "Course", dt: float) -> bool:
        """Who was slow has no direction that would tell what is beside its way; but then the other one's way does."""
        first = later.held[0]
        dx, dy = (first.x1 + first.x2) / 2 - self.x, first.y2 - self.y
        aside = math.hypot(dx, dy)
        if not later.is_slow:
            aside = abs(dx * later.vy - dy * later.vx) / math.hypot(later.vx, later.vy)
        return aside > sideways_reach(dt, turning=True) * self.size

    def continued(self, later: "Course") -> None:
        """Goes on as another course, which was this road user under another number."""
        self.x, self.y, self.vx, self.vy = later.x, later.y, later.vx, later.vy
        self.w, self.h, self.size = later.w, later.h, later.size
        self.depth, self.shrinks = later.depth, later.shrinks
        self.seen_s, self.missed, self.given, self.home, self.strange = later.seen_s, 0, later.given, later.given, 0
        self.hits += later.hits

    def is_alike_to(self, cls: RoadUserClass) -> bool:
        """Something taken for that class may be this road user."""
        return GROUP[cls] == GROUP[self.cls]

    def is_as_large(self, track: Track, ratio: float, now_s: float, *, widens: bool = False) -> bool:
        """Neither the sighting nor the box as it should be now is more than `ratio` times as wide or high.

        Args:
            track: the sighting.
            ratio: 1 or more.
            now_s: of the sighting.
            widens: its width may change more, and more so with time: in a turn the side of it comes into view.
        """
        dt = now_s - self.seen_s
        k = self._growth(dt)  # what drives away is smaller after a gap
        w, h, own_w, own_h = track.x2 - track.x1, track.y2 - track.y1, self.w * k, self.h * k
        wide = ratio * min(1.0 + dt, MOST_WIDER) if widens else ratio
        return w <= wide * own_w and h <= ratio * own_h and own_w <= wide * w and own_h <= ratio * h

    def named(self, track: Track) -> Track:
        """The sighting under this road user's number, class and riders; the same object when nothing differs."""
        riders = self.riders if self.cls in TWO_WHEELERS else 0
        if track.id == self.id and track.cls is self.cls and track.riders == riders and not track.undecided:
            return track
        return Track(
            self.id,
            self.cls,
            track.confidence,
            track.x1,
            track.y1,
            track.x2,
            track.y2,
            track.at,
            track.observed,
            riders,
            track.helmets,
        )


def _scale(rate: float, dt: float) -> float:
    """How many times as large something is after `dt` that shrinks at a rate; of one step never more than can be."""
    return 1.0 / min(max(1.0 + rate * dt, 1.0 / MOST_CHANGE), MOST_CHANGE)


def reach(dt: float) -> float:
    """How far from its predicted place a known road user may be seen after `dt` seconds, box sizes.

    Box noise, a turn, and an acceleration of 3 box sizes per s² (3.5 m/s² of a motorcycle); no more than 2.5.
    """
    return min(0.25 + 0.3 * dt + 1.5 * dt * dt, 2.5)


def sideways_reach(dt: float, *, turning: bool = False) -> float:
    """The same across its way: it turns less than it brakes, and beside it are other lanes.

    Who may turn is pulled aside by up to 2 box sizes per s² (4 m/s in a turn of 6 m radius), no more than 1 in all.
    """
    straight = 0.25 + 0.3 * dt
    return max(straight, min(straight + dt * dt, 1.0)) if turning else straight
