"""A camera's thread before the engine, on a real stream: who has the detector, and for how long."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydantic import SecretStr

from contracts.scene import DetectionRegion
from edge.analyse import FolderSink
from edge.config import CameraConfig, EvidenceConfig
from edge.engine.engine import Engine
from edge.engine.rate import RateLimits
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.pipeline import CameraPipeline
from edge.scene.load import default_scene
from edge.stream.camera import CameraStream
from edge.track.tracked import TrackedFrame
from edge.tracklog.recorder import CameraTrackLog
from edge.worker import CameraWorker
from tests.unit.edge.short_sighted import ShortSighted

pytestmark = pytest.mark.timeout(60)

REGION = DetectionRegion(id="gate", polygon=((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)), scale=2)


class Nobody:
    """No live viewers."""

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """Thrown away."""

    def is_watched(self, camera: str) -> bool:  # noqa: ARG002
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_slow_disk_does_not_hold_the_detector(tmp_path: Path) -> None:
    """The camera hangs in its track log; its turn was over with the last look at its regions, so another has one."""
    clip = tmp_path / "grey.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(20):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    detector, reached, goes_on = ShortSighted(), threading.Event(), threading.Event()

    def put(frame: TrackedFrame | None) -> bool:
        reached.set()
        return goes_on.wait(30)

    scene = default_scene().model_copy(update={"detection_regions": (REGION,)})
    engine = Engine(detector, places=1, limits=RateLimits(2, 5, 10))
    camera = CameraConfig(id="gate", url=SecretStr(str(clip)))
    seat = engine.seat(camera.id, scene)
    pipeline = CameraPipeline(
        camera.id,
        scene=scene,
        detector=seat,
        confidence=0.25,
        desk=EvidenceDesk(
            tmp_path / "evidence", node="n", signer=Signer.from_folder(tmp_path), config=EvidenceConfig()
        ),
        sink=FolderSink(tmp_path / "events.jsonl"),
        track_log=CameraTrackLog(put),
    )
    worker = CameraWorker(camera, CameraStream(camera), pipeline, Nobody(), seat=seat)
    worker.start()
    try:
        assert reached.wait(30)
        assert detector.pictures == [(64, 48), (32, 24)]
        other = engine.seat("other", scene)
        answers: list[bool] = []
        assert other.ask() == 0
        threading.Thread(target=lambda: answers.append(other.wait()), daemon=True).start()
        wait_for(lambda: answers == [True], 5)
        goes_on.set()
        other.close()
        wait_for(lambda: seat.account().reached > 0)
        assert seat.account().looks == 2
    finally:
        goes_on.set()
        worker.signal_stop()
        worker.join()
