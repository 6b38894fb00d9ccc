"""OpenVINO's sessions: the same answers as ONNX Runtime's, from any number of threads, errors in our words."""

import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.detect.providers import ProviderMissing
from edge.detect.session_onnx import OnnxSession
from edge.detect.session_openvino import OpenVinoSession, _precision
from edge.errors import ModelError
from tests.unit.models.tiny import ultralytics_like

pytest.importorskip("openvino", reason="the extra `openvino` is not installed")


class Processor:
    """What OpenVINO tells of a processor."""

    def __init__(self, *abilities: str) -> None:
        self._abilities = abilities

    def get_property(self, device: str, name: str) -> list[str]:
        assert (device, name) == ("CPU", "OPTIMIZATION_CAPABILITIES")
        return list(self._abilities)


def session(model: bytes | Path, *, at_once: int = 1, precision: str = "f32") -> OpenVinoSession:
    return OpenVinoSession(model, threads=1, at_once=at_once, precision=precision)


def noise(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((1, 3, 64, 96), np.float32)


def test_it_gives_what_onnx_runtime_gives(tmp_path: Path) -> None:
    """One head decodes both."""
    path = ultralytics_like(tmp_path / "a.onnx", 64, 96)
    np.testing.assert_allclose(session(path).run(noise())[0], OnnxSession(path, threads=1).run(noise())[0], rtol=1e-5)
    np.testing.assert_allclose(session(path.read_bytes()).run(noise()), session(path).run(noise()))


def test_what_a_network_is_is_read(tmp_path: Path) -> None:
    """Shapes and metadata decide the head, whoever runs it."""
    names = "{0: 'car', 1: 'bus'}"
    opened = session(ultralytics_like(tmp_path / "a.onnx", 64, 96, names=names))
    assert opened.input_shape == (1, 3, 64, 96)
    assert opened.input_type == "tensor(float)"
    assert opened.metadata == {"names": names}
    assert opened.providers == ("openvino",)
    assert session(ultralytics_like(tmp_path / "b.onnx", 64, 96)).metadata == {}


def test_threads_do_not_get_each_others_answers(tmp_path: Path) -> None:
    """More cameras than streams: one camera's picture must never show up in another's boxes."""
    opened = session(ultralytics_like(tmp_path / "a.onnx", 64, 96), at_once=2)
    expected = [opened.run(noise(seed)) for seed in range(6)]
    wrong: list[int] = []

    def look(seed: int) -> None:
        answers = [opened.run(noise(seed)) for _ in range(30)]
        wrong.extend(seed for answer in answers if not np.array_equal(answer, expected[seed]))

    threads = [threading.Thread(target=look, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_answer_is_kept_while_the_next_one_is_made(tmp_path: Path) -> None:
    """OpenVINO's own array is written over by the next call."""
    opened = session(ultralytics_like(tmp_path / "a.onnx", 64, 96))
    (first,) = opened.run(noise(1))
    copy = first.copy()
    opened.run(noise(2))
    np.testing.assert_array_equal(first, copy)


def test_a_call_that_fails_does_not_spoil_the_next(tmp_path: Path) -> None:
    """A picture that cannot be judged costs that picture."""
    opened = session(ultralytics_like(tmp_path / "a.onnx", 64, 96))
    expected = opened.run(noise())
    with pytest.raises(ModelError, match=r"failed on an input of shape \(1, 3, 64, 64\)"):
        opened.run(np.zeros((1, 3, 64, 64), np.float32))
    np.testing.assert_array_equal(opened.run(noise()), expected)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x08\x07\x12"])
def test_a_file_that_is_no_network(tmp_path: Path, content: bytes) -> None:
    """A web page saved as a model."""
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"a\.onnx: OpenVINO cannot load it"):
        session(tmp_path / "a.onnx")


def test_a_missing_file(tmp_path: Path) -> None:
    """Deleted under us."""
    with pytest.raises(ModelError, match=r"gone\.onnx"):
        session(tmp_path / "gone.onnx")


@pytest.mark.parametrize(
    ("abilities", "wanted", "expected"),
    [
        (("FP32", "INT8", "BF16"), "auto", "bf16"),
        (("FP32", "INT8"), "auto", "f32"),
        (("FP32", "BF16"), "f32", "f32"),
        (("FP32", "BF16"), "bf16", "bf16"),
    ],
)
def test_the_precision_is_what_the_processor_has(abilities: tuple[str, ...], wanted: str, expected: str) -> None:
    """bf16 halves the time where it is in silicon."""
    assert _precision(Processor(*abilities), wanted) == expected


def test_bf16_is_refused_where_the_processor_lacks_it() -> None:
    """OpenVINO would silently take f32, at twice the time."""
    with pytest.raises(ProviderMissing, match=r"no bf16 arithmetic; set detect\.precision to auto or f32"):
        _precision(Processor("FP32"), "bf16")
