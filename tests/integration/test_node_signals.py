"""A node that listens to a controller: states reach the road of its camera, and a feed that is wrong is told."""

# ruff: noqa: ARG002 - a centre that cannot be reached has no use for what it is given

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.wire import PublishError, Record
from edge.config import load_node_config
from edge.errors import ModelError
from edge.node import Node
from edge.tracklog.log import TrackLog

SCENE = """
version: 1
scene_version: 1
stop_lines: [{id: stop, start: [0.34, 0.568], end: [0.97, 0.568], signals: [A]}]
signal_heads: [{id: A, feed: north}]
rules: {red_light: }
"""
NODE = """
node: cabinet
data: data
cameras: [{id: gate, url: CLIP, scene: scene.yaml, signal_feed: signals.jsonl}]
detect: {max_fps: 4}
"""


class Unreachable:
    """A centre that cannot be reached: all stays in the outbox."""

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:
        raise PublishError("no centre in this test")

    def close(self) -> None:
        """Nothing to free."""

    def received(self, sha256: str) -> int | None:
        raise PublishError("no centre in this test")

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        raise PublishError("no centre in this test")

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Nobody looks."""

    def is_watched(self, camera: str) -> bool:
        return False


def wait_for(condition: Callable[[], bool], until_s: float = 30) -> None:
    """Returns when it holds; fails after a while."""
    end = time.monotonic() + until_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_controllers_file_reaches_the_road_of_a_live_camera(clips: Path, tmp_path: Path) -> None:
    """The file is missing at first, and said to be; what is written into it later stands in the track log."""
    (tmp_path / "scene.yaml").write_text(SCENE)
    (tmp_path / "node.yaml").write_text(NODE.replace("CLIP", str(clips / "street_quiet.mp4")))
    nowhere = Unreachable()
    try:
        node = Node(load_node_config(tmp_path / "node.yaml"), publisher=nowhere, evidence=nowhere, preview=nowhere)
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")
    node.start()
    try:
        wait_for(lambda: any("signals.jsonl cannot be read" in fault for fault in node.health().faults))
        told_at = datetime.now(UTC) - timedelta(seconds=1)
        (tmp_path / "signals.jsonl").write_text(
            f'{{"head": "north", "at": "{told_at.isoformat()}", "state": "red"}}\nnonsense\n'
        )
        wait_for(lambda: any("gate: 1 messages" in fault for fault in node.health().faults))
        seen = node.health().cameras[0].frames
        wait_for(lambda: node.health().cameras[0].frames > seen + 48)
    finally:
        node.stop()
    log = TrackLog.read(tmp_path / "data" / "tracks" / "gate")
    changes = [change for frame, _ in log.frames() for change in frame.signals]
    assert [(change.head, change.state, change.source, change.at) for change in changes] == [
        ("A", "red", "feed", told_at)
    ]
