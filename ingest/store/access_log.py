"""The access log: who did what to access, when, and from where. Rows are added, never changed.

Triggers made by the migration refuse UPDATE and DELETE, so that a mistake in the program cannot rewrite it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.store.base import Base, UtcTime


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, not a password
    PERSON_MADE = "person_made"
    PERSON_CHANGED = "person_changed"
    LINK_MADE = "link_made"
    LINK_USED = "link_used"
    GAP_ACKNOWLEDGED = "gap_acknowledged"
    HOLD_SET = "hold_set"
    HOLD_LIFTED = "hold_lifted"
    NODE_TOKEN_MADE = "node_token_made"  # noqa: S105 - a word, not a token
    NODE_TOKEN_REMOVED = "node_token_removed"  # noqa: S105 - a word, not a token


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    `person_id` is who did it (None: nobody is known, or the command line of the centre's own machine); `subject` is
    the person id, node name or event id it was done to. A user name that was typed at a failed sign-in is not kept:
    people type their password there by mistake.
    """

    at: datetime
    act: Act
    person_id: str | None = None
    subject: str | None = None
    address: str | None = None
    network: str | None = None
    note: str | None = None


class AccessLogRow(Base):
    """Table `access_log`."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_person_id_act_at", "person_id", "act", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    act: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    network: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(200))


def add(session: Session, entry: Entry) -> None:
    """Adds one line, in the transaction of what it tells about."""
    session.add(
        AccessLogRow(
            at=entry.at,
            act=entry.act.value,
            person_id=entry.person_id,
            subject=entry.subject,
            address=entry.address[:64] if entry.address else None,
            network=entry.network,
            note=entry.note[:200] if entry.note else None,
        )
    )


def newest(session: Session, limit: int = 100) -> list[Entry]:
    """The last lines, newest first."""
    rows = session.scalars(select(AccessLogRow).order_by(AccessLogRow.id.desc()).limit(limit))
    return [
        Entry(
            at=row.at,
            act=Act(row.act),
            person_id=row.person_id,
            subject=row.subject,
            address=row.address,
            network=row.network,
            note=row.note,
        )
        for row in rows
    ]


def has_signed_in_from(session: Session, person_id: str, network: str, since: datetime) -> bool:
    """Whether the person signed in from this network since then."""
    found = session.scalar(
        select(AccessLogRow.id)
        .where(
            AccessLogRow.person_id == person_id,
            AccessLogRow.act == Act.SIGNED_IN.value,
            AccessLogRow.at >= since,
            AccessLogRow.network == network,
        )
        .limit(1)
    )
    return found is not None
