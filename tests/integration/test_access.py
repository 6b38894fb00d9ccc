"""Signing in and out, and what keeps guessers and other sites out: the real app, a real database."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ingest.access.permissions import Role
from ingest.access.settings import AccessSettings
from ingest.store import access_log
from ingest.store.sessions import SessionRow, SignInFailureRow
from tests.integration.access_world import (
    API,
    BODY_OF_SIGN_IN,
    NEW,
    PASSWORD,
    World,
    dump,
    is_problem,
    open_world,
)

WRONG = "wrong"


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
        staffed.clock.advance(hours=8)
        assert browser.get(f"{API}/session").status_code == 200
        staffed.clock.advance(hours=11, minutes=59)
        kept, left = staffed.bearer("officer"), staffed.bearer("officer")
        assert browser.get(f"{API}/session").status_code == 200, "counted from the last use"
        staffed.clock.advance(hours=11)
        assert staffed.client().get(f"{API}/session", headers=kept).status_code == 200
        staffed.clock.advance(hours=1)
        assert staffed.client().get(f"{API}/session", headers=kept).status_code == 200
        assert staffed.client().get(f"{API}/session", headers=left).status_code == 401

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
