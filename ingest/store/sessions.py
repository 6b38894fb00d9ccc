"""Signed-in sessions, and the failed sign-ins that the limits count."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, delete, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.store.base import Base, UtcTime
from ingest.store.people import PersonRow


class SessionRow(Base):
    """Table `sessions`. The token itself is nowhere, only its SHA-256."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    address: Mapped[str | None] = mapped_column(String(64))


class SignInFailureRow(Base):
    """Table `sign_in_failures`. `username_sha256`: what was typed may be a password, so it is not kept."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_username_sha256_at", "username_sha256", "at"),
        Index("ix_sign_in_failures_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    username_sha256: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))


def with_person(session: Session, token_sha256: str) -> tuple[SessionRow, PersonRow] | None:
    """The session and whose it is, whatever its age."""
    found = session.execute(
        select(SessionRow, PersonRow)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .where(SessionRow.token_sha256 == token_sha256)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def touch(session: Session, token_sha256: str, now: datetime) -> None:
    """Notes that the session was used; time never goes back."""
    session.execute(
        update(SessionRow).where(SessionRow.token_sha256 == token_sha256, SessionRow.used_at < now).values(used_at=now)
    )


def end(session: Session, token_sha256: str) -> None:
    """Ends one session; an unknown one is fine."""
    session.execute(delete(SessionRow).where(SessionRow.token_sha256 == token_sha256))


def end_all(session: Session, person_id: str, *, but: str | None = None) -> None:
    """Ends the person's sessions, all or all but one."""
    statement = delete(SessionRow).where(SessionRow.person_id == person_id)
    if but is not None:
        statement = statement.where(SessionRow.token_sha256 != but)
    session.execute(statement)


def drop_expired(session: Session, now: datetime, unused_since: datetime) -> None:
    """Removes sessions that nobody can use any more."""
    session.execute(delete(SessionRow).where((SessionRow.expires_at <= now) | (SessionRow.used_at <= unused_since)))


def lock_failures(session: Session) -> None:
    """Lets one attempt after the other be counted, so that a burst cannot pass between the look and the count.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE sign_in_failures IN SHARE ROW EXCLUSIVE MODE"))


def add_failure(session: Session, username_sha256: str, network: str, at: datetime) -> int:
    """Notes a failed sign-in; returns its id."""
    row = SignInFailureRow(at=at, username_sha256=username_sha256, network=network)
    session.add(row)
    session.flush()
    return row.id


def nth_newest_failure(
    session: Session, n: int, since: datetime, *, username_sha256: str | None = None, network: str | None = None
) -> datetime | None:
    """When the n-th newest failure was (1: the newest) of those after `since`; None when there are fewer."""
    statement = select(SignInFailureRow.at).where(SignInFailureRow.at > since)
    if username_sha256 is not None:
        statement = statement.where(SignInFailureRow.username_sha256 == username_sha256)
    if network is not None:
        statement = statement.where(SignInFailureRow.network == network)
    return session.scalar(statement.order_by(SignInFailureRow.at.desc()).offset(n - 1).limit(1))


def forgive(session: Session, username_sha256: str, network: str) -> None:
    """Forgets the failures of one user name from one network, after it signed in from there."""
    session.execute(
        delete(SignInFailureRow).where(
            SignInFailureRow.username_sha256 == username_sha256, SignInFailureRow.network == network
        )
    )


def drop_old_failures(session: Session, before: datetime) -> None:
    """Forgets failures that no limit counts any more."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.at <= before))
