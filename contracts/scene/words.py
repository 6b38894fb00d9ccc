"""Words and measures that places and rules share."""

from datetime import datetime, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from contracts.event import Contract, Slug

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
ScenePoint = Annotated[tuple[Share, Share], Field(description="[x, y], each 0..1, from the picture's top left")]
ClassLabel = Literal["person", "bicycle", "motorcycle", "car", "bus", "truck"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Ids = tuple[Slug, ...]

EVERYONE: tuple[ClassLabel, ...] = ("person", "bicycle", "motorcycle", "car", "bus", "truck")
VEHICLE_LABELS: tuple[ClassLabel, ...] = ("bicycle", "motorcycle", "car", "bus", "truck")
MOTOR_LABELS: tuple[ClassLabel, ...] = ("motorcycle", "car", "bus", "truck")
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Hours(Contract):
    """When something holds, in the scene's local time. `from` after `to` runs over midnight."""

    days: tuple[Weekday, ...] = Field(default=WEEK, min_length=1, description="days on which it begins")
    start: time = Field(default=time(0), alias="from", description="HH:MM")
    end: time = Field(default=time(0), alias="to", description="HH:MM; the same as `from` is the whole day")

    @field_validator("start", "end", mode="before")
    @classmethod
    def _clock(cls, value: Any) -> Any:
        """YAML reads a bare 06:30 as the number 390 (base 60)."""
        if isinstance(value, int) and not isinstance(value, bool):
            raise ValueError("is a number to YAML; write the time in quotes, such as '06:30'")  # noqa: TRY004
        return value

    @model_validator(mode="after")
    def _local(self) -> Self:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("times are local to the scene; leave the zone out")
        return self

    def hold(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether they hold at a moment (aware) in the scene's time zone. The end itself does not belong to them."""
        local = at.astimezone(zone)
        clock = local.time()
        today = WEEK[local.weekday()] in self.days
        if self.start == self.end:
            return today
        if self.start < self.end:
            return today and self.start <= clock < self.end
        yesterday = WEEK[(local.weekday() - 1) % 7] in self.days
        return (today and clock >= self.start) or (yesterday and clock < self.end)
