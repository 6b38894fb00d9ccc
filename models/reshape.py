"""The same network for another input size, without torch.

A convolutional detector does not care for its input size; what an export fixes are constants in its head. In an
Ultralytics file these are the Reshape targets (number of anchors), the anchor centres and the strides, all of which
follow from the size. They are recomputed here, so the result is the network Ultralytics would have exported for that
size. YOLOX files hold no such constants: only their declared shapes change.

It takes some tens of milliseconds, so the result is kept in memory and never on disk: no derived file can be stale,
damaged or exchanged. The model's identity stays the SHA-256 of the file as published.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from models.errors import ReshapeError

STRIDES = (8, 16, 32)


def anchor_count(height: int, width: int) -> int:
    """Number of output cells of a three-level head for an input of that size (pixels, multiples of 32)."""
    return sum((height // stride) * (width // stride) for stride in STRIDES)


def anchor_centres(height: int, width: int) -> NDArray[np.float32]:
    """(2, N) x and y of the cells' centres, in units of each cell's stride, level by level, row by row."""
    levels = []
    for stride in STRIDES:
        x, y = np.meshgrid(np.arange(width // stride) + 0.5, np.arange(height // stride) + 0.5)
        levels.append(np.stack([x.ravel(), y.ravel()]))
    return np.concatenate(levels, axis=1).astype(np.float32)


def anchor_strides(height: int, width: int) -> NDArray[np.float32]:
    """(N,) stride of each cell, pixels."""
    return np.concatenate([np.full((height // stride) * (width // stride), stride, np.float32) for stride in STRIDES])


def reshape(path: Path, height: int, width: int, *, batch: int | None = 1) -> bytes:
    """ONNX file, as bytes, of the network at `path` for an input of (batch, 3, height, width).

    Args:
        path: the file.
        height, width: pixels.
        batch: pictures in a call; None: any number.

    Raises:
        ReshapeError: not an ONNX file, not a network of this kind, or a size that is no multiple of 32.
    """
    if height % 32 or width % 32 or height <= 0 or width <= 0:
        raise ReshapeError(f"input size {height}x{width}: height and width must be multiples of 32")
    model = _load(path)
    graph = model.graph
    if _takes_any_size(graph):
        return _checked(_fixed(model, batch, height, width), path, height, width)
    old_height, old_width = _input_size(graph, path)
    constants = {tensor.name: tensor for tensor in graph.initializer}
    old, new = anchor_count(old_height, old_width), anchor_count(height, width)
    _reshape_targets(graph, constants, old, new)
    for tensor in graph.initializer:
        _recompute(tensor, (old_height, old_width), (height, width))
    dims = graph.input[0].type.tensor_type.shape.dim
    dims[2].dim_value, dims[3].dim_value = height, width
    _take(dims[0], batch)
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")
    del graph.value_info[:]
    return _checked(model, path, height, width)


def _take(dimension: Any, batch: int | None) -> None:
    if batch is None:
        dimension.dim_param = "batch"
    else:
        dimension.dim_value = batch


def _load(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(str(path))
    except Exception as error:  # noqa: BLE001 - protobuf raises classes of its own
        raise ReshapeError(f"{path}: is not an ONNX file ({type(error).__name__})") from None


def _takes_any_size(graph: Any) -> bool:
    """Exported with height and width left open."""
    if len(graph.input) != 1:
        return False
    dims = graph.input[0].type.tensor_type.shape.dim
    return len(dims) == 4 and bool(dims[2].dim_param) and bool(dims[3].dim_param)


def _fixed(model: onnx.ModelProto, batch: int | None, height: int, width: int) -> onnx.ModelProto:
    """So many pictures of that size; such a network computes all that follows from it."""
    dims = model.graph.input[0].type.tensor_type.shape.dim
    dims[2].dim_value, dims[3].dim_value = height, width
    _take(dims[0], batch)
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return model


def _input_size(graph: Any, path: Path) -> tuple[int, int]:
    """Height and width the file was exported for."""
    if len(graph.input) == 1:
        dims = graph.input[0].type.tensor_type.shape.dim
        if len(dims) == 4 and dims[2].dim_value > 0 and dims[3].dim_value > 0:
            return int(dims[2].dim_value), int(dims[3].dim_value)
    raise ReshapeError(f"{path}: expected one input of fixed shape (1, 3, height, width)")


def _reshape_targets(graph: Any, constants: dict[str, Any], old: int, new: int) -> None:
    """Rewrites constant targets of Reshape nodes: batch is copied from the input (0), the anchor count is the new."""
    done: set[str] = set()
    for node in graph.node:
        if node.op_type != "Reshape" or node.input[1] not in constants or node.input[1] in done:
            continue
        tensor = constants[node.input[1]]
        target = numpy_helper.to_array(tensor).copy()
        if target.size and target[-1] == old:
            target[-1] = new
        if target.size > 1 and target[0] == 1:
            target[0] = 0
        tensor.CopyFrom(numpy_helper.from_array(target, tensor.name))
        done.add(tensor.name)


def _recompute(tensor: Any, old: tuple[int, int], new: tuple[int, int]) -> None:
    """Replaces the tensor when it holds the anchor centres or strides of the old size."""
    count = anchor_count(*old)
    if tensor.data_type != onnx.TensorProto.FLOAT or not tensor.dims or tensor.dims[-1] != count:
        return
    values = numpy_helper.to_array(tensor)
    for made in (anchor_centres, anchor_strides):
        before = made(*old)
        if values.size == before.size and np.array_equal(values.reshape(before.shape), before):
            after = made(*new)
            shape = (*values.shape[:-1], after.shape[-1])
            tensor.CopyFrom(numpy_helper.from_array(after.reshape(shape), tensor.name))
            return


def _checked(model: onnx.ModelProto, path: Path, height: int, width: int) -> bytes:
    """Infers all shapes anew, so that what was missed is found here and not in the field."""
    try:
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    except Exception as error:  # noqa: BLE001 - shape inference raises several classes
        raise ReshapeError(
            f"{path}: cannot be given the input size {height}x{width} "
            f"({str(error).splitlines()[0][:160]}); set detect.height and detect.width to the file's own size"
        ) from None
    for output, known in zip(model.graph.output, inferred.graph.output, strict=True):
        output.CopyFrom(known)
    return bytes(model.SerializeToString())
