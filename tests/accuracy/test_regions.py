"""Detection regions on small vehicles: crossings counted beside the truth, and what each way to see them costs.

Written to build/regions.json and the screen. `GIAOLO_ACCURACY=1 pytest -s tests/accuracy/test_regions.py` takes the
whole mosaic (some minutes on two cores); without it a few seconds show that it works.
"""

import os
import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.scene import SceneConfig
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.detect.regions import RegionalDetector
from edge.errors import ModelError
from edge.picture import WholePicture
from edge.rules.road import TrackRoad
from edge.track.road_users import RoadUserTracker
from tests.accuracy.mosaic import HEIGHT, TILES, WIDTH, Regions, pictures, scene
from tests.accuracy.tables import Row, rows_into

WHOLE = bool(os.environ.get("GIAOLO_ACCURACY"))
SECONDS = 38.0 if WHOLE else 4.0
TABLE = Path(__file__).resolve().parents[2] / "build" / "regions.json"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to look. `height`, `width`: of the network's input."""

    name: str
    height: int
    width: int
    regions: Regions


WAYS = (
    Way("whole picture", 384, 640, "none"),
    Way("and one region, twice as large", 384, 640, "one"),
    Way("and that region at 4 of 6 pictures", 384, 640, "slow"),
    Way("and four regions, four times as large", 384, 640, "four"),
    Way("whole picture, input twice as large", 768, 1280, "none"),
)


@pytest.fixture(scope="module", name="table")
def _table() -> Iterator[list[Row]]:
    yield from rows_into(TABLE)


@pytest.mark.timeout(1800)
def test_small_vehicles_beside_the_truth(clips: Path, table: list[dict[str, object]]) -> None:
    """With regions no more than half of what the whole picture alone gets wrong is wrong."""
    if not all((clips / tile.clip).is_file() for tile in TILES):
        pytest.skip(f"the clips are not in {clips}")
    truth = {(tile.name, label): number for tile in TILES for label, number in tile.truth.items()}
    errors: dict[str, int] = {}
    for way in WAYS if WHOLE else WAYS[:2]:
        counted, cpu_ms = _count(clips, _detector(way), scene(way.regions))
        errors[way.name] = sum(abs(counted[key] - number) for key, number in truth.items())
        row: dict[str, object] = {f"{name}/{label}": counted[name, label] for name, label in truth}
        found = sum(min(counted[key], number) for key, number in truth.items())
        table.append({"way": way.name, "found": found, "of": sum(truth.values()), "cpu_ms_a_picture": cpu_ms, **row})
    table.append({"way": "truth", **{f"{name}/{label}": number for (name, label), number in truth.items()}})
    assert len(table) == (6 if WHOLE else 3)
    if WHOLE:
        assert max(errors[way.name] for way in WAYS if way.regions != "none") < 0.5 * errors["whole picture"]


def _detector(way: Way) -> Detector:
    try:
        return load_detector(DetectConfig(height=way.height, width=way.width))
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")


def _count(clips: Path, detector: Detector, judged: SceneConfig) -> tuple[Counter[tuple[str, str]], float]:
    """Crossings by line and label, and CPU time of detection, ms a picture."""
    looks = RegionalDetector(detector, judged.detection_regions)
    tracker, road = RoadUserTracker(), TrackRoad(judged, node="accuracy", camera="mosaic")
    counted: Counter[tuple[str, str]] = Counter()
    spent_s, count = 0.0, 0
    for at, picture in pictures(clips, SECONDS):
        begun = _cpu_s()
        found = looks.detect(WholePicture(picture), at)
        spent_s, count = spent_s + _cpu_s() - begun, count + 1
        for finding in road.update(tracker.update(found, at), at, (WIDTH, HEIGHT)):
            counted[finding.where, finding.facts["label"]] += 1
    return counted, round(1000 * spent_s / count, 1)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
