"""ONNX Runtime: sessions on a processor or a GPU, and its errors in our words. Only this module runs it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from contracts.errors import first_line
from edge.detect.providers import ONNX_RUNTIME, ProviderMissing
from edge.errors import ModelError

SIZE_INPUT = "orig_target_sizes"
"""The second input of RT-DETR's and D-FINE's own exports: width and height of the picture boxes are wanted for."""


class OnnxSession:
    """See Session."""

    def __init__(self, model: bytes | Path, *, threads: int, providers: Sequence[str] = ("cpu",)) -> None:
        """Loads a network.

        Args:
            model: ONNX file, or its bytes.
            threads: of one call.
            providers: the one that is wanted, and those that may take what it cannot; the CPU always may.

        Raises:
            ProviderMissing: the wanted one is not on this machine.
            ModelError: not a network ONNX Runtime can run.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads take the cores that decoding and tracking need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        wanted = chosen(providers)
        try:
            self._session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model), options, providers=wanted
            )
        except Exception as error:  # noqa: BLE001 - the runtime's exceptions share no base of their own
            what = "the model" if isinstance(model, bytes) else str(model)
            raise ModelError(f"{what}: ONNX Runtime cannot load it ({first_line(error)})") from None
        # Where a driver or a library of it is missing, ONNX Runtime goes on with the CPU and says so only on stderr.
        if wanted[0] not in self._session.get_providers():
            raise ProviderMissing(f"ONNX Runtime could not start {wanted[0]}; look at the driver and its libraries")
        inputs = self._session.get_inputs()
        self._sized = takes_size([entry.name for entry in inputs])
        self._input = inputs[0].name
        self.input_shape: tuple[int | str | None, ...] = tuple(inputs[0].shape)
        self.input_type: str = inputs[0].type

    @property
    def metadata(self) -> dict[str, str]:
        """See Session."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    @property
    def providers(self) -> tuple[str, ...]:
        """See Session."""
        ours = {theirs: name for name, theirs in ONNX_RUNTIME.items()}
        return tuple(ours.get(name, name) for name in self._session.get_providers())

    def run(self, blob: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """See Session."""
        given: dict[str, NDArray[Any]] = {self._input: blob}
        if self._sized:
            given[SIZE_INPUT] = size_of(blob)
        try:
            return tuple(self._session.run(None, given))
        except Exception as error:  # noqa: BLE001
            raise ModelError(f"the model failed on an input of shape {blob.shape} ({first_line(error)})") from None


def takes_size(inputs: Sequence[str]) -> bool:
    """True where a network has, after the picture, the input for the size boxes are wanted for.

    Raises:
        ModelError: it has other inputs.
    """
    if len(inputs) == 1 or (len(inputs) == 2 and inputs[1] == SIZE_INPUT):
        return len(inputs) == 2
    raise ModelError(
        f"a detector takes one picture, and at most `{SIZE_INPUT}` after it; this file has the inputs "
        f"{', '.join(inputs)}"
    )


def size_of(blob: NDArray[Any]) -> NDArray[np.int64]:
    """(N, 2) width and height of each of N inputs, pictures or planes, pixels: so boxes come in its pixels."""
    height, width = blob.shape[1:3] if blob.dtype == np.uint8 else blob.shape[2:4]
    return np.array([[width, height]] * len(blob), np.int64)


def chosen(names: Sequence[str]) -> list[str]:
    """ONNX Runtime's names: of the first, of those after it that are here, and of the CPU.

    Raises:
        ProviderMissing: the first is not in the ONNX Runtime that is installed.
    """
    available = onnxruntime.get_available_providers()
    wanted = ONNX_RUNTIME[names[0]]
    if wanted not in available:
        here = ", ".join(ours for ours, theirs in ONNX_RUNTIME.items() if theirs in available)
        raise ProviderMissing(
            f"the ONNX Runtime that is installed has it not (it has {here}); install the extra `gpu` and the drivers"
        )
    others = [ONNX_RUNTIME[name] for name in names[1:] if name in ONNX_RUNTIME]
    return list(dict.fromkeys([wanted, *(name for name in others if name in available), ONNX_RUNTIME["cpu"]]))
