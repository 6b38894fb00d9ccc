"""People and their one-time links."""

from datetime import datetime

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.access.permissions import Role
from ingest.access.person import Person
from ingest.store.base import Base, UtcTime

FIRST_ADMIN = "first-admin"
"""Id of the link that makes the first admin: a fixed one, so that there can never be two that work."""


class PersonRow(Base):
    """Table `people`. `password_hash` is null until the person used his link; `cameras` null: all."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool]
    cameras: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcTime)

    def __repr__(self) -> str:
        """Without the hash."""
        return f"PersonRow(id={self.id!r}, username={self.username!r})"


class OneTimeLinkRow(Base):
    """Table `one_time_links`: at most one per person, and one for the first admin."""

    __tablename__ = "one_time_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), unique=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


def person_of(row: PersonRow) -> Person:
    """The row without what is secret."""
    return Person(
        id=row.id,
        username=row.username,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        cameras=None if row.cameras is None else frozenset(row.cameras),
    )


def exists_any(session: Session) -> bool:
    """Whether anybody was ever made."""
    return session.scalar(select(PersonRow.id).limit(1)) is not None


def everybody(session: Session) -> list[Person]:
    """All people by user name."""
    return [person_of(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.username))]


def by_username(session: Session, username: str) -> PersonRow | None:
    """The person with this (canonical) user name."""
    return session.scalar(select(PersonRow).where(PersonRow.username == username))


def by_id(session: Session, person_id: str) -> PersonRow | None:
    """The person with this id."""
    return session.get(PersonRow, person_id)


def locked(session: Session, person_id: str) -> PersonRow | None:
    """The person with this id, to be changed: nobody else changes him until the transaction ends."""
    return session.scalar(select(PersonRow).where(PersonRow.id == person_id).with_for_update())


def add(session: Session, person: Person, password_hash: str | None, made_at: datetime) -> None:
    """Adds a person; the unique user name is checked at once (IntegrityError)."""
    session.add(
        PersonRow(
            id=person.id,
            username=person.username,
            name=person.name,
            role=person.role.value,
            active=person.active,
            cameras=None if person.cameras is None else sorted(person.cameras),
            password_hash=password_hash,
            made_at=made_at,
        )
    )
    session.flush()


def lock_admins(session: Session) -> None:
    """Lets no other transaction change an admin until this one ends: two at once cannot remove the last two."""
    session.execute(
        select(PersonRow.id).where(PersonRow.role == Role.ADMIN.value).order_by(PersonRow.id).with_for_update()
    )


def count_admins(session: Session) -> int:
    """Active admins who have a password."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PersonRow)
            .where(PersonRow.role == Role.ADMIN.value, PersonRow.active.is_(True), PersonRow.password_hash.is_not(None))
        )
        or 0
    )


def put_link(
    session: Session, token_sha256: str, *, person_id: str | None, made_at: datetime, expires_at: datetime
) -> None:
    """Stores a link; the one before, of the same person or for the first admin, stops working."""
    link_id = person_id or FIRST_ADMIN
    row = session.get(OneTimeLinkRow, link_id)
    if row is None:
        row = OneTimeLinkRow(id=link_id, person_id=person_id)
        session.add(row)
    row.token_sha256 = token_sha256
    row.made_at = made_at
    row.expires_at = expires_at
    row.used_at = None


def drop_link(session: Session, person_id: str | None) -> None:
    """Takes the link away; None: the first admin's."""
    session.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.id == (person_id or FIRST_ADMIN)))


def valid_link(session: Session, token_sha256: str, now: datetime) -> str | None:
    """Id of the link with this token when it works now: a person's id or `FIRST_ADMIN`."""
    return session.scalar(select(OneTimeLinkRow.id).where(*_works(token_sha256, now)))


def use_link(session: Session, token_sha256: str, now: datetime) -> bool:
    """Uses the link up; of two who try at the same time one gets True."""
    used = session.execute(
        update(OneTimeLinkRow).where(*_works(token_sha256, now)).values(used_at=now).returning(OneTimeLinkRow.id)
    )
    return used.scalar_one_or_none() is not None


def _works(token_sha256: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLinkRow.token_sha256 == token_sha256,
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.expires_at > now,
    )
