"""Signal states: the words for what a signal head shows."""

from typing import Literal

SignalState = Literal["red", "red_yellow", "yellow", "green", "flashing_yellow", "off", "unknown"]
"""`unknown`: dark where a lamp was expected, glare, occluded, or two sources disagree. It never makes a violation."""

SignalSource = Literal["image", "feed", "log"]
"""`image`: read from the picture; `feed`: told by the controller; `log`: from the sidecar of a track log."""
