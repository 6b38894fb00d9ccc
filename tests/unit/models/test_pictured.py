"""Networks that take pictures as they lie in memory."""

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from edge.detect.session import PICTURES
from edge.detect.session_onnx import OnnxSession
from models.errors import ReshapeError
from models.pictured import pictured
from models.reshape import reshape
from tests.unit.models.tiny import ultralytics_like

PICTURE = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
RGB, BGR = (2, 1, 0), (0, 1, 2)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return ultralytics_like(tmp_path / "a.onnx", 64, 96)


@pytest.mark.parametrize(("order", "scale", "swap"), [(RGB, 1 / 255, True), (BGR, 1.0, False)])
def test_it_gives_what_the_network_gives_for_the_prepared_picture(
    model: Path, order: tuple[int, int, int], scale: float, swap: bool
) -> None:
    """To the last bit, by the file and by its bytes."""
    blob = cv2.dnn.blobFromImage(PICTURE, scalefactor=scale, swapRB=swap)
    expected = OnnxSession(model, threads=1).run(np.asarray(blob, np.float32))[0]
    for file in (model, model.read_bytes()):
        session = OnnxSession(pictured(file, order=order, scale=scale), threads=1)
        assert session.input_type == PICTURES
        assert session.input_shape == (1, 64, 96, 3)
        assert np.array_equal(session.run(PICTURE[None])[0], expected)


def test_any_number_of_pictures_stays_any_number(model: Path) -> None:
    """Several cameras' together."""
    session = OnnxSession(pictured(reshape(model, 64, 96, batch=None), order=RGB, scale=1 / 255), threads=1)
    several = np.stack([PICTURE, PICTURE[::-1], PICTURE[:, ::-1]])
    together = session.run(several)[0]
    for number, picture in enumerate(several):
        assert np.array_equal(together[number], session.run(picture[None])[0][0])


def test_what_is_no_network_for_planes_is_refused(model: Path, tmp_path: Path) -> None:
    """Twice pictured, other floats, nonsense: said, not run."""
    twice = pictured(model, order=RGB, scale=1.0)
    with pytest.raises(ReshapeError, match=r"no \(N, 3, height, width\) of 32-bit floats"):
        pictured(twice, order=RGB, scale=1.0)
    half = helper.make_tensor_value_info("a", TensorProto.FLOAT16, [1, 3, 64, 96])
    out = helper.make_tensor_value_info("b", TensorProto.FLOAT16, [1, 3, 64, 96])
    graph = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "half", [half], [out])
    with pytest.raises(ReshapeError, match="32-bit floats"):
        pictured(onnx.helper.make_model(graph).SerializeToString(), order=RGB, scale=1.0)
    (tmp_path / "b.onnx").write_bytes(b"nonsense")
    for nonsense in (b"nonsense", tmp_path / "b.onnx", tmp_path / "gone.onnx"):
        with pytest.raises(ReshapeError, match="not an ONNX file"):
            pictured(nonsense, order=RGB, scale=1.0)
