"""Which head a network has: told by configuration, card, file and shapes, in this order, and never guessed."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.config import DetectConfig
from edge.detect.heads import Seen, tell
from edge.detect.load import load_detector
from edge.errors import ModelError
from models.made import CalibrationVideo, MadeCard, card_path
from tests.unit.models.tiny import fixed, ultralytics_like

NAMES = "{0: 'person', 1: 'car', 2: 'tram'}"
CELLS = 126  # of 64x96


def seen(*shapes: tuple[int, ...], **metadata: str) -> Seen:
    return Seen(tuple(np.zeros(shape, np.float32) for shape in shapes), (64, 96), metadata)


def rows(*given: tuple[float, ...]) -> np.ndarray:
    """(1, 300, 6): these rows, then those that are nobody."""
    output = np.zeros((1, 300, 6), np.float32)
    output[0, : len(given)] = np.reshape(given, (-1, 6))
    return output


def config(path: Path, **how: Any) -> DetectConfig:
    return DetectConfig(model=str(path), height=64, width=96, **how)


def test_yolo26_end_to_end(tmp_path: Path) -> None:
    """Corners in pixels of the input, confidence, class number: https://docs.ultralytics.com, end-to-end detection.

    The picture is twice as large as the input: a box of the input is twice as large in the picture.
    """
    output = rows((10, 20, 30, 40, 0.9, 1), (50, 8, 60, 28, 0.3, 0), (1, 1, 9, 9, 0.8, 2), (5, 5, 9, 9, 0.05, 1))
    path = fixed(tmp_path / "a.onnx", {"output0": output}, names=NAMES, head="Detect", end2end="True")
    detector = load_detector(config(path))
    assert detector.head == "yolo26"
    found = detector.detect(np.zeros((128, 192, 3), np.uint8))
    assert found.xyxy.tolist() == [[20, 40, 60, 80], [100, 16, 120, 56]]
    assert found.class_id.tolist() == [RoadUserClass.CAR, RoadUserClass.PERSON]
    assert found.confidence.tolist() == pytest.approx([0.9, 0.3])


def test_the_shape_alone_tells_the_others() -> None:
    """N, the number of cells, follows from the size of the input."""
    assert tell(seen((1, 84, CELLS))).kind == "yolov8"
    assert tell(seen((1, CELLS, 85))).kind == "yolox"
    assert tell(seen((1, CELLS, 6))).kind == "yolox"
    assert tell(seen((1, 300, 84))).kind == "rtdetr"
    assert tell(seen((1, 300, 4), (1, 300, 7))).kind == "rtdetr"


def test_the_file_says_of_a_small_input_what_the_shape_does_not() -> None:
    """With fewer cells than rows YOLO26 gives a row for each cell, as YOLOX of one class does."""
    assert tell(seen((1, CELLS, 6), end2end="True", names=NAMES)).kind == "yolo26"
    assert tell(seen((1, CELLS, 6), head="RTDETRDecoder", names=NAMES)).kind == "rtdetr"


def test_what_is_not_said_is_not_guessed() -> None:
    """Read as the other kind, every box would be wrong, and some would look right."""
    with pytest.raises(ValueError, match=r"\[1, 300, 6\] may be that of yolo26 or rtdetr.*set detect\.head"):
        tell(seen((1, 300, 6), names=NAMES))
    assert tell(seen((1, 300, 6), names=NAMES), "yolo26").kind == "yolo26"
    assert tell(seen((1, 300, 6), names=NAMES), "rtdetr").kind == "rtdetr"


def test_two_classes_or_a_class_number() -> None:
    """Ultralytics' RT-DETR of two classes: the old form and the new one have the same shape."""
    with pytest.raises(ValueError, match="2 classes may be scores or class numbers; export it anew"):
        tell(seen((1, 300, 6), names="{0: 'car', 1: 'bus'}", head="RTDETRDecoder"))


def test_a_head_that_does_not_fit_is_refused() -> None:
    """Set for one model, left when the model was changed."""
    with pytest.raises(ValueError, match=r"no output of a rtdetr head .set by detect\.head"):
        tell(seen((1, 84, CELLS)), "rtdetr")
    with pytest.raises(ValueError, match="no output of a yolov8 head"):
        tell(seen((1, 300, 6)), "yolov8")


@pytest.mark.parametrize("names", ["", "{", "7", "None", "{0: 'cat'}"])
def test_numbers_without_names_are_nobody(tmp_path: Path, names: str) -> None:
    """The shape does not say how many classes there are: without names a number means nothing."""
    path = fixed(tmp_path / "a.onnx", {"output0": rows((1, 1, 9, 9, 0.9, 2))}, names=names)
    with pytest.raises(ModelError, match="numbered classes have no names we know"):
        load_detector(config(path, head="yolo26"))


def test_the_card_beside_a_file_tells(tmp_path: Path) -> None:
    """As `giaolo models` writes it; a card of another file is not believed."""
    path = fixed(tmp_path / "a.onnx", {"output0": rows((10, 20, 30, 40, 0.9, 1))}, names=NAMES)
    content = path.read_bytes()
    card = MadeCard(
        parent="x.onnx",
        parent_sha256="0" * 64,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        head="yolo26",
        height=64,
        width=96,
        arithmetic="int8",
        method="percentile",
        videos=(CalibrationVideo(name="a.mp4", sha256="0" * 64, frames=1),),
        made_with="test",
        licence="Apache-2.0",
        licence_note="",
    )
    card_path(path).write_text(card.model_dump_json(), encoding="utf-8")
    assert load_detector(config(path)).head == "yolo26"
    card_path(path).write_text(card.model_copy(update={"sha256": "1" * 64}).model_dump_json(), encoding="utf-8")
    with pytest.raises(ModelError, match="is the card of another file"):
        load_detector(config(path))


def test_the_configuration_is_asked_first(tmp_path: Path) -> None:
    """Whoever sets it knows better than the file."""
    path = ultralytics_like(tmp_path / "a.onnx", 64, 96)
    assert load_detector(config(path, head="yolov8")).head == "yolov8"
    with pytest.raises(ModelError, match="no output of a yolox head"):
        load_detector(config(path, head="yolox"))


def test_a_network_that_wants_more_than_a_picture(tmp_path: Path) -> None:
    """A tracker with a memory, or PaddleDetection's scale factors."""
    path = fixed(tmp_path / "a.onnx", {"output0": rows()}, sized=True)
    path.write_bytes(path.read_bytes().replace(b"orig_target_sizes", b"orig_target_scale"))
    with pytest.raises(ModelError, match=r"takes one picture.*has the inputs images, orig_target_scale"):
        load_detector(config(path))
