"""Cameras, previews and uploads on a real server."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from contracts.canonical import sha256_hex
from contracts.health import CameraState, Reason
from tests.integration.centre_world import World, running
from tests.unit.ingest.stories import JPEG, START, a_camera, a_report, an_event, records


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path, timezone="UTC") as world:
        yield world


FIGURES = {"bin_min": 5, "complete": True, "total": {"count": 12, "mean_speed_kmh": None}}
"""A lane's figures are of kind count, but nobody who crossed a line."""


def test_cameras_are_listed_worst_first_with_todays_figures(world: World) -> None:
    now = datetime.now(UTC)
    world.centre.take(
        records(
            a_report(
                a_camera("well", last_frame_at=now - timedelta(seconds=2)),
                a_camera("down", CameraState.OFFLINE, Reason.WRONG_PASSWORD),
                a_camera("poor", CameraState.DEGRADED, Reason.PACKET_LOSS),
                a_camera("new", CameraState.STARTING, Reason.CONNECTING),
            ),
            an_event(1, camera="well", time=now),
            an_event(2, camera="well", kind="count", time=now),
            an_event(3, camera="well", kind="count", time=now),
            an_event(4, camera="well", kind="count", time=now, where="south"),
            an_event(5, camera="well", kind="count", time=now - timedelta(days=2)),
            an_event(6, camera="well", kind="count", time=now, where="lane", track=None, box=None, facts=FIGURES),
        )
    )
    client = world.signed_in()
    items = client.get("/api/v1/cameras").json()["items"]
    assert [item["camera"] for item in items] == ["down", "poor", "new", "well"]
    well = client.get("/api/v1/cameras/well").json()
    assert well["events_today"] == {"violation": 1, "incident": 0, "count": 3}
    assert well["counts_today"] == {"north": {"in": 2}, "south": {"in": 1}}
    figures = client.get("/api/v1/events?kind=count&limit=100").json()["items"]
    assert [one["data"]["facts"] for one in figures if one["data"]["track"] is None] == [FIGURES]
    assert well["node"] == "node-1"
    assert 2 <= well["last_frame_age_s"] < 10
    assert client.get("/api/v1/cameras/none").status_code == 404


def test_a_camera_its_node_no_longer_has_leaves_the_wall(world: World) -> None:
    """An engineer took a camera out of the node file; it must neither look live nor stay as a fault for ever."""
    now = datetime.now(UTC)
    world.centre.take(records(a_report(a_camera("kept"), a_camera("moved"), reported_at=now)))
    world.centre.take(records(an_event(1, camera="moved", time=now)))
    client = world.signed_in()
    assert len(client.get("/api/v1/cameras").json()["items"]) == 2

    world.centre.take(records(a_report(a_camera("kept"), reported_at=now + timedelta(seconds=2))))

    assert [item["camera"] for item in client.get("/api/v1/cameras").json()["items"]] == ["kept"]
    assert client.get("/api/v1/events").json()["items"][0]["camera"]["id"] == "moved"

    world.centre.take(records(a_report(a_camera("kept"), a_camera("moved"), reported_at=now + timedelta(seconds=4))))
    assert len(client.get("/api/v1/cameras").json()["items"]) == 2


def test_the_newest_report_holds_whatever_the_order(world: World) -> None:
    """After a broken line the node's reports arrive late and out of order: an old one must not bring back a fault."""
    newer = a_report(a_camera("bridge"), reported_at=START + timedelta(seconds=10))
    older = a_report(a_camera("bridge", CameraState.OFFLINE, Reason.TIMEOUT), reported_at=START)
    world.centre.take(records(newer, older))
    assert world.signed_in().get("/api/v1/cameras/bridge").json()["state"] == "online"


def test_a_preview_moves(world: World) -> None:
    """MJPEG as a browser's <img> reads it: every part whole, the newest picture at once."""
    client = world.signed_in()
    preview = world.centre.preview
    preview.show("bridge", JPEG + b"1", START)
    assert not preview.is_watched("bridge")
    received = b""
    with client.stream("GET", "/api/v1/cameras/bridge/preview.mjpeg") as answer:
        kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
        assert kind == "multipart/x-mixed-replace"
        pieces = answer.iter_bytes()
        while JPEG + b"1" not in received:
            received += next(pieces)
        assert preview.is_watched("bridge")
        preview.show("bridge", JPEG + b"2", START + timedelta(seconds=1))
        while JPEG + b"2" not in received:
            received += next(pieces)
    parts = received.split(f"--{boundary}\r\n".encode())
    head, _, body = parts[1].partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(JPEG + b"1") in head
    assert body == JPEG + b"1\r\n"
    deadline = time.monotonic() + 12
    while preview.is_watched("bridge") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not preview.is_watched("bridge")


def test_a_still_is_the_newest_picture(world: World) -> None:
    client = world.signed_in()
    assert client.get("/api/v1/cameras/bridge/still.jpg").status_code == 404
    world.centre.preview.show("bridge", JPEG, START)
    still = client.get("/api/v1/cameras/bridge/still.jpg")
    assert (still.content, still.headers["cache-control"]) == (JPEG, "no-store")
    assert still.headers["x-captured-at"] == "2026-11-22T08:15:30.123456Z"
    assert world.centre.preview.is_watched("bridge")


def test_a_node_sends_previews_and_learns_whether_anybody_looks(world: World) -> None:
    node = world.node("node-1")
    path = "/api/v1/nodes/node-1/cameras/bridge/preview"
    at = {"X-Captured-At": "2026-11-22T08:15:30.123456Z"}
    assert node.put(path, content=JPEG, headers=at).headers["x-watched"] == "0"
    world.signed_in().get("/api/v1/cameras/bridge/still.jpg")
    answer = node.put(path, content=JPEG, headers=at)
    assert (answer.status_code, answer.headers["x-watched"]) == (204, "1")
    assert node.put(path, content=b"GIF89a", headers=at).status_code == 422
    assert node.put(path, content=JPEG).status_code == 422
    assert node.put(path, content=JPEG, headers={"X-Captured-At": "2026-11-22T08:15:30"}).status_code == 422
    assert node.put(path, content=JPEG + bytes(5 * 2**20), headers=at).status_code == 413
    assert node.put("/api/v1/nodes/node-2/cameras/c/preview", content=JPEG, headers=at).status_code == 403
    assert world.signed_in().put(path, content=JPEG, headers=at).status_code == 401


def test_evidence_arrives_in_pieces_over_a_line_that_breaks(world: World) -> None:
    node = world.node()
    content = bytes(range(256)) * 5000
    path = f"/api/v1/evidence/{sha256_hex(content)}"
    total = {"Upload-Length": str(len(content))}
    assert (asked := node.head(path)).status_code == 404
    assert asked.headers["upload-offset"] == "0"
    first = node.patch(path, content=content[:700_000], headers=total | {"Upload-Offset": "0"})
    assert (first.status_code, first.headers["upload-offset"]) == (204, "700000")
    again = node.patch(path, content=content[:700_000], headers=total | {"Upload-Offset": "0"})
    assert (again.status_code, again.headers["upload-offset"]) == (409, "700000")
    assert again.json()["type"].endswith("/wrong-offset")
    assert node.head(path).headers["upload-offset"] == "700000"
    last = node.patch(path, content=content[700_000:], headers=total | {"Upload-Offset": "700000"})
    assert last.status_code == 201
    assert node.head(path).status_code == 200
    assert world.centre.evidence.path(sha256_hex(content)).read_bytes() == content


def test_evidence_that_is_not_what_its_name_says_is_refused(world: World) -> None:
    node = world.node()
    path = f"/api/v1/evidence/{sha256_hex(b'what was promised')}"
    headers = {"Upload-Offset": "0", "Upload-Length": "5"}
    wrong = node.patch(path, content=b"other", headers=headers)
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (422, "0")
    assert wrong.json()["type"].endswith("/wrong-hash")
    assert node.head(path).headers["upload-offset"] == "0"
    assert node.patch(path, content=b"longer", headers=headers).status_code == 409
    assert node.patch(path, content=b"", headers=headers | {"Upload-Length": "999999999999"}).status_code == 413
    assert node.patch(path, content=b"x", headers={"Upload-Offset": "0"}).status_code == 422
    assert node.patch("/api/v1/evidence/..%2Fpasswd", content=b"x", headers=headers).status_code in {404, 405, 422}
    assert node.patch("/api/v1/evidence/" + "A" * 64, content=b"x", headers=headers).status_code == 422
    assert httpx2.head(world.url + path).status_code == 401
    assert world.signed_in().patch(path, content=b"other", headers=headers).status_code == 401


def test_two_uploads_of_one_file_at_once_leave_one_whole_file(world: World) -> None:
    """A node restarts while its old connection still sends: both send the same file."""
    content = bytes(range(256)) * 2000
    name = sha256_hex(content)
    outcomes: list[int] = []

    def send() -> None:
        client = world.node()
        while True:
            asked = client.head(f"/api/v1/evidence/{name}")
            if asked.status_code == 200:
                return
            if asked.status_code == 401:  # the other thread's token replaced this one
                client = world.node()
                continue
            offset = int(asked.headers["upload-offset"])
            piece = content[offset : offset + 50_000]
            answer = client.patch(
                f"/api/v1/evidence/{name}",
                content=piece,
                headers={"Upload-Offset": str(offset), "Upload-Length": str(len(content))},
            )
            outcomes.append(answer.status_code)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert world.centre.evidence.path(name).read_bytes() == content
    assert set(outcomes) <= {201, 204, 401, 409}
