"""Boxes beside COCO annotations: mean average precision by pycocotools, the reference implementation.

Judged is what the road gets of a detector: boxes of confidence 0.1 or more after suppression. Figures are therefore
lower than those makers publish, who count every box down to 0.001.
"""

import contextlib
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from contracts.classes import CLASS_LABELS, LOOK_ALIKE_GROUP
from models.errors import ExtraMissing, TruthError
from models.evaluation.groups import GROUPS
from models.gate import Boxes


@dataclass(frozen=True, slots=True)
class Annotation:
    """One true box: left, top, width, height in pixels, and its square pixels. A crowd is never missed, never false."""

    image: int
    cls: int
    box: tuple[float, float, float, float]
    area: float
    crowd: bool


@dataclass(frozen=True, slots=True)
class CocoTruth:
    """Images by number, and what is on them of our classes (numbers of RoadUserClass)."""

    images: Mapping[int, str]
    annotations: Sequence[Annotation]


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """Per cent. None where the truth has no such box.

    Attributes:
        ap: average precision over overlaps of 0.50 to 0.95; ap50, ap75: at one.
        small, medium, large: `ap` of boxes below 32x32, up to 96x96, and above.
        recall: greatest share found with 100 boxes an image, over the same overlaps.
        truth: boxes in the truth, crowds left out.
    """

    ap: float | None
    ap50: float | None
    ap75: float | None
    small: float | None
    medium: float | None
    large: float | None
    recall: float | None
    truth: int

    def as_dict(self) -> dict[str, float | None]:
        """For scripts: rounded, so that equal input gives equal text."""
        return {name: None if value is None else round(value, 3) for name, value in asdict(self).items()}


_SHARES = ("ap", "ap50", "ap75", "small", "medium", "large", "recall")


@dataclass(frozen=True, slots=True)
class CocoFigures:
    """Mean over the classes the truth has, each of them, and each group with its classes taken as one."""

    mean: BoxFigures
    classes: Mapping[str, BoxFigures]
    groups: Mapping[str, BoxFigures]


def read_truth(path: Path, class_of: Callable[[str], int | None]) -> CocoTruth:
    """Annotations of a COCO file.

    Args:
        path: of the JSON.
        class_of: number of our class for a category's name, None for one that is not ours.

    Raises:
        TruthError: no COCO file, an entry is wrong, or nothing in it is of our classes; says what is expected.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TruthError(f"{path}: cannot be read as JSON ({type(error).__name__})") from None
    try:
        categories = {int(entry["id"]): class_of(str(entry["name"]).lower()) for entry in document["categories"]}
        images = {int(entry["id"]): str(entry["file_name"]) for entry in document["images"]}
        entries = list(document["annotations"])
    except (KeyError, TypeError, ValueError) as error:
        raise TruthError(
            f"{path}: is not a COCO file ({type(error).__name__}: {error}); expected lists `images` (id, file_name), "
            "`categories` (id, name) and `annotations`"
        ) from None
    found = []
    for place, entry in enumerate(entries):
        try:
            one = _annotation(entry, images, categories)
        except (KeyError, TypeError, ValueError) as error:
            raise TruthError(f"{path}: annotations[{place}]: {type(error).__name__} {error}") from None
        if one is not None:
            found.append(one)
    if not any(not one.crowd for one in found):
        raise TruthError(f"{path}: has no box of our classes ({', '.join(CLASS_LABELS)}); categories go by their names")
    return CocoTruth(images, found)


def _annotation(
    entry: Mapping[str, Any], images: Mapping[int, str], categories: Mapping[int, int | None]
) -> Annotation | None:
    """None for a category that is not ours."""
    image, cls = int(entry["image_id"]), categories[int(entry["category_id"])]
    if image not in images:
        raise ValueError(f"image_id {image} is not among the images")
    left, top, width, height = (float(side) for side in entry["bbox"])
    if not all(math.isfinite(side) for side in (left, top, width, height)) or width <= 0 or height <= 0:
        raise ValueError("bbox must be left, top, width, height in pixels, the last two above 0")
    if cls is None:
        return None
    area = float(entry.get("area", width * height))
    return Annotation(image, cls, (left, top, width, height), area, bool(entry.get("iscrowd", 0)))


def score(truth: CocoTruth, found: Mapping[int, Boxes]) -> CocoFigures:
    """Figures of what a detector found.

    Args:
        truth: annotations.
        found: boxes of each image by its number; images that are left out count as empty.

    Raises:
        ExtraMissing: pycocotools is not installed.
    """
    classes = _evaluated(truth, found, {number: number for number in range(len(CLASS_LABELS))})
    groups = _evaluated(truth, found, dict(enumerate(LOOK_ALIKE_GROUP)))
    return CocoFigures(
        _mean(list(classes.values())),
        {CLASS_LABELS[number]: figures for number, figures in classes.items()},
        {GROUPS[number]: figures for number, figures in groups.items()},
    )


def _mean(each: Sequence[BoxFigures]) -> BoxFigures:
    def over(name: str) -> float | None:
        values = [value for figures in each if (value := getattr(figures, name)) is not None]
        return sum(values) / len(values) if values else None

    ap, ap50, ap75, small, medium, large, recall = (over(name) for name in _SHARES)
    return BoxFigures(ap, ap50, ap75, small, medium, large, recall, sum(figures.truth for figures in each))


def _evaluated(truth: CocoTruth, found: Mapping[int, Boxes], number_of: Mapping[int, int]) -> dict[int, BoxFigures]:
    """Figures of each number that classes are made into."""
    coco, evaluation = _library()
    numbers = sorted({number_of[one.cls] for one in truth.annotations if not one.crowd})
    with contextlib.redirect_stdout(io.StringIO()):
        true, mine = coco(), coco()
        true.dataset = _dataset(truth.images, numbers, [_entry(one, number_of) for one in truth.annotations])
        mine.dataset = _dataset(
            truth.images,
            numbers,
            [entry for image, boxes in found.items() for entry in _found_entries(image, boxes, number_of)],
        )
        true.createIndex()
        mine.createIndex()
        judged = evaluation(true, mine, "bbox")
        judged.params.imgIds = sorted(truth.images)
        judged.params.catIds = numbers
        judged.evaluate()
        judged.accumulate()
    counts = {n: sum(number_of[one.cls] == n and not one.crowd for one in truth.annotations) for n in numbers}
    return {number: _figures(judged.eval, place, counts[number]) for place, number in enumerate(numbers)}


def _figures(judged: Mapping[str, Any], place: int, count: int) -> BoxFigures:
    """Of one category. Precision is (overlaps, recalls, categories, sizes, most boxes), recall without the second."""
    precision, recall = judged["precision"][:, :, place, :, -1], judged["recall"][:, place, 0, -1]

    def mean(values: Any) -> float | None:
        known = values[values > -1]  # -1: the truth has none
        return float(100 * known.mean()) if known.size else None

    every, small, medium, large = (precision[..., size] for size in range(4))
    return BoxFigures(
        mean(every), mean(every[0]), mean(every[5]), mean(small), mean(medium), mean(large), mean(recall), count
    )


def _dataset(images: Mapping[int, str], numbers: Sequence[int], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    numbered = [entry | {"id": place} for place, entry in enumerate(entries, start=1)]
    return {
        "images": [{"id": image} for image in images],
        "categories": [{"id": number} for number in numbers],
        "annotations": numbered,
    }


def _entry(one: Annotation, number_of: Mapping[int, int]) -> dict[str, Any]:
    return {
        "image_id": one.image,
        "category_id": number_of[one.cls],
        "bbox": list(one.box),
        "area": one.area,
        "iscrowd": int(one.crowd),
    }


def _found_entries(image: int, boxes: Boxes, number_of: Mapping[int, int]) -> list[dict[str, Any]]:
    sides = np.asarray(boxes.xyxy, np.float64)
    return [
        {
            "image_id": image,
            "category_id": number_of[int(cls)],
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": (x2 - x1) * (y2 - y1),
            "iscrowd": 0,
            "score": float(confidence),
        }
        for (x1, y1, x2, y2), confidence, cls in zip(sides.tolist(), boxes.confidence, boxes.class_id, strict=True)
    ]


def _library() -> Any:
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError:
        raise ExtraMissing("pycocotools is not installed; install the extra: pip install 'giaolo[evaluate]'") from None
    return COCO, COCOeval
