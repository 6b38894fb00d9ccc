"""The people of a centre: the first admin, those who are invited, and what changes about them.

Nobody ever chooses a password for somebody else: a new person gets a one-time link and sets his own.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.access import names, tokens
from ingest.access.errors import AlreadySetUp, LastAdmin, LinkNotValid, NoSuchPerson, UsernameTaken
from ingest.access.passwords import Passwords, check_new_password
from ingest.access.permissions import Role
from ingest.access.person import Person
from ingest.access.settings import AccessSettings
from ingest.clock import Clock
from ingest.store import access_log
from ingest.store import people as store
from ingest.store import sessions as session_store
from ingest.store.access_log import Act, Entry
from ingest.store.base import Database


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link's secret, for the one who hands it over; stands in no `repr`."""

    expires_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and from where; nobody for the command line of the centre's own machine."""

    person_id: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change about a person; None leaves it. Cameras: `set_cameras` says whether `cameras` counts."""

    name: str | None = None
    role: Role | None = None
    active: bool | None = None
    cameras: frozenset[str] | None = None
    set_cameras: bool = False


class People:
    """Makes and changes people."""

    def __init__(self, database: Database, passwords: Passwords, settings: AccessSettings, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._settings = settings
        self._clock = clock

    def is_empty(self) -> bool:
        """True while nobody exists, so that the first admin can be made."""
        with self._database.read() as session:
            return not store.exists_any(session)

    def everybody(self) -> list[Person]:
        """All people by user name."""
        with self._database.read() as session:
            return store.everybody(session)

    def first_admin_link(self) -> OneTimeLink | None:
        """A new link for the first admin, in place of the one before; None when somebody exists."""
        with self._database.write() as session:
            if store.exists_any(session):
                store.drop_link(session, None)
                return None
            return self._link(session, None)

    def set_up(self, token: str, username: str, password: str, name: str, by: By) -> Person:
        """Makes the first admin. Of two who try at the same time one wins.

        Raises:
            AlreadySetUp, LinkNotValid, NameRefused, PasswordRefused
        """
        if not self.is_empty():
            raise AlreadySetUp
        with self._database.read() as session:
            if store.valid_link(session, tokens.digest(token), self._clock()) != store.FIRST_ADMIN:
                raise LinkNotValid
        person = self._new(username, name, Role.ADMIN, None)
        check_new_password(password, username=person.username, name=person.name)
        hashed = self._passwords.hash(password)
        with self._database.write() as session:
            now = self._clock()
            if store.exists_any(session):
                raise AlreadySetUp
            if not store.use_link(session, tokens.digest(token), now):
                raise LinkNotValid
            self._insert(session, person, hashed, By(person.id, by.address))
        return person

    def make(self, username: str, password: str, name: str, role: Role, by: By | None = None) -> Person:
        """Makes a person with a password at once: for the demo and for tests, never over the network.

        Raises:
            NameRefused, PasswordRefused, UsernameTaken
        """
        person = self._new(username, name, role, None)
        check_new_password(password, username=person.username, name=person.name)
        hashed = self._passwords.hash(password)
        with _free_username(), self._database.write() as session:
            self._insert(session, person, hashed, by or By())
        return person

    def invite(
        self, username: str, name: str, role: Role, cameras: Iterable[str] | None, by: By
    ) -> tuple[Person, OneTimeLink]:
        """Makes a person who sets his own password with the link.

        Raises:
            NameRefused, UsernameTaken
        """
        person = self._new(username, name, role, cameras)
        with _free_username(), self._database.write() as session:
            self._insert(session, person, None, by)
            return person, self._link(session, person.id)

    def new_link(self, person_id: str, by: By) -> OneTimeLink:
        """Another link for somebody who lost his password or his link. The old password works until it is used.

        Raises:
            NoSuchPerson: nobody, or somebody who is switched off.
        """
        with self._database.write() as session:
            row = store.locked(session, person_id)
            if row is None or not row.active:
                raise NoSuchPerson
            self._note(session, Act.LINK_MADE, by, person_id)
            return self._link(session, person_id)

    def accept(self, token: str, password: str, by: By) -> Person:
        """Sets the password of the person the link is for, and ends sessions he had.

        Raises:
            LinkNotValid, PasswordRefused
        """
        key = tokens.digest(token)
        with self._database.read() as session:
            person_id = store.valid_link(session, key, self._clock())
            row = store.by_id(session, person_id) if person_id else None
            if row is None or not row.active:
                raise LinkNotValid
        check_new_password(password, username=row.username, name=row.name)
        hashed = self._passwords.hash(password)
        with self._database.write() as session:
            row = store.locked(session, row.id)
            if row is None or not row.active or not store.use_link(session, key, self._clock()):
                raise LinkNotValid
            row.password_hash = hashed
            session_store.end_all(session, row.id)
            self._note(session, Act.LINK_USED, By(row.id, by.address), row.id)
            return store.person_of(row)

    def change(self, person_id: str, changes: Changes, by: By) -> Person:
        """Changes name, role, cameras or switches somebody on or off; it counts from his next request on.

        Raises:
            NoSuchPerson, NameRefused
            LastAdmin: nobody would be left who may manage people.
        """
        name = None if changes.name is None else names.person_name(changes.name)
        with self._database.write() as session:
            store.lock_admins(session)
            row = store.locked(session, person_id)
            if row is None:
                raise NoSuchPerson
            before = store.person_of(row)
            row.name = name if name is not None else row.name
            row.role = changes.role.value if changes.role is not None else row.role
            row.active = changes.active if changes.active is not None else row.active
            if changes.set_cameras:
                row.cameras = None if changes.cameras is None else sorted(changes.cameras)
            session.flush()
            after = store.person_of(row)
            if before.role is Role.ADMIN and store.count_admins(session) == 0:
                raise LastAdmin
            if not after.active:
                session_store.end_all(session, person_id)
                store.drop_link(session, person_id)
            if after != before:
                self._note(session, Act.PERSON_CHANGED, by, person_id, _difference(before, after))
            return after

    def _new(self, username: str, name: str, role: Role, cameras: Iterable[str] | None) -> Person:
        return Person(
            id=uuid.uuid4().hex,
            username=names.new_username(username),
            name=names.person_name(name),
            role=role,
            cameras=None if cameras is None else frozenset(cameras),
        )

    def _insert(self, session: Session, person: Person, password_hash: str | None, by: By) -> None:
        store.add(session, person, password_hash, self._clock())
        self._note(session, Act.PERSON_MADE, by, person.id, f"role {person.role.value}")

    def _link(self, session: Session, person_id: str | None) -> OneTimeLink:
        now = self._clock()
        link = OneTimeLink(now + self._settings.link_lifetime, tokens.new_token())
        store.put_link(session, tokens.digest(link.token), person_id=person_id, made_at=now, expires_at=link.expires_at)
        return link

    def _note(self, session: Session, act: Act, by: By, subject: str, note: str | None = None) -> None:
        access_log.add(
            session,
            Entry(at=self._clock(), act=act, person_id=by.person_id, subject=subject, address=by.address, note=note),
        )


@contextmanager
def _free_username() -> Iterator[None]:
    """The unique column decides, also between two who try at the same time."""
    try:
        yield
    except IntegrityError as error:
        raise UsernameTaken from error


def _difference(before: Person, after: Person) -> str:
    """What changed, in words, without the names themselves."""
    parts = []
    if before.name != after.name:
        parts.append("name")
    if before.role is not after.role:
        parts.append(f"role {before.role.value} to {after.role.value}")
    if before.active != after.active:
        parts.append("switched on" if after.active else "switched off")
    if before.cameras != after.cameras:
        parts.append("cameras: all" if after.cameras is None else f"cameras: {len(after.cameras)}")
    return ", ".join(parts)
