"""Whether a road user that was lost went round a bend, or braked hard, while it was hidden, and is a later course.

Who turns slows down before the bend and speeds up in it, so after a gap neither its place nor its speed are those of
straight on; nor are they of who brakes to a stand behind a pole. What can be asked is that one even pull leads from the
one way to the other: the way is then the mean of both speeds times the time, and the change of speed is no greater than
a vehicle's grip and engine give. Speeds and places at both ends must fit, which is as strong a hint as a place straight
ahead. Lengths count in the mean of both box sizes: a two-wheeler's side is larger than its back.
"""

import math
from typing import Final

from edge.track.course import SURE, Course, sideways_reach

PULL: Final = 5.0  # box sizes per s²: 5.6 m/s² of a motorcycle, which pulls away by 4 and is pulled aside by 4 m/s²
SPEED: Final = 0.6  # box sizes per second by which a speed of a few sightings may be wrong
REACH: Final = 1.0  # box sizes; farther off an even bend is too far, however long it was hidden


def bends_into(lost: Course, later: Course) -> bool:
    """Whether a course that was lost may go on as a later one behind a bend, by places and speeds at both ends.

    The later one is taken in the middle of its sightings, for which its speed was measured. Who turns back without
    having been slow, or was seen too shortly to have a sure speed, does not qualify; who drove too fast for a tight
    turn must still be on its way straight on.
    """
    if lost.hits < SURE:
        return False
    if lost.vx * later.vx + lost.vy * later.vy < 0 and not lost.is_slow:
        return False
    half_s = (later.seen_s - later.first_s) / 2
    dt = later.seen_s - half_s - lost.seen_s
    size = math.sqrt(lost.size * later.size)
    if math.hypot(later.vx - lost.vx, later.vy - lost.vy) > (SPEED + PULL * dt) * size:
        return False
    dx = later.x - later.vx * half_s - lost.x - (lost.vx + later.vx) / 2 * dt
    dy = later.y - later.vy * half_s - lost.y - (lost.vy + later.vy) / 2 * dt
    return math.hypot(dx, dy) <= bend_reach(dt) * size and (lost.may_turn or _is_on_its_way(lost, later, dt))


def _is_on_its_way(lost: Course, later: Course, dt: float) -> bool:
    """Whether the later course first shows no farther beside the lost one's way than who drives straight on may be."""
    (dx, dy), speed = (later.x - lost.x, later.y - lost.y), math.hypot(lost.vx, lost.vy)
    return abs(dx * lost.vy - dy * lost.vx) <= sideways_reach(dt) * lost.size * speed


def bend_reach(dt: float) -> float:
    """How far off the way of an even pull it may be after `dt` seconds, box sizes.

    Box noise, and a pull that is at first none and then all of it: that moves the way by an eighth of pull times time
    squared.
    """
    return min(0.25 + 0.3 * dt + PULL / 8 * dt * dt, REACH)
