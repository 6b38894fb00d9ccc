"""Signal states: the words for what a signal head shows, and a change of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SignalState = Literal["red", "red_yellow", "yellow", "green", "flashing_yellow", "off", "unknown"]
"""`unknown`: dark where a lamp was expected, glare, occluded, or two sources disagree. It never makes a violation."""

SignalSource = Literal["image", "feed", "log"]
"""`image`: read from the picture; `feed`: told by the controller; `log`: from the sidecar of a track log."""


@dataclass(frozen=True, slots=True)
class SignalChange:
    """From `at` on a source sees a head in `state`, until its next change.

    A source may take back what it told: a later told change with the same or an earlier `at` replaces all it told
    from there on.
    """

    head: str
    at: datetime
    state: SignalState
    source: SignalSource
