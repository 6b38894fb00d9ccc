"""`giaolo centre run` on a real Kafka broker: what nodes published is listed, nonsense is put aside."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
from kafka import KafkaConsumer

from contracts.topics import DEAD_EVENTS, EVENTS
from contracts.wire import Record
from edge.outbox.kafka_publisher import KafkaPublisher
from tests.integration.kafka_broker import KafkaBroker
from tests.unit.ingest.stories import an_event, records

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from giaolo.cli import main; main()", "centre"]
PASSWORD = "cầu-Rồng-phun-lửa-9"


def test_events_from_kafka_reach_the_list(tmp_path: Path) -> None:
    broker = KafkaBroker(tmp_path)
    (tmp_path / "centre.yaml").write_text(
        f"data: data\nport: 0\nbus: kafka\nkafka: {{bootstrap: '{broker.bootstrap}'}}\n"
    )
    process = subprocess.Popen(
        [*COMMAND, "run", "--json", "--config", str(tmp_path / "centre.yaml")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        waiting = httpx2.get(f"{said['url']}/readyz")  # the broker is not up yet: the centre serves and says so
        assert waiting.status_code == 503
        assert "Kafka" in waiting.json()["reasons"][0]
        broker.start()
        session = httpx2.post(
            f"{said['url']}/api/v1/setup",
            json={
                "token": said["setup"].rpartition("#token=")[2],
                "username": "chief",
                "password": PASSWORD,
                "name": "Trần Thị Chỉ Huy",
            },
        ).json()
        client = httpx2.Client(base_url=said["url"], headers={"Authorization": f"Bearer {session['token']}"})
        _until(lambda: httpx2.get(f"{said['url']}/readyz").status_code == 200)
        publisher = KafkaPublisher(broker.bootstrap)
        batch = [*records(*[an_event(n) for n in range(20)]), Record(EVENTS, "bridge", b"not an event")]
        assert all(publisher.publish(batch + batch[:5], timeout_s=20))
        publisher.close()
        _until(lambda: len(client.get("/api/v1/events").json()["items"]) == 20)
        letters = KafkaConsumer(DEAD_EVENTS, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
        found = [message for messages in letters.poll(timeout_ms=15_000).values() for message in messages]
        letters.close()
        assert [message.value for message in found] == [b"not an event"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(12) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        broker.stop()


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.2)
