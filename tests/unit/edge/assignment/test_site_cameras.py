"""What a node does when partitions come, go and are lost; and when no broker answers."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from contracts.camera import CameraRecord
from edge.assignment import site_cameras as module
from edge.assignment.share import Placed
from edge.assignment.site_cameras import SiteCameras
from edge.cameras import CameraSetup
from edge.config import NodeConfig

TABLE = {
    name: Placed(CameraRecord(camera=name, site="d1", url=f"/{name}.mp4", node=pin, credentials=key), partition)
    for name, partition, pin, key in (
        ("one", 1, None, None),
        ("two", 2, None, None),
        ("pinned", 9, "n1", None),
        ("locked", 1, None, "gate"),
    )
}


def config_of(folder: Path, **more: str) -> NodeConfig:
    """A node of the site; no broker answers at this address, so partitions come only from the test."""
    given = {"node": "n1", "site": "d1", "data": folder, "cameras": "kafka", "kafka": {"bootstrap": "127.0.0.1:1"}}
    return NodeConfig.model_validate(given | more)


class Running:
    """Stands where the node is: what it was told to run last."""

    def __init__(self) -> None:
        self.cameras: list[str] = []
        self.slow_s = 0.0
        self.times = 0

    def set(self, setups: Sequence[CameraSetup]) -> None:
        time.sleep(self.slow_s)
        self.cameras = [setup.config.id for setup in setups]
        self.times += 1


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(name="running")
def _running() -> Running:
    return Running()


@pytest.fixture(name="site")
def _site(running: Running, tmp_path: Path) -> Iterator[SiteCameras]:
    site = SiteCameras(config_of(tmp_path), running.set)
    site.start()
    yield site
    site.stop()


def test_nothing_runs_before_the_table_was_read(site: SiteCameras, running: Running) -> None:
    """A partition alone says nothing, and a pinned camera needs no partition."""
    site.given({1})
    time.sleep(0.2)
    assert running.times == 0
    site.on_table(TABLE)
    wait_for(lambda: running.cameras == ["one", "pinned"])
    assert any("locked: cannot be run here" in fault and "'gate'" in fault for fault in site.faults())


def test_a_partition_is_given_up_after_its_cameras_have_stopped(site: SiteCameras, running: Running) -> None:
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: running.cameras == ["one", "pinned", "two"])
    running.slow_s = 0.4
    begun = time.monotonic()
    site.taken({2})
    assert running.cameras == ["one", "pinned"]
    assert time.monotonic() - begun >= 0.4


def test_a_camera_that_does_not_stop_holds_up_nobody_for_long(
    site: SiteCameras, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a session, and the whole node would be thought dead."""
    monkeypatch.setattr(module, "STOP_WAIT_S", 0.3)
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: "two" in running.cameras)
    running.slow_s = 2
    begun = time.monotonic()
    site.taken({2})
    assert time.monotonic() - begun < 1.5


def test_lost_partitions_run_on_for_a_moment_only(
    site: SiteCameras, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOST_GRACE_S", 0.5)
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: "two" in running.cameras)
    before = running.times
    site.lost({1, 2})
    site.given({1, 2})
    time.sleep(1.2)
    assert running.times == before, "given back at once: not interrupted"
    site.lost({1, 2})
    wait_for(lambda: running.cameras == ["pinned"])
    site.lost({1, 2})
    site.given({1})
    wait_for(lambda: running.cameras == ["one", "pinned"])


def test_a_client_made_anew_keeps_what_ran_until_it_is_told(site: SiteCameras, running: Running) -> None:
    """While no broker answers; the first partitions given settle it."""
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: "two" in running.cameras)
    site.adrift()
    time.sleep(0.3)
    site.given({2})
    wait_for(lambda: running.cameras == ["pinned", "two"])


def test_an_answer_from_before_the_brokers_died_is_none(
    site: SiteCameras, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They answered half a second ago; then the client lost them. What runs runs on until they answer again."""
    monkeypatch.setattr(module, "ADRIFT_S", 0.3)
    answered_at = [time.monotonic()]
    monkeypatch.setattr(site.table, "unreached_s", lambda: time.monotonic() - answered_at[0])
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: "two" in running.cameras)
    time.sleep(0.5)
    site.adrift()
    time.sleep(1.5)
    assert running.cameras == ["one", "pinned", "two"]
    answered_at[0] = time.monotonic()
    wait_for(lambda: running.cameras == ["pinned"])


def test_a_node_that_leaves_stops_what_it_gives_up(site: SiteCameras, running: Running) -> None:
    """Who stops in order hands over at once: nobody waits for cameras that nothing stops."""
    site.on_table(TABLE)
    site.given({1, 2})
    wait_for(lambda: "two" in running.cameras)
    leaving = threading.Thread(target=site.stop)
    leaving.start()
    begun = time.monotonic()
    site.taken({1, 2})
    assert running.cameras == ["pinned"]
    assert time.monotonic() - begun < 2
    leaving.join()


@pytest.mark.parametrize(("setting", "left"), [("keep", ["one", "pinned"]), ("stop", ["pinned"])])
def test_without_any_broker(
    setting: str, left: list[str], running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep: all run on. Stop: only what no other node may run."""
    monkeypatch.setattr(module, "LOSS_S", 0.2)
    site = SiteCameras(config_of(tmp_path, on_kafka_loss=setting), running.set)
    gone = threading.Event()
    monkeypatch.setattr(site.table, "unreached_s", lambda: 99.0 if gone.is_set() else 0.0)
    site.start()
    try:
        site.on_table(TABLE)
        site.given({1})
        wait_for(lambda: running.cameras == ["one", "pinned"])
        gone.set()
        time.sleep(1.2)
        assert running.cameras == left
        assert any("not reachable" in fault or "not been read" in fault for fault in site.faults())
        gone.clear()
        wait_for(lambda: running.cameras == ["one", "pinned"])
    finally:
        site.stop()
