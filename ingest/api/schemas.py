"""Shapes of the API's answers and questions (docs/reference/api.md)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from contracts.canonical import utc_text
from contracts.event import EventData, Kind, Slug
from contracts.health import CameraHealth
from ingest.store.events import EventState, Verdict

UtcMoment = Annotated[datetime, PlainSerializer(utc_text, return_type=str, when_used="json")]
"""Time as `2026-11-22T08:15:30.123456Z`."""


class View(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class CameraRef(View):
    """Camera of an event; the name is what people call it now."""

    id: str
    name: str


class DecisionView(View):
    """What holds for an event, and who said so."""

    decision: Verdict
    reason: str | None
    by: str
    at: UtcMoment


class HoldView(View):
    """A legal hold: neither the event nor its evidence is deleted, whatever its age."""

    reason: str
    by: str
    at: UtcMoment


class EvidenceFileView(View):
    """One file of a package. `url` is null while the file is on its way."""

    name: str
    role: str
    media_type: str
    size: int
    sha256: str
    url: str | None
    derived_from: str | None


class EvidenceView(View):
    """Evidence package of an event. `verified` is what the centre itself checked: every hash and the signature."""

    state: Literal["none", "on_its_way", "complete", "incomplete"]
    verified: bool | None = None
    problem: str | None = None
    manifest_sha256: str | None = None
    signed_by: str | None = None
    notes: list[str] = []
    files: list[EvidenceFileView] = []


class ProvisionView(View):
    """A provision of the law that held at the moment of the act. `verified` false: show it as to be verified."""

    instrument: str
    title_vi: str
    title_en: str
    ref: Annotated[str, Field(description="article.clause.point, such as 6.9.b")]
    vi: str
    en: str
    condition_vi: Annotated[str, Field(description="what a person must check beside; empty: nothing")]
    condition_en: str
    fine_min: int
    fine_max: int
    fine_default: int
    currency: str
    points: int
    verified: bool
    note_vi: str
    note_en: str


class EventView(View):
    """One event as people see it."""

    id: str
    type: str
    kind: Kind
    rule: str
    rule_version: int
    camera: CameraRef
    node: str
    time: UtcMoment
    received_at: UtcMoment
    sequence: int
    state: EventState
    version: int
    decision: DecisionView | None
    hold: HoldView | None = None
    evidence: EvidenceView
    still_url: str | None
    law: Annotated[
        list[ProvisionView],
        Field(description="violations: what the act may cost, the likeliest first; a person chooses"),
    ] = []
    data: EventData


class EventPage(View):
    """Some events, newest first; `next` goes into `cursor` for those before them."""

    items: list[EventView]
    next: str | None


class DecisionRequest(BaseModel):
    """What a person decides about an event."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    decision: Verdict
    reason: Annotated[str, Field(max_length=2000)] | None = None


class HoldRequest(BaseModel):
    """Why an event must stay."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class DayCounts(View):
    """Events since the day began."""

    violation: int = 0
    incident: int = 0
    count: int = 0


class CameraView(CameraHealth):
    """A camera: what its node last reported, and what the centre adds."""

    node: str
    node_seen_at: UtcMoment | None
    last_frame_age_s: float | None = Field(description="seconds since the newest frame's time")
    events_today: DayCounts
    counts_today: dict[str, dict[str, int]] = Field(description="line id: direction: how many crossed")


class CameraList(View):
    """All cameras that may be seen, worst first."""

    items: list[CameraView]


class AcknowledgementView(View):
    """Who said that these records will not come, and why."""

    by: str
    at: UtcMoment
    reason: str


class GapView(View):
    """Records that a node numbered and that did not come. `closed_at`: they came late, it is over."""

    outbox: Annotated[str, Field(description="life of the node's outbox whose numbers these are")]
    first: int
    last: int
    since: Annotated[UtcMoment, Field(description="when they were first found missing")]
    closed_at: UtcMoment | None = None
    acknowledged: AcknowledgementView | None = None


class NodeView(View):
    """An edge node, and what is wrong with it."""

    node: str
    seen_at: UtcMoment
    started_at: UtcMoment | None
    version: str
    silent: bool
    outbox_pending: int
    outbox_bytes: int
    last_sequence: int
    faults: Annotated[list[str], Field(description="what the node itself says it lacks")]
    key_problem: str | None
    missing: Annotated[int, Field(description="records missing for over a minute that nobody acknowledged")]
    gaps: Annotated[list[GapView], Field(description="oldest first, the first 100; closed ones for a day")]


class NodeList(View):
    """All nodes that may be seen, by name."""

    items: list[NodeView]


class GapAcknowledgement(BaseModel):
    """These numbers of a node's outbox will not come, and nobody need be told again."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    node: Slug
    outbox: Annotated[str, Field(max_length=32)]
    first: Annotated[int, Field(ge=1, lt=2**63)]
    last: Annotated[int, Field(ge=1, lt=2**63)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ReadyView(View):
    """Whether the centre can do its work; `reasons` say what is missing."""

    ready: bool
    reasons: list[str]


class HealthView(View):
    """The process lives."""

    status: Literal["alive"] = "alive"
