"""Heads nobody has known the state of for long: told to the operator, since nothing is judged there meanwhile."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from contracts.signals import SignalState

LONG = timedelta(seconds=60)


class HeadWatch:
    """Remembers when each head was last known. `see` is for one thread; `unknown` may be asked from any."""

    def __init__(self, heads: Sequence[str]) -> None:
        self._heads = tuple(heads)
        self._known_at: dict[str, datetime] = {}
        self._at: datetime | None = None

    def see(self, at: datetime, state: Callable[[str, datetime], SignalState]) -> None:
        """Asks the state of every head at a frame's time; when time goes back it begins anew."""
        if self._at is None or at < self._at:
            self._known_at = dict.fromkeys(self._heads, at)
        self._at = at
        for head in self._heads:
            if state(head, at) != "unknown":
                self._known_at[head] = at

    def unknown(self) -> tuple[str, ...]:
        """Ids of heads that were unknown throughout the last minute of frames."""
        at = self._at
        if at is None:
            return ()
        return tuple(head for head, known_at in self._known_at.items() if at - known_at > LONG)
