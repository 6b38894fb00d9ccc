"""Static int8 of a detector: its convolutions in 8 bits, all else in 32.

ONNX Runtime's QDQ form, which OpenVINO reads too: activations uint8, weights int8 by output channel. How far each
activation reaches is found on real pictures (calibration). What lies between the convolutions is left in 32 bits: it
costs little and moves the scores. So are the last convolutions and all that follows them, where boxes and scores are
made: 8 bits over boxes of 640 pixels are too coarse.
"""

import contextlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from contracts.errors import first_line
from models.errors import QuantiseError

Method = Literal["entropy", "percentile"]

PER_CHANNEL_OPSET = 13
"""First opset in which weights have a scale for each channel."""

_IN_8_BITS = frozenset(
    {"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "ConvInteger", "MatMulInteger"}
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the reach of an activation is found.

    Attributes:
        method: entropy: the reach that changes the distribution least; percentile: the one that holds so many values.
        percentile: of the values, in percent; for that method only.
    """

    method: Method = "percentile"
    percentile: float = 99.99

    def __str__(self) -> str:
        return f"percentile {self.percentile:g}" if self.method == "percentile" else self.method


def quantise(
    content: bytes,
    inputs: Sequence[NDArray[Any]],
    *,
    prepare: Callable[[Any], NDArray[np.float32]],
    calibration: Calibration,
    progress: Callable[[int, int], None],
) -> bytes:
    """ONNX file, as bytes, of the same network in int8.

    Args:
        content: ONNX file of one input in 32-bit floats.
        inputs: what it is calibrated on; one at a time is made into an input by `prepare`.
        prepare: gives the network's input.
        calibration: how.
        progress: told of inputs done and inputs in all.

    Raises:
        QuantiseError: nothing to calibrate on, or not a network in 32-bit floats.
    """
    if not inputs:
        raise QuantiseError("there are no frames to calibrate on; give videos of what the cameras see")
    network = _checked(content)
    reader = _Reader(network.graph.input[0].name, inputs, prepare, progress)
    with tempfile.TemporaryDirectory(prefix="giaolo-quantise-") as folder, _quietly():
        target = Path(folder) / "int8.onnx"
        try:
            _quantise(network, target, reader, calibration)
        except Exception as error:  # noqa: BLE001 - the library raises what its libraries raise
            raise QuantiseError(f"cannot be quantised ({first_line(error)})") from None
        return target.read_bytes()


def _quantise(network: onnx.ModelProto, target: Path, reader: "_Reader", calibration: Calibration) -> None:
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    quantize_static(
        network,
        str(target),
        reader,
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=sorted(left_as_they_are(network.graph)),
        calibrate_method=getattr(CalibrationMethod, calibration.method.capitalize()),
        extra_options={
            "CalibPercentile": calibration.percentile,
            "CalibTensorRangeSymmetric": False,
            # One frame at a time: all activations of one are a few hundred megabytes.
            "CalibStridedMinMax": 1,
        },
    )


class _Reader:
    """Inputs one by one, as ONNX Runtime's calibration asks for them."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[NDArray[Any]],
        prepare: Callable[[Any], NDArray[np.float32]],
        progress: Callable[[int, int], None],
    ) -> None:
        self._name = name
        self._inputs = inputs
        self._prepare = prepare
        self._progress = progress
        self._next, self._end = 0, len(inputs)

    def __len__(self) -> int:
        return len(self._inputs)

    def set_range(self, start_index: int, end_index: int) -> None:
        """The next ones asked for are these."""
        self._next, self._end = start_index, end_index

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next input by the network's name for it; None at the end of the range."""
        if self._next >= self._end:
            return None
        blob = self._prepare(self._inputs[self._next])
        self._next += 1
        self._progress(self._next, len(self._inputs))
        return {self._name: blob}


def left_as_they_are(graph: Any) -> set[str]:
    """Names of the nodes where boxes and scores are made: the last convolutions on each way, and what follows them.

    A convolution with a single output channel (the expected value of a distribution, in an Ultralytics head) is taken
    for what follows.
    """
    channels = {tensor.name: tensor.dims[0] for tensor in graph.initializer if tensor.dims}
    readers: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    leads_on: set[str] = set()
    # Nodes stand in the order they are computed in, so all that read a node's output are met before it.
    for node in reversed(graph.node):
        after = [reader for output in node.output for reader in readers.get(output, ())]
        if any(reader.name in leads_on or _makes_features(reader, channels) for reader in after):
            leads_on.add(node.name)
    return {node.name for node in graph.node if node.name not in leads_on}


def _makes_features(node: Any, channels: dict[str, int]) -> bool:
    return node.op_type == "Conv" and channels.get(node.input[1], 2) > 1


def _checked(content: bytes) -> onnx.ModelProto:
    """The network, with named nodes and an opset that has scales for each channel. QuantiseError says what is wrong."""
    try:
        network = onnx.load_from_string(content)
    except Exception as error:  # noqa: BLE001 - protobuf raises classes of its own
        raise QuantiseError(f"is not an ONNX file ({type(error).__name__})") from None
    graph = network.graph
    kinds = {node.op_type for node in graph.node}
    if kinds & _IN_8_BITS:
        raise QuantiseError("is quantised already; take the file in 32-bit floats it was made from")
    if not _in_32_bits(graph):
        raise QuantiseError("is not in 32-bit floats throughout; export it without half precision")
    if "Conv" not in kinds:
        raise QuantiseError("has no convolutions; is it a detector?")
    if any(entry.domain in ("", "ai.onnx") and entry.version < PER_CHANNEL_OPSET for entry in network.opset_import):
        network = onnx.version_converter.convert_version(network, PER_CHANNEL_OPSET)
    for number, node in enumerate(network.graph.node):
        node.name = node.name or f"{node.op_type}_{number}"
    return network


def _in_32_bits(graph: Any) -> bool:
    """One input of 32-bit floats, and no constant of another kind of float."""
    proto = onnx.TensorProto
    other = {proto.FLOAT16, proto.BFLOAT16, proto.DOUBLE}
    inputs = [entry.type.tensor_type.elem_type for entry in graph.input]
    return inputs == [proto.FLOAT] and not any(tensor.data_type in other for tensor in graph.initializer)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keeps ONNX Runtime's chatter off stdout, where a script reads, and its advice off the log."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(level)
