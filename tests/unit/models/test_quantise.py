"""Int8: which nodes, what is refused, and that the result computes what its parent does."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.errors import QuantiseError
from models.quantise import Calibration, left_as_they_are, quantise

PICTURES = [np.random.default_rng(seed).random((1, 3, 32, 32), np.float32) for seed in range(4)]


def convolutions(*, opset: int = 17, named: bool = True, kind: int = TensorProto.FLOAT) -> onnx.ModelProto:
    """Two convolutions with an activation, then one on each of two ways to the output, and a sum of 16 (as in DFL)."""
    random = np.random.default_rng(1)
    weights: dict[str, NDArray[Any]] = {
        "w1": random.standard_normal((8, 3, 3, 3)) / 5,
        "w2": random.standard_normal((8, 8, 3, 3)) / 8,
        "boxes_w": random.standard_normal((16, 8, 1, 1)) / 3,
        "sums_w": np.ones((1, 16, 1, 1)),
        "scores_w": random.standard_normal((4, 8, 1, 1)) / 3,
    }
    three = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> Any:
        return helper.make_node(kind, inputs, [output], name=output if named else "", **attributes)

    nodes = [
        node("Conv", ["images", "w1"], "first", **three),
        node("Sigmoid", ["first"], "gate"),
        node("Mul", ["first", "gate"], "act"),
        node("Conv", ["act", "w2"], "second", **three),
        node("Conv", ["second", "boxes_w"], "boxes"),
        node("Conv", ["boxes", "sums_w"], "sums"),
        node("Conv", ["second", "scores_w"], "scores"),
        node("Sigmoid", ["scores"], "sure"),
        node("Concat", ["sums", "sure"], "output0", axis=1),
    ]
    float_type = helper.tensor_dtype_to_np_dtype(kind)
    graph = helper.make_graph(
        nodes,
        "convolutions",
        [helper.make_tensor_value_info("images", kind, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("output0", kind, [1, 5, 32, 32])],
        [numpy_helper.from_array(values.astype(float_type), name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    helper.set_model_props(model, {"names": "{0: 'car'}"})
    return model


def int8(
    model: onnx.ModelProto, calibration: Calibration | None = None, told: list[tuple[int, int]] | None = None
) -> bytes:
    steps = [] if told is None else told
    return quantise(
        model.SerializeToString(),
        PICTURES,
        prepare=lambda picture: picture,
        calibration=calibration or Calibration(),
        progress=lambda done, total: steps.append((done, total)),
    )


def run(content: bytes, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    output: NDArray[np.float32] = onnxruntime.InferenceSession(content).run(None, {"images": picture})[0]
    return output


@pytest.mark.parametrize(
    "calibration", [Calibration("entropy"), Calibration("percentile"), Calibration(percentile=99.9)]
)
def test_it_computes_what_its_parent_computes(calibration: Calibration) -> None:
    """To within what 8 bits hold."""
    parent = convolutions()
    expected = run(parent.SerializeToString(), PICTURES[0])
    found = run(int8(parent, calibration), PICTURES[0])
    assert not np.array_equal(found, expected)
    assert np.abs(found - expected).mean() < 0.05 * np.abs(expected).mean()


def test_all_but_the_last_convolutions_are_in_8_bits() -> None:
    """Their weights, a scale for each output channel."""
    made = onnx.load_from_string(int8(convolutions()))
    constants = {tensor.name: tensor for tensor in made.graph.initializer}
    kinds = {name.removesuffix("_quantized"): tensor.data_type for name, tensor in constants.items()}
    assert {name: kinds[name] for name in ("w1", "w2")} == {"w1": TensorProto.INT8, "w2": TensorProto.INT8}
    assert {kinds[name] for name in ("boxes_w", "sums_w", "scores_w")} == {TensorProto.FLOAT}
    assert list(constants["w1_scale"].dims) == [8]


def test_what_tells_boxes_and_scores_is_left() -> None:
    """The last convolution on each way, the sum over a distribution, and what puts them together."""
    assert left_as_they_are(convolutions().graph) == {"boxes", "sums", "scores", "sure", "output0"}


def test_the_class_names_stay_in_the_file() -> None:
    """Without them a file of one's own classes would be taken for COCO."""
    made = onnx.load_from_string(int8(convolutions()))
    assert {entry.key: entry.value for entry in made.metadata_props}["names"] == "{0: 'car'}"


def test_old_files_without_names_of_nodes_work() -> None:
    """YOLOX is published in opset 11, which has no scale for each channel; nodes need no names in ONNX."""
    parent = convolutions(opset=11, named=False)
    expected = run(parent.SerializeToString(), PICTURES[0])
    assert np.abs(run(int8(parent), PICTURES[0]) - expected).mean() < 0.05 * np.abs(expected).mean()


def test_progress_is_told_frame_by_frame(capsys: pytest.CaptureFixture[str]) -> None:
    """It takes minutes; and stdout is for what scripts read, not for the library's chatter."""
    told: list[tuple[int, int]] = []
    int8(convolutions(), told=told)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert capsys.readouterr().out == ""


def test_without_frames_there_is_nothing_to_calibrate_on() -> None:
    """Random pictures would give a network that is quick and blind."""
    with pytest.raises(QuantiseError, match="no frames to calibrate on; give videos"):
        quantise(b"", [], prepare=lambda picture: picture, calibration=Calibration(), progress=lambda *_: None)


@pytest.mark.parametrize("content", [b"<html>404</html>", b"\x08\x07\x12"])
def test_what_is_no_network_is_refused(content: bytes) -> None:
    """A web page saved as a model."""
    with pytest.raises(QuantiseError, match="is not an ONNX file"):
        quantise(
            content, PICTURES, prepare=lambda picture: picture, calibration=Calibration(), progress=lambda *_: None
        )


def test_an_int8_file_is_not_quantised_again() -> None:
    """Twice rounded is worse, and its card would name the wrong parent."""
    with pytest.raises(QuantiseError, match="is quantised already; take the file in 32-bit floats"):
        int8(onnx.load_from_string(int8(convolutions())))


def test_half_precision_is_refused() -> None:
    """Export with half=True."""
    with pytest.raises(QuantiseError, match="not in 32-bit floats throughout; export it without half"):
        int8(convolutions(kind=TensorProto.FLOAT16))


def test_a_network_without_convolutions_is_refused(tmp_path: Path) -> None:
    """A classifier over pooled colours."""
    from tests.unit.models.tiny import classifier

    with pytest.raises(QuantiseError, match="has no convolutions"):
        int8(onnx.load(str(classifier(tmp_path / "a.onnx"))))


def test_a_frame_of_another_size_is_told_in_our_words() -> None:
    """Not the runtime's own exception."""
    with pytest.raises(QuantiseError, match="cannot be quantised"):
        quantise(
            convolutions().SerializeToString(),
            [np.zeros((1, 3, 8, 8), np.float32)],
            prepare=lambda picture: picture,
            calibration=Calibration(),
            progress=lambda *_: None,
        )


def test_a_calibration_says_what_it_is() -> None:
    """On the card."""
    assert str(Calibration()) == "percentile 99.99"
    assert str(Calibration("entropy")) == "entropy"
