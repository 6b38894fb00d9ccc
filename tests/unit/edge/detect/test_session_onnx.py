"""ONNX Runtime's sessions: providers by name, foreign errors in our words."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from edge.detect.providers import ProviderMissing
from edge.detect.session_onnx import OnnxSession, chosen
from edge.errors import ModelError
from tests.unit.models.tiny import ultralytics_like


def test_the_cpu_is_always_the_last() -> None:
    """What a GPU cannot run still runs."""
    assert chosen(["cpu"]) == ["CPUExecutionProvider"]
    assert chosen(["cpu", "openvino"]) == ["CPUExecutionProvider"]


def test_a_provider_this_runtime_lacks_is_told_with_what_it_has() -> None:
    """Silently running on the CPU instead would be found out by a queue of frames."""
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this machine's ONNX Runtime has CUDA")
    with pytest.raises(ProviderMissing, match=r"it has cpu.*install the extra `gpu`"):
        chosen(["cuda", "cpu"])


def test_a_provider_that_does_not_start_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU package without the GPU's driver: ONNX Runtime goes on with the CPU and only writes to stderr."""
    monkeypatch.setattr("edge.detect.session_onnx.chosen", lambda _: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    with pytest.raises(ProviderMissing, match="could not start CUDAExecutionProvider; look at the driver"):
        OnnxSession(ultralytics_like(tmp_path / "a.onnx", 64, 96), threads=1, providers=["cuda"])


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x08\x07\x12"])
def test_a_file_that_is_no_network(tmp_path: Path, content: bytes) -> None:
    """A web page saved as a model."""
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.onnx"):
        OnnxSession(tmp_path / "a.onnx", threads=1)


def test_a_missing_file(tmp_path: Path) -> None:
    """Deleted under us."""
    with pytest.raises(ModelError, match=r"gone\.onnx"):
        OnnxSession(tmp_path / "gone.onnx", threads=1)


def test_what_a_network_is_is_read(tmp_path: Path) -> None:
    """Shapes and metadata decide the head."""
    session = OnnxSession(ultralytics_like(tmp_path / "a.onnx", 64, 96, names="{0: 'car'}"), threads=1)
    assert session.input_shape == (1, 3, 64, 96)
    assert session.input_type == "tensor(float)"
    assert session.metadata == {"names": "{0: 'car'}"}
    assert session.providers == ("cpu",)


def test_an_input_of_another_shape_is_an_error_of_ours(tmp_path: Path) -> None:
    """A camera's thread catches our errors, not the runtime's."""
    session = OnnxSession(ultralytics_like(tmp_path / "a.onnx", 64, 96), threads=1)
    with pytest.raises(ModelError, match="failed on an input of shape"):
        session.run(np.zeros((1, 3, 64, 64), np.float32))
