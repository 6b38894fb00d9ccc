"""The same network, taking pictures as they are: what is done to their numbers first becomes part of it.

A picture goes in as it lies in memory, eight bits a colour, instead of being turned about and made four times as large
by us. The processor's runtime does that while the numbers are at hand, and a GPU does it itself: one small copy to it.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.errors import ReshapeError

PICTURES = "giaolo.pictures"


def pictured(file: Path | bytes, *, order: tuple[int, int, int], scale: float) -> bytes:
    """ONNX file of the network with an input of (N, height, width, 3) uint8, BGR, in place of its first.

    Args:
        file: ONNX file, or its bytes, whose first input is (N, 3, height, width) of 32-bit floats.
        order: which channel of the picture each of the three is.
        scale: by which all numbers are multiplied.

    Raises:
        ReshapeError: not an ONNX file, or its first input is another.
    """
    try:
        model = onnx.load_from_string(file) if isinstance(file, bytes) else onnx.load(str(file))
    except Exception as error:  # noqa: BLE001 - protobuf's errors have no base of their own
        raise ReshapeError(f"not an ONNX file ({type(error).__name__})") from None
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    taken = next((entry for entry in graph.input if entry.name not in constants), None)
    if taken is None or not _is_planes(taken):
        raise ReshapeError("the network's first input is no (N, 3, height, width) of 32-bit floats")
    batch, _, height, width = (_side(each) for each in taken.type.tensor_type.shape.dim)
    own, name = taken.name, PICTURES
    channels = numpy_helper.from_array(np.array(order, np.int64), f"{name}.order")
    factor = numpy_helper.from_array(np.array(scale, np.float32), f"{name}.scale")
    first = [
        helper.make_node("Transpose", [name], [f"{name}.planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Gather", [f"{name}.planes", channels.name], [f"{name}.ordered"], axis=1),
        helper.make_node("Cast", [f"{name}.ordered"], [f"{name}.floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}.floats", factor.name], [own]),
    ]
    graph.initializer.extend([channels, factor])
    taken.CopyFrom(helper.make_tensor_value_info(name, TensorProto.UINT8, [batch, height, width, 3]))
    following = list(graph.node)
    del graph.node[:]
    graph.node.extend([*first, *following])
    return bytes(model.SerializeToString())


def _is_planes(entry: Any) -> bool:
    kind = entry.type.tensor_type
    sides = kind.shape.dim
    return bool(kind.elem_type == TensorProto.FLOAT and len(sides) == 4 and sides[1].dim_value == 3)


def _side(dimension: Any) -> int | str | None:
    return dimension.dim_value or dimension.dim_param or None
