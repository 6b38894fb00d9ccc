"""How large must somebody be for the detector to find him? `python -m tests.accuracy.sizes`

Pictures of the shared clips, and of motorcycles at a gate and on roads, are shrunk step by step before grey, so that
the network's input stays what it is, and what it finds is set beside what it is sure of in an input twice as wide and
high. The size is √(width · height) in the input. Two minutes of one core. `edge/scene/sight.py` takes its bounds from
this table.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.classes import TWO_WHEELERS, RoadUserClass
from edge.config import DetectConfig
from edge.detect.classes import GROUP
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.detections import Detections
from edge.stream.file import FileReader

EVERY = {  # of so many pictures one
    "pedestrians.avi": 60,
    "dense_junction.mp4": 45,
    "two_way.mp4": 45,
    "street.mp4": 60,
    "crowd_street.mp4": 25,
    "a13_day.mp4": 25,
}
STILLS = {"gate_camera/images": 8, "web/valid/images": 4}
SHRUNK = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15)
SURE, FOUND, SAME_IOU = 0.5, 0.25, 0.4
EDGES = (8, 12, 16, 24, 32, 40, 48, 64, 10_000)
GREY = 114


def pictures(samples: Path) -> Iterator[tuple[NDArray[np.uint8], str]]:
    """Those that are looked at, and what people mostly are in them."""
    for name, every in STILLS.items():
        for path in sorted((samples / "helmets" / name).glob("*.jpg"))[::every]:
            yield np.asarray(cv2.imread(str(path)), np.uint8), "riders"
    for name, every in EVERY.items():
        reader = FileReader(samples / "clips" / name)
        try:
            yield from ((frame.image, "people on foot") for frame in reader if frame.index % every == 0)
        finally:
            reader.close()


def shrunk(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The picture made smaller in the upper left of a grey one of its size."""
    canvas = np.full_like(picture, GREY)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    canvas[: small.shape[0], : small.shape[1]] = small
    return canvas


def found_of(sure: Detections, found: Detections) -> list[bool]:
    """Of each sure one, whether it is among the found."""
    return [
        any(
            GROUP[cls] == GROUP[other] and _iou(box, there) >= SAME_IOU
            for there, other in zip(found.xyxy, found.class_id, strict=True)
        )
        for box, cls in zip(sure.xyxy, sure.class_id, strict=True)
    ]


def measure(samples: Path, detector: Detector, twice: Detector, width: int, height: int) -> dict[str, list[list[bool]]]:
    """Of people, two-wheelers and others, in each range of sizes, who was found."""
    table: dict[str, list[list[bool]]] = defaultdict(lambda: [[] for _ in pairwise(EDGES)])
    for picture, people in pictures(samples):
        sure = twice.detect(picture)
        sure = sure.where(sure.confidence >= SURE)
        fit = min(width / picture.shape[1], height / picture.shape[0])
        sides = np.sqrt(np.prod(sure.xyxy[:, 2:] - sure.xyxy[:, :2], axis=1)) * fit
        for share in SHRUNK:
            found = detector.detect(shrunk(picture, share))
            found = found.where(found.confidence >= FOUND)
            placed = Detections((found.xyxy / share).astype(np.float32), found.confidence, found.class_id)
            for is_found, side, cls in zip(found_of(sure, placed), sides * share, sure.class_id, strict=True):
                what = _kind(RoadUserClass(int(cls)), people)
                for place, (low, high) in enumerate(pairwise(EDGES)):
                    if low <= side < high:
                        table[what][place].append(is_found)
    return table


def _kind(cls: RoadUserClass, people: str) -> str:
    if cls in TWO_WHEELERS:
        return "two-wheelers"
    return {RoadUserClass.PERSON: people, RoadUserClass.OBJECT: "objects"}.get(cls, "cars, buses, lorries")


def _iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    sides = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    common = float(sides[0] * sides[1])
    both = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]))
    return common / max(both - common, 1e-9)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    samples = parser.parse_args().shared / "samples"
    usual = DetectConfig()
    twice = usual.model_copy(update={"height": 2 * usual.height, "width": 2 * usual.width})
    table = measure(samples, load_detector(usual), load_detector(twice), usual.width, usual.height)
    for what, ranges in table.items():
        for (low, high), seen in zip(pairwise(EDGES), ranges, strict=True):
            share = f"{sum(seen) / len(seen):.2f}" if seen else "-"
            print(f"{what:20} {low:3} to {high:5} px: {share:>5} of {len(seen)}")


if __name__ == "__main__":
    main()
