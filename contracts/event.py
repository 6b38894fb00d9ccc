"""What a node publishes: an Event the moment it is found, and EvidenceSealed when its package is closed.

An event never changes after it was published. The clip needs seconds of road after the act, so the
package follows in a record of its own that names the event (docs/decisions/0001).
"""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, field_serializer, model_validator

from contracts.canonical import canonical_json, utc_text
from contracts.signals import SignalState
from contracts.topics import EVIDENCE_SEALED_TYPE

Kind = Literal["violation", "incident", "count"]
"""`violation`: an officer decides. `incident`: an operator acts. `count`: only a figure, no evidence package."""

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Unit = Annotated[float, Field(ge=-0.5, le=1.5, description="share of the picture's width or height")]
TimeSource = Literal["rtcp", "arrival", "file"]


class Contract(BaseModel):
    """Base of every published shape: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class TimeQuality(Contract):
    """How the event time was taken, and how far off it may be."""

    source: TimeSource = Field(description="rtcp: camera's sender reports; arrival: fitted to PTS; file: PTS")
    uncertainty_ms: float = Field(ge=0)


class RuleRef(Contract):
    """Rule that made the finding: its id is also the file name, the i18n key and the docs heading."""

    id: Slug
    version: int = Field(ge=1)


class TrackRef(Contract):
    """Road user the event is about."""

    id: str
    class_name: str
    confidence: float = Field(ge=0, le=1)
    riders: int = Field(default=0, ge=0, description="people on a motorcycle or bicycle")


class PathPoint(Contract):
    """Ground point of the track at a moment; offset in seconds from the event time."""

    offset_s: float
    x: Unit
    y: Unit


class ImageSize(Contract):
    """Size of the decoded picture, pixels."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)


class SignalSeen(Contract):
    """A signal head was in a state; offsets in seconds from the event time."""

    head: Slug
    state: SignalState
    since_s: float
    until_s: float | None = Field(default=None, description="none: it still was when judged")


class SpeedRef(Contract):
    """Measured speed with its expanded uncertainty (k=2)."""

    kmh: float = Field(ge=0)
    uncertainty_kmh: float = Field(ge=0, description="U, k=2: the true speed is within ±U in about 95 of 100 cases")
    window_s: float = Field(ge=0, description="event time it was measured over")
    method: Literal["screening", "section"] = Field(
        default="screening", description="screening: by this camera alone, no verified device; section: between gates"
    )


class GroundPosition(Contract):
    """Where on the ground the road user was at `judged_at`; only where the scene has a good calibration."""

    metres: tuple[float, float] = Field(description="[x, y] in the scene's plane: east, north")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="WGS 84, when control points were")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="WGS 84, when control points were")


class EventData(Contract):
    """What the event was judged on."""

    kind: Kind
    node: Slug
    camera: Slug
    rule: RuleRef
    scene_version: int
    model_sha256: Sha256 | None
    track: TrackRef | None
    image: ImageSize
    box: tuple[Unit, Unit, Unit, Unit] | None = Field(description="x1, y1, x2, y2 at `judged_at`, normalised")
    signals: tuple[SignalSeen, ...] = Field(default=(), description="signal history it was judged on, oldest first")
    speed: SpeedRef | None = Field(default=None, description="speed it was judged on")
    position: GroundPosition | None = Field(default=None, description="ground position at `judged_at`")
    path: tuple[PathPoint, ...] = Field(default=(), description="ground points up to the finding, oldest first")
    still_sha256: Sha256 | None = Field(
        default=None, description="picture at the finding (JPEG); follows at once, before the package is closed"
    )
    where: str | None = Field(default=None, description="id of the line or zone it happened at")
    judged_at: datetime = Field(description="event time at which the rule was certain")
    facts: dict[str, Any] = Field(default_factory=dict, description="rule's own figures: dwell_s, direction, …")
    time_quality: TimeQuality

    @field_serializer("judged_at")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)


class Envelope(Contract):
    """CloudEvents 1.0 attributes shared by everything a node publishes on the events topic."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=64)
    source: str = Field(pattern=r"^/nodes/[^/]+/cameras/[^/]+$")
    type: str
    time: datetime
    subject: str | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: int = Field(default=0, ge=0, description="per node, given by the outbox; a hole is a lost record")

    @field_serializer("time")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    @model_validator(mode="after")
    def _aware(self) -> Self:
        if self.time.tzinfo is None:
            raise ValueError("time needs a zone (UTC)")
        return self

    def to_json(self) -> bytes:
        """Canonical JSON bytes."""
        return canonical_json(self.model_dump(mode="json"))


class Event(Envelope):
    """A finding, published. `time` is the start of the act."""

    type: str = Field(pattern=r"^vn\.giaolo\.(violation|incident|count)\.[a-z0-9_]+\.v[0-9]+$")
    data: EventData

    def to_json(self) -> bytes:
        """Canonical JSON bytes."""
        return self.canonical(without=frozenset())

    def canonical(self, without: frozenset[str]) -> bytes:
        """Canonical JSON bytes without some of the attributes; the data's path is written by a quicker hand."""
        kept: dict[str, Any] = {**dict.fromkeys(without, True), "data": {"path": True}}
        document = self.model_dump(mode="json", exclude=kept)
        document["data"]["path"] = []
        bare = canonical_json(document)
        at = bare.rindex(_NO_PATH) + len(_NO_PATH)  # what follows has no such key, and quotes in words are escaped
        return b"".join((bare[: at - 1], _written(self.data.path)[1:-1], bare[at - 1 :]))


_NO_PATH = b'"path":[]'
_points = TypeAdapter(tuple[PathPoint, ...])


def _written(path: tuple[PathPoint, ...]) -> bytes:
    """Canonical JSON of a path: two thirds of an event's bytes, and of the time Python's own writer takes for it.

    pydantic writes the same shortest digits in another form where an exponent is (or in Python would be) used, and
    `null` for what is no number: those paths are left to Python. A point has one "e", that of "offset_s", and no "n".
    """
    quick = _points.dump_json(path)
    if quick.count(b"e") == len(path) and b"0.0000" not in quick and b"n" not in quick:
        return quick
    return canonical_json(_points.dump_python(path, mode="json"))


class EvidenceFile(Contract):
    """One file of a package. `derived_from` is the SHA-256 of the original it was re-encoded from."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")
    role: Literal["still_before", "still_at", "still_after", "crop", "clip", "clip_derived", "manifest", "signature"]
    media_type: str
    size: int = Field(ge=0)
    sha256: Sha256
    derived_from: Sha256 | None = None


class EvidenceData(Contract):
    """Package of one event, closed and signed."""

    event_id: str
    node: Slug
    camera: Slug
    complete: bool = Field(description="false when a part is missing; `notes` say which and why")
    notes: tuple[str, ...] = ()
    manifest_sha256: Sha256
    files: tuple[EvidenceFile, ...] = Field(description="every file, manifest and signature among them")


class EvidenceSealed(Envelope):
    """The evidence package of an event is closed; its files follow by content hash."""

    type: Literal["vn.giaolo.evidence.sealed.v1"] = EVIDENCE_SEALED_TYPE  # type: ignore[assignment]
    data: EvidenceData


Published = Event | EvidenceSealed


def event_type(kind: Kind, rule: str, version: int = 1) -> str:
    """`vn.giaolo.violation.wrong_way.v1`."""
    return f"vn.giaolo.{kind}.{rule}.v{version}"


def source_path(node: str, camera: str) -> str:
    """CloudEvents `source` of a camera."""
    return f"/nodes/{node}/cameras/{camera}"


def read_published(document: bytes) -> Published:
    """Event or EvidenceSealed from JSON; pydantic.ValidationError (a ValueError) when it is neither."""
    head = _TypeOnly.model_validate_json(document)
    if head.type == EVIDENCE_SEALED_TYPE:
        return EvidenceSealed.model_validate_json(document)
    return Event.model_validate_json(document)


class _TypeOnly(BaseModel):
    type: str
