"""How a camera's stream is doing, in figures and in words."""

from dataclasses import dataclass
from datetime import datetime

from contracts.event import TimeQuality
from contracts.health import CameraState, Reason


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """The stream's share of `contracts.health.CameraHealth`; fields have the same names and meaning."""

    state: CameraState
    reason: Reason
    detail: str
    since: datetime
    fps: float = 0.0
    last_frame_at: datetime | None = None
    frames: int = 0
    dropped: int = 0
    gaps: int = 0
    reconnects: int = 0
    width: int = 0
    height: int = 0
    codec: str = ""
    black: bool = False
    frozen: bool = False
    time_quality: TimeQuality | None = None
