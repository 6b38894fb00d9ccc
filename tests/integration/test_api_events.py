"""Events over HTTP: lists, one event, decisions, media; on a real server and a real SQLite file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.canonical import sha256_hex
from ingest.access.permissions import Role
from tests.integration.centre_world import World, running
from tests.unit.ingest.stories import JPEG, OTHER_KEY, a_camera, a_package, a_report, an_event, records


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path) as world:
        yield world


def test_pages_are_stable_while_new_events_arrive(world: World) -> None:
    """An officer pages back through the morning while new alerts come in: none is shown twice, none is missed."""
    world.centre.take(records(*[an_event(n) for n in range(1, 26)]))
    client = world.signed_in()
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = client.get("/api/v1/events", params={"limit": 10} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["data"]["track"]["id"] for item in page["items"]]
        cursor = page["next"]
        world.centre.take(records(an_event(100 + len(seen))))
    assert seen == [f"t{n}" for n in range(25, 0, -1)]
    assert cursor is None


def test_events_of_one_moment_are_paged_by_id(world: World) -> None:
    """Two lanes cross the line at the same microsecond; the page boundary falls between them."""
    first = an_event(1)
    world.centre.take(records(first, *[an_event(n, time=first.time) for n in range(2, 8)]))
    client = world.signed_in()
    seen = []
    cursor = ""
    while cursor is not None:
        page = client.get("/api/v1/events", params={"limit": 2, "cursor": cursor}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_filters(world: World) -> None:
    events = [an_event(1), an_event(2, camera="tunnel", kind="incident"), an_event(3, kind="count")]
    world.centre.take(records(*events))
    client = world.signed_in()

    def found(**params: object) -> list[str]:
        answer = client.get("/api/v1/events", params=params)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert found(kind=["violation", "incident"]) == [events[1].id, events[0].id]
    assert found(camera="tunnel") == [events[1].id]
    assert found(rule="line_count") == [events[2].id]
    assert found(type="vn.giaolo.violation.wrong_way.v1") == [events[0].id]
    assert found(**{"from": events[1].time.isoformat()}) == [events[2].id, events[1].id]
    assert found(to=events[1].time.isoformat()) == [events[0].id]
    assert found(state="confirmed") == []


@pytest.mark.parametrize(
    ("query", "status", "name", "where"),
    [
        ("limit=0", 422, "invalid", "query.limit"),
        ("limit=lots", 422, "invalid", "query.limit"),
        ("kind=murder", 422, "invalid", "query.kind"),
        ("state=maybe", 422, "invalid", "query.state"),
        ("from=yesterday", 422, "invalid", "query.from"),
        ("from=2026-11-22T08:00:00", 422, "invalid", "query.from"),
        ("from=2026-11-22T08:00:00Z&to=2026-11-22T07:00:00Z", 422, "invalid", "query.to"),
        ("cursor=nonsense", 400, "bad-cursor", None),
        ("cursor=AAAA", 400, "bad-cursor", None),
        ("cursor=%F0%9F%98%80", 400, "bad-cursor", None),
    ],
)
def test_nonsense_in_a_list_is_a_clear_problem(
    world: World, query: str, status: int, name: str, where: str | None
) -> None:
    answer = world.signed_in().get(f"/api/v1/events?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"https://giaolo.vn/problems/{name}"
    assert problem["status"] == status
    if where:
        assert any(error["where"].startswith(where) for error in problem["errors"])


def test_an_event_shows_what_was_published(world: World) -> None:
    event = an_event(1)
    world.centre.take(records(a_report(a_camera("bridge")), event))
    answer = world.signed_in().get(f"/api/v1/events/{event.id}")
    view = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert view["camera"] == {"id": "bridge", "name": "Cầu bridge"}
    assert view["time"] == "2026-11-22T08:15:31.123456Z"
    assert view["data"] == event.data.model_dump(mode="json")
    assert view["evidence"]["state"] == "on_its_way"
    assert view["state"] == "new"
    assert view["decision"] is None
    assert view["still_url"] is None


def test_a_violation_shows_the_law_of_its_day(world: World) -> None:
    """Nothing is shown as certain that nobody has read: the version since 2026-08-15 says so."""
    old = datetime(2026, 8, 14, 16, 59, tzinfo=UTC)
    events = [an_event(1, time=old), an_event(2, time=old + timedelta(minutes=1)), an_event(3, kind="incident")]
    world.centre.take(records(*events))
    client = world.signed_in()
    before, after, incident = (client.get(f"/api/v1/events/{event.id}").json()["law"] for event in events)
    assert [row["ref"] for row in before] == ["7.7.a", "7.3.d"]
    assert (before[0]["fine_min"], before[0]["fine_default"], before[0]["points"]) == (4_000_000, 5_000_000, 2)
    assert (before[0]["instrument"], before[0]["verified"]) == ("decree-168-2024", True)
    assert (after[0]["instrument"], after[0]["verified"]) == ("decree-238-2026", False)
    assert incident == []


def test_a_decision_is_kept_with_who_and_when(world: World) -> None:
    event = an_event(1)
    world.centre.take(records(event))
    officer = world.signed_in(Role.OFFICER)
    path = f"/api/v1/events/{event.id}/decision"
    silent = officer.post(path, json={"decision": "rejected", "reason": "  "})
    assert silent.status_code == 422
    assert silent.json()["type"].endswith("/reason-needed")
    first = officer.post(path, json={"decision": "rejected", "reason": "xe cứu thương"}, headers={"If-Match": '"1"'})
    assert first.status_code == 200, first.text
    view = first.json()
    assert (view["state"], view["version"]) == ("rejected", 2)
    assert view["decision"]["by"] == "Nguyễn officer"
    assert view["decision"]["reason"] == "xe cứu thương"
    late = officer.post(path, json={"decision": "confirmed"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    again = officer.post(path, json={"decision": "confirmed"}, headers={"If-Match": 'W/"2"'})
    assert again.json()["version"] == 3
    assert again.headers["etag"] == '"3"'
    assert [item["state"] for item in officer.get("/api/v1/events?state=confirmed").json()["items"]] == ["confirmed"]


def test_who_may_decide_what(world: World) -> None:
    """An operator acts on incidents; whether it was a violation is the officer's to say."""
    violation, incident, count = an_event(1), an_event(2, kind="incident"), an_event(3, kind="count")
    world.centre.take(records(violation, incident, count))
    operator, engineer = world.signed_in(Role.OPERATOR), world.signed_in(Role.ENGINEER)
    confirm = {"decision": "confirmed"}
    assert operator.post(f"/api/v1/events/{violation.id}/decision", json=confirm).status_code == 403
    assert operator.post(f"/api/v1/events/{incident.id}/decision", json=confirm).status_code == 200
    assert operator.post(f"/api/v1/events/{count.id}/decision", json=confirm).status_code == 409
    assert engineer.post(f"/api/v1/events/{incident.id}/decision", json=confirm).status_code == 403
    assert operator.post("/api/v1/events/nothing/decision", json=confirm).status_code == 404
    assert operator.post(f"/api/v1/events/{incident.id}/decision", json={"decision": "no"}).status_code == 422


def test_the_still_is_shown_before_the_package_is_sealed(world: World) -> None:
    event = an_event(1, still_sha256=sha256_hex(JPEG))
    world.centre.take(records(event))
    client = world.signed_in()
    missing = client.get(f"/api/v1/events/{event.id}/still.jpg")
    assert missing.status_code == 404
    assert missing.json()["type"].endswith("/not-here-yet")
    world.centre.evidence.append(sha256_hex(JPEG), offset=0, total=len(JPEG), content=JPEG)
    url = client.get(f"/api/v1/events/{event.id}").json()["still_url"]
    still = client.get(url)
    assert still.content == JPEG
    assert still.headers["content-type"] == "image/jpeg"
    assert still.headers["etag"] == f'"{sha256_hex(JPEG)}"'
    assert still.headers["x-content-type-options"] == "nosniff"
    assert still.headers["content-disposition"].startswith("inline")


def test_a_package_is_verified_by_the_centre_itself(world: World) -> None:
    event = an_event(1)
    package = a_package(event)
    world.centre.take(records(a_report(), event, package.sealed))
    client = world.signed_in()
    world.deliver(package, "still_at.jpg")
    waiting = client.get(f"/api/v1/events/{event.id}").json()["evidence"]
    assert waiting["state"] == "on_its_way"
    assert {file["name"]: file["url"] is not None for file in waiting["files"]} == {
        "clip.mp4": False,
        "still_at.jpg": True,
        "manifest.json": False,
        "signature.json": False,
    }
    world.deliver(package)
    evidence = client.get(f"/api/v1/events/{event.id}").json()["evidence"]
    assert (evidence["state"], evidence["verified"], evidence["problem"]) == ("complete", True, None)
    assert len(evidence["signed_by"]) == 16


def test_another_key_is_said_in_words(world: World) -> None:
    """Somebody replaced the node: its events go on, but nothing it signs is believed."""
    event = an_event(1)
    package = a_package(event, key=OTHER_KEY)
    world.centre.take(records(a_report(), event, package.sealed))
    world.deliver(package)
    evidence = world.signed_in().get(f"/api/v1/events/{event.id}").json()["evidence"]
    assert (evidence["state"], evidence["verified"]) == ("complete", False)
    assert "expected key" in evidence["problem"]


def test_media_in_ranges(world: World) -> None:
    """A browser seeks in a clip: it asks for pieces, and for one beyond the end."""
    event = an_event(1)
    package = a_package(event)
    world.centre.take(records(a_report(), event, package.sealed))
    world.deliver(package)
    client = world.signed_in()
    clip = package.content("clip.mp4")
    url = f"/api/v1/events/{event.id}/media/clip.mp4"
    piece = client.get(url, headers={"Range": "bytes=100-199"})
    assert (piece.status_code, piece.content) == (206, clip[100:200])
    assert piece.headers["content-range"] == f"bytes 100-199/{len(clip)}"
    assert piece.headers["content-type"] == "video/mp4"
    assert client.get(url, headers={"Range": "bytes=-10"}).content == clip[-10:]
    assert client.get(url, headers={"Range": f"bytes={len(clip)}-"}).status_code == 416
    whole = client.get(url)
    assert whole.content == clip
    assert whole.headers["accept-ranges"] == "bytes"
    assert client.get(f"/api/v1/events/{event.id}/media/../../etc/passwd").status_code == 404
    assert client.get(f"/api/v1/events/{event.id}/media/no.mp4").status_code == 404


def test_a_person_sees_only_the_cameras_of_his_scope(world: World) -> None:
    """Lists, single reads, media and decisions: what is outside does not exist, 404 and never 403."""
    near, far = an_event(1, camera="bridge"), an_event(2, camera="tunnel")
    package = a_package(far)
    world.centre.take(records(a_report(a_camera("bridge"), a_camera("tunnel")), near, far, package.sealed))
    world.deliver(package)
    client = world.signed_in(Role.OFFICER)
    admin = world.signed_in(Role.ADMIN)
    person = world.people[Role.OFFICER]
    changed = admin.patch(f"/api/v1/people/{person.id}", json={"cameras": ["bridge"]})
    assert changed.status_code == 200, changed.text
    if client.get("/api/v1/session").status_code == 401:
        client = world.signed_in(Role.OFFICER)
    assert [item["id"] for item in client.get("/api/v1/events").json()["items"]] == [near.id]
    assert [item["camera"] for item in client.get("/api/v1/cameras").json()["items"]] == ["bridge"]
    for path in (
        f"/api/v1/events/{far.id}",
        f"/api/v1/events/{far.id}/media/clip.mp4",
        f"/api/v1/events/{far.id}/still.jpg",
        "/api/v1/cameras/tunnel",
        "/api/v1/cameras/tunnel/still.jpg",
        "/api/v1/cameras/tunnel/preview.mjpeg",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/api/v1/events/{far.id}/decision", json={"decision": "confirmed"}).status_code == 404
