"""Detection regions of one camera: the whole picture and cuts from it, seen by one detector, as one set of boxes.

Every picture that is judged is looked at whole. A region is looked at besides, in all of them or at a slower rate of
its own; never the other way round (docs/decisions/0012).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.scene import DetectionRegion
from contracts.scene.regions import LEAST_SHOWN
from edge.detect.detector import Detector, Shown
from edge.detect.regions_merge import Look, merged
from edge.detections import Detections
from edge.picture import Picture

CUT_OFF = 0.02  # of the cut's width or height: a box that ends so near to its edge goes on beyond it
EARLY = 0.1  # of a period: the pictures of a camera come a little unevenly


class RegionView:
    """A region in pictures of one size.

    Attributes:
        magnification: how many times larger than in the whole picture things are seen.
        left, top, right, bottom: of the cut, pixels.
    """

    def __init__(self, region: DetectionRegion, width: int, height: int) -> None:
        self.magnification = region.magnification
        left, top, _, _ = region.cut
        wide, high = max(round(width / self.magnification), 1), max(round(height / self.magnification), 1)
        self.left, self.top = min(round(left * width), width - wide), min(round(top * height), height - high)
        self.right, self.bottom = self.left + wide, self.top + high
        self._size = width, height
        self._polygon = np.array([(x * width, y * height) for x, y in region.polygon], np.float32)
        classes = None if region.classes is None else [int(RoadUserClass.from_label(name)) for name in region.classes]
        self._classes = classes

    @property
    def key(self) -> tuple[float, ...]:
        """The same for equal views and for no others: the order in which looks are merged."""
        return (-self.magnification, self.left, self.top, *self._polygon.ravel().tolist(), *(self._classes or ()))

    def of(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The cut; shares memory with the picture."""
        return image[self.top : self.bottom, self.left : self.right]

    def see(self, found: Detections) -> Look:
        """What a detector found in the cut: boxes in pixels of the picture, of those that this view may speak of."""
        shift = np.array([self.left, self.top, self.left, self.top], np.float32)
        placed = Detections((found.xyxy + shift).astype(np.float32), found.confidence, found.class_id)
        return Look(placed.where(self.takes(placed)), self)

    def takes(self, boxes: Detections) -> NDArray[np.bool_]:
        """(N,) whose ground point is in the region and who is wholly in the cut, of the classes that are looked for.

        Who reaches over the cut's edge is left to the whole picture: half a vehicle stands where no vehicle stands.
        """
        taken = self._holds_whole(boxes.xyxy)
        if self._classes is not None:
            taken &= np.isin(boxes.class_id, self._classes)
        for row in np.flatnonzero(taken):
            x1, _, x2, y2 = (float(side) for side in boxes.xyxy[row])
            taken[row] = cv2.pointPolygonTest(self._polygon, ((x1 + x2) / 2, y2), measureDist=False) >= 0
        return taken

    def _holds_whole(self, xyxy: NDArray[np.float32]) -> NDArray[np.bool_]:
        """(N,) boxes that end before the cut does, or with the picture itself."""
        (width, height), far = self._size, np.inf
        across, down = CUT_OFF * (self.right - self.left), CUT_OFF * (self.bottom - self.top)
        low = (self.left + across if self.left else -far, self.top + down if self.top else -far)
        high = (
            self.right - across if self.right < width else far,
            self.bottom - down if self.bottom < height else far,
        )
        return np.asarray((xyxy[:, :2] >= low).all(axis=1) & (xyxy[:, 2:] <= high).all(axis=1))


class LookPlan:
    """Which regions are looked at in a picture: told by event time alone, so that a replayed video gives the same."""

    def __init__(self, rates: Sequence[float | None]) -> None:
        self._periods = [None if rate is None else timedelta(seconds=1 / rate) for rate in rates]
        self._due: list[datetime | None] = [None] * len(rates)
        self._at: datetime | None = None

    def due(self, at: datetime) -> list[int]:
        """Numbers of the regions whose turn it is in the picture taken at `at`."""
        if self._at is not None and at < self._at:
            self._due = [None] * len(self._due)
        self._at = at
        return [
            number for number, period in enumerate(self._periods) if period is None or self._take(number, period, at)
        ]

    def _take(self, number: int, period: timedelta, at: datetime) -> bool:
        due = self._due[number]
        if due is None or at - due >= period:
            self._due[number] = at + period
            return True
        if at < due - EARLY * period:
            return False
        self._due[number] = due + period
        return True


def worth_a_look(regions: Sequence[DetectionRegion]) -> list[DetectionRegion]:
    """Those that are seen larger than in the whole picture."""
    return [region for region in regions if region.magnification >= LEAST_SHOWN]


class RegionalDetector:
    """What one camera's pipeline asks: whole picture and regions. For one thread.

    Args:
        detector: looks at pictures of any size.
        regions: of the camera's scene. Those that are no larger than the whole picture are passed over.
    """

    def __init__(self, detector: Detector, regions: Sequence[DetectionRegion]) -> None:
        self._detector = detector
        self._regions = worth_a_look(regions)
        self._plan = LookPlan([region.fps for region in self._regions])
        self._views: list[RegionView] = []
        self._size = (0, 0)

    def detect(self, picture: Picture, at: datetime) -> Detections:
        """Road users in a picture taken at `at`, each once, boxes in its pixels, surest first."""
        whole = Shown.of(picture, self._detector).seen_by(self._detector)
        due = self._plan.due(at)
        if not due:
            return whole
        views, image = self._views_of(picture.size), picture.bgr()
        looks = [views[number].see(self._detector.detect(views[number].of(image))) for number in due]
        return merged(whole, looks)

    def _views_of(self, size: tuple[int, int]) -> list[RegionView]:
        if size != self._size:
            self._size = size
            self._views = [RegionView(region, *size) for region in self._regions]
        return self._views
