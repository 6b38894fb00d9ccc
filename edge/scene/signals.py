"""What signal heads showed, and when: several sources of one head become one history.

Each source of a head (the picture, the controller's feed, the sidecar of a track log) tells its changes, its own
"unknown" among them. The head's state is what the sources that know agree on: one that does not know (a bus before the
head, a feed gone silent) contradicts nobody. Where two that know differ, the state is unknown.

Sources see one change at different moments: the picture later than the controller, by its frame interval and exposure.
So a disagreement of at most `LAG` between one agreed state and another is that change: red begins when the last of them
says so and ends when the first does. While it lasts nobody can know that it will be short: until then it is unknown.

Rules ask for moments in the past (the crossing), so the last minutes are kept.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.signals import SignalChange, SignalSource, SignalState

__all__ = ["KEPT", "LAG", "SignalChange", "SignalHistory", "SignalSpan"]

KEPT = timedelta(minutes=15)
TICK = timedelta(microseconds=1)
LAG = timedelta(seconds=0.5)  # a disagreement for longer than this is one


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
        self._heads: dict[str, dict[SignalSource, _Told]] = {}

    def add(self, changes: Sequence[SignalChange]) -> None:
        """Takes in changes. One that is not later than what its source told before takes that back from there on."""
        for change in changes:
            sources = self._heads.setdefault(change.head, {})
            sources.setdefault(change.source, _Told([], [])).add(change.at, change.state)

    def state(self, head: str, at: datetime) -> SignalState:
        """State of a head at a moment; unknown where nobody knew or sources disagree."""
        sources = self._heads.get(head)
        if not sources:
            return "unknown"
        agreed = _agreed(sources, at)
        return self._settled(head, at) if agreed is None else agreed

    def since(self, head: str, at: datetime) -> datetime | None:
        """Since when the head has been in the state it has at `at`; None when nobody had told anything then.

        A state that was there when its source began to tell is dated from there: red is never dated too early.
        """
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

    def _settled(self, head: str, at: datetime) -> SignalState:
        """State at a moment when sources differ: unknown, unless they saw one change at different times."""
        sources = self._heads[head]
        near = sorted({moment for told in sources.values() for moment in told.between(at - LAG, at + LAG)})
        end = next((moment for moment in near if moment > at and _agreed(sources, moment) is not None), None)
        begin = None
        for moment in reversed([moment for moment in near if moment <= at]):
            if _agreed(sources, moment) is not None:
                break
            begin = moment
        if begin is None or end is None or end - begin > LAG:
            return "unknown"
        before, after = _agreed(sources, begin - TICK), _agreed(sources, end)
        if before is None or after is None or before == after or "unknown" in (before, after):
            return "unknown"
        shown = {told.at(moment) for told in sources.values() for moment in near if begin <= moment < end}
        if not shown <= {before, after, None, "unknown"}:
            return "unknown"
        return after if before == "red" else before

    def _changes(self, head: str, until: datetime) -> list[datetime]:
        """Moments at which any source of a head changed, up to `until`, in order."""
        return sorted(
            {moment for told in self._heads.get(head, {}).values() for moment in told.times if moment <= until}
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What one source told of one head: from `times[i]` on it was in `states[i]`."""

    times: list[datetime]
    states: list[SignalState]

    def add(self, at: datetime, state: SignalState) -> None:
        times, states = self.times, self.states
        while times and times[-1] >= at:
            times.pop()
            states.pop()
        times.append(at)
        states.append(state)
        while len(times) > 1 and times[1] < at - KEPT:
            del times[0], states[0]

    def between(self, start: datetime, end: datetime) -> list[datetime]:
        """Moments of changes from `start` to `end`, both included."""
        return self.times[bisect_left(self.times, start) : bisect_right(self.times, end)]

    def at(self, at: datetime) -> SignalState | None:
        """None before it told anything."""
        index = bisect_right(self.times, at)
        return self.states[index - 1] if index else None


def _agreed(sources: dict[SignalSource, _Told], at: datetime) -> SignalState | None:
    """What those who know tell; unknown when nobody knows; None when they differ."""
    agreed: SignalState = "unknown"
    for told in sources.values():
        state = told.at(at)
        if state is None or state == "unknown":
            continue
        if agreed not in ("unknown", state):
            return None
        agreed = state
    return agreed
