"""Other providers than the processor's own get pictures as they are, and several at a time where that pays."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.config import DetectConfig
from edge.detect import load
from edge.detect.detector import SessionDetector
from edge.detect.session import FLOATS, PICTURES
from edge.detect.session_batched import BatchedSession
from edge.detect.session_openvino import OpenVinoSession
from models.errors import ReshapeError
from tests.unit.models.tiny import ultralytics_like

pytest.importorskip("openvino", reason="the extra `openvino` is not installed")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return ultralytics_like(tmp_path / "mine.onnx", 32, 64)


def detector(model: Path, provider: str, **changes: object) -> SessionDetector:
    given = {"model": str(model), "height": 64, "width": 96, "providers": [provider], "precision": "f32", **changes}
    return load.load_detector(DetectConfig.model_validate(given))


def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (50, 96, 3), np.uint8)


def test_openvino_prepares_the_picture_itself(model: Path) -> None:
    """The same road users as by ONNX Runtime, which is given planes."""
    ours, plain = detector(model, "openvino"), detector(model, "cpu")
    assert ours._session.input_type == PICTURES
    assert plain._session.input_type == FLOATS
    found, expected = ours.detect(picture()), plain.detect(picture())
    assert len(found)
    assert found.class_id.tolist() == expected.class_id.tolist()
    np.testing.assert_allclose(found.xyxy, expected.xyxy, atol=1e-3)


def test_a_network_that_cannot_be_changed_is_given_planes(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs a little time, not the detector."""

    def cannot(*_: object, **__: object) -> bytes:
        raise ReshapeError("an input of another kind")

    monkeypatch.setattr(load, "pictured", cannot)
    ours = detector(model, "openvino")
    assert isinstance(ours._session, OpenVinoSession)
    assert ours._session.input_type == FLOATS
    assert len(ours.detect(picture()))


def test_on_a_gpu_a_node_batches_and_on_a_processor_it_does_not(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenVINO stands in for the GPU by name only; the network is run for true."""
    single = detector(model, "openvino")
    assert isinstance(single._session, OpenVinoSession)
    monkeypatch.setattr(load, "ON_GPU", ("openvino",))
    assert isinstance(detector(model, "openvino", batch=1)._session, OpenVinoSession)
    several = detector(model, "openvino", batch=4)
    assert isinstance(several._session, BatchedSession)
    np.testing.assert_allclose(several.detect(picture()).xyxy, single.detect(picture()).xyxy, atol=1e-3)


def test_a_network_that_mixes_pictures_looks_at_them_one_by_one(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean over the batch: each picture's boxes would be others' too."""
    monkeypatch.setattr(load, "ON_GPU", ("openvino",))
    monkeypatch.setattr(load, "takes_batches", lambda *_: False)
    assert isinstance(detector(model, "openvino")._session, OpenVinoSession)
