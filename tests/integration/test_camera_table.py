"""The camera topic against a real broker: what was written is read, whatever else lies in the topic."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from contracts.camera import CameraRecord
from contracts.kafka import KafkaLink
from contracts.topics import CAMERAS
from edge.assignment.kafka_editor import members, write
from edge.assignment.kafka_table import KafkaTable, Table, read_table
from edge.scene.load import load_scene
from ingest.kafka_topics import ensure_topics
from tests.conftest import ROOT
from tests.integration.kafka_broker import KafkaBroker


@pytest.fixture(scope="module", name="broker")
def _broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    yield running
    running.stop()


def record(camera: str, name: str = "") -> CameraRecord:
    return CameraRecord(camera=camera, name=name, site="d1", url="rtsp://h/x")


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_table_is_what_was_written_last(broker: KafkaBroker) -> None:
    """Before there is a topic that is said; later records win, removals remove, poison takes nothing away."""
    from kafka import KafkaProducer

    link = KafkaLink(bootstrap=broker.bootstrap)
    with pytest.raises(ConnectionError, match=f"has no topic {CAMERAS} yet"):
        read_table(link)
    ensure_topics(broker.bootstrap)
    assert read_table(link) == ({}, {})

    drawn = CameraRecord(
        camera="drawn", site="d1", url="rtsp://h/x", scene=load_scene(ROOT / "deploy/samples/street.yaml")
    )
    write(link, {f"cam-{number}": record(f"cam-{number}") for number in range(40)} | {"drawn": drawn})
    write(link, {"cam-1": record("cam-1", "Lê Lợi"), "cam-2": None})
    poison = KafkaProducer(bootstrap_servers=broker.bootstrap)
    poison.send(CAMERAS, key=b"cam-3", value=b"\xff nonsense").get(10)
    poison.send(CAMERAS, key=b"\xff\xfe", value=record("cam-4").to_json()).get(10)
    poison.close()

    begun = time.monotonic()
    table, refused = read_table(link)
    assert time.monotonic() - begun < 12, "the end of each partition is known, not guessed by silence"
    assert table.keys() == {f"cam-{number}" for number in range(40) if number != 2} | {"drawn"}
    assert table["cam-1"].record.name == "Lê Lợi"
    assert table["cam-3"].record == record("cam-3"), "the last good one stays"
    assert table["drawn"].record == drawn
    assert len({placed.partition for placed in table.values()}) > 10
    assert set(refused) == {"cam-3", "\ufffd\ufffd"}
    assert members(link, "d1") == frozenset()


def test_a_follower_hears_of_changes_and_survives_the_broker(broker: KafkaBroker) -> None:
    """The table stays while the broker is away; what was written after it came back arrives."""
    link = KafkaLink(bootstrap=broker.bootstrap)
    ensure_topics(broker.bootstrap)
    tables: list[Table] = []
    follower = KafkaTable(link, "n1", tables.append)
    stop = threading.Event()
    thread = threading.Thread(target=follower.run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: bool(tables))
        write(link, {"late": record("late")})
        wait_for(lambda: "late" in tables[-1])
        broker.kill9()
        wait_for(lambda: follower.fault != "")
        assert "not reachable" in follower.fault
        assert follower.unreached_s() > 0
        broker.restart()
        wait_for(lambda: follower.fault == "")
        write(link, {"late": None, "later": record("later")})
        wait_for(lambda: "later" in tables[-1] and "late" not in tables[-1])
        assert tables[-1].keys() >= {"later"}
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
