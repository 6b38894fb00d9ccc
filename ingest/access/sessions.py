"""Signing in and out. A session lives in the database; the browser or program holds only its token."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from ingest.access import limits, names, tokens
from ingest.access.errors import NoSuchPerson, SignInRefused
from ingest.access.passwords import Passwords, check_new_password
from ingest.access.person import Person
from ingest.access.rim import network_of
from ingest.access.settings import AccessSettings
from ingest.clock import Clock
from ingest.store import access_log, people
from ingest.store import sessions as store
from ingest.store.access_log import Act, Entry
from ingest.store.base import Database

TOUCH_EVERY = timedelta(minutes=1)
"""Use of a session is noted this often, so that a read does not become a write."""


@dataclass(frozen=True, slots=True)
class Session:
    """A living session. The token is for the one who signed in and stands in no `repr`."""

    person: Person
    expires_at: datetime
    token: str = field(repr=False)

    @property
    def csrf(self) -> str:
        """What the page sends back with every unsafe request."""
        return tokens.csrf_for(self.token)


class Sessions:
    """Who is signed in."""

    def __init__(self, database: Database, passwords: Passwords, settings: AccessSettings, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._settings = settings
        self._clock = clock

    def sign_in(self, username: str, password: str, address: str) -> Session:
        """Starts a session for who knows the password.

        Unknown, switched-off and not yet accepted people cost the same time and give the same answer as a wrong
        password.

        Raises:
            SignInRefused: name or password is wrong.
            TooManyFailures: asked to wait; the password was not looked at.
        """
        name = names.canonical_username(username)
        person_id, stored = self._charge(limits.username_key(name or username), name, network_of(address))
        if not self._passwords.fits(stored, password):
            self._note(Act.SIGN_IN_FAILED, None, person_id, address)
            raise SignInRefused
        assert person_id is not None  # noqa: S101 - nothing fits where nobody is
        assert stored is not None  # noqa: S101 - likewise
        return self.start(person_id, address, only_if=self._with_todays_parameters(person_id, stored, password))

    def start(self, person_id: str, address: str, *, only_if: str | None = None) -> Session:
        """Starts a session for a person who has proved himself, always with a new token.

        Args:
            only_if: the hash that was checked; a change of password in between refuses.

        Raises:
            SignInRefused: the person was switched off, or his password changed meanwhile.
        """
        now = self._clock()
        token = tokens.new_token()
        expires_at = now + self._settings.session_lifetime
        with self._database.write() as session:
            row = people.locked(session, person_id)
            if row is None or not row.active or row.password_hash is None:
                raise SignInRefused
            if only_if is not None and row.password_hash != only_if:
                raise SignInRefused
            store.forgive(session, limits.username_key(row.username), network_of(address))
            store.drop_expired(session, now, now - self._settings.session_idle)
            session.add(
                store.SessionRow(
                    token_sha256=tokens.digest(token),
                    person_id=person_id,
                    made_at=now,
                    used_at=now,
                    expires_at=expires_at,
                    address=address[:64],
                )
            )
            access_log.add(session, _entry(now, Act.SIGNED_IN, person_id, person_id, address))
            return Session(people.person_of(row), expires_at, token)

    def resume(self, token: str) -> Session | None:
        """The session of this token; None when it ended, is too old or was idle, or its person is switched off."""
        if len(token) > tokens.MAX_TOKEN_CHARACTERS:
            return None
        now = self._clock()
        key = tokens.digest(token)
        with self._database.read() as session:
            found = store.with_person(session, key)
            if found is None:
                return None
            row, person = found[0], people.person_of(found[1])
        if not person.active or now >= row.expires_at or now >= row.used_at + self._settings.session_idle:
            return None
        if now - row.used_at >= TOUCH_EVERY:
            # A full disk or a busy database must not stop a person from reading.
            with contextlib.suppress(OperationalError), self._database.write() as session:
                store.touch(session, key, now)
        return Session(person, row.expires_at, token)

    def sign_out(self, token: str, person: Person, address: str) -> None:
        """Ends the session."""
        with self._database.write() as session:
            store.end(session, tokens.digest(token))
            access_log.add(session, _entry(self._clock(), Act.SIGNED_OUT, person.id, person.id, address))

    def end_quietly(self, token: str) -> None:
        """Ends the session a browser brought along when it signs in anew, if there is one."""
        if len(token) <= tokens.MAX_TOKEN_CHARACTERS:
            with self._database.write() as session:
                store.end(session, tokens.digest(token))

    def change_password(self, current: Session, old: str, new: str, address: str) -> None:
        """Gives the person another password and ends his other sessions.

        Raises:
            SignInRefused: the old password is wrong.
            TooManyFailures: guessed too often; a stolen session must not find out the password.
            PasswordRefused: the new one is too easy to guess.
        """
        person = current.person
        key, network = limits.username_key(person.username), network_of(address)
        _, stored = self._charge(key, person.username, network)
        if not self._passwords.fits(stored, old):
            self._note(Act.SIGN_IN_FAILED, person.id, person.id, address, note="change of password")
            raise SignInRefused
        with self._database.write() as session:
            store.forgive(session, key, network)
        check_new_password(new, username=person.username, name=person.name)
        hashed = self._passwords.hash(new)
        with self._database.write() as session:
            row = people.locked(session, person.id)
            if row is None:
                raise NoSuchPerson
            if row.password_hash != stored:
                raise SignInRefused
            row.password_hash = hashed
            people.drop_link(session, person.id)
            store.end_all(session, person.id, but=tokens.digest(current.token))
            access_log.add(session, _entry(self._clock(), Act.PASSWORD_CHANGED, person.id, person.id, address))

    def _charge(self, key: str, username: str | None, network: str) -> tuple[str | None, str | None]:
        """Counts the attempt; returns the person's id and the hash to compare with (None: nothing fits)."""
        with self._database.write() as session:
            row = people.by_username(session, username or "")
            person_id = row.id if row else None
            limits.charge(session, self._settings, key, network, person_id, self._clock())
            return person_id, row.password_hash if row and row.active else None

    def _with_todays_parameters(self, person_id: str, stored: str, password: str) -> str:
        """Stores the hash anew when it was made with other parameters; returns the one that is stored now."""
        if not self._passwords.is_outdated(stored):
            return stored
        hashed = self._passwords.hash(password)
        with self._database.write() as session:
            row = people.locked(session, person_id)
            if row is None or row.password_hash != stored:
                return stored
            row.password_hash = hashed
            return hashed

    def _note(self, act: Act, by: str | None, subject: str | None, address: str, note: str | None = None) -> None:
        with self._database.write() as session:
            access_log.add(session, _entry(self._clock(), act, by, subject, address, note))


def _entry(at: datetime, act: Act, by: str | None, subject: str | None, address: str, note: str | None = None) -> Entry:
    return Entry(at=at, act=act, person_id=by, subject=subject, address=address, network=network_of(address), note=note)
