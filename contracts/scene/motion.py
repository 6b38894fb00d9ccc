"""How tracks become facts.

Distances are in *box sizes* (the square root of the box's area in pixels): without a calibration that is the only
measure that shrinks with the road user into the distance.
"""

from pydantic import Field

from contracts.event import Contract


class Motion(Contract):
    """How tracks become facts. The defaults fit most cameras from 5 to 30 frames per second."""

    line_margin: float = Field(default=0.1, ge=0, le=5, description="box sizes beyond a line before it is crossed")
    recross_margin: float = Field(default=0.5, ge=0, le=5, description="the same for a track's way back over it")
    zone_settle_s: float = Field(default=0.4, ge=0, le=10, description="inside (or outside) for so long to be so")
    zone_margin: float = Field(default=0.1, ge=0, le=5, description="box sizes outside a zone before it is left")
    stop_radius: float = Field(
        default=0.25, gt=0, le=2, description="box sizes; a road user standing still stays within this"
    )
    stop_window_s: float = Field(default=2, gt=0, le=60, description="within the radius for so long is standing")
    move_settle_s: float = Field(default=0.5, ge=0, le=10, description="outside the radius for so long is moving again")
    heading_window_s: float = Field(
        default=1, gt=0, le=10, description="heading is taken over the last so many seconds"
    )
    heading_travel: float = Field(default=0.3, gt=0, le=10, description="box sizes; below that there is no heading")
    gone_after_s: float = Field(default=2, gt=0, le=60, description="a track unseen for so long is gone")
