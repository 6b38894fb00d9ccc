"""Execution providers by the names a node file uses, and the error that says why one cannot be used here."""

from edge.errors import ModelError

ONNX_RUNTIME = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
"""Those ONNX Runtime executes by itself, and its names for them."""

OPENVINO = "openvino"
NAMES = (*ONNX_RUNTIME, OPENVINO)
ON_GPU = ("cuda", "tensorrt")
"""Those for which several pictures together take little longer than one; on a processor batches gain nothing."""


class ProviderMissing(ModelError):  # noqa: N818 - reads as what it says
    """This machine cannot use the provider; the message says what is missing and where to get it."""
