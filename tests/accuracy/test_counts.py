"""Line counts on clips whose truth was read by eye, stated beside it whatever they are.

The table goes to build/counts.json and to the screen. `GIAOLO_ACCURACY=1 pytest -s tests/accuracy` takes every clip,
otherwise one short clip shows that the road still works. The test itself only fails when a count is so far
off that something must be broken: it measures, it does not promise.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from contracts.scene import SceneConfig
from edge.analyse import thinned
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.detections import Detections
from edge.errors import ModelError
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.stream.file import FileReader
from edge.track.road_users import RoadUserTracker
from tests.accuracy.tables import Row, rows_into

ROOT = Path(__file__).resolve().parents[2]
EVERY_CLIP = bool(os.environ.get("GIAOLO_ACCURACY"))  # three minutes on two cores; else one short clip
TABLE = ROOT / "build" / "counts.json"


@dataclass(frozen=True, slots=True)
class Truth:
    """Crossings read from slit-scan pictures, to within one at the ends of a clip; `line/label` to number."""

    clip: str
    crossings: dict[str, int]
    max_fps: float


A_SHORT_ONE = Truth("a13_day.mp4", {"left/away": 10, "left/towards": 0, "right/towards": 9, "right/away": 0}, 12.5)
TRUTHS = (
    Truth("street.mp4", {"street/towards": 8, "street/away": 0}, 12),
    Truth("street_quiet.mp4", {"street/towards": 3, "street/away": 0}, 12),
    Truth("two_way.mp4", {"road/right": 17, "road/left": 10}, 12),
    A_SHORT_ONE,
    Truth("dense_junction.mp4", {"queue/towards": 24, "queue/away": 0}, 15),
    Truth("highway.avi", {"highway/towards": 27, "highway/away": 0}, 30),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the detector saw in one frame of a clip."""

    at: datetime
    size: tuple[int, int]
    detections: Detections


@pytest.fixture(scope="module", name="detector")
def _detector() -> Detector:
    try:
        return load_detector(DetectConfig(threads=2))
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")


@pytest.fixture(scope="module", name="table")
def _table() -> Iterator[list[Row]]:
    yield from rows_into(
        TABLE,
        lambda row: f"{row['clip']:20} {row['what']:20} truth {row['truth']:3}  counted {row['counted']:3}",
    )


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("truth", TRUTHS if EVERY_CLIP else [A_SHORT_ONE], ids=lambda truth: Path(truth.clip).stem)
def test_counts_beside_the_truth(truth: Truth, clips: Path, detector: Detector, table: list[dict[str, object]]) -> None:
    """The figures an operator reads, against what passed in the picture; and the same clip played backwards.

    Backwards, vehicles that are already beyond the line at the start are wrong-way drivers too: a few more are right.
    """
    path = clips / truth.clip
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    scene = load_scene(ROOT / "deploy" / "samples" / f"{path.stem}.yaml")
    seen = see(path, detector, truth.max_fps)
    counted = judge(seen, scene)
    expected = dict(truth.crossings)
    if scene.rules.wrong_way is not None:
        expected |= {"wrong_way": 0, "wrong_way backwards": sum(truth.crossings.values())}
        counted["wrong_way backwards"] = judge(backwards(seen), scene)["wrong_way"]
    for what, number in expected.items():
        table.append(
            {
                "clip": truth.clip,
                "what": what,
                "truth": number,
                "counted": counted[what],
                "max_fps": truth.max_fps,
                "detector": detector.name,
            }
        )
    for what, number in expected.items():
        assert abs(counted[what] - number) <= (0 if what == "wrong_way" else 2 + 0.4 * number), (what, number, counted)


def see(path: Path, detector: Detector, max_fps: float) -> list[Seen]:
    """Detections of a clip, at most `max_fps` frames a second."""
    reader = FileReader(path)
    try:
        return [
            Seen(frame.captured_at, (frame.width, frame.height), detector.detect(frame.image))
            for frame in thinned(reader, max_fps)
        ]
    finally:
        reader.close()


def backwards(seen: list[Seen]) -> list[Seen]:
    """The clip played backwards: everybody drives the wrong way, on real pictures."""
    first, last = seen[0].at, seen[-1].at
    return [Seen(first + (last - one.at), one.size, one.detections) for one in reversed(seen)]


def judge(seen: list[Seen], scene: SceneConfig) -> Counter[str]:
    """Crossings by `line/label`, and findings of the other rules by rule."""
    tracker, road = RoadUserTracker(), TrackRoad(scene, node="accuracy", camera="clip")
    counted: Counter[str] = Counter()
    for one in seen:
        for finding in road.update(tracker.update(one.detections, one.at), one.at, one.size):
            label = finding.facts.get("label")
            counted[f"{finding.where}/{label}" if label else finding.rule] += 1
    return counted
