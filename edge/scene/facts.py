"""What tracks do in a scene. Rules read these and never pixels.

Each fact names the track as it was when the fact became certain, and the moment it happened (`at`), which is earlier:
between two frames for a crossing, at the beginning of the stand for a stop.

Facts do not change. The two that are repeated with every frame are not `frozen` all the same: making them would take
three times as long, and a day has tens of millions.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edge.scene.geometry import Point
from edge.track.track import Track

LineDirection = Literal["forward", "backward"]
KMH = 3.6
"""Kilometres per hour in one metre per second."""


@dataclass(frozen=True, slots=True)
class LineCrossed:
    """The ground point passed a line and went clearly beyond it.

    Attributes:
        line: id of the line.
        direction: forward is from left to right of start→end.
        at: interpolated between the two frames around the crossing.
        interval_s: seconds between these frames; the error of `at` is at most half of it.
        point: where, pixels.
    """

    track: Track
    line: str
    direction: LineDirection
    at: datetime
    interval_s: float
    point: Point


@dataclass(frozen=True, slots=True)
class ZoneEntered:
    """The ground point is in a zone and stayed. `at`: when it passed the edge, or was first seen inside."""

    track: Track
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ZoneLeft:
    """The ground point is out of a zone and stayed out. `at`: when it passed the edge."""

    track: Track
    zone: str
    at: datetime


@dataclass(slots=True, unsafe_hash=True)
class InZone:
    """The ground point is in a zone that was entered; repeated with every frame. `at`: of the frame."""

    track: Track
    zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """The road user stands. `at`: since when."""

    track: Track
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A road user that stood moves again. `at`: when it left its place."""

    track: Track
    at: datetime


@dataclass(frozen=True, slots=True)
class HeadingAgainst:
    """The road user goes against a zone's direction; repeated with every frame while it does.

    Attributes:
        at: since when.
        travel: distance gone against the direction since then, box sizes.
        angle_deg: between its heading and the allowed direction, 90..180.
    """

    track: Track
    zone: str
    at: datetime
    travel: float
    angle_deg: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The track was not seen for long, or the picture jumped: nothing more will be said about it. `at`: last seen."""

    track: Track
    at: datetime


@dataclass(frozen=True, slots=True)
class Speed:
    """Mean speed over the ground in a window of event time. While a vehicle brakes, it is that of the window's middle.

    Attributes:
        at: end of the window.
        mps: metres per second.
        uncertainty_mps: expanded uncertainty U (k=2), metres per second.
        window_s: length of the window, seconds.
        metres: ground point at `at` in the calibration's plane, x east, y north; None for a section.
        method: screening: by this camera alone, no verified device; section: length over time between two lines.
    """

    at: datetime
    mps: float
    uncertainty_mps: float
    window_s: float
    metres: Point | None
    method: Literal["screening", "section"] = "screening"


@dataclass(slots=True, unsafe_hash=True)
class SpeedMeasured:
    """The road user's speed; repeated with every frame for which it can be given."""

    track: Track
    at: datetime
    speed: Speed


Fact = SpeedMeasured | LineCrossed | ZoneEntered | ZoneLeft | InZone | Stopped | Moved | HeadingAgainst | Gone
