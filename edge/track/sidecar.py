"""What stands beside a track log: what the numbers in the text file mean, and when each frame was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import AwareDatetime, Field, ValidationError, field_serializer, model_validator

from contracts.canonical import canonical_json, utc_text
from contracts.classes import CLASS_LABELS, RoadUserClass
from contracts.event import Contract, ImageSize, Sha256, TimeQuality
from contracts.signals import SignalChange, SignalSource, SignalState
from edge.errors import ConfigError


class FrameMark(Contract):
    """One analysed frame. Cameras run unevenly, so each has its own time."""

    frame: int = Field(ge=1, description="number in the text file, 1-based")
    at: datetime = Field(description="event time, UTC")
    discontinuity: bool = Field(default=False, description="nothing before this frame connects with it")

    @field_serializer("at")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    @model_validator(mode="after")
    def _aware(self) -> Self:
        if self.at.tzinfo is None:
            raise ValueError("time needs a zone (UTC)")
        return self


class SignalMark(Contract):
    """A signal head changed."""

    head: str = Field(min_length=1, description="id of the signal head in the scene")
    at: AwareDatetime = Field(description="event time from which the state holds, UTC")
    state: SignalState
    source: SignalSource = "log"
    frame: int | None = Field(
        default=None, ge=1, description="frame with which it was known, later than `at`; without it known from `at` on"
    )

    @field_serializer("at")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    @classmethod
    def of(cls, change: SignalChange, frame: int) -> Self:
        """Mark of a change that came to be known with a frame (1-based number)."""
        return cls(head=change.head, at=change.at, state=change.state, source=change.source, frame=frame)


class SignalTape:
    """Changes of signal heads of a track log, handed out frame by frame as the live road came to know them."""

    def __init__(self, marks: Sequence[SignalMark]) -> None:
        self._timed = sorted((mark for mark in marks if mark.frame is None), key=lambda mark: mark.at)
        self._framed = [mark for mark in marks if mark.frame is not None]
        self._next_timed = self._next_framed = 0

    def until(self, frame: int, at: datetime) -> list[SignalChange]:
        """Changes not handed out yet that are known with a frame. Ask for every frame, in order.

        Args:
            frame: number in the text file, 1-based.
            at: its event time.
        """
        begin_timed, begin_framed = self._next_timed, self._next_framed
        while self._next_timed < len(self._timed) and self._timed[self._next_timed].at <= at:
            self._next_timed += 1
        while self._next_framed < len(self._framed) and (self._framed[self._next_framed].frame or 0) <= frame:
            self._next_framed += 1
        found = self._timed[begin_timed : self._next_timed] + self._framed[begin_framed : self._next_framed]
        return [SignalChange(mark.head, mark.at, mark.state, mark.source) for mark in found]


class Sidecar(Contract):
    """Description of a track log. `frames` may be left out by others: then frames are evenly spaced."""

    version: Literal[1] = 1
    camera: str = Field(default="camera", min_length=1)
    frame_rate: float = Field(gt=0, le=1000, description="nominal frames per second of the numbers in the text file")
    started_at: datetime = Field(description="event time of frame 1, UTC")
    image: ImageSize
    class_names: tuple[str, ...] = Field(
        default=CLASS_LABELS, min_length=1, description="name of class 1, 2, … of the text file's class column"
    )
    time_quality: TimeQuality | None = None
    model_sha256: Sha256 | None = Field(default=None, description="detector that saw the road users")
    frames: tuple[FrameMark, ...] = Field(default=(), description="analysed frames, in order")
    signals: tuple[SignalMark, ...] = Field(default=(), description="changes of signal heads, in order")

    @field_serializer("started_at")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.started_at.tzinfo is None:
            raise ValueError("started_at needs a zone (UTC)")
        for name in self.class_names:
            RoadUserClass.from_label(name)
        for before, after in zip(self.frames, self.frames[1:], strict=False):
            if after.frame <= before.frame:
                raise ValueError(f"frames must be in order: {after.frame} stands after {before.frame}")
            if after.at < before.at and not after.discontinuity:
                raise ValueError(f"time of frame {after.frame} is before that of {before.frame}, without discontinuity")
        return self

    def mark(self, frame: int) -> FrameMark:
        """Time of a frame by its number where `frames` was left out."""
        return FrameMark(frame=frame, at=self.started_at + timedelta(seconds=(frame - 1) / self.frame_rate))

    def to_json(self) -> bytes:
        """Canonical JSON bytes, ending in a newline."""
        return canonical_json(self.model_dump(mode="json", exclude_none=True)) + b"\n"


def read_sidecar(document: str | bytes, name: str = "sidecar") -> Sidecar:
    """Sidecar from JSON; ConfigError names each fault and where it stands."""
    try:
        return Sidecar.model_validate_json(document)
    except ValidationError as error:
        faults = [
            f"  {'.'.join(map(str, fault['loc'])) or '(whole file)'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError(f"{name}: is not the sidecar of a track log:\n" + "\n".join(faults)) from None
