"""What a detector saw in one frame, as a struct of arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """N boxes of one frame.

    Attributes:
        xyxy: (N, 4) float32, x1, y1, x2, y2 in pixels of the decoded frame.
        confidence: (N,) float32 in 0..1.
        class_id: (N,) int64, values of contracts.classes.RoadUserClass.
    """

    xyxy: NDArray[np.float32]
    confidence: NDArray[np.float32]
    class_id: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.xyxy)
        if self.xyxy.shape != (n, 4) or self.confidence.shape != (n,) or self.class_id.shape != (n,):
            raise ValueError(
                f"detections do not fit together: xyxy {self.xyxy.shape}, confidence {self.confidence.shape}, "
                f"class_id {self.class_id.shape}; expected (N, 4), (N,), (N,)"
            )

    def __len__(self) -> int:
        return len(self.xyxy)

    @classmethod
    def empty(cls) -> "Detections":
        """No boxes."""
        return cls(np.zeros((0, 4), np.float32), np.zeros((0,), np.float32), np.zeros((0,), np.int64))

    def where(self, mask: NDArray[np.bool_]) -> "Detections":
        """Those with a true mask, in the same order."""
        return Detections(self.xyxy[mask], self.confidence[mask], self.class_id[mask])
