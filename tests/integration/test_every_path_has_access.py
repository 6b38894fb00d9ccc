"""No path of the API answers a stranger, but those that are named here; and each role gets what its row says.

Breaks when somebody adds a path and forgets to ask who is there, whatever the path is.
"""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response

from ingest.access.permissions import PERMISSIONS, Permission, Role
from tests.integration.access_world import API, World, is_problem, open_world

PUBLIC = {
    "GET /api/v1/openapi.json",
    "GET /api/v1/setup",
    "POST /api/v1/setup",
    "POST /api/v1/session",
    "POST /api/v1/people/accept",
}
"""What must work for who is not signed in. Adding a line here is a decision."""

NODES = ("/api/v1/evidence/", "/api/v1/nodes/")
"""Paths of edge nodes, which have tokens of their own."""

NEEDS = {
    "GET /api/v1/events": Permission.EVENT_READ,
    "GET /api/v1/events/{event_id}": Permission.EVENT_READ,
    "GET /api/v1/events/stream": Permission.EVENT_READ,
    "GET /api/v1/events/{event_id}/media/{name}": Permission.MEDIA_READ,
    "GET /api/v1/events/{event_id}/still.jpg": Permission.MEDIA_READ,
    "GET /api/v1/cameras": Permission.CAMERA_READ,
    "GET /api/v1/cameras/{camera_id}": Permission.CAMERA_READ,
    "GET /api/v1/cameras/{camera_id}/still.jpg": Permission.MEDIA_READ,
    "GET /api/v1/cameras/{camera_id}/preview.mjpeg": Permission.MEDIA_READ,
    "GET /api/v1/nodes": Permission.CAMERA_READ,
    "POST /api/v1/gaps/acknowledgement": Permission.GAP_ACKNOWLEDGE,
    "GET /api/v1/people": Permission.PERSON_MANAGE,
    "POST /api/v1/people": Permission.PERSON_MANAGE,
    "PATCH /api/v1/people/{person_id}": Permission.PERSON_MANAGE,
    "POST /api/v1/people/{person_id}/link": Permission.PERSON_MANAGE,
}
ENDLESS = {"GET /api/v1/events/stream", "GET /api/v1/cameras/{camera_id}/preview.mjpeg"}
IDS = ("0" * 64, "0" * 32, "nothing")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("centre")) as opened:
        for role in Role:
            opened.make(role.value, role)
        yield opened


def paths(world: World) -> set[str]:
    """`METHOD path` of everything below the API, also what the document leaves out."""
    found = set()
    for route in iter_route_contexts(world.app.routes):
        path = route.path
        if path is not None and path.startswith(API):
            found |= {f"{method} {path}" for method in route.methods or set()}
    return {one for one in found if not one.startswith("HEAD ") or one.replace("HEAD", "GET") not in found}


def ask(client: TestClient, path: str, id_: str = IDS[0]) -> Response:
    method, _, pattern = path.partition(" ")
    return client.request(method, re.sub(r"\{[^}]+\}", id_, pattern))


def test_the_walk_sees_what_the_document_shows(world: World) -> None:
    documented = {
        f"{method.upper()} {path}"
        for path, methods in world.app.openapi()["paths"].items()
        if path.startswith(API)
        for method in methods
    }
    assert documented <= paths(world)
    assert len(documented) > 15


def test_a_stranger_gets_401_everywhere_but_where_it_is_public(world: World) -> None:
    stranger = world.client()
    for path in sorted(paths(world) - PUBLIC):
        name = "not-a-node" if path.partition(" ")[2].startswith(NODES) else "not-signed-in"
        for id_ in IDS:
            answer = ask(stranger, path, id_)
            if path.startswith("HEAD "):
                assert answer.status_code == 401, path
            else:
                assert is_problem(answer, 401, name), (path, id_)


def test_public_paths_are_there(world: World) -> None:
    assert paths(world) >= PUBLIC


def test_a_node_token_opens_no_path_of_people_and_a_person_none_of_nodes(world: World) -> None:
    node, person = world.client(), world.client()
    node.headers["Authorization"] = f"Bearer {world.access.nodes.add('node-1')}"
    person.headers.update(world.bearer("admin"))
    for path in sorted(paths(world) - PUBLIC):
        client = person if path.partition(" ")[2].startswith(NODES) else node
        assert ask(client, path).status_code == 401, path


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_its_row_says(world: World, role: Role) -> None:
    client = world.client()
    client.headers.update(world.bearer(role.value))
    for path, permission in NEEDS.items():
        assert path in paths(world), path
        if permission not in PERMISSIONS[role]:
            assert is_problem(ask(client, path), 403, "not-allowed"), path
        elif path not in ENDLESS:
            assert ask(client, path).status_code in {200, 404, 422}, path


def test_cookies_need_the_header_on_every_unsafe_path(world: World) -> None:
    client = world.signed_in("admin")
    del client.headers["X-CSRF-Token"]
    unsafe = [
        path
        for path in sorted(paths(world) - PUBLIC)
        if not path.startswith(("GET ", "HEAD ")) and not path.partition(" ")[2].startswith(NODES)
    ]
    assert len(unsafe) >= 5
    for path in unsafe:
        assert is_problem(ask(client, path), 403, "csrf"), path
