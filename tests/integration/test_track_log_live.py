"""What a live node found is found again in a replay of its own track log, also after its process was killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.event import Event
from edge.replay import replay
from edge.scene.load import load_scene
from edge.tracklog.log import TrackLog
from tests.conftest import ROOT

pytestmark = pytest.mark.alone

SCENE = ROOT / "deploy" / "samples" / "street.yaml"
PART_S = 2


@pytest.fixture(name="node")
def _node(clips: Path, tmp_path: Path) -> Path:
    """A node file: a street as a live camera, a centre that is away."""
    config = {
        "version": 1,
        "node": "cabinet-1",
        "data": str(tmp_path / "data"),
        "cameras": [{"id": "street", "url": str(clips / "street.mp4"), "scene": str(SCENE)}],
        "kafka": {"bootstrap": "127.0.0.1:1"},
        "centre": {"url": "http://127.0.0.1:1", "token": "t"},
        "track_log": {"part_s": PART_S},
    }
    path = tmp_path / "node.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def run_for(node: Path, seconds: float, end: int) -> None:
    """Runs the node until so long after its first analysed frame, then sends the signal."""
    folder = node.parent / "data" / "tracks" / "street"
    before = len(list(folder.glob("*"))) if folder.exists() else 0
    with (node.parent / "node.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "giaolo", "edge", "run", "--config", str(node)], stderr=log, stdout=log
        )
    try:
        deadline = time.monotonic() + 60
        while not folder.exists() or len(list(folder.glob("*"))) <= before:
            assert process.poll() is None, (node.parent / "node.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "no track log"
            time.sleep(0.1)
        time.sleep(seconds)
        os.kill(process.pid, end)
        process.wait(20)
    finally:
        process.kill()


def published(node: Path) -> list[Event]:
    """What the node has put into its outbox, in order."""
    with sqlite3.connect(node.parent / "data" / "outbox.db") as database:
        rows = database.execute("SELECT document FROM records ORDER BY sequence").fetchall()
    documents = [json.loads(row[0]) for row in rows]
    return [Event.model_validate(document) for document in documents if "evidence" not in document["type"]]


def said(event: Event) -> Any:
    """An event without what only the live road has: its number in the outbox, and the still beside it."""
    data = event.data.model_copy(update={"still_sha256": None})
    return event.model_copy(update={"sequence": 0, "data": data}).to_json()


def test_live_and_replayed_findings_are_the_same(node: Path) -> None:
    """A run that is killed, then one that is stopped: together one log of two runs."""
    run_for(node, 10, signal.SIGKILL)
    killed = published(node)
    run_for(node, 10, signal.SIGTERM)
    live = published(node)
    log = TrackLog.read(node.parent / "data" / "tracks" / "street")
    frames = [frame for frame, _ in log.frames()]
    again = list(replay(log, load_scene(SCENE), node="cabinet-1"))

    assert [frame.begins_run for frame in frames].count(True) == 1
    second = next(number for number, frame in enumerate(frames) if frame.begins_run)
    written_until = frames[second - 1].at
    kept = [event for event in killed if event.data.judged_at <= written_until]
    assert all((event.data.judged_at - written_until).total_seconds() < PART_S + 3 for event in killed)
    assert len(kept) >= 2
    assert len(live) > len(killed) + 2
    assert [said(event) for event in again] == [said(event) for event in [*kept, *live[len(killed) :]]]
    assert log.model_sha256 == live[0].data.model_sha256


def test_the_log_of_a_node_is_as_others_expect_parquet(node: Path) -> None:
    """DuckDB, pandas, polars read it without us."""
    import pyarrow.parquet as pq

    run_for(node, 3, signal.SIGTERM)
    (path, *_) = sorted((node.parent / "data" / "tracks" / "street").glob("*.parquet"))
    table = pq.read_table(path)
    assert {"frame", "at", "id", "class", "x1", "y1", "x2", "y2"} <= set(table.column_names)
    assert "car" in table.column("class").to_pylist()
