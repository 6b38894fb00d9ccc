"""Cameras of a node begin and end singly: who stays as he was goes on untouched, and one fault stays one camera's."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import SecretStr

from contracts.health import CameraState, Reason
from edge.analyse import FolderSink
from edge.cameras import Cameras, CameraSetup, Road
from edge.config import CameraConfig, DetectConfig, EvidenceConfig, SignalFeedConfig, TrackLogConfig
from edge.detections import Detections
from edge.engine.engine import Engine
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.stream.camera import CameraStream
from edge.tracklog.log import TrackLog
from edge.tracklog.recorder import TrackRecorder


class EmptyRoad:
    """A detector that finds nobody, and does not come back while it is held up."""

    name = "empty-road"
    model_sha256 = "a" * 64
    input_size = (4096, 4096)

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.goes_on.set()

    def detect(self, image: NDArray[np.uint8]) -> Detections:  # noqa: ARG002
        self.goes_on.wait()
        return Detections.empty()


class Nobody:
    """No live viewers."""

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Thrown away."""

    def is_watched(self, camera: str) -> bool:  # noqa: ARG002
        return False


@pytest.fixture(name="clip", scope="module")
def _clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "grey.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(20):
        writer.write(np.full((48, 64, 3), 40 + 5 * number, np.uint8))
    writer.release()
    return path


@pytest.fixture(name="detector")
def _detector() -> EmptyRoad:
    return EmptyRoad()


@pytest.fixture(name="cameras")
def _cameras(tmp_path: Path, detector: EmptyRoad) -> Iterator[Cameras]:
    signer = Signer.from_folder(tmp_path / "keys")
    recorder = TrackRecorder(tmp_path / "tracks", TrackLogConfig(part_s=600), node="n", run="run-1")
    road = Road(
        node="n",
        engine=Engine.of(detector, DetectConfig()),
        confidence=0.25,
        desk=EvidenceDesk(tmp_path / "evidence", node="n", signer=signer, config=EvidenceConfig()),
        sink=FolderSink(tmp_path / "out"),
        preview=Nobody(),
        recorder=recorder,
    )
    recorder.start()
    cameras = Cameras(road, lambda: None)
    yield cameras
    cameras.end_all()
    recorder.stop()


def setup(camera: str, clip: Path, **changes: object) -> CameraSetup:
    return CameraSetup.from_files(CameraConfig.model_validate({"id": camera, "url": SecretStr(str(clip))} | changes))


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


class Unconvertible(CameraStream):
    """A camera whose first pictures nobody can convert."""

    failures = 3

    def latest(self, timeout_s: float) -> Frame | None:
        frame = super().latest(timeout_s)
        if self.failures:
            self.failures -= 1
            raise ValueError("pixel format that nobody knows")
        return frame


def frames(cameras: Cameras) -> dict[str, int]:
    return {health.camera: health.frames for health in cameras.health()}


def test_cameras_begin_change_and_end_while_others_run(cameras: Cameras, clip: Path, tmp_path: Path) -> None:
    """Only the changed one is another one; what the ended one saw stands in its track log at once."""
    cameras.set([setup("stays", clip), setup("changes", clip), setup("goes", clip)])
    wait_for(lambda: all(number > 5 for number in frames(cameras).values()) and len(frames(cameras)) == 3)
    before = {camera.id: camera for camera in cameras.now()}

    cameras.set([setup("stays", clip), setup("changes", clip, name="Cổng"), setup("comes", clip)])
    after = {camera.id: camera for camera in cameras.now()}
    assert after.keys() == {"stays", "changes", "comes"}
    assert after["stays"] is before["stays"]
    assert after["changes"] is not before["changes"]
    wait_for(lambda: (tmp_path / "tracks" / "goes").exists() and any((tmp_path / "tracks" / "goes").glob("*.parquet")))
    assert list(TrackLog.read(tmp_path / "tracks" / "goes").frames())
    wait_for(lambda: all(health.state is CameraState.ONLINE for health in cameras.health()))
    cameras.close_due()

    cameras.set([])
    assert cameras.now() == []
    assert cameras.health() == ()


def test_a_camera_that_cannot_be_begun_takes_no_other_with_it(cameras: Cameras, clip: Path, tmp_path: Path) -> None:
    """It is told until it is mended or taken away; it is not tried again with the same words."""
    feed = SignalFeedConfig(url=SecretStr("mqtts://h/t"), ca=tmp_path / "none.pem")
    broken = setup("broken", clip, signal_feed=feed)
    cameras.set([broken, setup("well", clip)])
    assert [camera.id for camera in cameras.now()] == ["well"]
    assert any(fault.startswith("broken: cannot be run: ") for fault in cameras.faults())
    cameras.set([setup("broken", clip), setup("well", clip)])
    assert {camera.id for camera in cameras.now()} == {"broken", "well"}
    assert cameras.faults() == []


def test_health_says_what_is_wanted_and_how_old_frames_are(cameras: Cameras, clip: Path) -> None:
    cameras.set([setup("gate", clip)])
    wait_for(lambda: any(health.analysed_fps > 3 for health in cameras.health()))
    (health,) = cameras.health()
    assert 0 < health.wanted_fps <= 5
    assert health.frame_age_p95_s is not None
    assert 0 <= health.frame_age_p95_s < 2


def test_a_picture_that_cannot_be_converted_ends_nothing(
    cameras: Cameras, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, its turn is given back, and the next picture is tried."""
    monkeypatch.setattr("edge.cameras.CameraStream", Unconvertible)
    cameras.set([setup("gate", clip)])
    wait_for(lambda: any("ValueError" in health.detail for health in cameras.health()))
    wait_for(lambda: any(health.analysed_fps > 1 for health in cameras.health()))
    assert [health.detail for health in cameras.health()] == [""]


def test_a_detector_that_hangs_is_told_by_camera_and_node(
    cameras: Cameras, clip: Path, detector: EmptyRoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graphics card that does not answer: frames come, nothing is judged, and somebody must be told."""
    monkeypatch.setattr("edge.engine.seat.HANGS_S", 0.5)
    cameras.set([setup("gate", clip)])
    wait_for(lambda: any(health.analysed_fps > 1 for health in cameras.health()))
    detector.goes_on.clear()
    wait_for(lambda: any("in the detector" in health.detail for health in cameras.health()))
    (health,) = cameras.health()
    assert (health.state, health.reason) == (CameraState.DEGRADED, Reason.INTERNAL)
    assert any(fault.startswith("gate: analysis has been at one picture") for fault in cameras.faults())
    detector.goes_on.set()
    wait_for(lambda: all(health.state is CameraState.ONLINE for health in cameras.health()))
