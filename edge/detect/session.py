"""ONNX Runtime: sessions, execution providers, and its errors in our words. Only this module imports it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from edge.errors import ModelError

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}


class Session:
    """One loaded network of one input and one output. `run` may be called from several threads at once."""

    def __init__(self, model: bytes | Path, *, threads: int, providers: Sequence[str] = ("cpu",)) -> None:
        """Loads a network.

        Args:
            model: ONNX file, or its bytes.
            threads: of one call. On a CPU one session with one thread for each worker is fastest in sum.
            providers: names of PROVIDERS in order of preference; the CPU takes what they cannot.

        Raises:
            ModelError: not a network ONNX Runtime can run, or a provider this machine does not have.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads take the cores that decoding and tracking need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model), options, providers=chosen(providers)
            )
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - the runtime's exceptions share no base of their own
            what = "the model" if isinstance(model, bytes) else str(model)
            raise ModelError(f"{what}: ONNX Runtime cannot load it ({_first_line(error)})") from None
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 1:
            raise ModelError(
                f"a detector has one input and one output; this file has {len(inputs)} and {len(outputs)}. "
                "Export it without built-in NMS and without masks"
            )
        self._input = inputs[0].name
        self.input_shape: tuple[int | str | None, ...] = tuple(inputs[0].shape)
        self.input_type: str = inputs[0].type
        self.output_shape: tuple[int | str | None, ...] = tuple(outputs[0].shape)

    @property
    def metadata(self) -> dict[str, str]:
        """What the exporter wrote into the file."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers in use, first choice first, by our names."""
        ours = {theirs: name for name, theirs in PROVIDERS.items()}
        return tuple(ours.get(name, name) for name in self._session.get_providers())

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Output for one input; ModelError when the network fails on it."""
        try:
            output: NDArray[np.float32] = self._session.run(None, {self._input: blob})[0]
        except Exception as error:  # noqa: BLE001
            raise ModelError(f"the model failed on an input of shape {blob.shape} ({_first_line(error)})") from None
        return output


def chosen(names: Sequence[str]) -> list[str]:
    """ONNX Runtime's names of the providers, the CPU last; ModelError when one is unknown or not on this machine."""
    available = onnxruntime.get_available_providers()
    wanted = []
    for name in names:
        if name not in PROVIDERS:
            raise ModelError(f"unknown execution provider {name!r}: expected one of {', '.join(PROVIDERS)}")
        if PROVIDERS[name] not in available:
            here = ", ".join(ours for ours, theirs in PROVIDERS.items() if theirs in available)
            raise ModelError(
                f"execution provider {name!r} is not on this machine (here: {here}); "
                "install the extra `gpu` and its drivers, or choose another"
            )
        wanted.append(PROVIDERS[name])
    return list(dict.fromkeys([*wanted, PROVIDERS["cpu"]]))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
