"""The detector: a picture goes in, road users come out."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edge.detect.heads import Head
from edge.detect.letterbox import Placement, letterbox, place
from edge.detect.nms import suppress
from edge.detect.session import PICTURES, Session
from edge.detect.yolov8 import planes
from edge.detections import Detections
from edge.picture import Picture
from models.card import Head as Kind


class Detector(Protocol):
    """What a pipeline needs of a detector. `detect` may be called from several threads at once."""

    @property
    def name(self) -> str:
        """For people: the registry's name or the file's."""
        ...

    @property
    def model_sha256(self) -> str:
        """Of the model file as published; goes into every event."""
        ...

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of what the network sees, pixels: a larger picture shows it nothing more."""
        ...

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        """Road users in a BGR picture (H, W, 3), boxes in its pixels, confidence 0.1 or more, surest first."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture as it is shown to a detector: no larger than its network sees it.

    Attributes:
        image: (h, w, 3) uint8, BGR.
        size: width and height of the picture it was made of, pixels.
    """

    image: NDArray[np.uint8]
    size: tuple[int, int]

    @classmethod
    def of(cls, picture: Picture, detector: Detector) -> "Shown":
        """Asks the picture for pixels, so in the thread that has it."""
        return cls(picture.bgr_within(*detector.input_size), picture.size)

    def seen_by(self, detector: Detector) -> Detections:
        """Road users, boxes in pixels of the picture; in any thread."""
        found = detector.detect(self.image)
        across, down = self.size[0] / self.image.shape[1], self.size[1] / self.image.shape[0]
        if across == down == 1:
            return found
        stretch = np.array([across, down, across, down], np.float32)
        return Detections(found.xyxy * stretch, found.confidence, found.class_id)


class SessionDetector:
    """A network in a session, its head, and suppression. Holds no state between calls."""

    def __init__(
        self, session: Session, head: Head, *, name: str, model_sha256: str, size: tuple[int, int], nms_iou: float
    ) -> None:
        self.name = name
        self.model_sha256 = model_sha256
        self.height, self.width = size
        self._session = session
        self._head = head
        self._nms_iou = nms_iou
        self._takes_pictures = session.input_type == PICTURES

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers in use, first choice first."""
        return self._session.providers

    @property
    def input_size(self) -> tuple[int, int]:
        """See Detector."""
        return self.width, self.height

    @property
    def head(self) -> Kind:
        """Kind of output head."""
        return self._head.kind

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        """See Detector. ValueError for what is no BGR picture."""
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
            raise ValueError(f"expected a BGR picture (H, W, 3) uint8, got {image.shape} {image.dtype}")
        canvas, placement = self.letterboxed(image)
        found = suppress(self._head.decode(self._session.run(self.prepare(canvas))), self._nms_iou)
        boxes = placement.to_picture(found.xyxy)
        # A box wholly in the grey bars is cut to nothing.
        real = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        return Detections(boxes, found.confidence, found.class_id).where(real)

    def letterboxed(self, image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Placement]:
        """The picture on a canvas of the input's size, and where it lies on it."""
        height, width = image.shape[:2]
        placement = place(width, height, self.width, self.height, centred=self._head.centred)
        return letterbox(image, placement, self.width, self.height), placement

    def prepare(self, canvas: NDArray[np.uint8]) -> NDArray[Any]:
        """The network's input from a canvas: (1, H, W, 3) uint8 where it takes pictures, else (1, 3, H, W)."""
        return canvas[None] if self._takes_pictures else planes(canvas, self._head.channels, self._head.scale)
