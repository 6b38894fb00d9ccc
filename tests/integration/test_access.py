"""Who may come in and do what, against the real app and a real database."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ingest.access.access import first_admin_link
from ingest.access.nodes import add_node
from ingest.access.people import By
from ingest.access.permissions import PERMISSIONS, Permission, Role
from ingest.access.settings import AccessSettings
from ingest.store import access_log, people
from ingest.store.access_log import Act
from ingest.store.sessions import SessionRow, SignInFailureRow
from tests.integration.access_world import API, BODY_OF_SIGN_IN, PASSWORD, World, is_problem, open_world

NEW = "another horse battery"
WRONG = "wrong"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as opened:
        yield opened


@pytest.fixture
def staffed(world: World) -> World:
    for role in Role:
        world.make(role.value, role)
    return world


def acts(world: World) -> list[str]:
    with world.database.read() as session:
        return [entry.act.value for entry in reversed(access_log.newest(session))]


def setup_token(world: World) -> str:
    address = first_admin_link(world.database, "https://centre.example/", clock=world.clock)
    assert address is not None
    assert address.startswith("https://centre.example/setup#token=")
    return address.partition("#token=")[2]


def setup_body(token: str, **changes: Any) -> dict[str, Any]:
    return {"token": token, "username": "an", "password": PASSWORD, "name": "Nguyễn Văn An"} | changes


class TestFirstAdmin:
    """No default password: the first admin comes from the printed link, once."""

    def test_the_link_makes_the_admin_and_signs_him_in(self, world: World) -> None:
        browser = world.client()
        assert browser.get(f"{API}/setup").json() == {"needed": True}
        made = browser.post(f"{API}/setup", json=setup_body(setup_token(world)))
        assert made.status_code == 201
        assert made.json()["person"]["role"] == "admin"
        assert browser.get(f"{API}/session").json()["person"]["name"] == "Nguyễn Văn An"
        assert browser.get(f"{API}/setup").json() == {"needed": False}
        assert first_admin_link(world.database, "http://x") is None

    def test_it_works_once(self, world: World) -> None:
        token = setup_token(world)
        assert world.client().post(f"{API}/setup", json=setup_body(token)).status_code == 201
        again = world.client().post(f"{API}/setup", json=setup_body(token, username="binh"))
        assert is_problem(again, 409, "already-set-up")

    def test_wrong_old_and_replaced_links_do_not_work(self, world: World) -> None:
        replaced = setup_token(world)
        token = setup_token(world)
        for wrong in ("", "x", replaced, token + "x"):
            refused = world.client().post(f"{API}/setup", json=setup_body(wrong))
            assert is_problem(refused, 403, "link-not-valid"), wrong
        world.clock.advance(hours=24)
        assert is_problem(world.client().post(f"{API}/setup", json=setup_body(token)), 403, "link-not-valid")

    def test_a_refused_password_does_not_use_the_link_up(self, world: World) -> None:
        token = setup_token(world)
        weak = world.client().post(f"{API}/setup", json=setup_body(token, password="password1234"))
        assert is_problem(weak, 422, "password-refused")
        assert world.client().post(f"{API}/setup", json=setup_body(token)).status_code == 201

    def test_of_ten_at_the_same_moment_one_becomes_admin(self, world: World) -> None:
        token = setup_token(world)
        start = threading.Barrier(10)
        codes: list[int] = []

        def attempt(number: int) -> None:
            client = world.client()
            start.wait()
            answer = client.post(f"{API}/setup", json=setup_body(token, username=f"an{number}"))
            codes.append(answer.status_code)

        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(set(codes)) in ([201, 403], [201, 409], [201, 403, 409])
        assert codes.count(201) == 1
        assert len(world.access.people.everybody()) == 1


class TestSignIn:
    """The same session by cookie and by bearer token."""

    def test_cookie_and_token_are_the_same_session(self, staffed: World) -> None:
        browser = staffed.client()
        answer = browser.post(f"{API}/session", json={"username": " Officer ", "password": PASSWORD})
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {"token", "csrf", "expires_at", "person"}
        assert body["person"]["username"] == "officer"
        assert browser.cookies["giaolo_session"] == body["token"]
        by_token = staffed.client().get(f"{API}/session", headers={"Authorization": f"Bearer {body['token']}"})
        assert by_token.json() == browser.get(f"{API}/session").json()
        assert "token" not in by_token.json()

    def test_flags_of_the_cookie(self, staffed: World) -> None:
        sign_in = {"username": "officer", "password": PASSWORD}
        plain = staffed.client().post(f"{API}/session", json=sign_in).headers["set-cookie"].lower()
        secure = staffed.client(https=True).post(f"{API}/session", json=sign_in).headers["set-cookie"].lower()
        for cookie in (plain, secure):
            assert "httponly" in cookie
            assert "samesite=strict" in cookie
            assert "path=/" in cookie
            assert "domain" not in cookie
        assert "secure" in secure.split("; ")
        assert "secure" not in plain.split("; ")

    def test_a_proxy_of_ours_says_https(self, tmp_path: Path) -> None:
        with open_world(tmp_path, AccessSettings(trusted_proxies=("10.0.0.1",))) as world:
            world.make("an")
            forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
            ours = world.client("10.0.0.1").post(f"{API}/session", json=BODY_OF_SIGN_IN, headers=forwarded)
            strangers = world.client("203.0.113.9").post(f"{API}/session", json=BODY_OF_SIGN_IN, headers=forwarded)
            assert "; secure" in ours.headers["set-cookie"].lower()
            assert "; secure" not in strangers.headers["set-cookie"].lower()
            with world.database.read() as session:
                addresses = [entry.address for entry in access_log.newest(session, 2)]
            assert addresses == ["203.0.113.9", "198.51.100.7"]

    @pytest.mark.parametrize("username", ["nobody", "off", "invited", "\x00", "nguyễn", "'; --", "officer\n\x1b[31m"])
    def test_unknown_off_and_wrong_get_the_same_answer(self, staffed: World, username: str) -> None:
        staffed.make("off")
        admin = staffed.signed_in("admin")
        assert admin.patch(f"{API}/people/{staffed.ids['off']}", json={"active": False}).status_code == 200
        admin.post(f"{API}/people", json={"username": "invited", "name": "I", "role": "officer"})
        wrong = staffed.client().post(f"{API}/session", json={"username": "officer", "password": "wrong " * 3})
        assert is_problem(wrong, 401, "sign-in-refused")
        other = staffed.client().post(f"{API}/session", json={"username": username, "password": PASSWORD})
        assert other.json() == wrong.json()
        assert other.status_code == 401
        assert "set-cookie" not in other.headers

    def test_a_token_somebody_planted_does_not_become_a_session(self, staffed: World) -> None:
        browser = staffed.client()
        planted = "A" * 43
        browser.cookies.set("giaolo_session", planted)
        answer = browser.post(f"{API}/session", json={"username": "officer", "password": PASSWORD})
        assert answer.json()["token"] != planted
        stolen = staffed.client().get(f"{API}/session", headers={"Authorization": f"Bearer {planted}"})
        assert stolen.status_code == 401

    def test_signing_in_anew_ends_the_session_the_browser_had(self, staffed: World) -> None:
        browser = staffed.signed_in("operator")
        before = browser.cookies["giaolo_session"]
        browser.post(f"{API}/session", json={"username": "officer", "password": PASSWORD})
        old = staffed.client().get(f"{API}/session", headers={"Authorization": f"Bearer {before}"})
        assert old.status_code == 401
        assert browser.get(f"{API}/session").json()["person"]["username"] == "officer"

    def test_sign_out_ends_it_for_cookie_and_token(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        token = browser.cookies["giaolo_session"]
        gone = browser.delete(f"{API}/session")
        assert gone.status_code == 204
        assert 'giaolo_session=""' in gone.headers["set-cookie"]
        later = staffed.client().get(f"{API}/session", headers={"Authorization": f"Bearer {token}"})
        assert is_problem(later, 401, "not-signed-in")

    def test_answers_with_secrets_are_not_cached(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        assert browser.get(f"{API}/session").headers["cache-control"] == "no-store"


class TestCsrf:
    """Another site's page cannot act with a person's cookie."""

    @pytest.mark.parametrize("header", [None, "", "0" * 64, "é".encode()])
    def test_without_the_right_header_nothing_is_done(self, staffed: World, header: Any) -> None:
        browser = staffed.signed_in("admin")
        del browser.headers["X-CSRF-Token"]
        headers = {} if header is None else {"X-CSRF-Token": header}
        for method, path in (("DELETE", "/session"), ("POST", "/session/password"), ("POST", "/people")):
            answer = browser.request(method, API + path, headers=headers, json={})
            assert is_problem(answer, 403, "csrf"), path
        assert browser.get(f"{API}/session").status_code == 200

    def test_the_value_of_another_session_is_not_right(self, staffed: World) -> None:
        browser, other = staffed.signed_in("admin"), staffed.signed_in("admin")
        answer = browser.delete(f"{API}/session", headers={"X-CSRF-Token": other.headers["X-CSRF-Token"]})
        assert is_problem(answer, 403, "csrf")

    def test_a_bearer_needs_none(self, staffed: World) -> None:
        bearer = staffed.bearer("officer")
        assert staffed.client().delete(f"{API}/session", headers=bearer).status_code == 204

    def test_a_form_of_another_site_cannot_sign_in(self, staffed: World) -> None:
        text_body = '{"username": "officer", "password": "' + PASSWORD + '"}'
        for kind in ("text/plain", "application/x-www-form-urlencoded", None):
            headers = {"Content-Type": kind} if kind else {}
            answer = staffed.client().post(f"{API}/session", content=text_body, headers=headers)
            assert answer.status_code == 422, kind


class TestExpiry:
    """Sessions end: idle, after a day, with the person, with the password."""

    def test_idle(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        staffed.clock.advance(hours=11, minutes=59)
        assert browser.get(f"{API}/session").status_code == 200
        staffed.clock.advance(hours=11, minutes=59)
        assert browser.get(f"{API}/session").status_code == 200
        staffed.clock.advance(hours=12)
        assert browser.get(f"{API}/session").status_code == 401

    def test_a_day_is_the_end_even_when_used_all_the_time(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        for _ in range(23):
            staffed.clock.advance(hours=1)
            assert browser.get(f"{API}/session").status_code == 200
        staffed.clock.advance(minutes=59)
        assert browser.get(f"{API}/session").status_code == 200
        staffed.clock.advance(minutes=1)
        assert is_problem(browser.get(f"{API}/session"), 401, "not-signed-in")

    def test_use_is_noted_once_a_minute_and_not_with_every_read(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")

        def used_at() -> Any:
            with staffed.database.read() as session:
                return session.scalars(select(SessionRow.used_at)).one()

        began = staffed.clock.now
        staffed.clock.advance(seconds=59)
        browser.get(f"{API}/session")
        assert used_at() == began
        staffed.clock.advance(seconds=1)
        browser.get(f"{API}/session")
        assert used_at() == began + timedelta(minutes=1)

    def test_dead_sessions_are_swept(self, staffed: World) -> None:
        staffed.signed_in("officer")
        staffed.clock.advance(hours=25)
        staffed.signed_in("officer")
        with staffed.database.read() as session:
            assert len(session.scalars(select(SessionRow)).all()) == 1

    def test_who_is_switched_off_is_out_at_once(self, staffed: World) -> None:
        officer, admin = staffed.signed_in("officer"), staffed.signed_in("admin")
        off = admin.patch(f"{API}/people/{staffed.ids['officer']}", json={"active": False})
        assert off.json()["active"] is False
        assert officer.get(f"{API}/session").status_code == 401
        admin.patch(f"{API}/people/{staffed.ids['officer']}", json={"active": True})
        assert officer.get(f"{API}/session").status_code == 401, "the old session does not come back"
        staffed.signed_in("officer")

    def test_another_role_counts_from_the_next_request(self, staffed: World) -> None:
        admin = staffed.signed_in("admin")
        staffed.make("binh", Role.ADMIN)
        binh = staffed.signed_in("binh")
        assert binh.get(f"{API}/people").status_code == 200
        admin.patch(f"{API}/people/{staffed.ids['binh']}", json={"role": "operator"})
        assert binh.get(f"{API}/people").status_code == 403

    def test_another_password_ends_the_other_sessions(self, staffed: World) -> None:
        here, there = staffed.signed_in("officer"), staffed.signed_in("officer")
        changed = here.post(f"{API}/session/password", json={"old": PASSWORD, "new": NEW})
        assert changed.status_code == 204
        assert here.get(f"{API}/session").status_code == 200
        assert there.get(f"{API}/session").status_code == 401
        refused = staffed.client().post(f"{API}/session", json={"username": "officer", "password": PASSWORD})
        assert refused.status_code == 401
        staffed.signed_in("officer", password=NEW)

    def test_the_old_password_is_asked_and_cannot_be_guessed(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        for _ in range(5):
            wrong = browser.post(f"{API}/session/password", json={"old": "wrong", "new": NEW})
            assert is_problem(wrong, 403, "wrong-password")
        slowed = browser.post(f"{API}/session/password", json={"old": PASSWORD, "new": NEW})
        assert is_problem(slowed, 429, "too-many-failures")
        assert browser.get(f"{API}/session").status_code == 200

    def test_a_weak_new_password_changes_nothing(self, staffed: World) -> None:
        browser = staffed.signed_in("officer")
        weak = browser.post(f"{API}/session/password", json={"old": PASSWORD, "new": "officer12345"})
        assert is_problem(weak, 422, "password-refused")
        staffed.signed_in("officer")


class TestLimits:
    """Guessing is slow; nobody is locked out for good."""

    def guess(self, world: World, username: str, address: str, password: str = WRONG) -> Any:
        body = {"username": username, "password": password}
        return world.client(address).post(f"{API}/session", json=body)

    def test_five_failures_then_wait_then_in(self, staffed: World) -> None:
        for _ in range(5):
            assert self.guess(staffed, "officer", "198.51.100.1").status_code == 401
            staffed.clock.advance(minutes=1)
        slowed = self.guess(staffed, "officer", "198.51.100.1", PASSWORD)
        assert is_problem(slowed, 429, "too-many-failures")
        assert slowed.headers["retry-after"] == str(10 * 60), "until the first of the five is 15 minutes old"
        assert self.guess(staffed, "operator", "198.51.100.1", PASSWORD).status_code == 200
        assert self.guess(staffed, "officer", "198.51.100.2", PASSWORD).status_code == 200
        staffed.clock.advance(minutes=10)
        assert self.guess(staffed, "officer", "198.51.100.1", PASSWORD).status_code == 200

    def test_waiting_attempts_do_not_make_the_wait_longer(self, staffed: World) -> None:
        for _ in range(5):
            self.guess(staffed, "admin", "198.51.100.1")
        for _ in range(20):
            staffed.clock.advance(seconds=30)
            assert self.guess(staffed, "admin", "198.51.100.1").status_code == 429
        staffed.clock.advance(minutes=5)
        assert self.guess(staffed, "admin", "198.51.100.1", PASSWORD).status_code == 200

    def test_unknown_names_are_limited_just_the_same(self, staffed: World) -> None:
        codes = [self.guess(staffed, "nobody", "198.51.100.1").status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]

    def test_one_address_that_tries_many_names(self, staffed: World) -> None:
        codes = [self.guess(staffed, f"name{number}", "2001:db8::1").status_code for number in range(50)]
        assert set(codes) == {401}
        assert self.guess(staffed, "officer", "2001:db8::ffff", PASSWORD).status_code == 429, "the same /64"
        assert self.guess(staffed, "officer", "2001:db8:1::1", PASSWORD).status_code == 200

    def test_a_crowd_cannot_lock_the_admin_out_of_where_he_works(self, staffed: World) -> None:
        staffed.signed_in("admin", "203.0.113.50")
        for number in range(50):
            assert self.guess(staffed, "admin", f"198.51.100.{number}").status_code == 401
        assert self.guess(staffed, "admin", "198.51.100.200", PASSWORD).status_code == 429
        assert self.guess(staffed, "admin", "203.0.113.50", PASSWORD).status_code == 200

    def test_a_right_password_forgives(self, staffed: World) -> None:
        for _ in range(3):
            for _ in range(4):
                self.guess(staffed, "officer", "198.51.100.1")
            assert self.guess(staffed, "officer", "198.51.100.1", PASSWORD).status_code == 200

    def test_parallel_guesses_do_not_slip_through(self, staffed: World) -> None:
        start = threading.Barrier(12)
        codes: list[int] = []

        def attempt() -> None:
            start.wait()
            codes.append(self.guess(staffed, "officer", "198.51.100.1").status_code)

        threads = [threading.Thread(target=attempt) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes) == [401] * 5 + [429] * 7

    def test_counts_do_not_grow_for_ever_and_hold_no_typed_name(self, staffed: World) -> None:
        self.guess(staffed, "my secret password", "198.51.100.1")
        staffed.clock.advance(minutes=16)
        self.guess(staffed, "nobody", "198.51.100.1")
        with staffed.database.read() as session:
            rows = session.scalars(select(SignInFailureRow)).all()
        assert len(rows) == 1
        assert "my secret password" not in dump(staffed)


class TestPeople:
    """Admins make people; nobody chooses a password for somebody else."""

    def test_an_invited_person_sets_his_own_password(self, staffed: World) -> None:
        admin = staffed.signed_in("admin")
        body = {"username": "Lan", "name": "Trần Thị Lan", "role": "operator"}
        made = admin.post(f"{API}/people", json=body)
        assert made.status_code == 201
        assert made.json()["person"] | {"id": ""} == {
            "id": "",
            "username": "lan",
            "name": "Trần Thị Lan",
            "role": "operator",
            "active": True,
            "cameras": None,
            "permissions": ["event:read", "camera:read", "media:read", "incident:decide"],
        }
        assert made.json()["link"].startswith("http://centre.example/accept#token=")
        token = made.json()["link"].partition("#token=")[2]
        weak = staffed.client().post(f"{API}/people/accept", json={"token": token, "password": "tranthilan12"})
        assert is_problem(weak, 422, "password-refused")
        browser = staffed.client()
        accepted = browser.post(f"{API}/people/accept", json={"token": token, "password": NEW})
        assert accepted.status_code == 200
        assert browser.get(f"{API}/session").json()["person"]["username"] == "lan"
        again = staffed.client().post(f"{API}/people/accept", json={"token": token, "password": NEW})
        assert is_problem(again, 403, "link-not-valid")
        staffed.signed_in("lan", password=NEW)

    def test_links_of_the_public_address(self, tmp_path: Path) -> None:
        with open_world(tmp_path, public_url="https://giaolo.example") as world:
            world.make("an", Role.ADMIN)
            made = world.signed_in("an").post(
                f"{API}/people",
                json={"username": "b", "name": "B", "role": "officer"},
                headers={"Host": "evil.example"},
            )
            assert made.json()["link"].startswith("https://giaolo.example/accept#")

    def test_a_lost_password(self, staffed: World) -> None:
        admin, officer = staffed.signed_in("admin"), staffed.signed_in("officer")
        path = f"{API}/people/{staffed.ids['officer']}/link"
        first, second = (admin.post(path).json()["link"].partition("#token=")[2] for _ in range(2))
        assert officer.get(f"{API}/session").status_code == 200, "nothing changes until the link is used"
        replaced = staffed.client().post(f"{API}/people/accept", json={"token": first, "password": NEW})
        assert is_problem(replaced, 403, "link-not-valid")
        accepted = staffed.client().post(f"{API}/people/accept", json={"token": second, "password": NEW})
        assert accepted.status_code == 200
        assert officer.get(f"{API}/session").status_code == 401

    def test_links_die_with_time_and_with_the_person(self, staffed: World) -> None:
        admin = staffed.signed_in("admin")
        path = f"{API}/people/{staffed.ids['officer']}"

        def accept(token: str) -> Any:
            return staffed.client().post(f"{API}/people/accept", json={"token": token, "password": NEW})

        off = admin.post(f"{path}/link").json()["link"].partition("#token=")[2]
        admin.patch(path, json={"active": False})
        assert is_problem(accept(off), 403, "link-not-valid")
        assert is_problem(admin.post(f"{path}/link"), 404, "not-found")
        admin.patch(path, json={"active": True})
        assert is_problem(accept(off), 403, "link-not-valid")
        old = admin.post(f"{path}/link").json()["link"].partition("#token=")[2]
        staffed.clock.advance(hours=24)
        assert is_problem(accept(old), 403, "link-not-valid")

    def test_the_setup_link_is_no_invitation(self, world: World) -> None:
        token = setup_token(world)
        answer = world.client().post(f"{API}/people/accept", json={"token": token, "password": NEW})
        assert is_problem(answer, 403, "link-not-valid")

    def test_a_user_name_belongs_to_one(self, staffed: World) -> None:
        admin = staffed.signed_in("admin")
        taken = admin.post(f"{API}/people", json={"username": "OFFICER", "name": "X", "role": "officer"})
        assert is_problem(taken, 409, "username-taken")

    def test_somebody_stays_admin(self, staffed: World) -> None:
        admin = staffed.signed_in("admin")
        path = f"{API}/people/{staffed.ids['admin']}"
        invited = {"username": "later", "name": "Later", "role": "admin"}
        admin.post(f"{API}/people", json=invited)
        for change in ({"active": False}, {"role": "engineer"}):
            assert is_problem(admin.patch(path, json=change), 409, "last-admin"), change
        assert admin.get(f"{API}/people").status_code == 200
        staffed.make("binh", Role.ADMIN)
        assert admin.patch(path, json={"role": "engineer"}).status_code == 200
        assert admin.get(f"{API}/people").status_code == 403

    def test_cameras_are_set_and_freed(self, staffed: World) -> None:
        admin, officer = staffed.signed_in("admin"), staffed.signed_in("officer")
        path = f"{API}/people/{staffed.ids['officer']}"
        for sent, kept in (({"cameras": ["b", "a"]}, ["a", "b"]), ({"name": "O"}, ["a", "b"]), ({"cameras": []}, [])):
            assert admin.patch(path, json=sent).json()["cameras"] == kept
            assert officer.get(f"{API}/session").json()["person"]["cameras"] == kept
        assert admin.patch(path, json={"cameras": None}).json()["cameras"] is None

    @pytest.mark.parametrize("person_id", ["0" * 32, "x", "..%2f", "%00", "0" * 5000])
    def test_nobody_of_that_id(self, staffed: World, person_id: str) -> None:
        answer = staffed.signed_in("admin").patch(f"{API}/people/{person_id}", json={"name": "X"})
        assert answer.status_code in {404, 422, 405}
        assert answer.headers["content-type"] == "application/problem+json"


class TestWhoMayWhat:
    """Every access path with every role."""

    PATHS = (
        ("GET", "/people", None),
        ("POST", "/people", {"username": "lan", "name": "Lan", "role": "officer"}),
        ("PATCH", "/people/{officer}", {"name": "Other"}),
        ("POST", "/people/{officer}/link", None),
    )

    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize(("method", "path", "body"), PATHS)
    def test_people_are_the_admins(self, staffed: World, role: Role, method: str, path: str, body: Any) -> None:
        browser = staffed.signed_in(role.value)
        answer = browser.request(method, API + path.format(**staffed.ids), json=body)
        if Permission.PERSON_MANAGE in PERMISSIONS[role]:
            assert answer.status_code in {200, 201}
        else:
            assert is_problem(answer, 403, "not-allowed")
            assert "person:manage" in answer.json()["detail"]

    @pytest.mark.parametrize(("method", "path", "body"), PATHS)
    def test_nobody_may_nothing(self, staffed: World, method: str, path: str, body: Any) -> None:
        answer = staffed.client().request(method, API + path.format(**staffed.ids), json=body)
        assert is_problem(answer, 401, "not-signed-in")

    @pytest.mark.parametrize("role", list(Role))
    def test_everybody_sees_himself(self, staffed: World, role: Role) -> None:
        person = staffed.signed_in(role.value).get(f"{API}/session").json()["person"]
        assert person["role"] == role.value
        assert set(person["permissions"]) == {permission.value for permission in PERMISSIONS[role]}


class TestNodes:
    """Nodes have tokens of their own, which are no sessions."""

    def test_a_new_token_replaces_the_old_one(self, world: World) -> None:
        first = add_node(world.database, "node-1", world.clock)
        identity = world.access.nodes.identify(first)
        assert identity is not None
        assert identity.node == "node-1"
        second = add_node(world.database, "node-1", world.clock)
        assert world.access.nodes.identify(first) is None
        assert world.access.nodes.identify(second) is not None
        assert world.access.nodes.remove("node-1")
        assert world.access.nodes.identify(second) is None
        assert not world.access.nodes.remove("node-1")
        assert acts(world) == ["node_token_made", "node_token_made", "node_token_removed"]

    def test_a_node_is_no_person_and_a_person_no_node(self, staffed: World) -> None:
        node = {"Authorization": f"Bearer {add_node(staffed.database, 'node-1')}"}
        assert staffed.client().get(f"{API}/session", headers=node).status_code == 401
        sha256 = "0" * 64
        person = staffed.client().head(f"{API}/evidence/{sha256}", headers=staffed.bearer("admin"))
        assert person.status_code == 401
        cookie = staffed.signed_in("admin").head(f"{API}/evidence/{sha256}")
        assert cookie.status_code == 401
        assert staffed.client().head(f"{API}/evidence/{sha256}", headers=node).status_code == 404


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
        assert len(acts(staffed)) == 4

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


def dump(world: World) -> str:
    """Everything the database holds."""
    with world.database.read() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return "\n".join(str(row) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))
