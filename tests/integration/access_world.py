"""A real centre's app over a real SQLite file, with a clock that the test moves, and people of every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from ingest.access.access import Access, first_admin_link
from ingest.access.passwords import Passwords
from ingest.access.permissions import Role
from ingest.access.settings import AccessSettings
from ingest.centre import Centre
from ingest.config import CentreConfig
from ingest.store import access_log
from ingest.store.base import Database

API = "/api/v1"
PASSWORD = "correct horse battery"
NEW = "another horse battery"
BODY_OF_SIGN_IN = {"username": "an", "password": PASSWORD}


@dataclass
class MovableClock:
    """Stands still until the test moves it."""

    now: datetime = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Moves on by `timedelta(**by)`."""
        self.now += timedelta(**by)


@dataclass
class World:
    """One centre."""

    database: Database
    app: FastAPI
    access: Access
    clock: MovableClock
    ids: dict[str, str] = field(default_factory=dict)

    def staffed(self) -> "World":
        """One person of each role, named after it."""
        for role in Role:
            self.make(role.value, role)
        return self

    def acts(self) -> list[str]:
        """What the access log holds, oldest first."""
        with self.database.read() as session:
            return [entry.act.value for entry in reversed(access_log.newest(session))]

    def client(self, address: str = "203.0.113.1", *, https: bool = False) -> TestClient:
        """A browser at this address; keeps its cookies."""
        return TestClient(
            self.app,
            base_url=("https" if https else "http") + "://centre.example",
            client=(address, 40_000),
            raise_server_exceptions=True,
        )

    def make(self, username: str, role: Role = Role.OFFICER, password: str = PASSWORD) -> str:
        """A person with a password; returns his id."""
        self.ids[username] = self.access.people.make(username, password, username.title(), role).id
        return self.ids[username]

    def signed_in(self, username: str, address: str = "203.0.113.1", password: str = PASSWORD) -> TestClient:
        """A browser with this person's cookie, which sends the CSRF header as the dashboard does."""
        client = self.client(address)
        answer = client.post(f"{API}/session", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def bearer(self, username: str) -> dict[str, str]:
        """Headers of a program that signed in as this person."""
        answer = self.client().post(f"{API}/session", json={"username": username, "password": PASSWORD})
        return {"Authorization": f"Bearer {answer.json()['token']}"}


@contextmanager
def open_world(folder: Path, settings: AccessSettings | None = None, **changes: Any) -> Iterator[World]:
    """A centre whose data live in the folder; hashes are made cheap, everything else is as in production."""
    clock = MovableClock()
    config = CentreConfig(data=folder, access=settings or AccessSettings(), **changes)
    centre = Centre(config, clock=clock)
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    access = Access(centre.database, config.access, clock, cheap, config.public_url)
    centre.app.state.access = access
    try:
        yield World(centre.database, centre.app, access, clock)
    finally:
        centre.stop()


def is_problem(answer: Any, status: int, name: str) -> bool:
    """Whether the answer is this problem document."""
    return bool(
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["type"] == f"https://giaolo.vn/problems/{name}"
        and answer.json()["status"] == status
    )


def setup_token(world: World) -> str:
    address = first_admin_link(world.database, "https://centre.example/", clock=world.clock)
    assert address is not None
    assert address.startswith("https://centre.example/setup#token=")
    return address.partition("#token=")[2]


def setup_body(token: str, **changes: Any) -> dict[str, Any]:
    return {"token": token, "username": "an", "password": PASSWORD, "name": "Nguyễn Văn An"} | changes


def dump(world: World) -> str:
    """Everything the database holds."""
    with world.database.read() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return "\n".join(str(row) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))
