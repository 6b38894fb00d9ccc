"""A network that runs: by the first execution provider of a list that this machine has, and aloud when it is another.

A provider that is named and missing is passed over only for one that is named after it. So `[openvino, cpu]` falls back
to the processor and says so, and `[cuda]` alone is an error on a machine without: a node that was sized for a GPU must
not be found out by late frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from edge.detect.providers import NAMES, OPENVINO, ProviderMissing
from edge.detect.session_onnx import OnnxSession
from edge.detect.session_openvino import OpenVinoSession
from edge.errors import ModelError

FLOATS, PICTURES = "tensor(float)", "tensor(uint8)"
Precision = Literal["auto", "f32", "bf16"]


class Session(Protocol):
    """One loaded network that takes a picture. `run` may be called from several threads at once."""

    @property
    def input_shape(self) -> tuple[int | str | None, ...]:
        """As the file declares it; no number where any size is taken."""
        ...

    @property
    def input_type(self) -> str:
        """ONNX's name of it: `FLOATS`, or `PICTURES` where it takes (N, height, width, 3)."""
        ...

    @property
    def metadata(self) -> dict[str, str]:
        """What the exporter wrote into the file."""
        ...

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers in use, first choice first, by our names."""
        ...

    def run(self, blob: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """Outputs for one input, in the file's order; ModelError when the network fails on it."""
        ...


@dataclass(frozen=True, slots=True)
class Execution:
    """How a network is run.

    Attributes:
        providers: names in order of preference.
        threads: of one call. On a CPU one thread for each of several calls is fastest in sum.
        at_once: calls that may be under way together.
        precision: of OpenVINO's arithmetic; auto: bf16 where the processor has it.
    """

    providers: tuple[str, ...] = ("cpu",)
    threads: int = 1
    at_once: int = 1
    precision: Precision = "auto"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and why each provider named before its own was passed over."""

    session: Session
    passed_over: tuple[str, ...]


def open_session(model: bytes | Path, execution: Execution) -> Opened:
    """Loads a network.

    Args:
        model: ONNX file, or its bytes.
        execution: by which providers, and how.

    Raises:
        ModelError: a network that takes more than a picture, an unknown provider, or none of those named is here.
    """
    names = tuple(dict.fromkeys(execution.providers))
    for name in names:
        if name not in NAMES:
            raise ModelError(f"unknown execution provider {name!r}: expected one of {', '.join(NAMES)}")
    reasons: list[str] = []
    for place, name in enumerate(names):
        try:
            return Opened(_session(model, names[place:], execution), tuple(reasons))
        except ProviderMissing as error:
            reasons.append(f"{name}: {error}")
    raise ModelError(
        f"no execution provider of detect.providers [{', '.join(names)}] can be used on this machine: "
        f"{'; '.join(reasons)}. Or add cpu as the last one to run on the processor"
    )


def _session(model: bytes | Path, names: Sequence[str], execution: Execution) -> Session:
    """Session by the first name; those after it take what it cannot. ProviderMissing when it is not here."""
    if names[0] == OPENVINO:
        return OpenVinoSession(
            model, threads=execution.threads, at_once=execution.at_once, precision=execution.precision
        )
    return OnnxSession(model, threads=execution.threads, providers=names)
