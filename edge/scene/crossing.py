"""A track and a line: crossed, or only standing on it and trembling?"""

from dataclasses import dataclass
from datetime import datetime

from edge.scene.facts import LineDirection
from edge.scene.geometry import Point, along, distance, meeting, signed_side
from edge.scene.sample import Sample, seconds


@dataclass(frozen=True, slots=True)
class Crossing:
    """Passage over a line between two sightings."""

    direction: LineDirection
    at: datetime
    interval_s: float
    point: Point


class LineWatch:
    """Side of one line a track is known to be on.

    A crossing counts when the ground point is `margin` box sizes beyond the line, with the moment it passed. For the
    way back the margin is wider (`recross_margin`): a vehicle that stands on the line and trembles counts at most once.
    Who walks around an end of the line changes sides without a crossing.

    Nothing can come of a sighting on the known side (`is_right`) while no crossing is `pending`: it need not be given.
    """

    __slots__ = ("_counted", "is_right", "pending")

    def __init__(self, first: Sample, a: Point, b: Point) -> None:
        self.is_right = signed_side(a, b, first.point) >= 0
        self._counted = False
        self.pending: Crossing | None = None

    def step(
        self, before: Sample, after: Sample, line: tuple[Point, Point], margins: tuple[float, float]
    ) -> Crossing | None:
        """Crossing that has become certain with sighting `after`. `margins`: first way, way back; box sizes."""
        a, b = line
        area = signed_side(a, b, after.point)
        side = area >= 0
        if side == self.is_right:
            self.pending = None
            return None
        fraction = meeting(before.point, after.point, a, b)
        if fraction is not None:
            self.pending = _crossing(before, after, fraction, forward=side)
        if abs(area) / distance(a, b) < margins[self._counted] * after.size:
            return None
        certain, self.pending, self.is_right = self.pending, None, side
        self._counted = self._counted or certain is not None
        return certain


def _crossing(before: Sample, after: Sample, fraction: float, *, forward: bool) -> Crossing:
    return Crossing(
        direction="forward" if forward else "backward",
        at=before.at + (after.at - before.at) * fraction,
        interval_s=seconds(after.at, before.at),
        point=along(before.point, after.point, fraction),
    )
