"""Loading: a name or a file becomes a detector, anything else an error that says what to do."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from edge.config import DetectConfig
from edge.detect.load import load_detector
from edge.errors import ModelError
from models.card import ModelCard
from models.registry import Registry
from models.source import FileSource
from tests.unit.models.tiny import classifier, ultralytics_like


def config(model: Path | str, height: int = 64, width: int = 96) -> DetectConfig:
    return DetectConfig(model=str(model), height=height, width=width)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """Name and checksum are the file's; the input size is the configured one, whatever the file was exported for."""
    path = ultralytics_like(tmp_path / "mine.onnx", 128, 128)
    detector = load_detector(config(path))
    assert detector.name == "mine.onnx"
    assert detector.model_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    found = detector.detect(np.zeros((48, 80, 3), np.uint8))
    assert (found.xyxy <= [80, 48, 80, 48]).all()


def test_a_model_of_the_registry_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node's first start."""
    path = ultralytics_like(tmp_path / "a.onnx", 64, 64)
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path))
    card = ModelCard(
        name="tiny",
        task="detect",
        title="tiny",
        classes="coco",
        height=64,
        width=64,
        head="yolov8",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size=path.stat().st_size,
        licence="Apache-2.0",
        licence_note="",
        homepage="",
        sources=(FileSource(kind="file", path="a.onnx"),),
    )
    detector = load_detector(config("tiny"), registry=Registry((card,), tmp_path / "cache"))
    assert detector.name == "tiny"
    assert detector.model_sha256 == card.sha256
    path.unlink()
    with pytest.raises(ModelError, match=r"a\.onnx: is not there"):
        load_detector(config("tiny"), registry=Registry((card,), tmp_path / "other cache"))


def test_unknown_name() -> None:
    """The known ones are named."""
    with pytest.raises(ModelError, match="yolox-nano-coco"):
        load_detector(config("yolo99"))


def test_missing_file(tmp_path: Path) -> None:
    """A path that does not exist."""
    with pytest.raises(ModelError, match="no such model file"):
        load_detector(config(tmp_path / "gone.onnx"))


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    """A web page saved as a model."""
    (tmp_path / "a.onnx").write_text("<html>", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot load it"):
        load_detector(config(tmp_path / "a.onnx"))


def test_a_network_that_is_no_detector(tmp_path: Path) -> None:
    """A classifier, by its output."""
    with pytest.raises(ModelError, match="expected"):
        load_detector(config(classifier(tmp_path / "a.onnx"), 64, 64))


def test_a_detector_of_other_things(tmp_path: Path) -> None:
    """Five classes without names, or with names none of which we know."""
    for names in (None, "{0: 'cat', 1: 'dog', 2: 'cow', 3: 'hen', 4: 'pig'}"):
        path = ultralytics_like(tmp_path / "a.onnx", 64, 96, rows=9, names=names)
        with pytest.raises(ModelError, match="no names we know"):
            load_detector(config(path))


def test_own_classes_by_name(tmp_path: Path) -> None:
    """A network trained for Vietnamese streets."""
    path = ultralytics_like(tmp_path / "a.onnx", 64, 96, rows=6, names="{0: 'motorbike', 1: 'car'}")
    assert load_detector(config(path)).name == "a.onnx"


@pytest.mark.parametrize(
    "image", [np.zeros((10, 10), np.uint8), np.zeros((10, 10, 3), np.float32), np.zeros((0, 5, 3), np.uint8)]
)
def test_a_picture_that_is_none(tmp_path: Path, image: np.ndarray) -> None:
    """Grey, floating, empty."""
    detector = load_detector(config(ultralytics_like(tmp_path / "a.onnx", 64, 96)))
    with pytest.raises(ValueError, match="BGR"):
        detector.detect(image)
