"""Sessions: providers by name, foreign errors in our words."""

from pathlib import Path

import pytest

from edge.detect.session import Session, chosen
from edge.errors import ModelError
from tests.unit.models.tiny import ultralytics_like


def test_the_cpu_is_always_the_last() -> None:
    """What a GPU cannot run still runs."""
    assert chosen(["cpu"]) == ["CPUExecutionProvider"]
    assert chosen([]) == ["CPUExecutionProvider"]


def test_a_provider_nobody_knows_is_refused() -> None:
    """A typo in a node's file."""
    with pytest.raises(ModelError, match="expected one of cpu, cuda"):
        chosen(["gpu"])


def test_a_provider_this_machine_lacks_is_refused() -> None:
    """Silently running on the CPU instead would be found out by a queue of frames."""
    import onnxruntime

    if "OpenVINOExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this machine has OpenVINO's provider")
    with pytest.raises(ModelError, match="not on this machine"):
        chosen(["openvino", "cpu"])


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x08\x07\x12"])
def test_a_file_that_is_no_network(tmp_path: Path, content: bytes) -> None:
    """A web page saved as a model."""
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.onnx"):
        Session(tmp_path / "a.onnx", threads=1)


def test_a_missing_file(tmp_path: Path) -> None:
    """Deleted under us."""
    with pytest.raises(ModelError, match=r"gone\.onnx"):
        Session(tmp_path / "gone.onnx", threads=1)


def test_what_a_network_is_is_read(tmp_path: Path) -> None:
    """Shapes and metadata decide the head."""
    session = Session(ultralytics_like(tmp_path / "a.onnx", 64, 96, names="{0: 'car'}"), threads=1)
    assert session.input_shape == (1, 3, 64, 96)
    assert session.metadata == {"names": "{0: 'car'}"}
    assert session.providers == ("cpu",)
