"""A detector that really looks, and does not see what is small: bright rectangles on a dark road, at 160 x 120."""

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from edge.detections import Detections

INPUT = (160, 120)
LEAST_PX = 8  # of the input, each way


class ShortSighted:
    """See Detector. `pictures` counts what it was shown, by size."""

    name = "short-sighted"
    model_sha256 = "a" * 64
    input_size = (4096, 4096)

    def __init__(self, cls: RoadUserClass = RoadUserClass.CAR) -> None:
        self.cls = cls
        self.pictures: list[tuple[int, int]] = []

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        height, width = image.shape[:2]
        self.pictures.append((width, height))
        small = cv2.resize(image[:, :, 1], INPUT, interpolation=cv2.INTER_AREA)
        _, _, stats, _ = cv2.connectedComponentsWithStats((small > 128).astype(np.uint8))
        found = np.array([row[:4] for row in stats[1:] if min(row[2], row[3]) >= LEAST_PX], np.float32).reshape(-1, 4)
        corners = np.concatenate([found[:, :2], found[:, :2] + found[:, 2:]], axis=1)
        scale = np.array([width / INPUT[0], height / INPUT[1]] * 2, np.float32)
        count = len(corners)
        return Detections(
            (corners * scale).astype(np.float32), np.full(count, 0.9, np.float32), np.full(count, int(self.cls))
        )


def road(size: tuple[int, int], *boxes: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    """Picture (height, width, 3) with a bright rectangle at each box x1, y1, x2, y2."""
    picture = np.full((size[1], size[0], 3), 40, np.uint8)
    for x1, y1, x2, y2 in boxes:
        cv2.rectangle(picture, (round(x1), round(y1)), (round(x2) - 1, round(y2) - 1), (230, 230, 230), cv2.FILLED)
    return picture
