"""The road across processes: a camera with a password, an edge node, Apache Kafka, a centre."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml

from tests.conftest import ROOT, missing
from tests.integration.demo_process import until
from tests.integration.kafka_broker import KafkaBroker
from tests.integration.rtsp_server import RtspServer, free_port, lacking
from tests.integration.streams import Part, write_ts

PASSWORD = "s3cret-camera-word"
NODE = "cabinet-1"


def start(stack: ExitStack, arguments: Sequence[str | Path], log: Path) -> subprocess.Popen[str]:
    """A `giaolo` process whose stderr goes to a file; ended with the stack."""
    stderr = stack.enter_context(log.open("w"))
    process = subprocess.Popen(
        [sys.executable, "-m", "giaolo", *map(str, arguments)], stdout=subprocess.PIPE, stderr=stderr, text=True
    )

    def end() -> None:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

    stack.callback(end)
    return process


@pytest.fixture
def camera(clips: Path, tmp_path: Path) -> Iterator[RtspServer]:
    """Street traffic from a camera that wants a password."""
    reason = lacking()
    if reason:
        missing("rtsp", reason)
    server = RtspServer(
        write_ts(tmp_path / "street.ts", [Part(clips / "street.mp4", 70)]), user="admin", password=PASSWORD
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaBroker]:
    """A broker of this test alone."""
    kafka = KafkaBroker(tmp_path)
    kafka.start()
    yield kafka
    kafka.stop()


def test_from_camera_to_verified_alert_over_kafka(camera: RtspServer, broker: KafkaBroker, tmp_path: Path) -> None:
    """A stopped vehicle on the road reaches the centre with its evidence; both sides stop when asked."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    centre_file, node_file = tmp_path / "centre.yaml", tmp_path / "node.yaml"
    kafka = {"bootstrap": broker.bootstrap}
    centre = {"version": 1, "data": str(tmp_path / "centre"), "port": port, "bus": "kafka", "kafka": kafka}
    centre_file.write_text(yaml.safe_dump(centre))
    token = subprocess.run(
        [sys.executable, "-m", "giaolo", "centre", "add-node", NODE, "--config", str(centre_file)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    node = {
        "version": 1,
        "node": NODE,
        "data": str(tmp_path / "node"),
        "cameras": [{"id": "street", "url": camera.url, "scene": str(eager_scene(tmp_path))}],
        "detect": {"max_fps": 5},
        "kafka": kafka,
        "centre": {"url": url, "token": token},
    }
    node_file.write_text(yaml.safe_dump(node))
    with ExitStack() as stack:
        centre_process = start(stack, ["centre", "run", "--config", centre_file, "--json"], tmp_path / "centre.log")
        assert centre_process.stdout is not None
        first = json.loads(centre_process.stdout.readline())
        client = stack.enter_context(httpx2.Client(base_url=url, timeout=20))
        sign_in(client, first["setup"])
        edge_process = start(stack, ["edge", "run", "--config", node_file], tmp_path / "edge.log")

        def verified() -> Any:
            items = client.get("/api/v1/events?kind=incident").json()["items"]
            return next((event for event in items if event["evidence"]["verified"]), None)

        event = until("verified alert", verified, 90)
        assert event["node"] == NODE
        assert event["data"]["time_quality"]["source"] in {"rtcp", "arrival"}
        clip = next(file for file in event["evidence"]["files"] if file["role"] == "clip")
        assert len(client.get(clip["url"]).content) == clip["size"]
        until("picture", lambda: client.get("/api/v1/cameras/street/still.jpg").status_code == 200)
        (shown,) = client.get("/api/v1/cameras").json()["items"]
        assert (shown["state"], shown["node"]) == ("online", NODE)
        assert urlsplit(shown["address"]).password is None
        for process in (edge_process, centre_process):
            process.send_signal(signal.SIGTERM)
        assert [edge_process.wait(15), centre_process.wait(15)] == [0, 0]
    for path in (tmp_path / "edge.log", tmp_path / "centre.log", *(tmp_path / "node").rglob("*")):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), f"{path.name} holds the camera's password"


def eager_scene(folder: Path) -> Path:
    """The street's scene with presence as an alert, so that the test need not wait for a real fault on the road."""
    scene = yaml.safe_load((ROOT / "deploy" / "samples" / "street.yaml").read_text(encoding="utf-8"))
    whole = [[0, 0], [1, 0], [1, 1], [0, 1]]
    scene["zones"] = [{"id": "all", "name": "All", "kind": "presence", "polygon": whole}]
    scene["rules"] = {"intrusion": {"quiet_s": 0, "min_s": 0.5}}
    path = folder / "eager.yaml"
    path.write_text(yaml.safe_dump(scene, allow_unicode=True), encoding="utf-8")
    return path


def sign_in(client: httpx2.Client, link: str) -> None:
    """Makes the first admin by the one-time link and keeps its bearer token."""
    token = link.partition("token=")[2]
    body = {"token": token, "username": "chief", "password": os.urandom(12).hex(), "name": "Chief"}
    answer = client.post("/api/v1/setup", json=body)
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
