"""Line counts on clips whose truth was read by eye, stated beside it whatever they are.

The table goes to build/counts.json and to the screen (`pytest -s`). The test itself only fails when a count is so far
off that something must be broken: it measures, it does not promise.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.analyse import thinned
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.errors import ModelError
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.stream.file import FileReader
from edge.track.road_users import RoadUserTracker

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "build" / "counts.json"


@dataclass(frozen=True, slots=True)
class Truth:
    """Crossings read from slit-scan pictures, to within one at the ends of a clip; `line/label` to number."""

    clip: str
    crossings: dict[str, int]
    max_fps: float


TRUTHS = (
    Truth("street.mp4", {"street/towards": 8, "street/away": 0}, 12),
    Truth("street_quiet.mp4", {"street/towards": 3, "street/away": 0}, 12),
    Truth("two_way.mp4", {"road/right": 17, "road/left": 10}, 12),
    Truth("a13_day.mp4", {"left/away": 10, "left/towards": 0, "right/towards": 9, "right/away": 0}, 12.5),
    Truth("dense_junction.mp4", {"queue/towards": 24, "queue/away": 0}, 15),
    Truth("highway.avi", {"highway/towards": 27, "highway/away": 0}, 30),
)


@pytest.fixture(scope="module", name="detector")
def _detector() -> Detector:
    try:
        return load_detector(DetectConfig(threads=2))
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")


@pytest.fixture(scope="module", name="table")
def _table() -> Iterator[list[dict[str, object]]]:
    """Rows of this run; written at the end, also when a clip failed."""
    rows: list[dict[str, object]] = []
    yield rows
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    for row in rows:
        print(f"\n{row['clip']:20} {row['crossing']:18} truth {row['truth']:3}  counted {row['counted']:3}", end="")


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: Path(truth.clip).stem)
def test_counts_beside_the_truth(truth: Truth, clips: Path, detector: Detector, table: list[dict[str, object]]) -> None:
    """The figure an operator reads, against what passed in the picture."""
    path = clips / truth.clip
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    counted = count(path, detector, truth.max_fps)
    table.extend(
        {
            "clip": truth.clip,
            "crossing": crossing,
            "truth": number,
            "counted": counted[crossing],
            "max_fps": truth.max_fps,
            "detector": detector.name,
        }
        for crossing, number in truth.crossings.items()
    )
    for crossing, number in truth.crossings.items():
        assert abs(counted[crossing] - number) <= 2 + 0.4 * number, (crossing, number, counted)
    assert counted["wrong_way"] == 0


def count(path: Path, detector: Detector, max_fps: float) -> Counter[str]:
    """Crossings by `line/label`, and findings of the other rules by rule."""
    scene = load_scene(ROOT / "deploy" / "samples" / f"{path.stem}.yaml")
    tracker, road = RoadUserTracker(), TrackRoad(scene, node="accuracy", camera=path.stem)
    counted: Counter[str] = Counter()
    reader = FileReader(path)
    try:
        for frame in thinned(reader, max_fps):
            tracks = tracker.update(detector.detect(frame.image), frame.captured_at, discontinuity=frame.discontinuity)
            size = frame.width, frame.height
            for finding in road.update(tracks, frame.captured_at, size, discontinuity=frame.discontinuity):
                label = finding.facts.get("label")
                counted[f"{finding.where}/{label}" if label else finding.rule] += 1
    finally:
        reader.close()
    return counted
