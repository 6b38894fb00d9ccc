"""Legal hold over HTTP: who may, what it says, and that it is written down."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.access.permissions import Role
from ingest.store import access_log
from ingest.store.access_log import Act
from tests.integration.centre_world import World, running
from tests.unit.ingest.stories import an_event, records

EVENT = an_event(1)
PATH = f"/api/v1/events/{EVENT.id}/hold"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path) as world:
        world.centre.take(records(EVENT, an_event(2)))
        yield world


def custody(world: World) -> list[tuple[Act, str | None, str | None]]:
    with world.centre.database.read() as session:
        acts = access_log.newest(session)
    return [(one.act, one.subject, one.note) for one in acts if one.act in {Act.HOLD_SET, Act.HOLD_LIFTED}]


def test_a_hold_is_set_shown_lifted_and_each_act_is_written_down(world: World) -> None:
    client = world.signed_in(Role.OFFICER)
    answer = client.put(PATH, json={"reason": "  hồ sơ 12/2026, tòa án  "})
    assert answer.status_code == 200, answer.text
    hold = answer.json()["hold"]
    assert hold["reason"] == "hồ sơ 12/2026, tòa án"
    assert hold["by"]
    assert client.put(PATH, json={"reason": "again"}).json()["hold"] == hold
    listed = {one["id"]: one["hold"] for one in client.get("/api/v1/events").json()["items"]}
    assert listed == {EVENT.id: hold, an_event(2).id: None}
    assert client.delete(PATH, params={"reason": "tòa đã xử"}).json()["hold"] is None
    assert client.delete(PATH, params={"reason": "twice"}).status_code == 200
    assert custody(world) == [
        (Act.HOLD_LIFTED, EVENT.id, "tòa đã xử"),
        (Act.HOLD_SET, EVENT.id, "hồ sơ 12/2026, tòa án"),
    ]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ENGINEER])
def test_who_may_not_is_told_so(world: World, role: Role) -> None:
    client = world.signed_in(role)
    assert client.put(PATH, json={"reason": "x"}).status_code == 403
    assert client.delete(PATH, params={"reason": "x"}).status_code == 403
    assert custody(world) == []


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "   "}, {"reason": "x" * 201}, {"why": "x"}, []])
def test_a_hold_needs_a_reason(world: World, body: object) -> None:
    assert world.signed_in(Role.OFFICER).put(PATH, json=body).status_code == 422


@pytest.mark.parametrize("params", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 201}])
def test_to_lift_it_needs_one_too(world: World, params: dict[str, str]) -> None:
    assert world.signed_in(Role.OFFICER).delete(PATH, params=params).status_code == 422


def test_an_event_that_is_not_there_is_not_found(world: World) -> None:
    client = world.signed_in(Role.ADMIN)
    assert client.put("/api/v1/events/nothing/hold", json={"reason": "x"}).status_code == 404
