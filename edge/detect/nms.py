"""Non-maximum suppression: of boxes that overlap too much and may be the same road user, the surest stays."""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detect.classes import GROUP
from edge.detections import Detections

MAX_CANDIDATES = 1000


def suppress(detections: Detections, iou: float) -> Detections:
    """Greedy suppression within groups of classes, surest first.

    A detector often gives one vehicle twice, as a car and as a truck. Such boxes would become two tracks, so
    car, bus and truck suppress one another, and so do bicycle and motorcycle; a person never suppresses a motorcycle.

    Args:
        iou: boxes that overlap by more (intersection over union) are taken for one.
    """
    if not len(detections):
        return detections
    surest = np.argsort(-detections.confidence, kind="stable")[:MAX_CANDIDATES]
    boxes = detections.xyxy[surest]
    sides = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        sides.astype(float).tolist(),
        detections.confidence[surest].astype(float).tolist(),
        GROUP[detections.class_id[surest]].tolist(),
        0.0,
        iou,
    )
    chosen: NDArray[np.int64] = surest[np.sort(np.asarray(kept, np.int64).ravel())]
    return Detections(detections.xyxy[chosen], detections.confidence[chosen], detections.class_id[chosen])
