"""A camera follows the node that reported it last; two nodes that both run it are told, a move is not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.health import CameraHealth, CameraState, Reason
from ingest.store import cameras
from ingest.store.base import Base, Database
from tests.unit.ingest.stories import START, a_camera, a_report


@pytest.fixture(name="database")
def _database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'centre.sqlite'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def second(number: float) -> datetime:
    return START + timedelta(seconds=number)


def says(database: Database, node: str, at: float, *, since: float, last: float | None = None) -> cameras.HealthChange:
    """The node reports the camera online since then, its newest frame a moment ago."""
    camera = a_camera(since=second(since), last_frame_at=second(at - 0.2 if last is None else last))
    with database.write() as session:
        return cameras.report(session, a_report(camera, node=node, reported_at=second(at)), second(at))


def seen(database: Database) -> tuple[str, CameraHealth]:
    with database.read() as session:
        row = session.get(cameras.CameraRow, "bridge")
        assert row is not None
        return row.node_id, row.contract()


def test_a_camera_that_moves_is_not_run_twice(database: Database) -> None:
    """The old node may have judged frames for some seconds after the new one began."""
    says(database, "node-1", 20, since=0)
    change = says(database, "node-2", 22, since=14)
    assert change.changed == ("bridge",)
    assert says(database, "node-2", 60, since=14).changed == ()
    node, camera = seen(database)
    assert (node, camera.state, camera.reason) == ("node-2", CameraState.ONLINE, Reason.NONE)


def test_two_nodes_that_run_a_camera_are_told_once_and_until_one_ends(database: Database) -> None:
    """One cut off from Kafka goes on while its cameras run elsewhere."""
    says(database, "node-1", 20, since=0)
    assert says(database, "node-2", 21, since=6).changed == ("bridge",)
    assert says(database, "node-1", 22, since=0).changed == ()
    for at in (23, 25, 27):
        assert says(database, "node-2", at, since=6).changed == (), "the same fault is no news"
        assert says(database, "node-2", at + 0.5, since=6).changed == ()
        assert says(database, "node-1", at + 1, since=0).changed == ()
    node, camera = seen(database)
    assert (node, camera.state, camera.reason) == ("node-1", CameraState.DEGRADED, Reason.RUNS_TWICE)
    assert "node-1 and node-2" in camera.detail
    for at in range(30, 44, 2):
        says(database, "node-2", at, since=6)
    node, camera = seen(database)
    assert (node, camera.reason) == ("node-2", Reason.NONE)


def test_a_node_without_frames_runs_nothing(database: Database) -> None:
    says(database, "node-1", 40, since=0, last=20)
    says(database, "node-2", 41, since=0)
    assert seen(database)[1].reason is Reason.NONE
