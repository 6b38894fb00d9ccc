"""Parts of the picture that the detector sees larger, beside the whole picture."""

from typing import Self

from pydantic import Field, model_validator

from contracts.scene.places import Area
from contracts.scene.words import ClassLabel

MARGIN = 0.1  # of the region's width and height: so much around it is shown, too
HEADROOM = 0.25  # of its height, above: who stands at its upper edge reaches over it
MOST_SCALE = 8.0  # of a 4K picture 480 pixels are left then, fewer than any network takes
LEAST_SHOWN = 1.05  # magnification below which a cut shows nothing that the whole picture does not
LEAST_FPS = 4.0
"""Looks a second. Until a road user is confirmed, it is taken for a false box when it was not seen for 0.3 s."""

Cut = tuple[float, float, float, float]
"""left, top, right, bottom of a rectangle, shares of the picture."""


class DetectionRegion(Area):
    """An area that is cut from the full-size picture and seen larger, beside the whole picture.

    The cut has the picture's own shape, 1/scale as wide and as high, so everything in it is seen `scale` times larger
    whatever the camera and the model.
    """

    scale: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="how many times larger than in the whole picture, 1 to 8; without it as large as fits",
    )
    fps: float | None = Field(
        default=None,
        allow_inf_nan=False,
        le=60,
        description="looks a second, 4 or more; without it in every picture that is judged. "
        "Where it is more than the camera's own rate it raises that",
    )
    classes: tuple[ClassLabel, ...] | None = Field(
        default=None, min_length=1, description="road users that are looked for here; without it all"
    )

    @model_validator(mode="after")
    def _can_be_seen(self) -> Self:
        if self.fps is not None and self.fps < LEAST_FPS:
            raise ValueError(
                f"fps {self.fps:g}: who is seen only here would be forgotten between two looks; "
                f"expected {LEAST_FPS:g} or more, or leave it out"
            )
        if self.scale is None:
            return self
        if self.scale < 1:
            raise ValueError(
                f"scale {self.scale:g} makes the cut larger than the picture; expected 1 to {MOST_SCALE:g}, "
                "or leave it out: as large as fits"
            )
        if self.scale > MOST_SCALE:
            raise ValueError(
                f"scale {self.scale:g} leaves too few pixels to see anything; expected 1 to {MOST_SCALE:g}"
            )
        left, top, right, bottom = self.bounds
        side = max(right - left, bottom - top)
        if side * self.scale > 1 + 1e-9:
            raise ValueError(
                f"scale {self.scale:g} shows 1/{self.scale:g} of the picture's width and height, and the region takes "
                f"{side:.2f} of one; expected a scale of at most {1 / side:.2f}, or two smaller regions"
            )
        return self

    @property
    def bounds(self) -> Cut:
        """Smallest upright rectangle around it."""
        xs, ys = zip(*self.polygon, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def magnification(self) -> float:
        """`scale`, or the largest at which the region fits with some room around it."""
        if self.scale is not None:
            return self.scale
        left, top, right, bottom = self._with_room()
        return min(max(1 / max(right - left, bottom - top), 1.0), MOST_SCALE)

    @property
    def cut(self) -> Cut:
        """What is cut out: holds the region, within the picture; the room around it is shared out as far as it fits."""
        side = 1 / self.magnification
        bounds, room = self.bounds, self._with_room()
        left = _begin(bounds[0], bounds[2], (room[0] + room[2]) / 2, side)
        top = _begin(bounds[1], bounds[3], (room[1] + room[3]) / 2, side)
        return left, top, min(left + side, 1.0), min(top + side, 1.0)

    def _with_room(self) -> Cut:
        left, top, right, bottom = self.bounds
        aside, below = MARGIN * (right - left), MARGIN * (bottom - top)
        above = HEADROOM * (bottom - top)
        return max(left - aside, 0.0), max(top - above, 0.0), min(right + aside, 1.0), min(bottom + below, 1.0)


def _begin(low: float, high: float, middle: float, side: float) -> float:
    """Where a stretch of length `side` about `middle` begins, within 0 to 1, so that it holds `low` to `high`."""
    return min(max(middle - side / 2, high - side, 0.0), low, max(1 - side, 0.0))
