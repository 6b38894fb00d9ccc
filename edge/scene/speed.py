"""Speed over the ground, with its expanded uncertainty.

The ground points of the last second (two, where one is not enough) are put on the plane, and a straight line is fitted
to their way along the direction of travel against event time, each point weighted by its own error. The slope is the
*mean speed over the window*. To it is added what the bottom centre of the box moved within the vehicle (outline.py).

    v = b + Δ,      b = Σ w (t - t̄)(s - s̄) / Σ w (t - t̄)²,      w = 1/u²(s)
    u²(v) = s² / Σ w (t - t̄)²  +  (v r)²  +  (q Δ)²  +  (p ω l / 2)²  +  (e v / T)²  +  (a τ)²  +  (a σ)²

    u(s)  error of one ground point along the way: 2 % of the box's width and height, through the slopes of the
          homography, and the way gone within the error of a frame's time
    s²    how much more the points scatter about the line than that, with the prior of 6 points that they do not
    r     standard uncertainty of a length there from the control points (ground.py)
    q     share of the correction Δ that the unknown size of the vehicle leaves open
    p     the same of what a turn (ω rad/s) moves the end of a vehicle of length l sideways
    e/T   two frame times' common error against the window
    τ     from the window's middle to the moment whose speed the slope is when the speed changes evenly, t̄ + m₃ / 2 m₂
          with the weighted central moments m of the times, and a, the acceleration vehicles usually have
    σ     from the plain to the weighted mean of the times: the weights are taken from boxes that tremble

A road user may be hidden within a window: where it was before and after tells its mean speed over the time between too.

U = 2 u(v): law of propagation and coverage factor k = 2 after JCGM 100:2008 (GUM), 5.1.2, 6.2.1 and, for the line, H.3.
"""

import math
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.classes import RoadUserClass
from edge.scene.facts import Speed
from edge.scene.geometry import Point
from edge.scene.ground import Ground
from edge.scene.outline import USUAL, Outline
from edge.scene.sample import seconds
from edge.track.track import Track

WINDOWS_S = (1.0, 2.0)
ENOUGH_MPS = 0.3  # standard uncertainty of the slope with which the shorter window will do
LEAST_S = 0.6
LEAST_POINTS = 6
LONGEST_GAP_S = 1.4  # hidden for longer it begins anew: of the longest window less than LEAST_S would be seen
STEP_S = 0.05  # sightings closer together are left out
EVERY_S = 0.2  # measured so often
STANDING_EVERY_S = 0.6  # and who stands so often, until it moves
FRESH_S = 0.5  # a measurement is spoken of for so long
BOX_NOISE = 0.02  # of width and height, standard deviation
PRIOR_POINTS = 6.0
SIZE_UNKNOWN = 0.3
TURN_UNKNOWN = 0.25
USUAL_ACCELERATION = 1.0  # m/s²
TURN_SIGMAS = 2.0
MOST_TURNING = 1.5  # radians per second
LEAST_CHORD_M = 1.0  # below that there is no telling a turn
MOST_SCATTER = 16.0  # variance factor: worse is no path of one vehicle
MOST_MPS = 70.0
MOST_ERROR_MPS = 0.55  # standard uncertainty: what is not known to about 4 km/h (k=2) is not spoken of
EDGE = 0.002  # of the picture's width: a box so near its edge is cut off by it


class Spot(NamedTuple):
    """A sighting on the plane: seconds, metres from its origin, error by box width (ax, ay) and by height (bx, by)."""

    t: float
    x: float
    y: float
    ax: float
    ay: float
    bx: float
    by: float


Course = tuple[tuple[float, ...], ...]
"""Of spots, all t, all x and all y."""
_new = tuple.__new__  # what NamedTuple does, without the call in between


class SpeedWatch:
    """Speed of one track. `newest` is None while none can be given."""

    __slots__ = ("_begin", "_due", "_measured_t", "_spots", "newest")

    def __init__(self, first: Track) -> None:
        self._begin = first.at
        self._spots: deque[Spot] = deque()
        self._due = LEAST_S
        self._measured_t = -STANDING_EVERY_S
        self.newest: Speed | None = None

    def step(self, track: Track, plane: "MeasuringPlane", *, stands: bool = False) -> Speed | None:
        """Newest speed after this sighting; measured anew every 0.2 s. None off the valid region and without a path.

        Args:
            track: the sighting.
            plane: of the scene, for the picture's size.
            stands: it is known to stand: measured anew every 0.6 s is enough.
        """
        t = seconds(track.at, self._begin)
        spots = self._spots
        if spots and t - spots[-1].t < STEP_S:
            return self.newest
        spot = plane.spot(track, t)
        if spot is None:
            self.newest = None
            return None
        if spots and t - spots[-1].t > LONGEST_GAP_S:
            spots.clear()
        spots.append(spot)
        while t - spots[0].t > WINDOWS_S[-1] + 1e-6:
            spots.popleft()
        if t >= self._due:
            self._due = t + EVERY_S - 1e-6
            if stands and t - self._measured_t < STANDING_EVERY_S - 1e-6:
                return self.newest
            self._measured_t = t
            measured = plane.measure(list(spots), track)
            if measured is not None or self._is_old(track.at):
                self.newest = measured
        return self.newest

    def _is_old(self, at: datetime) -> bool:
        return self.newest is None or seconds(at, self.newest.at) > FRESH_S


class MeasuringPlane:
    """A good ground plane, and what is needed to measure on it."""

    def __init__(self, ground: Ground, time_error_s: float) -> None:
        self.ground = ground
        self._outline = Outline(ground)
        self._time_error_s = time_error_s

    def spot(self, track: Track, t: float) -> Spot | None:
        """The sighting on the plane; None off the valid region, and where the picture's edge cuts the box."""
        width, height = self.ground.size
        edge = EDGE * width
        if track.x1 < edge or track.x2 > width - edge or track.y2 > height - edge:
            return None
        pixel = track.ground
        if not self.ground.is_valid(pixel):
            return None
        x, y, xu, xv, yu, yv = self.ground.place_and_slopes(pixel)
        across, up = BOX_NOISE * (track.x2 - track.x1), BOX_NOISE * (track.y2 - track.y1)
        return _new(Spot, (t, x, y, xu * across, yu * across, xv * up, yv * up))

    def measure(self, spots: Sequence[Spot], track: Track) -> Speed | None:
        """Speed over the newest spots; None when they are too few or scatter like no vehicle's path."""
        if len(spots) < LEAST_POINTS:
            return None
        course: Course = tuple(zip(*spots, strict=True))[:3]
        turning = turning_of(spots, course)
        line = None
        for window_s in WINDOWS_S:
            begin = _begin(course[0], window_s + 1e-6)
            recent = spots[begin:]
            if len(recent) < LEAST_POINTS or recent[-1].t - recent[0].t < LEAST_S:
                continue
            way = Way.of(course, begin, turning)
            line = fit_line(recent, way, self._time_error_s)
            if line.error <= ENOUGH_MPS:
                break
        return None if line is None or line.scatter > MOST_SCATTER else self._speed(recent, way, line, track)

    def _speed(self, spots: Sequence[Spot], way: "Way", line: "Line", track: Track) -> Speed | None:
        if line.error > MOST_ERROR_MPS:
            return None
        span = spots[-1].t - spots[0].t
        moved = self._moved_within(spots, way, track.cls) / span
        mps = abs(line.slope * way.bend + moved)
        if mps > MOST_MPS:
            return None
        middle = spots[len(spots) // 2]
        at_middle = self.ground.ideal_pixel((middle.x, middle.y)) or track.ground
        square = (
            line.error**2
            + (mps * self.ground.length_error(at_middle)) ** 2
            + (SIZE_UNKNOWN * moved) ** 2
            + (self._time_error_s * mps / span) ** 2
            + USUAL_ACCELERATION**2 * (line.lag_s**2 + line.pull_s**2)
            + (TURN_UNKNOWN * way.half_turn * USUAL[track.cls].length / span) ** 2
        )
        if square > MOST_ERROR_MPS**2:
            return None
        x, y = self.ground.origin
        return Speed(track.at, mps, 2 * math.sqrt(square), span, (spots[-1].x + x, spots[-1].y + y))

    def _moved_within(self, spots: Sequence[Spot], way: "Way", cls: RoadUserClass) -> float:
        """Metres along the way that the vehicle went more than the bottom centre of its box."""
        first, last = (spots[0].x, spots[0].y), (spots[-1].x, spots[-1].y)
        begin = self._outline.bottom_centre(first, way.turned(-1), USUAL[cls])
        end = self._outline.bottom_centre(last, way.turned(1), USUAL[cls])
        if begin is None or end is None:
            return 0.0
        dx = (end[0] - last[0]) - (begin[0] - first[0])
        dy = (end[1] - last[1]) - (begin[1] - first[1])
        return -(dx * way.x + dy * way.y)


class Way(NamedTuple):
    """Direction of travel over a window (length 1), half the angle it turned by (radians), and its rough speed."""

    x: float
    y: float
    half_turn: float
    mps: float

    @classmethod
    def of(cls, course: Course, begin: int, turning: float) -> "Way":
        """From the means of the window's first and last third; `turning` in radians per second."""
        times = course[0]
        end, third = len(times), (len(times) - begin) // 3
        (t1, x1, y1), (t3, x3, y3) = _mean(course, begin, begin + third), _mean(course, end - third, end)
        chord = math.hypot(x3 - x1, y3 - y1)
        if chord < 1e-6:
            return cls(1.0, 0.0, 0.0, 0.0)
        half = turning * (times[-1] - times[begin]) / 2
        return _new(cls, ((x3 - x1) / chord, (y3 - y1) / chord, half, chord / max(t3 - t1, 1e-3)))

    @property
    def bend(self) -> float:
        """Length of an arc over its mean direction's share of it."""
        return self.half_turn / math.sin(self.half_turn) if abs(self.half_turn) > 1e-3 else 1.0

    def turned(self, end: int) -> Point:
        """Heading at the window's begin (-1) or end (1)."""
        if not self.half_turn:
            return self.x, self.y
        sine, cosine = math.sin(end * self.half_turn), math.cos(self.half_turn)
        return self.x * cosine - self.y * sine, self.x * sine + self.y * cosine


def turning_of(spots: Sequence[Spot], course: Course) -> float:
    """Radians per second, positive to the left, over all spots; what their errors explain is taken off it.

    Shrunk by the non-negative garrotte (L. Breiman, Technometrics 37 (4), 1995): nothing is left of a turn of two
    standard deviations, nearly all of one of six, and nothing jumps between.
    """
    count = len(spots)
    third = count // 3
    t1, x1, y1 = _mean(course, 0, third)
    t3, x3, y3 = _mean(course, count - third, count)
    chord = math.hypot(x3 - x1, y3 - y1)
    if chord < LEAST_CHORD_M:
        return 0.0
    _, x2, y2 = _mean(course, third, count - third)
    dx, dy = (x3 - x1) / chord, (y3 - y1) / chord
    bow = (x2 - x1) * dy - (y2 - y1) * dx  # of the middle to the right of the chord: a turn to the left
    middle = spots[count // 2]
    across = math.hypot(middle.ax * dy - middle.ay * dx, middle.bx * dy - middle.by * dx)
    doubt = TURN_SIGMAS * across * math.sqrt(1.5 / third)
    if abs(bow) <= doubt:
        return 0.0
    kept = bow * (1 - (doubt / bow) ** 2)
    # the chords of both halves turn by twice atan(kept / (chord / 2)), half the time between the outer means apart
    rate = 4 * math.atan2(2 * kept, chord) / (t3 - t1)
    return min(max(rate, -MOST_TURNING), MOST_TURNING)


class Line(NamedTuple):
    """A fitted line: slope and its standard uncertainty (m/s), variance factor, lag of its moment (s), and how far
    the weights pull the mean of the times (s)."""

    slope: float
    error: float
    scatter: float
    lag_s: float
    pull_s: float


def fit_line(spots: Sequence[Spot], way: Way, time_error_s: float) -> Line:
    """Weighted least squares of the way along the direction against time."""
    dx, dy = way.x, way.y
    jitter = (time_error_s * way.mps) ** 2 + 1e-8
    middle_t, middle_x, middle_y, *_ = spots[len(spots) // 2]  # counted from there, the sums below lose no digits
    weights = sum_t = sum_s = tt = ts = ss = ttt = plain = 0.0
    for t, x, y, ax, ay, bx, by in spots:
        across, up = ax * dx + ay * dy, bx * dx + by * dy
        w = 1 / (across * across + up * up + jitter)
        later = t - middle_t
        s = (x - middle_x) * dx + (y - middle_y) * dy
        wt, ws = w * later, w * s
        weights += w
        plain += later
        sum_t += wt
        sum_s += ws
        wtt = wt * later
        tt += wtt
        ttt += wtt * later
        ts += wt * s
        ss += ws * s
    mean_t = sum_t / weights
    third = ttt - 3 * mean_t * tt + 2 * mean_t * mean_t * sum_t  # of the central moments, times the weights
    tt -= mean_t * sum_t
    ts -= mean_t * sum_s
    ss -= sum_s * sum_s / weights
    slope = ts / tt
    scatter = (PRIOR_POINTS + max(ss - slope * ts, 0.0)) / (PRIOR_POINTS + len(spots) - 2)
    lag_s = mean_t + third / (2 * tt) + middle_t - (spots[0].t + spots[-1].t) / 2
    return Line(slope, math.sqrt(scatter / tt), scatter, lag_s, mean_t - plain / len(spots))


def _begin(times: Sequence[float], window_s: float) -> int:
    """Number of the first spot of the newest window of that length."""
    newest, begin = times[-1], len(times) - 1
    while begin > 0 and newest - times[begin - 1] <= window_s:
        begin -= 1
    return begin


def _mean(course: Course, begin: int, end: int) -> tuple[float, float, float]:
    """Time and place."""
    count = end - begin
    t, x, y = course
    return math.fsum(t[begin:end]) / count, math.fsum(x[begin:end]) / count, math.fsum(y[begin:end]) / count
