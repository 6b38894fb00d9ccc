"""Health of cameras and nodes, in figures and in words."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field, field_serializer

from contracts.canonical import canonical_json, utc_text
from contracts.event import Contract, Slug, TimeQuality
from contracts.topics import HEALTH_TYPE

OUTBOX_PATTERN = "[0-9a-f]{8}-(0|[1-9][0-9]{0,17})"
"""An outbox that was started anew on an empty disk has another one; START is the number before its first."""


class CameraState(StrEnum):
    """`online` frames flow and look sane; `degraded` they flow with a fault; `offline` none; `starting` none yet."""

    STARTING = "starting"
    ONLINE = "online"
    DEGRADED = "degraded"
    OFFLINE = "offline"


class Reason(StrEnum):
    """Why a camera is not well. The dashboard has words for each in each language."""

    NONE = "none"
    CONNECTING = "connecting"
    BAD_ADDRESS = "bad_address"
    NAME_NOT_FOUND = "name_not_found"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, not a secret
    NOT_FOUND = "not_found"
    NOT_RTSP = "not_rtsp"
    NO_VIDEO = "no_video"
    CODEC = "codec"
    STALLED = "stalled"
    ENDED = "ended"
    CORRUPT = "corrupt"
    PACKET_LOSS = "packet_loss"
    RESOLUTION_CHANGED = "resolution_changed"
    BLACK = "black"
    FROZEN = "frozen"
    FILE_MISSING = "file_missing"
    RUNS_TWICE = "runs_twice"  # said by the centre: two nodes run the camera
    NODE_SILENT = "node_silent"  # said by the centre, not by the node
    INTERNAL = "internal"


class CameraHealth(Contract):
    """One camera as its node sees it."""

    camera: Slug
    name: str
    address: str = Field(description="without credentials")
    state: CameraState
    reason: Reason = Reason.NONE
    detail: str = Field(default="", description="one English sentence: what is wrong and what to do; no credentials")
    since: datetime = Field(description="start of the present state")
    fps: float = Field(default=0, ge=0, description="decoded frames per second over the last 5 s")
    analysed_fps: float = Field(default=0, ge=0, description="judged frames per second over the last 5 s")
    wanted_fps: float = Field(
        default=0, ge=0, description="what the scene needed per second over the last 10 s, as far as the camera sent it"
    )
    frame_age_p95_s: float | None = Field(
        default=None,
        ge=0,
        description="95 of 100 frames of the last 10 s were judged this old at most, by event time",
    )
    last_frame_at: datetime | None = None
    frames: int = Field(default=0, ge=0)
    dropped: int = Field(default=0, ge=0, description="frames passed over because analysis was busy")
    gaps: int = Field(default=0, ge=0, description="holes in PTS: lost packets or a jump")
    reconnects: int = Field(default=0, ge=0)
    width: int = 0
    height: int = 0
    codec: str = ""
    black: bool = False
    frozen: bool = False
    scene_version: int = 0
    scene_is_default: bool = Field(default=False, description="nobody has drawn a scene for this camera yet")
    time_quality: TimeQuality | None = None
    latitude: float | None = None
    longitude: float | None = None

    @field_serializer("since")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    @field_serializer("last_frame_at")
    def _utc_or_none(self, moment: datetime | None) -> str | None:
        return None if moment is None else utc_text(moment)


class NodeHealth(Contract):
    """A node's report; published every few seconds and at each change of a camera's state."""

    type: str = HEALTH_TYPE
    node: Slug
    reported_at: datetime
    started_at: datetime
    version: str
    site: Slug | None = Field(default=None, description="whose cameras the node shares with others")
    public_key: str = Field(description="Ed25519 public key of the node's evidence signatures, base64")
    outbox_pending: int = Field(default=0, ge=0)
    outbox_bytes: int = Field(default=0, ge=0)
    last_sequence: int = Field(default=0, ge=0)
    outbox: str = Field(
        default="", pattern=f"^({OUTBOX_PATTERN})?$", description="life of the outbox that counts: HEX-START"
    )
    faults: tuple[str, ...] = Field(default=(), description="what the node itself lacks, in words")
    cameras: tuple[CameraHealth, ...] = ()

    @field_serializer("reported_at", "started_at")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    def to_json(self) -> bytes:
        """Canonical JSON bytes."""
        return canonical_json(self.model_dump(mode="json"))
