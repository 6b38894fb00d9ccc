"""The road of a camera with detection regions: what is too small for the whole picture is judged, live and replayed."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts.event import Event, TimeQuality
from contracts.scene import SceneConfig
from edge.analyse import FolderSink
from edge.config import EvidenceConfig
from edge.evidence.desk import EvidenceDesk
from edge.evidence.signer import Signer
from edge.frame import Frame
from edge.picture import WholePicture
from edge.pipeline import CameraPipeline
from edge.replay import Replay
from edge.track.tracked import TrackedFrame
from edge.tracklog.recorder import CameraTrackLog
from tests.unit.edge.road_story import START, scene
from tests.unit.edge.short_sighted import ShortSighted, road

SIZE = (640, 480)
QUALITY = TimeQuality(source="file", uncertainty_ms=0)
REGION = {"id": "near-stop", "polygon": [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]}
LINES: list[dict[str, Any]] = [
    {"id": "stop", "start": [0.35, 0.5], "end": [0.65, 0.5]},
    {"id": "outside", "start": [0.02, 0.5], "end": [0.28, 0.5]},
]
Box = tuple[float, float, float, float]
Told = dict[str, Any]


def boxes(t: float) -> list[Box]:
    """A small car through the region and a large one outside it, both down the picture; and one through the seam."""
    down = 150 + 40 * t
    across = 100 + 90 * t
    return [(310, down, 334, down + 24), (60, down, 120, down + 48), (across, 330, across + 50, 380)]


class Camera:
    """A pipeline, what it published and what it logged."""

    def __init__(self, folder: Path, given: SceneConfig) -> None:
        self.path = folder / "events.jsonl"
        self.sink = FolderSink(self.path)
        self.log: list[TrackedFrame] = []
        self.detector = ShortSighted()
        self.pipeline = CameraPipeline(
            "c",
            scene=given,
            detector=self.detector,
            confidence=0.25,
            desk=EvidenceDesk(
                folder / "evidence", node="n", signer=Signer.from_folder(folder / "keys"), config=EvidenceConfig()
            ),
            sink=self.sink,
            track_log=CameraTrackLog(self._keep),
        )

    def _keep(self, frame: TrackedFrame | None) -> bool:
        if frame is not None:
            self.log.append(frame)
        return True

    def run(self, moments: Iterable[float]) -> list[Told]:
        """Events, without the numbers a sink gives them."""
        for number, t in enumerate(moments):
            at = START + timedelta(seconds=t)
            self.pipeline.step(Frame("c", number, WholePicture(road(SIZE, *boxes(t))), at, QUALITY))
        self.sink.close()
        return [told(Event.model_validate_json(line)) for line in self.path.read_text().splitlines()]


def told(event: Event) -> Told:
    return json.loads(event.model_dump_json(exclude={"sequence"}))  # type: ignore[no-any-return]


def crossings(events: list[Told]) -> list[str]:
    return sorted(event["data"]["where"] for event in events)


def counting(*regions: dict[str, Any]) -> SceneConfig:
    return scene(lines=LINES, rules={"line_count": {}}, detection_regions=list(regions))


SEVEN_A_SECOND = [number / 7 for number in range(35)]


def test_a_small_vehicle_is_counted_only_where_a_region_sees_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert crossings(Camera(tmp_path / "a", counting()).run(SEVEN_A_SECOND)) == ["outside"]
    assert crossings(Camera(tmp_path / "b", counting(REGION)).run(SEVEN_A_SECOND)) == ["outside", "stop"]


@pytest.mark.parametrize("fps", [None, 4, 5])
def test_a_slower_region_loses_nobody(tmp_path: Path, fps: float | None) -> None:
    """In pictures without a look at the region, who is seen only there is not in the detections; he is not lost."""
    camera = Camera(tmp_path, counting(REGION if fps is None else {**REGION, "fps": fps}))
    events = camera.run(number / 10 for number in range(50))
    assert crossings(events) == ["outside", "stop"]
    assert len({track.id for frame in camera.log for track in frame.tracks}) == 3
    looks = len(camera.detector.pictures) - 50
    assert looks == (50 if fps is None else pytest.approx(5 * fps, abs=1))


def test_the_replay_of_its_track_log_finds_the_same(tmp_path: Path) -> None:
    given = counting({**REGION, "fps": 5})
    camera = Camera(tmp_path, given)
    events = camera.run(SEVEN_A_SECOND)
    replayed = Replay(given, node="n", camera="c", model_sha256=camera.detector.model_sha256).feed(camera.log)
    assert [told(event) for event in replayed] == events
    assert len(events) == 2


def test_the_same_video_gives_the_same_events(tmp_path: Path) -> None:
    given = counting({**REGION, "fps": 6})
    for name in "ab":
        (tmp_path / name).mkdir()
    first, second = (Camera(tmp_path / name, given).run(SEVEN_A_SECOND) for name in "ab")
    assert first == second


def test_the_detector_is_told_to_be_free_after_the_last_look(tmp_path: Path) -> None:
    """Tracks, rules and a slow disk are the camera's own time: others may look meanwhile."""
    camera = Camera(tmp_path, counting(REGION))
    seen: list[int] = []
    camera.pipeline.when_detected(lambda: seen.append(len(camera.detector.pictures)))
    camera.pipeline.step(Frame("c", 0, WholePicture(np.zeros((480, 640, 3), np.uint8)), START, QUALITY))
    assert seen == [2]
