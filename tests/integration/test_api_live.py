"""The live stream on a real server: at once, in order, resumed, ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from contracts.canonical import sha256_hex
from contracts.health import CameraState, Reason
from ingest.access.permissions import Role
from tests.integration.centre_world import PASSWORD, Listener, World, running
from tests.unit.ingest.stories import JPEG, START, a_camera, a_package, a_report, an_event, records

pytestmark = pytest.mark.alone


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path) as world:
        yield world


def names(listener: Listener, number: int) -> list[str]:
    return [block.get("event", "") for block in listener.wait_for(number)]


def test_an_event_is_on_the_screen_within_a_tenth_of_a_second(world: World) -> None:
    listener = Listener(world.signed_in())
    delays = []
    for number in range(1, 11):
        event = an_event(number)
        world.centre.take(records(event))
        committed = time.perf_counter()
        block = listener.wait_for(number + 1)[number]
        delays.append(time.perf_counter() - committed)
        assert block["event"] == "event"
        assert json.loads(block["data"])["id"] == event.id
    assert sorted(delays)[len(delays) // 2] < 0.1, delays


def test_what_follows_an_event_is_told_too(world: World) -> None:
    """Event, still, package on its way, package verified, decision: each is told as it happens."""
    event = an_event(1, still_sha256=sha256_hex(JPEG))
    package = a_package(event)
    client = world.signed_in()
    listener = Listener(client)
    world.centre.take(records(a_report(a_camera())))
    listener.wait_for(2)
    world.centre.take(records(event))
    listener.wait_for(3)
    world.deliver(package, "still_at.jpg")
    listener.wait_for(4)
    world.centre.take(records(package.sealed))
    listener.wait_for(5)
    world.deliver(package)
    listener.wait_for(6)
    client.post(f"/api/v1/events/{event.id}/decision", json={"decision": "confirmed"}).raise_for_status()
    blocks = listener.wait_for(7)
    assert [one.get("event", "") for one in blocks] == [
        "", "camera", "event", "evidence", "evidence", "evidence", "decision",
    ]  # fmt: skip
    still, announced, verified, decided = (json.loads(block["data"]) for block in blocks[3:])
    assert still["still_url"] == f"/api/v1/events/{event.id}/still.jpg"
    assert announced["evidence"]["state"] == "on_its_way"
    assert verified["evidence"]["verified"] is True
    assert decided["state"] == "confirmed"
    numbers = [int(block["id"]) for block in blocks]
    assert numbers == sorted(numbers)


def test_a_client_that_comes_back_gets_what_it_missed_once(world: World) -> None:
    """The officer's tablet lost the network; the centre was even restarted meanwhile (ids are on disk)."""
    client = world.signed_in()
    listener = Listener(client)
    first = an_event(1)
    world.centre.take(records(first))
    last = listener.wait_for(2)[1]["id"]
    second = an_event(2)
    package = a_package(second)
    world.centre.take(records(a_report(), second, package.sealed))
    world.deliver(package)
    back = Listener(client, {"Last-Event-ID": last})
    blocks = back.wait_for(4)
    assert [(block.get("event"), json.loads(block["data"]).get("id")) for block in blocks[1:4]] == [
        ("camera", None),
        ("event", second.id),
        ("evidence", second.id),
    ]
    world.centre.take(records(an_event(3)))
    assert names(back, 5)[4] == "event"


def test_too_far_back_means_load_anew(tmp_path: Path) -> None:
    with running(tmp_path, live={"resume_rows": 5}) as world:
        client = world.signed_in()
        world.centre.take(records(*[an_event(n) for n in range(1, 11)]))
        block = Listener(client, {"Last-Event-ID": "2"}).wait_for(1)[0]
        assert (block["event"], block["id"]) == ("reset", "10")
        future = Listener(client, {"Last-Event-ID": "4000"}).wait_for(1)[0]
        assert (future["event"], future["id"]) == ("reset", "10")
        near = Listener(client, {"Last-Event-ID": "9"}).wait_for(2)
        assert [block.get("event") for block in near] == [None, "event"]


@pytest.mark.parametrize("number", ["x", "-1", "1e3", "99999999999999999999", "١"])
def test_a_number_that_is_none_is_refused(world: World, number: str) -> None:
    answer = world.signed_in().get("/api/v1/events/stream", params={"last_event_id": number})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/bad-last-event-id")


def test_the_stream_needs_a_session_and_ends_with_it(world: World) -> None:
    assert httpx2.get(f"{world.url}/api/v1/events/stream").status_code == 401
    client = world.signed_in()
    listener = Listener(client)
    client.delete("/api/v1/session").raise_for_status()
    assert listener.ended.wait(12)


def test_only_cameras_of_the_scope_are_told(world: World) -> None:
    world.signed_in(Role.OFFICER)
    admin = world.signed_in()
    person = world.people[Role.OFFICER]
    admin.patch(f"/api/v1/people/{person.id}", json={"cameras": ["bridge"]}).raise_for_status()
    listener = Listener(world.signed_in(Role.OFFICER))
    world.centre.take(records(an_event(1, camera="tunnel"), an_event(2, camera="bridge")))
    block = listener.wait_for(2)[1]
    assert json.loads(block["data"])["camera"]["id"] == "bridge"
    back = Listener(world.signed_in(Role.OFFICER), {"Last-Event-ID": "0"})
    world.centre.take(records(an_event(3, camera="bridge")))
    told = [json.loads(one["data"])["camera"]["id"] for one in back.wait_for(3) if "data" in one]
    assert told == ["bridge", "bridge"]


def test_a_slow_client_is_let_go_and_nobody_waits_for_it(tmp_path: Path) -> None:
    """A laptop that was closed with the stream open must not hold up the others, nor fill the memory."""
    with running(tmp_path, live={"queue": 8}) as world:
        client = world.signed_in()
        with client.stream("GET", "/api/v1/events/stream", timeout=30):
            listener = Listener(world.signed_in())
            path = [{"offset_s": -n / 10, "x": 0.5, "y": 0.5} for n in range(800)]
            deadline = time.monotonic() + 20
            number = 0
            while world.centre.metrics.live_dropped._value.get() < 1 and time.monotonic() < deadline:
                number += 1
                world.centre.take(records(an_event(number, path=path)))
                listener.wait_for(number + 1)
            assert world.centre.metrics.live_dropped._value.get() == 1


def test_cameras_are_told_when_their_node_falls_silent(tmp_path: Path) -> None:
    with running(tmp_path, live={"node_silent_s": 1.5}) as world:
        listener = Listener(world.signed_in())
        world.centre.take(records(a_report(a_camera())))
        blocks = listener.wait_for(3, timeout_s=8)
        before, after = (json.loads(block["data"]) for block in blocks[1:3])
        assert (before["state"], before["reason"]) == ("online", "none")
        assert (after["state"], after["reason"]) == ("offline", "node_silent")
        assert "id" not in blocks[2]
        world.centre.take(records(a_report(a_camera(), reported_at=START + timedelta(seconds=5))))
        again = json.loads(listener.wait_for(4)[3]["data"])
        assert again["state"] == "online"


def test_a_camera_that_changes_is_told(world: World) -> None:
    listener = Listener(world.signed_in())
    for second, state, reason in (
        (0, CameraState.ONLINE, Reason.NONE),
        (2, CameraState.ONLINE, Reason.NONE),
        (4, CameraState.OFFLINE, Reason.STALLED),
    ):
        at = START + timedelta(seconds=second)
        world.centre.take(records(a_report(a_camera("bridge", state, reason), reported_at=at)))
        time.sleep(0.1)
    blocks = listener.wait_for(4)[1:]
    assert [json.loads(block["data"])["reason"] for block in blocks] == ["none", "none", "stalled"]
    assert ["id" in block for block in blocks] == [True, False, True]


CENTRE_PROCESS = """
import pathlib, sys
from ingest.centre import Centre
from ingest.config import CentreConfig
from ingest.access.access import make_person
from ingest.access.permissions import Role
centre = Centre(CentreConfig(data=pathlib.Path(sys.argv[1]), port=0))
make_person(centre.database, "admin-1", sys.argv[2], "Admin", Role.ADMIN)
centre.run(on_ready=lambda port: print(port, flush=True))
"""


def test_sigterm_ends_streams_and_the_process_within_three_seconds(tmp_path: Path) -> None:
    """A restart for an update must not hang on a wall of screens that watch."""
    process = subprocess.Popen(
        [sys.executable, "-c", CENTRE_PROCESS, str(tmp_path / "centre"), PASSWORD],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        client = httpx2.Client(base_url=url, timeout=10)
        token = client.post("/api/v1/session", json={"username": "admin-1", "password": PASSWORD}).json()["token"]
        client = httpx2.Client(base_url=url, timeout=10, headers={"Authorization": f"Bearer {token}"})
        listener = Listener(client)
        with client.stream("GET", "/api/v1/cameras/bridge/preview.mjpeg") as preview:
            assert preview.status_code == 200
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 3
        assert listener.ended.wait(2)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
