"""What signal heads showed, and when: several sources of one head become one history.

Each source of a head (the picture, the controller's feed, the sidecar of a track log) tells its changes, its own
"unknown" among them. The head's state is what all sources that ever spoke agree on; where two differ it is unknown.
Rules ask for moments in the past (the crossing), so the last minutes are kept.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.signals import SignalChange, SignalSource, SignalState

__all__ = ["KEPT", "SignalChange", "SignalHistory", "SignalSpan"]

KEPT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignalSpan:
    """A head was in `state` from `since` to `until` (None: still)."""

    head: str
    state: SignalState
    since: datetime
    until: datetime | None


class SignalHistory:
    """States of the signal heads of one camera by event time. Not shared between threads."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, SignalSource], list[datetime]] = {}
        self._states: dict[tuple[str, SignalSource], list[SignalState]] = {}

    def add(self, changes: Sequence[SignalChange]) -> None:
        """Takes in changes; those of one source come in the order of time, a late one replaces what it contradicts."""
        for change in changes:
            key = change.head, change.source
            times, states = self._times.setdefault(key, []), self._states.setdefault(key, [])
            while times and times[-1] >= change.at:
                times.pop()
                states.pop()
            times.append(change.at)
            states.append(change.state)
            while len(times) > 1 and times[1] < change.at - KEPT:
                del times[0], states[0]

    def state(self, head: str, at: datetime) -> SignalState:
        """State of a head at a moment; unknown where nobody told or sources disagree."""
        told = {self._states[key][index] for key, index in self._indices(head, at)}
        return told.pop() if len(told) == 1 else "unknown"

    def since(self, head: str, at: datetime) -> datetime | None:
        """Since when the head has been in the state it has at `at`; None when that began before anything was told."""
        wanted = self.state(head, at)
        moment: datetime | None = None
        for change in reversed(self._changes(head, at)):
            if self.state(head, change) != wanted:
                return moment
            moment = change
        return moment

    def spans(self, head: str, start: datetime, end: datetime) -> tuple[SignalSpan, ...]:
        """History of a head from `start` to `end`, oldest first, without gaps; the first span begins where it began."""
        found: list[SignalSpan] = []
        for change in [start, *(moment for moment in self._changes(head, end) if moment > start)]:
            state = self.state(head, change)
            if found and found[-1].state == state:
                continue
            if found:
                found[-1] = SignalSpan(head, found[-1].state, found[-1].since, change)
            began = self.since(head, change) if change == start else change
            found.append(SignalSpan(head, state, began or change, None))
        return tuple(found)

    def clear(self) -> None:
        """Forgets all: time went backwards."""
        self._times.clear()
        self._states.clear()

    def _indices(self, head: str, at: datetime) -> list[tuple[tuple[str, SignalSource], int]]:
        found = [(key, bisect_right(times, at) - 1) for key, times in self._times.items() if key[0] == head]
        return [(key, index) for key, index in found if index >= 0]

    def _changes(self, head: str, until: datetime) -> list[datetime]:
        """Moments at which any source of a head changed, up to `until`, in order."""
        return sorted({m for key, times in self._times.items() if key[0] == head for m in times if m <= until})
