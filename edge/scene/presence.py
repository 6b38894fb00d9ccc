"""A track and a zone: inside, outside, and since when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from contracts.scene import Motion
from edge.scene.geometry import Point, boundary_fraction, edge_distance, is_inside
from edge.scene.sample import Sample, seconds


class ZoneWatch:
    """Whether a track is in a zone.

    A change holds when it lasted `zone_settle_s`, with the moment it began. Who leaves must also be `zone_margin` box
    sizes away from the edge, so that somebody who stands on it does not come and go.

    Nothing can come of a sighting outside while the track `is_away`: it need not be given.
    """

    __slots__ = ("_changed_at", "_first_seen_at", "is_away", "is_inside", "is_seen_inside")

    def __init__(self) -> None:
        self.is_away = True  # outside, and seen outside
        self.is_inside = False
        self.is_seen_inside = False  # at the newest sighting, settled or not
        self._changed_at: datetime | None = None  # path passed the edge
        self._first_seen_at: datetime | None = None  # first sighting beyond it

    def step(
        self, before: Sample | None, after: Sample, polygon: Sequence[Point], motion: Motion
    ) -> tuple[Literal["entered", "left"], datetime] | None:
        """Change that has become certain with sighting `after`, and when it was. `before` is None at first sight."""
        return self.see(before, after, polygon, motion, is_in=is_inside(after.point, polygon))

    def see(
        self, before: Sample | None, after: Sample, polygon: Sequence[Point], motion: Motion, *, is_in: bool
    ) -> tuple[Literal["entered", "left"], datetime] | None:
        """As `step`, where it is known already whether sighting `after` is in the polygon."""
        self.is_seen_inside = is_in
        self.is_away = not (is_in or self.is_inside)
        if is_in == self.is_inside:
            self._changed_at = self._first_seen_at = None
            return None
        if self._changed_at is None or self._first_seen_at is None:
            self._changed_at, self._first_seen_at = _edge_time(before, after, polygon), after.at
        if seconds(after.at, self._first_seen_at) < motion.zone_settle_s:
            return None
        if self.is_inside and edge_distance(after.point, polygon) < motion.zone_margin * after.size:
            return None
        changed_at, self._changed_at, self._first_seen_at = self._changed_at, None, None
        self.is_inside = not self.is_inside
        self.is_away = not self.is_inside
        return ("entered" if self.is_inside else "left"), changed_at


def _edge_time(before: Sample | None, after: Sample, polygon: Sequence[Point]) -> datetime:
    if before is None:
        return after.at
    fraction = boundary_fraction(before.point, after.point, polygon)
    return after.at if fraction is None else before.at + (after.at - before.at) * fraction
