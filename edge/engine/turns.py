"""Whose turn it is: a few places, many cameras, fair shares. Pure: seconds are handed in, of any one clock.

A camera has a rate; its next turn is due one period after its last. Who is due and has a picture waiting stands in
line, and the earliest deadline goes first. There is no queue of pictures: who gets a turn takes his newest one then.

A deadline is one period after the camera's deadline before, not after its last turn. Where more is wanted than the
places can give, all deadlines fall behind alike, and each camera gets the same share of its rate; counted from the
turns, those with low rates would be served in full and the fast ones would pay for all. Who was away goes on at the
line's own time, so nobody saves up more than a turn. (Self-clocked fair queueing, Golestani, INFOCOM 1994, with
periods for packet lengths.)
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

Camera = TypeVar("Camera", bound=Hashable)

_GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples, modulo 1, stay evenly spread

_OWED = 2.0  # periods that a camera may be behind the line and be made up for: it cannot stand in line during its turn


@dataclass(slots=True)
class _Standing:
    """How one camera stands.

    Attributes:
        period_s: between turns.
        paced_s: the next turn is due one period after this: about when the last one was given.
        deadline: of the last turn, in the line's own time.
        number: in the order of asking; None when not in line.
    """

    period_s: float
    deadline: float
    paced_s: float = -math.inf
    number: int | None = None
    has_turn: bool = False


class Turns(Generic[Camera]):
    """Places and the line before them. Not for threads.

    Args:
        places: how many cameras may have a turn at once.
    """

    def __init__(self, places: int) -> None:
        if places < 1:
            raise ValueError(f"{places} places: expected 1 or more")
        self.places = places
        self._cameras: dict[Camera, _Standing] = {}
        self._taken = 0
        self._line = 0.0  # deadline of the turn given last
        self._begun = 0
        self._numbers = count()

    def join(self, camera: Camera, rate: float) -> None:
        """A camera begins; its first turn is due at once. ValueError when one of that name is here."""
        if camera in self._cameras:
            raise ValueError(f"camera {camera} has joined already")
        period_s = _period_s(rate)
        # Deadlines of cameras that begin together lie evenly apart, or slow ones would always come all at once.
        self._begun += 1
        self._cameras[camera] = _Standing(period_s, self._line - period_s * (self._begun * _GOLDEN % 1))

    def leave(self, camera: Camera) -> None:
        """A camera ends; its turn is given back."""
        self.end(camera)
        del self._cameras[camera]

    def set_rate(self, camera: Camera, rate: float) -> None:
        """Turns a second from now on; a greater rate brings the next turn forward."""
        self._cameras[camera].period_s = _period_s(rate)

    def ask(self, camera: Camera, now_s: float) -> float:
        """A picture waits. Seconds until a turn is due; 0: the camera stands in line. ValueError: it has a turn."""
        standing = self._cameras[camera]
        if standing.has_turn:
            raise ValueError(f"camera {camera} asks for a turn while it has one")
        left_s = standing.paced_s + standing.period_s - now_s
        if left_s > 0:
            return left_s
        if standing.number is None:
            standing.number = next(self._numbers)
            standing.deadline = max(standing.deadline, self._line - _OWED * standing.period_s)
        return 0.0

    def give(self, now_s: float) -> Camera | None:
        """Gives the next turn and says whose it is; None when nobody stands in line or no place is free."""
        waiting = [camera for camera, standing in self._cameras.items() if standing.number is not None]
        if not waiting or self._taken >= self.places:
            return None
        camera = min(waiting, key=self._order)
        standing = self._cameras[camera]
        deadline = standing.deadline + standing.period_s
        self._line = max(self._line, deadline)
        self._taken += 1
        standing.deadline, standing.number, standing.has_turn = deadline, None, True
        # A turn that came late does not put off those after it, but two are never nearer than half a period.
        standing.paced_s = max(standing.paced_s + standing.period_s, now_s - standing.period_s / 2)
        return camera

    def end(self, camera: Camera) -> None:
        """The camera's turn is over, or it leaves the line; nothing happens when it is in neither."""
        standing = self._cameras[camera]
        self._taken -= standing.has_turn
        standing.has_turn, standing.number = False, None

    def _order(self, camera: Camera) -> tuple[float, int | None]:
        standing = self._cameras[camera]
        return standing.deadline + standing.period_s, standing.number


def _period_s(rate: float) -> float:
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError(f"{rate} turns a second: expected more than 0")
    return 1 / rate
