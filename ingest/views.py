"""From rows of the store to what people are shown: EventView and CameraView, in few queries whatever the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contracts.event import Event
from contracts.health import CameraHealth, CameraState, Reason
from contracts.law import Law, Provision, provisions_of
from ingest.access.scope import EVERYTHING, Scope
from ingest.api.schemas import (
    CameraRef,
    CameraView,
    DayCounts,
    DecisionView,
    EventView,
    EvidenceFileView,
    EvidenceView,
    HoldView,
    NodeView,
    ProvisionView,
)
from ingest.clock import Clock
from ingest.evidence_store import EvidenceStore
from ingest.node_views import node_views
from ingest.store import cameras, events, evidence, retention, tallies
from ingest.store.base import Database
from ingest.store.events import DecisionRow, EventRow, EventState, Verdict
from ingest.store.evidence import PackageRow, PackageState
from ingest.store.live import Change
from ingest.store.retention import HoldRow

_WORST_FIRST = {CameraState.OFFLINE: 0, CameraState.DEGRADED: 1, CameraState.STARTING: 2, CameraState.ONLINE: 3}


@dataclass(frozen=True, slots=True)
class Views:
    """Makes views. `node_silent_s`: a node not heard for this long is silent; `law`: of the country it works in."""

    database: Database
    files: EvidenceStore
    clock: Clock
    zone: ZoneInfo
    node_silent_s: float
    law: Law

    def event_list(self, session: Session, rows: Sequence[EventRow]) -> list[EventView]:
        """Views of events the caller may see, in their order."""
        ids = [row.id for row in rows]
        packages = evidence.several(session, ids)
        decisions = events.newest_decisions(session, ids)
        held = retention.holds(session, ids)
        names = cameras.names(session, {row.camera_id for row in rows})
        views = [self._event(row, packages.get(row.id), decisions.get(row.id), names) for row in rows]
        return [view.model_copy(update={"hold": _hold(held[view.id])}) if view.id in held else view for view in views]

    def camera_list(self, session: Session, scope: Scope, camera_id: str | None = None) -> list[CameraView]:
        """Cameras that may be seen, worst first; all of them or one."""
        now = self.clock()
        counted = tallies.since(session, scope, self._midnight(now), camera_id)
        views = [
            self._camera(row, node, counted.get(row.id), now)
            for row, node in cameras.listing(session, scope, camera_id)
        ]
        return sorted(views, key=lambda view: (_WORST_FIRST[view.state], view.name, view.camera))

    def render(self, changes: Sequence[Change]) -> list[str | None]:
        """JSON of each change's subject as it is now; None where there is nothing to show (yet)."""
        wanted = [change.subject for change in changes if change.name not in {"camera", "node"}]
        with self.database.read() as session:
            found = events.several(session, EVERYTHING, wanted)
            shown = {view.id: view.model_dump_json() for view in self.event_list(session, list(found.values()))}
            only = Scope(frozenset(change.subject for change in changes if change.name == "camera"))
            listed = self.camera_list(session, only) if only.cameras else []
            seen = {view.camera: view.model_dump_json() for view in listed}
            nodes = {change.subject for change in changes if change.name == "node"}
            told = {view.node: view.model_dump_json() for view in self.node_list(session, EVERYTHING)} if nodes else {}
        places = {"camera": seen, "node": told}
        return [places.get(change.name, shown).get(change.subject) for change in changes]

    def node_list(self, session: Session, scope: Scope) -> list[NodeView]:
        """Nodes of which a camera may be seen (every node for who may see everything), by name."""
        return node_views(session, scope, self.clock() - timedelta(seconds=self.node_silent_s))

    def _event(
        self, row: EventRow, package: PackageRow | None, decision: DecisionRow | None, names: dict[str, str]
    ) -> EventView:
        event = Event.model_validate_json(row.document)
        shown = self._evidence(row, package)
        return EventView(
            id=row.id,
            type=row.type,
            kind=event.data.kind,
            rule=event.data.rule.id,
            rule_version=event.data.rule.version,
            camera=CameraRef(id=row.camera_id, name=names.get(row.camera_id) or row.camera_id),
            node=row.node_id,
            time=row.time,
            received_at=row.received_at,
            sequence=row.sequence,
            state=cast("EventState", row.state),
            version=row.version,
            decision=None if decision is None else _decision(decision),
            evidence=shown,
            still_url=self._still(row, shown),
            law=[_provision(row) for row in self._law(event)],
            data=event.data,
        )

    def _law(self, event: Event) -> list[Provision]:
        data = event.data
        if data.kind != "violation" or data.track is None:
            return []
        return provisions_of(self.law, data.rule.id, data.track.class_name, event.time, data.facts)

    def _evidence(self, row: EventRow, package: PackageRow | None) -> EvidenceView:
        if package is None:
            return EvidenceView(state="none" if row.kind == "count" else "on_its_way")
        state = cast("PackageState", package.state)
        return EvidenceView(
            state=state,
            verified=package.verified,
            problem=package.problem,
            manifest_sha256=package.manifest_sha256,
            signed_by=package.signed_by,
            notes=list(package.notes),
            files=[
                EvidenceFileView(
                    name=file.name,
                    role=file.role,
                    media_type=file.media_type,
                    size=file.size,
                    sha256=file.sha256,
                    url=media_url(row.id, file.name) if state != "on_its_way" or self.files.has(file.sha256) else None,
                    derived_from=file.derived_from,
                )
                for file in package.files
            ],
        )

    def _still(self, row: EventRow, shown: EvidenceView) -> str | None:
        """The picture at the finding as soon as it is here, sealed or not."""
        if row.still_sha256 is not None and self.files.has(row.still_sha256):
            return f"/api/v1/events/{quote(row.id, safe='')}/still.jpg"
        for file in shown.files:
            if file.role == "still_at" and file.url is not None:
                return file.url
        return None

    def _camera(
        self, row: cameras.CameraRow, node: cameras.NodeRow | None, tally: tallies.Tally | None, now: datetime
    ) -> CameraView:
        health = row.contract()
        silent_since = self._silent_since(node, now)
        if silent_since is not None:
            health = _silenced(health, row.node_id, silent_since)
        frame_at = health.last_frame_at
        kinds = tally.kinds if tally else {}
        return CameraView.model_validate(
            {
                **dict(health),
                "node": row.node_id,
                "node_seen_at": node.seen_at if node else None,
                "last_frame_age_s": None if frame_at is None else max(0.0, (now - frame_at).total_seconds()),
                "events_today": DayCounts.model_validate(kinds),
                "counts_today": tally.lines if tally else {},
            }
        )

    def _silent_since(self, node: cameras.NodeRow | None, now: datetime) -> datetime | None:
        if node is None:
            return None
        limit = timedelta(seconds=self.node_silent_s)
        return node.seen_at if now - node.seen_at > limit else None

    def _midnight(self, now: datetime) -> datetime:
        return now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def media_url(event_id: str, name: str) -> str:
    """Address of a package's file."""
    return f"/api/v1/events/{quote(event_id, safe='')}/media/{quote(name, safe='')}"


def _provision(row: Provision) -> ProvisionView:
    return ProvisionView(
        instrument=row.instrument,
        title_vi=row.title_vi,
        title_en=row.title_en,
        ref=row.ref,
        vi=row.vi,
        en=row.en,
        condition_vi=row.condition_vi,
        condition_en=row.condition_en,
        fine_min=row.fine[0],
        fine_max=row.fine[1],
        fine_default=row.default_fine,
        currency=row.currency,
        points=row.points,
        verified=row.verified,
        note_vi=row.note_vi,
        note_en=row.note_en,
    )


def _decision(row: DecisionRow) -> DecisionView:
    return DecisionView(decision=cast("Verdict", row.decision), reason=row.reason, by=row.by_name, at=row.at)


def _hold(row: HoldRow) -> HoldView:
    return HoldView(reason=row.reason, by=row.by_name, at=row.at)


def _silenced(health: CameraHealth, node: str, since: datetime) -> CameraHealth:
    return health.model_copy(
        update={
            "state": CameraState.OFFLINE,
            "reason": Reason.NODE_SILENT,
            "detail": f"Nothing was heard from node {node}; check its power, its network and its service.",
            "since": since,
            "fps": 0.0,
            "analysed_fps": 0.0,
        }
    )
