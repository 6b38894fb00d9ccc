"""Evidence packages: what a node sealed, and what the centre found when it checked.

A package may arrive before its event, and its files before or after it. Whether a file is here is the evidence
store's to say; this table holds what the package promises and what the check found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, String, Text, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from contracts.event import EvidenceFile, EvidenceSealed
from ingest.store.base import Base, UtcTime
from ingest.store.bulk import among, insert_rows

PackageState = Literal["on_its_way", "complete", "incomplete"]


_UNSETTLED = text("verified IS NULL")


class PackageRow(Base):
    """One sealed package. `state` says whether its files are here, `verified` what the centre's own check found."""

    __tablename__ = "packages"
    __table_args__ = (Index("ix_packages_unsettled", "node_id", postgresql_where=_UNSETTLED, sqlite_where=_UNSETTLED),)

    event_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64))
    node_id: Mapped[str] = mapped_column(String(64))
    camera_id: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    sequence: Mapped[int] = mapped_column(BigInteger)
    whole: Mapped[bool]
    notes: Mapped[list[str]] = mapped_column(JSON)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    verified: Mapped[bool | None]
    problem: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[str | None] = mapped_column(String(128))
    files: Mapped[list["FileRow"]] = relationship(order_by="FileRow.position", lazy="selectin")


class FileRow(Base):
    """One file a package promises."""

    __tablename__ = "package_files"

    event_id: Mapped[str] = mapped_column(ForeignKey("packages.event_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(32))
    media_type: Mapped[str] = mapped_column(String(128))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    derived_from: Mapped[str | None] = mapped_column(String(64))

    def contract(self) -> EvidenceFile:
        """As it was published."""
        return EvidenceFile.model_validate(
            {
                "name": self.name,
                "role": self.role,
                "media_type": self.media_type,
                "size": self.size,
                "sha256": self.sha256,
                "derived_from": self.derived_from,
            }
        )


def manifests(session: Session, event_ids: Sequence[str]) -> dict[str, str]:
    """Hash of the manifest of those of the events whose package is here, by event id."""
    if not event_ids:
        return {}
    query = select(PackageRow.event_id, PackageRow.manifest_sha256)
    return {row.event_id: row.manifest_sha256 for row in session.execute(query.where(_of(session, event_ids)))}


def is_new(sealed: EvidenceSealed, known: dict[str, str]) -> bool:
    """Whether the package is to be stored; False: it is here. ValueError when the event has another package.

    Args:
        sealed: what a node published.
        known: `manifests` of the batch; a new one is added to it.
    """
    data = sealed.data
    stored = known.get(data.event_id)
    if stored is not None:
        if stored != data.manifest_sha256:
            raise ValueError(f"event {data.event_id} already has an evidence package with another manifest")
        return False
    names = [file.name for file in data.files]
    if len(set(names)) != len(names):
        raise ValueError(f"evidence package of event {data.event_id} names a file twice")
    known[data.event_id] = data.manifest_sha256
    return True


def add(session: Session, arrived: Sequence[EvidenceSealed], received_at: datetime) -> None:
    """Stores new packages and the files they promise, in one go."""
    if not arrived:
        return
    packages = [_package_values(sealed, received_at) for sealed in arrived]
    session.connection().execute(insert(PackageRow), packages)
    files = [
        _file_values(sealed.data.event_id, position, file)
        for sealed in arrived
        for position, file in enumerate(sealed.data.files)
    ]
    insert_rows(session, FileRow, files)


def one(session: Session, event_id: str) -> PackageRow | None:
    """Package of an event the caller may see."""
    return session.get(PackageRow, event_id)


def several(session: Session, event_ids: Sequence[str]) -> dict[str, PackageRow]:
    """Packages of events the caller may see, by event id."""
    rows = session.scalars(select(PackageRow).where(PackageRow.event_id.in_(event_ids)))
    return {row.event_id: row for row in rows}


def waiting_for(session: Session, sha256: str) -> list[str]:
    """Event ids of packages that are on their way and promise this file."""
    query = select(PackageRow.event_id).join(FileRow, FileRow.event_id == PackageRow.event_id)
    return list(session.scalars(query.where(FileRow.sha256 == sha256, PackageRow.state == "on_its_way").distinct()))


def unsettled_among(session: Session, event_ids: Sequence[str]) -> list[str]:
    """Those of the events whose package is here and not settled."""
    if not event_ids:
        return []
    query = select(PackageRow.event_id).where(PackageRow.verified.is_(None), _of(session, event_ids))
    return list(session.scalars(query))


def unsettled(session: Session, node: str | None = None) -> list[str]:
    """Event ids of packages that are on their way or could not be checked yet; of one node, or of all."""
    query = select(PackageRow.event_id).where(PackageRow.verified.is_(None))
    if node is not None:
        query = query.where(PackageRow.node_id == node)
    return list(session.scalars(query))


def _of(session: Session, event_ids: Sequence[str]) -> ColumnElement[bool]:
    return among(session, PackageRow.event_id, event_ids)


def _package_values(sealed: EvidenceSealed, received_at: datetime) -> dict[str, Any]:
    data = sealed.data
    return {
        "event_id": data.event_id,
        "record_id": sealed.id,
        "node_id": data.node,
        "camera_id": data.camera,
        "sealed_at": sealed.time,
        "received_at": received_at,
        "sequence": sealed.sequence,
        "whole": data.complete,
        "notes": list(data.notes),
        "manifest_sha256": data.manifest_sha256,
        "state": "on_its_way",
    }


def _file_values(event_id: str, position: int, file: EvidenceFile) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "name": file.name,
        "position": position,
        "role": file.role,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "derived_from": file.derived_from,
    }
