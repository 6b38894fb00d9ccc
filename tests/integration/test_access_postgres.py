"""Access over a real PostgreSQL: several API processes share one database, so what races must be decided there."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.access.permissions import Role
from tests.integration.access_world import API, NEW, PASSWORD, World, is_problem, open_world, setup_body, setup_token
from tests.integration.postgres_server import postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def world(server: str, tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, database=server) as opened:
        yield opened
        with opened.database.write() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))


def at_once(number: int, attempt: Callable[[int], int]) -> list[int]:
    """Status codes of attempts that begin at the same moment."""
    start, codes = threading.Barrier(number), list[int]()

    def run(one: int) -> None:
        start.wait()
        codes.append(attempt(one))

    threads = [threading.Thread(target=run, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def test_of_ten_at_the_same_moment_one_becomes_admin(world: World) -> None:
    token = setup_token(world)
    codes = at_once(
        10, lambda one: world.client().post(f"{API}/setup", json=setup_body(token, username=f"an{one}")).status_code
    )
    assert codes.count(201) == 1
    assert set(codes) <= {201, 403, 409}
    assert len(world.access.people.everybody()) == 1


def test_parallel_guesses_do_not_slip_through(world: World) -> None:
    world.make("an")
    body = {"username": "an", "password": "wrong"}
    codes = at_once(12, lambda _: world.client().post(f"{API}/session", json=body).status_code)
    assert codes == [401] * 5 + [429] * 7


def test_two_admins_cannot_both_remove_the_other(world: World) -> None:
    for name in ("an", "binh"):
        world.make(name, Role.ADMIN)
    an = world.signed_in("an")
    codes: list[int] = []

    def step_down() -> None:
        codes.append(an.patch(f"{API}/people/{world.ids['an']}", json={"role": "officer"}).status_code)

    thread = threading.Thread(target=step_down)
    with world.database.write() as session:
        session.execute(text("UPDATE people SET role = 'officer' WHERE username = 'binh'"))
        thread.start()
        thread.join(1.0)
        assert thread.is_alive(), "it must wait for what happens to the other admin"
    thread.join(10.0)
    assert codes == [409]
    assert [person.role for person in world.access.people.everybody()].count(Role.ADMIN) == 1


def test_the_whole_life_of_a_person(world: World) -> None:
    world.make("an", Role.ADMIN)
    admin = world.signed_in("an")
    made = admin.post(f"{API}/people", json={"username": "lan", "name": "Lan", "role": "officer", "cameras": ["a"]})
    token = made.json()["link"].partition("#token=")[2]
    browser = world.client()
    assert browser.post(f"{API}/people/accept", json={"token": token, "password": NEW}).status_code == 200
    assert browser.get(f"{API}/session").json()["person"]["cameras"] == ["a"]
    path = f"{API}/people/{made.json()['person']['id']}"
    assert admin.patch(path, json={"cameras": None}).json()["cameras"] is None
    assert admin.patch(path, json={"active": False}).status_code == 200
    assert browser.get(f"{API}/session").status_code == 401
    taken = admin.post(f"{API}/people", json={"username": "lan", "name": "Lan", "role": "officer"})
    assert is_problem(taken, 409, "username-taken")


@pytest.mark.parametrize("username", ["\x00", "a\x00b", "\x7f"])
def test_what_the_database_cannot_hold_is_only_a_wrong_name(world: World, username: str) -> None:
    answer = world.client().post(f"{API}/session", json={"username": username, "password": PASSWORD})
    assert is_problem(answer, 401, "sign-in-refused")


@pytest.mark.parametrize("change", ["UPDATE access_log SET act = 'x'", "DELETE FROM access_log", "TRUNCATE access_log"])
def test_the_log_cannot_be_rewritten(world: World, change: str) -> None:
    world.make("an")
    with pytest.raises(DBAPIError, match="only added to"), world.database.write() as session:
        session.execute(text(change))
