"""Nodes and cameras as they last reported.

The newest report wins, whatever the order of arrival. The first signing key a node is seen with is kept: another
one later is not believed, but said. A camera belongs to the node that reported it last; while two nodes run it for
longer than a camera takes to move, the camera says so.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, BigInteger, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contracts.canonical import canonical_json, utc_text
from contracts.evidence import public_key_bytes
from contracts.health import CameraHealth, CameraState, NodeHealth, Reason
from ingest.access.scope import Scope
from ingest.store.base import Base, UtcTime

MOVES_WITHIN = timedelta(seconds=10)
"""Two nodes may both have run a camera for so long while it moved."""


class NodeRow(Base):
    """One edge node. `seen_at` is the centre's clock, `reported_at` the node's."""

    __tablename__ = "nodes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_key: Mapped[str | None] = mapped_column(String(128))
    key_problem: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    reported_at: Mapped[datetime | None] = mapped_column(UtcTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    version: Mapped[str] = mapped_column(String(64))
    outbox_pending: Mapped[int] = mapped_column(BigInteger)
    outbox_bytes: Mapped[int] = mapped_column(BigInteger)
    last_sequence: Mapped[int] = mapped_column(BigInteger)
    faults: Mapped[list[str]] = mapped_column(JSON)


class CameraRow(Base):
    """One camera. `health` is CameraHealth as JSON, beside it what another node last said of the camera."""

    __tablename__ = "cameras"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    node_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    reported_at: Mapped[datetime] = mapped_column(UtcTime)
    health: Mapped[str] = mapped_column(Text)

    def contract(self) -> CameraHealth:
        """As the node reported it."""
        document = json.loads(self.health)
        document.pop(_OTHER, None)
        return CameraHealth.model_validate_json(json.dumps(document))

    def other(self) -> "Sighting | None":
        """What another node than the last one said of the camera before."""
        kept = json.loads(self.health).get(_OTHER)
        return None if kept is None else Sighting.from_json(kept)


_OTHER = "other_node"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A node ran the camera, frames flowing, from then to then (the node's clock)."""

    node: str
    since: datetime
    last_frame_at: datetime

    @classmethod
    def of(cls, node: str, camera: CameraHealth) -> "Sighting | None":
        """None when no frames flow."""
        flows = camera.state in (CameraState.ONLINE, CameraState.DEGRADED)
        return cls(node, camera.since, camera.last_frame_at) if flows and camera.last_frame_at else None

    @classmethod
    def from_json(cls, kept: dict[str, str]) -> "Sighting":
        """As `to_json` gave it."""
        return cls(kept["node"], datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["last_frame_at"]))

    def to_json(self) -> dict[str, str]:
        """For the row."""
        return {"node": self.node, "since": utc_text(self.since), "last_frame_at": utc_text(self.last_frame_at)}

    def is_beside(self, other: "Sighting") -> bool:
        """Both run it now, and have for longer than a move takes."""
        both = min(self.last_frame_at, other.last_frame_at) - max(self.since, other.since)
        return both > MOVES_WITHIN and abs(self.last_frame_at - other.last_frame_at) <= MOVES_WITHIN


@dataclass(frozen=True, slots=True)
class HealthChange:
    """What a report brought that was not known."""

    changed: tuple[str, ...]
    """Cameras whose state or reason is another now."""
    updated: tuple[str, ...]
    """Cameras with newer figures only."""
    key_is_new: bool


def report(session: Session, health: NodeHealth, received_at: datetime) -> HealthChange:
    """Stores a node's report where it is newer than what is here. ValueError when its key is none."""
    public_key_bytes(health.public_key)
    node = session.get(NodeRow, health.node)
    key_is_new = False
    if node is None:
        node = NodeRow(id=health.node, first_seen_at=received_at, seen_at=received_at, version="", faults=[])
        node.outbox_pending = node.outbox_bytes = node.last_sequence = 0
        session.add(node)
    if node.public_key is None:
        node.public_key = health.public_key
        key_is_new = True
    node.seen_at = max(node.seen_at, received_at)
    if node.reported_at is None or health.reported_at > node.reported_at:
        _renew(node, health)
    changed: list[str] = []
    updated: list[str] = []
    for camera in health.cameras:
        news = _report_camera(session, health, camera)
        if news is not None:
            (changed if news else updated).append(camera.camera)
    session.flush()
    return HealthChange(tuple(changed), tuple(updated), key_is_new)


def _renew(node: NodeRow, health: NodeHealth) -> None:
    node.reported_at = health.reported_at
    node.started_at = health.started_at
    node.version = health.version
    node.outbox_pending = health.outbox_pending
    node.outbox_bytes = health.outbox_bytes
    node.last_sequence = health.last_sequence
    node.faults = list(health.faults)
    node.key_problem = None
    if health.public_key != node.public_key:
        node.key_problem = (
            "the node signs with another key than the one it was first seen with; its evidence is not verified. "
            "Was its data folder replaced? Remove the node and add it again if that was you."
        )


def _report_camera(session: Session, health: NodeHealth, camera: CameraHealth) -> bool | None:
    """True: state or reason changed; False: newer figures; None: older than what is here."""
    row = session.get(CameraRow, camera.camera)
    if row is not None and (row.reported_at, row.node_id) >= (health.reported_at, health.node):
        return None
    other = None if row is None else _other(row, health.node)
    camera = _beside(camera, health.node, other)
    document = camera.model_dump(mode="json") | ({} if other is None else {_OTHER: other.to_json()})
    if row is None:
        row = CameraRow(id=camera.camera, node_id=health.node)
        session.add(row)
        is_changed = True
    else:
        before = row.contract()
        moved = row.node_id != health.node and camera.reason is not Reason.RUNS_TWICE
        is_changed = moved or (before.state, before.reason) != (camera.state, camera.reason)
    row.node_id = health.node
    row.name = camera.name
    row.state = camera.state
    row.reported_at = health.reported_at
    row.health = canonical_json(document).decode()
    session.flush()
    return is_changed


def _other(row: CameraRow, reporter: str) -> Sighting | None:
    """The newest that another node than the reporter said of the camera."""
    return row.other() if row.node_id == reporter else Sighting.of(row.node_id, row.contract())


def _beside(camera: CameraHealth, reporter: str, other: Sighting | None) -> CameraHealth:
    """The camera as reported; when another node runs it too, that is its fault."""
    mine = Sighting.of(reporter, camera)
    if mine is None or other is None or other.node == reporter or not mine.is_beside(other):
        return camera
    detail = (
        f"Nodes {' and '.join(sorted((reporter, other.node)))} both run this camera: its events may come twice. Is one "
        "of them cut off from Kafka, or is the camera also in a node's own list?"
    )
    return camera.model_copy(update={"state": CameraState.DEGRADED, "reason": Reason.RUNS_TWICE, "detail": detail})


def node(session: Session, node_id: str) -> NodeRow | None:
    """The node, or None."""
    return session.get(NodeRow, node_id)


def nodes(session: Session) -> list[NodeRow]:
    """All nodes, by name."""
    return list(session.scalars(select(NodeRow).order_by(NodeRow.id)))


def listing(session: Session, scope: Scope, camera_id: str | None = None) -> list[tuple[CameraRow, NodeRow | None]]:
    """Cameras that may be seen, each with its node; all of them or one.

    A camera that the newest report of its node does not name was taken out of that node: it is not listed.
    """
    query = (
        select(CameraRow, NodeRow)
        .outerjoin(NodeRow, NodeRow.id == CameraRow.node_id)
        .where(NodeRow.reported_at.is_(None) | (CameraRow.reported_at >= NodeRow.reported_at))
        .order_by(CameraRow.id)
    )
    if scope.cameras is not None:
        query = query.where(CameraRow.id.in_(scope.cameras))
    if camera_id is not None:
        query = query.where(CameraRow.id == camera_id)
    return [(camera, owner) for camera, owner in session.execute(query)]


def silent(session: Session, unheard_since: datetime) -> frozenset[str]:
    """Ids of cameras whose node was last heard before that moment."""
    query = select(CameraRow.id).join(NodeRow, NodeRow.id == CameraRow.node_id)
    return frozenset(session.scalars(query.where(NodeRow.seen_at < unheard_since)))


def names(session: Session, camera_ids: Collection[str]) -> dict[str, str]:
    """What people call each of the cameras, by id."""
    query = select(CameraRow.id, CameraRow.name).where(CameraRow.id.in_(camera_ids))
    return {row.id: row.name for row in session.execute(query)}
