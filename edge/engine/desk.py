"""Turns for threads: who asks waits here until it is his."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from edge.engine.turns import Turns

_KEPT = 64  # turns, for the usual length of one


@dataclass(eq=False, slots=True)
class Ticket:
    """One camera at the desk, from its joining to its leaving."""

    bell: threading.Event = field(default_factory=threading.Event)
    given_s: float | None = None


class TurnDesk:
    """Hands out turns. Any thread; each ticket is for one thread at a time.

    Args:
        places: turns at once.
        clock: seconds that only grow.
    """

    def __init__(self, places: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._turns: Turns[Ticket] = Turns(places)
        self._here: set[Ticket] = set()
        self._lengths: deque[float] = deque(maxlen=_KEPT)

    def join(self, rate: float) -> Ticket:
        """A camera begins."""
        ticket = Ticket()
        with self._lock:
            self._turns.join(ticket, rate)
            self._here.add(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """A camera ends; its turn is given back, and `wait` returns. Nothing happens when it has left."""
        with self._lock:
            if ticket in self._here:
                self._here.remove(ticket)
                self._turns.leave(ticket)
                ticket.bell.set()
                self._hand_out()

    def ask(self, ticket: Ticket, rate: float) -> float:
        """A picture waits at a camera that has `rate` turns a second. Seconds until one is due; 0: now `wait`."""
        with self._lock:
            if ticket not in self._here:
                return 0.0
            self._turns.set_rate(ticket, rate)
            left_s = self._turns.ask(ticket, self._clock())
            self._hand_out()
            return left_s

    def wait(self, ticket: Ticket) -> bool:
        """Waits for the turn that was asked for; False: the camera has left."""
        ticket.bell.wait()
        with self._lock:
            if ticket not in self._here:
                return False  # and the bell goes on ringing: nobody waits for ever who asks once more
            ticket.bell.clear()
            return True

    def end(self, ticket: Ticket, looks: int = 1) -> None:
        """The turn is over, in which so many pictures or parts of one were looked at; nothing happens without one."""
        with self._lock:
            if ticket.given_s is not None:
                self._lengths.append((self._clock() - ticket.given_s) / max(looks, 1))
            self._end(ticket)

    def take_back(self, ticket: Ticket) -> None:
        """Others get the place of one whose turn hangs."""
        with self._lock:
            self._end(ticket)

    @property
    def usual_s(self) -> float | None:
        """Median length of a look in the last turns; None before the first has ended."""
        with self._lock:
            return median(self._lengths) if self._lengths else None

    def _end(self, ticket: Ticket) -> None:
        ticket.given_s = None
        if ticket in self._here:
            self._turns.end(ticket)
            self._hand_out()

    def _hand_out(self) -> None:
        now_s = self._clock()
        while (ticket := self._turns.give(now_s)) is not None:
            ticket.given_s = now_s
            ticket.bell.set()
