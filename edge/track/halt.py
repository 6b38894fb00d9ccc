"""Whether a road user that was lost while it drove stands where it may have come to a sudden halt.

A collision stops a vehicle within its own length, far from where any brake would have let it come to; at that very
moment it is often not seen (boxes run into one another), and its tracker goes on looking for it farther ahead. What
stands then, under a new number, on the way between where it was last seen and where it would have been, is that
vehicle.
"""

import math
from typing import Final

from edge.track.course import SURE, Course

LONGEST_S: Final = 1.0  # unseen; who comes to a halt is seen again at once
SLACK: Final = 0.3  # box sizes: noise of both places, and what the blow moves it by


def halts_in(lost: Course, later: Course) -> bool:
    """Whether a course that was lost in its drive may be a later one, which stands.

    Who was seen too shortly to have a sure speed, or had none, does not qualify.
    """
    dt = later.first_s - lost.seen_s
    if lost.hits < SURE or lost.is_slow or not later.is_slow or not 0 < dt <= LONGEST_S:
        return False
    speed = math.hypot(lost.vx, lost.vy)
    dx, dy = later.x - lost.x, later.y - lost.y
    ahead = (dx * lost.vx + dy * lost.vy) / speed / lost.size
    aside = abs(dx * lost.vy - dy * lost.vx) / speed / lost.size
    return aside <= SLACK and -SLACK <= ahead <= speed / lost.size * dt + SLACK
