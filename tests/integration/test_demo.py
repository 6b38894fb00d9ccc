"""The whole road in one process, on real video: alerts with sealed evidence arrive, and one dead camera stays alone."""

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.integration.demo_process import RunningDemo, running_demo


def test_alerts_arrive_with_evidence_that_verifies(clips: Path, tmp_path: Path) -> None:
    """What a newcomer sees after `make demo`, and that SIGTERM ends it within 5 s with status 0."""
    sources = [str(clips / "pedestrians.avi"), "rtsp://admin:pa55word@127.0.0.1:1/none"]
    with running_demo(tmp_path, sources) as demo:
        assert set(demo.first_line) == {"url", "username", "password", "data"}

        event = demo.until("verified alert", lambda: first_verified(demo))
        assert event["data"]["rule"]["id"] in {"pedestrian_on_carriageway", "intrusion"}
        roles = {file["role"] for file in event["evidence"]["files"]}
        assert {"still_at", "crop", "clip", "clip_derived", "manifest", "signature"} <= roles
        check_media(demo, event)

        cameras = {camera["camera"]: camera for camera in demo.get("cameras")["items"]}
        assert cameras["pedestrians"]["state"] == "online"
        offline = cameras["127.0.0.1-1-none"]
        assert (offline["state"], offline["reason"]) == ("offline", "refused")
        assert demo.client.get("/api/v1/cameras/pedestrians/still.jpg").headers["content-type"] == "image/jpeg"
        assert demo.client.get("/readyz").status_code == 200

        status, seconds = demo.stop()
        assert status == 0
        assert seconds < 5
    no_secret_on_disk(tmp_path, b"pa55word")
    keys = tmp_path / "demo" / "node" / "keys" / "node.key.pem"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


def first_verified(demo: RunningDemo) -> dict[str, Any] | None:
    """The first alert whose package the centre has and found intact."""
    events: list[dict[str, Any]] = demo.get("events?kind=violation&kind=incident&limit=100")["items"]
    return next((event for event in events if event["evidence"]["verified"]), None)


def check_media(demo: RunningDemo, event: dict[str, Any]) -> None:
    """Every file of the package is served whole, and a range of the clip is served as a range."""
    for file in event["evidence"]["files"]:
        answer = demo.client.get(file["url"])
        assert answer.status_code == 200
        assert len(answer.content) == file["size"]
    clip = next(file for file in event["evidence"]["files"] if file["role"] == "clip_derived")
    part = demo.client.get(clip["url"], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


def no_secret_on_disk(folder: Path, secret: bytes) -> None:
    """A camera's password is in no database, log, event or evidence file."""
    for path in folder.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes(), f"{path} holds the camera's password"


def in_outbox(folder: Path) -> set[str]:
    """Ids of the events that the node had on disk; read after its death."""
    with sqlite3.connect(next(folder.rglob("outbox.db"))) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM records WHERE is_package = 0")}


def in_store(folder: Path) -> set[str]:
    """Ids of the events that the centre has, straight from its file."""
    with sqlite3.connect(next(folder.rglob("centre.sqlite"))) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM events")}


def whole_nodes(folder: Path) -> bool:
    """Whether the centre has every number that it can know of: one range from 1 on, for each outbox."""
    with sqlite3.connect(next(folder.rglob("centre.sqlite"))) as connection:
        ranges = connection.execute("SELECT node_id, outbox, first FROM sequence_ranges").fetchall()
    return bool(ranges) and len(ranges) == len({row[:2] for row in ranges}) and all(row[2] == 1 for row in ranges)


def test_events_survive_a_restart_and_the_folder_serves_one_demo(clips: Path, tmp_path: Path) -> None:
    """The second start knows the first one's events and keeps its password; a second demo beside it is refused."""
    sources = [str(clips / "street.mp4")]
    with running_demo(tmp_path, sources) as demo:
        before = demo.until("count", lambda: demo.get("events?limit=100")["items"])
        demo.process.kill()
        demo.process.wait()
        password = demo.first_line["password"]
    promised = in_outbox(tmp_path / "demo")
    with running_demo(tmp_path, sources) as demo:
        assert demo.first_line["password"] == password
        demo.until("event that was on the node's disk", lambda: promised <= in_store(tmp_path / "demo"))
        assert demo.until("look at the numbers", lambda: whole_nodes(tmp_path / "demo"))
        after = {event["id"] for event in demo.get("events?limit=200")["items"]}
        assert {event["id"] for event in before} <= after
        with pytest.raises(AssertionError, match="another demo runs"), running_demo(tmp_path, sources):
            pass
