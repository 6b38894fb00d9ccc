"""A real centre on a real port, and people who use it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from ingest.access.access import make_person
from ingest.access.permissions import Role
from ingest.access.person import Person
from ingest.centre import Centre
from ingest.config import CentreConfig
from tests.unit.ingest.stories import Package

PASSWORD = "cầu-Rồng-phun-lửa-9"


@dataclass
class World:
    """One running centre."""

    centre: Centre
    url: str
    people: dict[Role, Person] = field(default_factory=dict)

    def signed_in(self, role: Role = Role.ADMIN) -> httpx2.Client:
        """A client with a bearer token of a person with that role; the person is made once."""
        username = f"{role.value}-1"
        if role not in self.people:
            self.people[role] = make_person(self.centre.database, username, PASSWORD, f"Nguyễn {role.value}", role)
        client = httpx2.Client(base_url=self.url, timeout=10)
        answer = client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        answer.raise_for_status()
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def node(self, name: str = "node-1") -> httpx2.Client:
        """A client with a node's token."""
        token = self.centre.access.nodes.add(name)
        return httpx2.Client(base_url=self.url, timeout=10, headers={"Authorization": f"Bearer {token}"})

    def deliver(self, package: Package, *names: str) -> None:
        """Files of a package arrive, as from a node in the same process; all of them, or the named ones."""
        for file in package.sealed.data.files:
            if not names or file.name in names:
                content = package.contents[file.sha256]
                assert self.centre.evidence.append(file.sha256, offset=0, total=len(content), content=content) is None


@contextmanager
def running(folder: Path, **changes: Any) -> Iterator[World]:
    """A centre on a free port, stopped at the end."""
    centre = Centre(CentreConfig.model_validate({"data": folder / "centre", "port": 0, **changes}))
    port = centre.start()
    try:
        yield World(centre, f"http://127.0.0.1:{port}")
    finally:
        centre.stop()


class Listener:
    """A client of the live stream: reads in a thread, keeps what came."""

    def __init__(self, client: httpx2.Client, headers: dict[str, str] | None = None) -> None:
        self.blocks: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._news = threading.Condition()
        self._client = client
        self._headers = headers or {}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait_for(1)

    def wait_for(self, number: int, timeout_s: float = 5) -> list[dict[str, str]]:
        """The first blocks, as soon as so many came."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.blocks) >= number, timeout_s), self.blocks
            return list(self.blocks)

    def _read(self) -> None:
        block: dict[str, str] = {}
        try:
            with self._client.stream("GET", "/api/v1/events/stream", headers=self._headers, timeout=30) as answer:
                assert answer.status_code == 200, answer.status_code
                for line in answer.iter_lines():
                    if line:
                        name, _, value = line.partition(":")
                        block[name or "comment"] = value.strip()
                    elif block:
                        with self._news:
                            self.blocks.append(block)
                            self._news.notify_all()
                        block = {}
        except httpx2.HTTPError:
            pass
        finally:
            self.ended.set()
