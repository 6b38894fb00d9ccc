"""Bad input gets a problem document; what is kept, and what is never kept."""

import json
import logging
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.access.nodes import add_node
from ingest.access.people import By
from ingest.store import access_log, people
from ingest.store.access_log import Act
from tests.integration.access_world import (
    API,
    PASSWORD,
    World,
    dump,
    is_problem,
    setup_body,
    setup_token,
)

NONSENSE: tuple[Any, ...] = (
    None,
    [],
    "text",
    7,
    {},
    {"username": 7, "password": PASSWORD},
    {"username": "officer", "password": None},
    {"username": ["officer"], "password": {"a": 1}},
    {"username": "o" * 300, "password": PASSWORD},
    {"username": "officer", "password": "x" * 2000},
    {"username": "officer", "password": PASSWORD, "role": "admin"},
    {"username": "\ud800", "password": "\ud800"},
)


class TestNonsense:
    """Whatever is sent, the answer is a problem document, and never says what was sent."""

    @pytest.mark.parametrize("body", NONSENSE)
    @pytest.mark.parametrize("path", ["/session", "/setup", "/people/accept"])
    def test_bodies(self, world: World, path: str, body: Any) -> None:
        answer = world.client().post(
            API + path, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert PASSWORD not in answer.text
        assert "x" * 50 not in answer.text

    @pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"NaN", b'{"username":"a\x00"}'])
    def test_what_is_no_json(self, world: World, raw: bytes) -> None:
        answer = world.client().post(f"{API}/session", content=raw, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"

    def test_a_huge_body_is_not_read(self, world: World) -> None:
        answer = world.client().post(
            f"{API}/session", content=b'"' + b"x" * 2**21 + b'"', headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "change",
        [
            {"username": "a\x00b"},
            {"username": "a\x1b[31m"},
            {"username": ""},
            {"name": "a\nb"},
            {"name": ""},
            {"name": 7},
            {"role": "root"},
            {"cameras": "all"},
            {"cameras": ["../x"]},
            {"cameras": ["x"] * 10_001},
            {"password": PASSWORD},
        ],
    )
    def test_new_people(self, staffed: World, change: dict[str, Any]) -> None:
        body = {"username": "lan", "name": "Lan", "role": "officer"} | change
        answer = staffed.signed_in("admin").post(f"{API}/people", json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(staffed.access.people.everybody()) == 4

    @pytest.mark.parametrize("change", [{"active": "yes"}, {"active": 0}, {"rôle": "admin"}, {"name": "\u202e"}, []])
    def test_changes(self, staffed: World, change: Any) -> None:
        path = f"{API}/people/{staffed.ids['officer']}"
        assert staffed.signed_in("admin").patch(path, json=change).status_code == 422

    @pytest.mark.parametrize(
        "value",
        ["Bearer", "Bearer ", "Bearer " + "x" * 10_000, "Basic b2ZmaWNlcjo=", "Bearer é", "Bearer a b", "bearer"],
    )
    def test_authorization(self, world: World, value: str) -> None:
        answer = world.client().get(f"{API}/session", headers=[(b"Authorization", value.encode("latin-1"))])
        assert is_problem(answer, 401, "not-signed-in")


class TestTraces:
    """What is kept, and what is never kept."""

    def test_the_log_says_who_what_when_and_from_where(self, world: World) -> None:
        token = setup_token(world)
        browser = world.client("198.51.100.1")
        admin_id = browser.post(f"{API}/setup", json=setup_body(token)).json()["person"]["id"]
        world.client("198.51.100.2").post(f"{API}/session", json={"username": "an", "password": "wrong"})
        csrf = {"X-CSRF-Token": browser.get(f"{API}/session").json()["csrf"]}
        body = {"username": "lan", "name": "Lan", "role": "officer"}
        lan = browser.post(f"{API}/people", json=body, headers=csrf).json()["person"]["id"]
        browser.patch(f"{API}/people/{lan}", json={"role": "engineer"}, headers=csrf)
        browser.delete(f"{API}/session", headers=csrf)
        with world.database.read() as session:
            log = list(reversed(access_log.newest(session)))
        assert [(entry.act, entry.person_id, entry.subject, entry.address) for entry in log] == [
            (Act.PERSON_MADE, admin_id, admin_id, "198.51.100.1"),
            (Act.SIGNED_IN, admin_id, admin_id, "198.51.100.1"),
            (Act.SIGN_IN_FAILED, None, admin_id, "198.51.100.2"),
            (Act.PERSON_MADE, admin_id, lan, "198.51.100.1"),
            (Act.PERSON_CHANGED, admin_id, lan, "198.51.100.1"),
            (Act.SIGNED_OUT, admin_id, admin_id, "198.51.100.1"),
        ]
        assert log[4].note == "role officer to engineer"
        assert {entry.at for entry in log} == {world.clock.now}

    @pytest.mark.parametrize("change", ["UPDATE access_log SET act = 'x'", "DELETE FROM access_log"])
    def test_it_cannot_be_rewritten(self, staffed: World, change: str) -> None:
        with pytest.raises(DBAPIError, match="only added to"), staffed.database.write() as session:
            session.execute(text(change))
        assert len(staffed.acts()) == 4

    def test_no_secret_is_stored_logged_or_shown(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        setup = setup_token(world)
        browser = world.client()
        made = browser.post(f"{API}/setup", json=setup_body(setup)).json()
        csrf = {"X-CSRF-Token": made["csrf"]}
        link = browser.post(
            f"{API}/people", json={"username": "lan", "name": "Lan", "role": "officer"}, headers=csrf
        ).json()["link"]
        node = add_node(world.database, "node-1")
        secrets = [PASSWORD, setup, made["token"], made["csrf"], link.partition("=")[2], node]
        session = world.access.sessions.resume(made["token"])
        shown = caplog.text + dump(world) + repr(session) + repr(world.access.people.everybody())
        shown += repr(world.access.people.new_link(made["person"]["id"], By()))
        for secret in secrets:
            assert len(secret) > 15
            assert secret not in shown

    def test_a_hash_of_yesterdays_parameters_is_made_anew(self, world: World) -> None:
        world.make("an")
        stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
        with world.database.write() as session:
            row = people.by_username(session, "an")
            assert row is not None
            row.password_hash = stronger
        world.signed_in("an")
        with world.database.read() as session:
            row = people.by_username(session, "an")
        assert row is not None
        assert row.password_hash not in {None, stronger}
        world.signed_in("an")
