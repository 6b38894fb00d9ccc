"""Where points of the picture lie on the ground: what a person measured."""

from typing import Self

from pydantic import Field, model_validator

from contracts.event import Contract
from contracts.scene.words import ScenePoint


class ControlPoint(Contract):
    """A point seen in the picture and known on the ground: by metres in a local plane, or by WGS 84."""

    image: ScenePoint
    metres: tuple[float, float] | None = Field(default=None, description="[x, y] in a local plane: east, north")
    wgs84: tuple[float, float] | None = Field(default=None, description="[latitude, longitude], degrees")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.metres is None) == (self.wgs84 is None):
            raise ValueError("give either metres or wgs84")
        return self


class Lens(Contract):
    """Radial distortion of the lens (Brown): r' = r (1 + k1 r² + k2 r⁴), r in focal lengths from the centre."""

    focal: float = Field(gt=0, description="focal length as a share of the picture's width")
    centre: ScenePoint = (0.5, 0.5)
    k1: float = Field(default=0, ge=-2, le=2)
    k2: float = Field(default=0, ge=-2, le=2)


class Calibration(Contract):
    """Ground plane of the scene, from points that were surveyed or read off a map."""

    points: tuple[ControlPoint, ...] = Field(min_length=4, max_length=256)
    lens: Lens | None = None
    max_residual_m: float = Field(
        default=0.5, gt=0, le=10, description="a calibration that fits worse (root mean square) gives no speeds"
    )
    valid: tuple[ScenePoint, ...] = Field(
        default=(), description="polygon in which it holds; without it the hull of the points"
    )
    time_error_ms: float = Field(
        default=5, ge=0, le=200, description="standard error of a frame's time, for the uncertainty of speeds"
    )
