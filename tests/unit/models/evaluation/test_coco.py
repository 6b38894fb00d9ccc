"""Average precision: hand-made cases, and files that are no truth."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.detections import Detections
from models.errors import TruthError
from models.evaluation.coco import CocoTruth, read_truth, score

pytest.importorskip("pycocotools", reason="the extra `evaluate` is not installed")

CAR, TRUCK, PERSON = int(RoadUserClass.CAR), int(RoadUserClass.TRUCK), int(RoadUserClass.PERSON)
CLASSES = {"car": CAR, "truck": TRUCK, "person": PERSON}


def document(**changes: Any) -> dict[str, Any]:
    """Two pictures: a car each, a person in the first, a tram nobody asks for."""
    return {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "b.jpg"}],
        "categories": [{"id": 3, "name": "Car"}, {"id": 1, "name": "person"}, {"id": 6, "name": "tram"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 10, 100, 100]},
            {"id": 2, "image_id": 9, "category_id": 3, "bbox": [10, 10, 100, 100]},
            {"id": 3, "image_id": 7, "category_id": 1, "bbox": [200, 10, 20, 20]},
            {"id": 4, "image_id": 7, "category_id": 6, "bbox": [300, 10, 20, 20]},
        ],
    } | changes


def truth(folder: Path, content: Any) -> CocoTruth:
    path = folder / "instances.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_truth(path, CLASSES.get)


def boxes(*rows: tuple[float, float, float, float, float, int]) -> Detections:
    """x1, y1, x2, y2, confidence, class."""
    table = np.array(rows, np.float64).reshape(-1, 6)
    return Detections(table[:, :4].astype(np.float32), table[:, 4].astype(np.float32), table[:, 5].astype(np.int64))


A_CAR, A_PERSON = (10.0, 10.0, 110.0, 110.0), (200.0, 10.0, 220.0, 30.0)


def test_all_found(tmp_path: Path) -> None:
    """Sizes the truth has none of have no figure; a tram is not missed."""
    found = {7: boxes((*A_CAR, 0.9, CAR), (*A_PERSON, 0.4, PERSON)), 9: boxes((*A_CAR, 0.5, CAR))}
    figures = score(truth(tmp_path, document()), found)
    assert figures.mean.ap == pytest.approx(100)
    assert list(figures.classes) == ["person", "car"]
    assert figures.classes["car"].large == pytest.approx(100)
    assert figures.classes["car"].small is None
    assert figures.classes["person"].small == pytest.approx(100)
    assert figures.mean.truth == 3


def test_one_of_two_found(tmp_path: Path) -> None:
    """Precision is 1 up to a recall of one half: 51 of the 101 places it is read at (COCO's definition)."""
    figures = score(truth(tmp_path, document()), {7: boxes((*A_CAR, 0.9, CAR))})
    assert figures.classes["car"].ap == pytest.approx(100 * 51 / 101)
    assert figures.classes["car"].recall == pytest.approx(50)
    assert figures.classes["person"].ap == 0


def test_a_false_box_surer_than_the_true_ones(tmp_path: Path) -> None:
    """Precision is 1/2 with the first true one, 2/3 with the second: 2/3 at every place: it is read from above."""
    found = {7: boxes((400, 400, 500, 500, 0.95, CAR), (*A_CAR, 0.9, CAR)), 9: boxes((*A_CAR, 0.5, CAR))}
    assert score(truth(tmp_path, document()), found).classes["car"].ap50 == pytest.approx(100 * 2 / 3)


def test_a_box_that_lies_badly(tmp_path: Path) -> None:
    """An overlap of 0.8 counts up to 0.8: 7 of the 10 thresholds."""
    shifted = (10.0, 10.0, 110.0, 90.0)
    found = {7: boxes((*shifted, 0.9, CAR)), 9: boxes((*shifted, 0.9, CAR))}
    car = score(truth(tmp_path, document()), found).classes["car"]
    assert car.ap50 == pytest.approx(100)
    assert car.ap75 == pytest.approx(100)
    assert car.ap == pytest.approx(70, abs=0.1)


def test_a_car_taken_for_a_truck(tmp_path: Path) -> None:
    """Wrong by class, right by group: detectors waver, and the rules forgive it."""
    found = {7: boxes((*A_CAR, 0.9, TRUCK)), 9: boxes((*A_CAR, 0.9, CAR))}
    figures = score(truth(tmp_path, document()), found)
    assert figures.classes["car"].ap == pytest.approx(100 * 51 / 101)
    assert figures.groups["vehicle"].ap == pytest.approx(100)


def test_a_crowd_is_neither_missed_nor_false(tmp_path: Path) -> None:
    """COCO's people too many to be told apart."""
    entries = document()["annotations"]
    entries.append({"id": 5, "image_id": 9, "category_id": 1, "bbox": [0, 0, 300, 300], "iscrowd": 1})
    found = {7: boxes((*A_PERSON, 0.4, PERSON)), 9: boxes((50, 50, 90, 90, 0.9, PERSON))}
    person = score(truth(tmp_path, document(annotations=entries)), found).classes["person"]
    assert person.ap == pytest.approx(100)
    assert person.truth == 1


def test_nothing_found(tmp_path: Path) -> None:
    """A detector that sees nothing has figures."""
    assert score(truth(tmp_path, document()), {}).mean.ap == 0


def changed(place: int, **how: Any) -> list[Mapping[str, Any]]:
    entries = document()["annotations"]
    entries[place] |= how
    return list(entries)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<html>", "cannot be read as JSON"),
        ("[]", "is not a COCO file"),
        ({"images": []}, "is not a COCO file .*categories"),
        (document(images=[{"id": "a", "file_name": "a.jpg"}]), "is not a COCO file"),
        (document(annotations=[]), "has no box of our classes"),
        (document(categories=[{"id": i, "name": "cat"} for i in (1, 3, 6)]), "has no box of our classes"),
        (document(annotations=changed(1, image_id=8)), r"annotations\[1\]: ValueError image_id 8 is not among"),
        (document(annotations=changed(1, category_id=8)), r"annotations\[1\]: KeyError 8"),
        (document(annotations=changed(2, bbox=[1, 2, 3])), r"annotations\[2\]: ValueError"),
        (document(annotations=changed(2, bbox=[1, 2, 0, 3])), r"annotations\[2\]: .*the last two above 0"),
        (document(annotations=changed(2, bbox=[1, 2, "x", 3])), r"annotations\[2\]"),
        (document(annotations=[7]), r"annotations\[0\]: TypeError"),
    ],
)
def test_nonsense_is_named(tmp_path: Path, content: Any, words: str) -> None:
    """By its place in the file."""
    with pytest.raises(TruthError, match=words):
        truth(tmp_path, content)
