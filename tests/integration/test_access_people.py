"""Who works at the centre, who may change that, and which nodes may deliver."""

import threading
from pathlib import Path
from typing import Any

import pytest

from ingest.access.access import first_admin_link
from ingest.access.nodes import add_node
from ingest.access.permissions import PERMISSIONS, Permission, Role
from tests.integration.access_world import (
    API,
    NEW,
    World,
    is_problem,
    open_world,
    setup_body,
    setup_token,
)


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
            "permissions": ["event:read", "camera:read", "media:read", "incident:decide", "gap:acknowledge"],
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
        assert world.acts() == ["node_token_made", "node_token_made", "node_token_removed"]

    def test_a_node_is_no_person_and_a_person_no_node(self, staffed: World) -> None:
        node = {"Authorization": f"Bearer {add_node(staffed.database, 'node-1')}"}
        assert staffed.client().get(f"{API}/session", headers=node).status_code == 401
        sha256 = "0" * 64
        person = staffed.client().head(f"{API}/evidence/{sha256}", headers=staffed.bearer("admin"))
        assert person.status_code == 401
        cookie = staffed.signed_in("admin").head(f"{API}/evidence/{sha256}")
        assert cookie.status_code == 401
        assert staffed.client().head(f"{API}/evidence/{sha256}", headers=node).status_code == 404
