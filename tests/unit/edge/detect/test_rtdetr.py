"""RT-DETR's and D-FINE's outputs, each beside the decoding its makers publish, written here anew."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from edge.config import DetectConfig
from edge.detect.classes import coco_table
from edge.detect.detector import SessionDetector
from edge.detect.load import load_detector
from edge.detect.rtdetr import decode_logits
from edge.detections import Detections
from edge.errors import ModelError
from tests.unit.models.tiny import fixed

HEIGHT, WIDTH, QUERIES, CLASSES = 64, 96, 300, 80
COCO = str({number: f"coco {number}" for number in range(CLASSES)} | {0: "person", 2: "car", 3: "motorcycle"})
OURS = {0: RoadUserClass.PERSON, 2: RoadUserClass.CAR, 3: RoadUserClass.MOTORCYCLE}


def queries(seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(1, K, classes) logits, mostly far below 0, and (1, K, 4) boxes that stand apart in their cells."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(-6, 2, (1, QUERIES, CLASSES)).astype(np.float32)
    logits[0, :40, [0, 2, 3]] = rng.normal(0, 2, (3, 40))
    places = np.stack(np.meshgrid(np.arange(20), np.arange(15)), axis=-1).reshape(1, QUERIES, 2)
    boxes = np.concatenate([(places + 0.5) / [20, 15], np.full((1, QUERIES, 2), [0.04, 0.05])], axis=2)
    return logits, boxes.astype(np.float32)


def reference(logits: NDArray[Any], boxes: NDArray[Any], size: tuple[int, int]) -> tuple[NDArray[Any], ...]:
    """Labels (1, K), boxes (1, K, 4) corners in pixels and scores (1, K), as RT-DETR's post-processing is published.

    arXiv 2304.08069, `RTDETRPostProcessor` with focal loss: sigmoid; of all pairs of query and class the K with the
    highest scores; the label is the pair's number modulo the classes; corners times the width and height wanted.
    """
    height, width = size
    scores = (1 / (1 + np.exp(-logits.astype(np.float64)))).reshape(1, -1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :QUERIES]
    centre, extent = boxes[..., :2], boxes[..., 2:]
    corners = np.concatenate([centre - extent / 2, centre + extent / 2], axis=2) * [width, height, width, height]
    chosen = np.take_along_axis(corners, (order // CLASSES)[..., None], axis=1)
    return order % CLASSES, chosen, np.take_along_axis(scores, order, axis=1)


def expected(size: tuple[int, int] = (HEIGHT, WIDTH)) -> list[tuple[int, float, list[float]]]:
    """Class, confidence and box of ours in the reference, surest first."""
    labels, boxes, scores = reference(*queries(), size)
    rows = zip(labels[0].tolist(), scores[0].tolist(), boxes[0].tolist(), strict=True)
    return [(int(OURS[label]), score, box) for label, score, box in rows if score >= 0.1 and label in OURS]


def same(found: Detections, wanted: list[tuple[int, float, list[float]]]) -> bool:
    order = np.argsort(-found.confidence, kind="stable")
    assert len(wanted) > 30
    assert found.class_id[order].tolist() == [row[0] for row in wanted]
    np.testing.assert_allclose(found.confidence[order], [row[1] for row in wanted], atol=1e-5)
    np.testing.assert_allclose(found.xyxy[order], [row[2] for row in wanted], atol=1e-3)
    return True


def loaded(path: Path, **how: Any) -> SessionDetector:
    # Boxes of one place and look-alike classes are all kept: the reference suppresses nothing.
    return load_detector(DetectConfig(model=str(path), height=HEIGHT, width=WIDTH, nms_iou=0.999, **how))


def seen(detector: SessionDetector) -> Detections:
    """Of a picture as large as the input."""
    return detector.detect(np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def test_logits_and_boxes(tmp_path: Path) -> None:
    """Hugging Face's export; in which order its outputs stand does not matter."""
    logits, boxes = queries()
    named: dict[str, NDArray[Any]] = {"logits": logits, "pred_boxes": boxes}
    for order in (("logits", "pred_boxes"), ("pred_boxes", "logits")):
        detector = loaded(fixed(tmp_path / "a.onnx", {name: named[name] for name in order}, names=COCO))
        assert detector.head == "rtdetr"
        assert same(seen(detector), expected())


@pytest.mark.parametrize("provider", ["cpu", "openvino"])
def test_labels_boxes_and_scores(tmp_path: Path, provider: str) -> None:
    """The makers' own exports of RT-DETR and D-FINE: their second input is told the width, then the height."""
    if provider == "openvino":
        pytest.importorskip("openvino", reason="the extra `openvino` is not installed")
    labels, boxes, scores = reference(*queries(), (1, 1))
    outputs: dict[str, NDArray[Any]] = {
        "labels": labels.astype(np.int64),
        "boxes": boxes.astype(np.float32),
        "scores": scores.astype("f4"),
    }
    path = fixed(tmp_path / "a.onnx", outputs, sized=True, names=COCO)
    assert same(seen(loaded(path, providers=[provider], precision="f32")), expected())


def test_scores_beside_boxes(tmp_path: Path) -> None:
    """Ultralytics before 8.4, whose files do not say what they are."""
    logits, boxes = queries()
    output = np.concatenate([boxes, 1 / (1 + np.exp(-logits))], axis=2).astype(np.float32)
    assert same(seen(loaded(fixed(tmp_path / "a.onnx", {"output0": output}, names=COCO))), expected())


def test_rows_with_class_numbers(tmp_path: Path) -> None:
    """Ultralytics from 8.4: the shape is YOLO26's, the boxes are shares; the file says what it is."""
    labels, corners, scores = reference(*queries(), (1, 1))
    centres = np.concatenate([(corners[..., :2] + corners[..., 2:]) / 2, corners[..., 2:] - corners[..., :2]], axis=2)
    rows = np.concatenate([centres, scores[..., None], labels[..., None]], axis=2).astype(np.float32)
    path = fixed(tmp_path / "a.onnx", {"output0": rows}, names=COCO, head="RTDETRDecoder", end2end="False")
    assert same(seen(loaded(path)), expected())
    silent = fixed(tmp_path / "b.onnx", {"output0": rows}, names=COCO)
    assert same(seen(loaded(silent, head="rtdetr")), expected())
    with pytest.raises(ModelError, match=r"may be that of yolo26 or rtdetr.*set detect\.head"):
        loaded(silent)


def test_a_query_may_be_two_road_users() -> None:
    """A rider and the motorcycle under him, told by one query; but never more pairs than queries."""
    logits, boxes = np.full((2, CLASSES), -9.0), np.full((2, 4), 0.5)
    logits[0, [0, 3]] = 3.0, 2.0
    found = decode_logits(logits, boxes, coco_table(), 0.1, (HEIGHT, WIDTH))
    assert found.class_id.tolist() == [RoadUserClass.PERSON, RoadUserClass.MOTORCYCLE]
    logits[1, :3] = 1.0
    assert len(decode_logits(logits, boxes, coco_table(), 0.1, (HEIGHT, WIDTH))) == 2


def test_logits_far_off_are_no_overflow() -> None:
    """A network in half precision gives minus infinity."""
    logits = np.array([[-np.inf, np.inf], [-1e30, -200.0]])
    found = decode_logits(logits, np.full((2, 4), 0.5), np.array([0, 2]), 0.1, (HEIGHT, WIDTH))
    assert found.confidence.tolist() == [1.0]


def test_a_class_number_that_is_none(tmp_path: Path) -> None:
    """Names that do not fit the network: what is beyond them is nobody, and never somebody else."""
    labels = np.array([[0, 1, 2, -1, 80]])
    outputs: dict[str, NDArray[Any]] = {
        "labels": labels,
        "boxes": np.tile(np.array([[8, 8, 40, 40]], np.float32), (1, 5, 1)),
        "scores": np.full((1, 5), 0.9, np.float32),
    }
    found = seen(loaded(fixed(tmp_path / "a.onnx", outputs, names="{0: 'cat', 1: 'car'}")))
    assert found.class_id.tolist() == [RoadUserClass.CAR]


def test_softmax_with_nobody_is_not_taken_for_it(tmp_path: Path) -> None:
    """DETR's own heads have 92 classes, the last one nobody: read as sigmoids they would see cars everywhere."""
    outputs = {"logits": np.zeros((1, 100, 92), np.float32), "pred_boxes": np.zeros((1, 100, 4), np.float32)}
    with pytest.raises(ModelError, match="92 classes have no names we know"):
        loaded(fixed(tmp_path / "a.onnx", outputs, names=COCO))


@pytest.mark.parametrize(
    "outputs",
    [
        {"a": (1, 300, 80), "b": (1, 200, 4)},
        {"a": (1, 300, 4), "b": (1, 300, 4)},
        {"a": (1, 300, 4), "b": (1, 300)},
        {"a": (1, 300, 4), "b": (1, 300), "c": (1, 300)},
        {"a": (1, 300, 4), "b": (1, 300), "c": (1, 300), "d": (1, 300)},
        {"a": (2, 300, 80), "b": (2, 300, 4)},
        {"a": (1, 3, 80, 80)},
        {"a": (1,)},
    ],
)
def test_outputs_of_no_kind(tmp_path: Path, outputs: dict[str, tuple[int, ...]]) -> None:
    """Masks, two batches, boxes twice."""
    arrays = {name: np.zeros(shape, np.float32) for name, shape in outputs.items()}
    with pytest.raises(ModelError, match=r"a\.onnx: output is .*expected one of"):
        loaded(fixed(tmp_path / "a.onnx", arrays, names=COCO))
