"""The access part of one running centre, and what a command line needs of it before a server runs."""

from ingest.access.nodes import Nodes
from ingest.access.passwords import Passwords
from ingest.access.people import OneTimeLink, People
from ingest.access.permissions import Role
from ingest.access.person import Person
from ingest.access.sessions import Sessions
from ingest.access.settings import AccessSettings
from ingest.clock import Clock, utc_now
from ingest.store.base import Database


class Access:
    """People, sessions and nodes over one database; lives in `app.state.access`."""

    def __init__(
        self,
        database: Database,
        settings: AccessSettings | None = None,
        clock: Clock = utc_now,
        passwords: Passwords | None = None,
        public_url: str | None = None,
    ) -> None:
        """Args: public_url: address that people use, for one-time links; None: the one a request was sent to."""
        self.public_url = public_url
        self.settings = settings or AccessSettings()
        passwords = passwords or Passwords()
        self.people = People(database, passwords, self.settings, clock)
        self.sessions = Sessions(database, passwords, self.settings, clock)
        self.nodes = Nodes(database, clock)


def setup_address(base_url: str, link: OneTimeLink) -> str:
    """Address of the page that makes the first admin.

    The token stands after `#`: a browser sends that part to no server, so it is in no log and no Referer.
    """
    return f"{base_url.rstrip('/')}/setup#token={link.token}"


def accept_address(base_url: str, link: OneTimeLink) -> str:
    """Address of the page where an invited person sets his password."""
    return f"{base_url.rstrip('/')}/accept#token={link.token}"


def first_admin_link(
    database: Database, base_url: str, settings: AccessSettings | None = None, clock: Clock = utc_now
) -> str | None:
    """What is printed at start while nobody exists: the one-time address that makes the first admin.

    Each call replaces the address before it. None when somebody exists.
    """
    link = Access(database, settings, clock).people.first_admin_link()
    return None if link is None else setup_address(base_url, link)


def make_person(
    database: Database, username: str, password: str, name: str, role: Role, clock: Clock = utc_now
) -> Person:
    """Makes a person with a password, for `giaolo demo`.

    Raises:
        NameRefused, PasswordRefused, UsernameTaken
    """
    return Access(database, clock=clock).people.make(username, password, name, role)
