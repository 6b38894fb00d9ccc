"""A track: one road user followed through the frames of one camera."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.classes import RoadUserClass

HelmetSeen = Literal["helmet", "none", "unknown"]
"""What a classifier of riders says about one head; `unknown`: too small, hidden, or not sure."""


@dataclass(frozen=True, slots=True)
class Track:
    """One road user, or what is taken for one, at one frame. Only confirmed ones have predicted boxes.

    Attributes:
        id: per camera and run, starts at 1, never reused.
        cls: class by vote over the track's life.
        confidence: of the last matched detection, 0..1.
        x1, y1, x2, y2: box in pixels of the decoded frame.
        at: event time of the frame.
        observed: True when a detection was matched in this frame, False when the box is predicted.
        riders: people joined to a motorcycle or bicycle (0 for other classes, and where none was seen).
        helmets: of the riders seen in this frame, in any order; empty without a model that classifies riders.
        undecided: a person of whom it is not clear yet whether they ride. Nobody is judged by that: it is kept until
            it is clear, and judged then (edge/track/stitch.py).
    """

    id: int
    cls: RoadUserClass
    confidence: float
    x1: float
    y1: float
    x2: float
    y2: float
    at: datetime
    observed: bool = True
    riders: int = 0
    helmets: tuple[HelmetSeen, ...] = ()
    undecided: bool = False

    @property
    def ground(self) -> tuple[float, float]:
        """Bottom centre of the box, pixels: where the road user touches the road."""
        return (self.x1 + self.x2) / 2, self.y2
