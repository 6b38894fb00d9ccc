"""Reshaping: the result must be what an export for that size would have been."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from models.errors import ReshapeError
from models.reshape import anchor_centres, anchor_count, anchor_strides, reshape
from tests.unit.models.tiny import fixed, ultralytics_like


def run(model: bytes, height: int, width: int) -> NDArray[np.float32]:
    blob = np.random.default_rng(1).random((1, 3, height, width), np.float32)
    output: NDArray[np.float32] = onnxruntime.InferenceSession(model).run(None, {"images": blob})[0]
    return output


def test_anchors_of_an_input_taller_than_wide() -> None:
    """Rows and columns must not be exchanged: a square network would hide that."""
    assert anchor_count(64, 32) == 32 + 8 + 2
    centres = anchor_centres(64, 32)
    assert centres.shape == (2, 42)
    assert centres[:, 1].tolist() == [1.5, 0.5]  # second cell: one to the right
    assert centres[:, 4].tolist() == [0.5, 1.5]  # fifth cell: second row
    assert anchor_strides(64, 32)[[0, 31, 32, 41]].tolist() == [8, 8, 16, 32]


@pytest.mark.parametrize(("height", "width"), [(96, 160), (160, 96), (64, 64), (128, 128)])
def test_a_reshaped_network_equals_one_exported_for_that_size(tmp_path: Path, height: int, width: int) -> None:
    """Every constant that follows from the size is found."""
    square = ultralytics_like(tmp_path / "square.onnx", 128, 128)
    exported = ultralytics_like(tmp_path / "exported.onnx", height, width)
    expected = run(exported.read_bytes(), height, width)
    np.testing.assert_array_equal(run(reshape(square, height, width), height, width), expected)


@pytest.mark.parametrize(("height", "width"), [(100, 128), (0, 128), (-32, 64)])
def test_a_size_that_is_no_multiple_of_32_is_refused(tmp_path: Path, height: int, width: int) -> None:
    """The coarsest cells are 32 pixels."""
    with pytest.raises(ReshapeError, match="multiples of 32"):
        reshape(ultralytics_like(tmp_path / "a.onnx", 64, 64), height, width)


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x07\x12"])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    """A web page saved as a model, an empty file, a cut one."""
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ReshapeError, match=r"a\.onnx"):
        reshape(tmp_path / "a.onnx", 64, 64)


def test_a_file_that_takes_any_size_is_fixed_to_one(tmp_path: Path) -> None:
    """Exported with `dynamic=True`: quantising needs a size, and there are no constants to recompute."""
    path = fixed(tmp_path / "a.onnx", {"output0": np.zeros((1, 300, 6), np.float32)})
    model = onnx.load(str(path))
    dims = model.graph.input[0].type.tensor_type.shape.dim
    for place, name in ((0, "batch"), (2, "height"), (3, "width")):
        dims[place].dim_param = name
    onnx.save(model, str(path))
    made = onnx.load_from_string(reshape(path, 96, 128)).graph
    assert [dim.dim_value for dim in made.input[0].type.tensor_type.shape.dim] == [1, 3, 96, 128]
