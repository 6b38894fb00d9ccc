"""Tiny networks in the shape of the real ones, made on the spot."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.reshape import anchor_centres, anchor_count, anchor_strides


def ultralytics_like(path: Path, height: int, width: int, *, rows: int = 84, names: str | None = None) -> Path:
    """A head with the constants of an Ultralytics export, over pooled colours instead of features.

    Output (1, rows, N): each cell's colour times its stride, moved by its centre, in every row.
    """
    n = anchor_count(height, width)
    nodes, levels = [], []
    for stride in (8, 16, 32):
        pair = [stride, stride]
        nodes.append(helper.make_node("AveragePool", ["images"], [f"pool{stride}"], kernel_shape=pair, strides=pair))
        nodes.append(helper.make_node("Reshape", [f"pool{stride}", "target"], [f"flat{stride}"]))
        levels.append(f"flat{stride}")
    nodes.append(helper.make_node("Concat", levels, ["all"], axis=2))
    nodes.append(helper.make_node("Reshape", ["all", "fixed"], ["again"]))
    nodes.append(helper.make_node("ReduceMean", ["again"], ["mean"], axes=[1], keepdims=1))
    nodes.append(helper.make_node("Mul", ["mean", "strides"], ["scaled"]))
    nodes.append(helper.make_node("ReduceMean", ["centres"], ["centre"], axes=[1], keepdims=1))
    nodes.append(helper.make_node("Add", ["scaled", "centre"], ["row"]))
    nodes.append(helper.make_node("Concat", ["row"] * rows, ["output0"], axis=1))
    constants: dict[str, NDArray[Any]] = {
        "target": np.array([1, 3, -1], np.int64),
        "fixed": np.array([1, 3, n], np.int64),
        "strides": anchor_strides(height, width)[None, :],
        "centres": anchor_centres(height, width)[None, :],
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, height, width])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, rows, n])],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    if names is not None:
        helper.set_model_props(model, {"names": names})
    onnx.save(model, str(path))
    return path


def classifier(path: Path) -> Path:
    """A network that is no detector: (1, 3, 64, 64) to (1, 10)."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


def fixed(
    path: Path, outputs: dict[str, NDArray[Any]], *, size: tuple[int, int] = (64, 96), sized: bool = False, **says: str
) -> Path:
    """A network of any output: gives these arrays whatever it sees.

    Args:
        outputs: by name, in order; each with its batch of one.
        size: height and width of the input.
        sized: has the second input `orig_target_sizes`; what is called `boxes` is then multiplied by it.
        says: metadata.
    """
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
    ]
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, *size])]
    if sized:
        inputs.append(helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, [1, 2]))
        nodes.append(helper.make_node("Cast", ["orig_target_sizes"], ["extent"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Concat", ["extent", "extent"], ["corners"], axis=1))
    infos = []
    for name, values in outputs.items():
        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        infos.append(helper.make_tensor_value_info(name, kind, list(values.shape)))
        grown = f"{name} grown"
        nodes.append(helper.make_node("Cast", ["nothing"], [f"{name} nothing"], to=kind))
        nodes.append(helper.make_node("Add", [f"{name} fixed", f"{name} nothing"], [grown]))
        in_pixels = sized and name == "boxes"
        nodes.append(helper.make_node("Mul" if in_pixels else "Identity", [grown, "corners"][: 1 + in_pixels], [name]))
    constants = {"zero": np.zeros((), np.float32)} | {f"{name} fixed": values for name, values in outputs.items()}
    initial = [numpy_helper.from_array(values, name) for name, values in constants.items()]
    graph = helper.make_graph(nodes, "fixed", inputs, infos, initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, says)
    onnx.save(model, str(path))
    return path
