"""OpenVINO on the processor: compiled networks, and its errors in our words. Only this module runs it.

Each call takes an infer request of its own from a pool, so that any number of threads may call; as many as `at_once`
run together, each in a stream of `threads` threads. Threads are not pinned to cores: others need them too.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.detect.providers import OPENVINO, ProviderMissing
from edge.detect.session_onnx import SIZE_INPUT, size_of, takes_size
from edge.errors import ModelError

DEVICE = "CPU"
ONNX_NAMES = {"f32": "float", "u8": "uint8"}


class OpenVinoSession:
    """See Session."""

    def __init__(self, model: bytes | Path, *, threads: int, at_once: int, precision: str) -> None:
        """Loads and compiles a network.

        Args:
            model: ONNX file, or its bytes.
            threads: of one call.
            at_once: calls that run together; further ones wait.
            precision: of the arithmetic, f32 or bf16; auto: bf16 where the processor has it.

        Raises:
            ProviderMissing: OpenVINO is not installed, or the processor has not that precision.
            ModelError: not a network OpenVINO can run.
        """
        self._library = _library()
        core = self._library.Core()
        self.precision = _precision(core, precision)
        streams = max(1, at_once)
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": streams * threads,
            "INFERENCE_PRECISION_HINT": self.precision,
            "ENABLE_CPU_PINNING": False,
        }
        try:
            network = core.read_model(model if isinstance(model, bytes) else str(model))
            self._compiled = core.compile_model(network, DEVICE, settings)
        except Exception as error:  # noqa: BLE001 - the library raises RuntimeError and kinds of its own
            what = "the model" if isinstance(model, bytes) else str(model)
            raise ModelError(f"{what}: OpenVINO cannot load it ({_last_line(error)})") from None
        self._sized = takes_size([entry.any_name for entry in network.inputs])
        self._outputs = len(network.outputs)
        taken = network.inputs[0]
        self.input_shape: tuple[int | str | None, ...] = tuple(
            side.get_length() if side.is_static else None for side in taken.partial_shape
        )
        kind = taken.element_type.get_type_name()
        self.input_type = f"tensor({ONNX_NAMES.get(kind, kind)})"
        self.metadata = _metadata(network)
        self.providers = (OPENVINO,)
        self._idle: list[Any] = []

    def run(self, blob: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """See Session."""
        # A list's pop and append are atomic: the pool needs no lock.
        try:
            request = self._idle.pop()
        except IndexError:
            request = self._compiled.create_infer_request()
        try:
            request.set_input_tensor(0, self._library.Tensor(np.ascontiguousarray(blob), shared_memory=True))
            if self._sized:
                request.set_tensor(SIZE_INPUT, self._library.Tensor(size_of(blob)))
            # Started and awaited, not called: a call runs in a stream its thread is tied to, which may be busy while
            # another is idle.
            request.start_async()
            request.wait()
            outputs = tuple(request.get_output_tensor(place).data.copy() for place in range(self._outputs))
        except Exception as error:  # noqa: BLE001
            raise ModelError(f"the model failed on an input of shape {blob.shape} ({_last_line(error)})") from None
        self._idle.append(request)
        return outputs


def _library() -> Any:
    """The module `openvino`. ProviderMissing when it is not installed."""
    try:
        import openvino
    except ImportError:
        raise ProviderMissing("OpenVINO is not installed; install the extra: pip install 'giaolo[openvino]'") from None
    return openvino


def _precision(core: Any, wanted: str) -> str:
    """f32 or bf16. ProviderMissing when bf16 is asked of a processor without it: OpenVINO would silently not use it."""
    has_bf16 = "BF16" in core.get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")
    if wanted == "auto":
        return "bf16" if has_bf16 else "f32"
    if wanted == "bf16" and not has_bf16:
        raise ProviderMissing("this processor has no bf16 arithmetic; set detect.precision to auto or f32")
    return wanted


def _metadata(network: Any) -> dict[str, str]:
    """What the exporter wrote into the ONNX file: OpenVINO keeps it under `framework`."""
    information = network.get_rt_info()
    if "framework" not in information:
        return {}
    return {str(key): value.astype(str) for key, value in information["framework"].items()}


def _last_line(error: Exception) -> str:
    """OpenVINO's messages begin with places in its own source and end with what is wrong."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
