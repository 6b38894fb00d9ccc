"""Variants of a detector: the same network at another size, in other arithmetic, by another runtime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import UsageError
from edge.config import DetectConfig
from edge.detect.detector import SessionDetector
from edge.detect.load import find_model, load_detector
from edge.errors import ModelError
from models.errors import FetchError
from models.fetch import sha256_of
from models.made import MadeCard, read_made
from models.registry import Registry

SQUARE = 640
RUNTIMES = {"cpu": "ONNX Runtime", "openvino": "OpenVINO"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run a detector.

    Attributes:
        arithmetic: f32, bf16, int8, or int8 with bf16 for what is not in 8 bits.
        detect: configuration of a node that runs it so.
        licence: of its weights.
    """

    arithmetic: str
    detect: DetectConfig
    licence: str

    @property
    def name(self) -> str:
        """For people: runtime, arithmetic, input size."""
        runtime = RUNTIMES[self.detect.providers[0]]
        return f"{runtime} {self.arithmetic} {self.detect.height}x{self.detect.width}"

    def changes(self) -> dict[str, object]:
        """Keys of a node file's `detect` that make the node run it; None for those that must go."""
        provider = self.detect.providers[0]
        return {
            "model": self.detect.model,
            "height": self.detect.height,
            "width": self.detect.width,
            "providers": [provider] if provider == "cpu" else [provider, "cpu"],
            "precision": self.detect.precision if provider == "openvino" else None,
        }


def default_int8(model: str, registry: Registry) -> Path:
    """Where the int8 file of a model lies when nothing else is said: with the pulled ones, or beside the file."""
    folder = registry.folder if model in {card.name for card in registry} else Path(model).expanduser().parent
    return folder / f"{Path(model).name.removesuffix('.onnx')}-int8.onnx"


def variants_of(config: DetectConfig, int8: Path | None, registry: Registry) -> list[Variant]:
    """Those worth trying, the reference first: ONNX Runtime in 32 bit at 640x640.

    Args:
        config: model, input size and the rest of a node's `detect`.
        int8: an int8 file of that model, made by `giaolo models quantise`.
        registry: knows the licences.

    Raises:
        ModelError: there is no such model, or it cannot be had.
        UsageError: the model is not in 32-bit floats, or the int8 file is of another model.
        FetchError: a card is damaged.
    """
    model, licence = _parent(config, registry)
    sizes = dict.fromkeys([(SQUARE, SQUARE), (config.height, config.width)])
    plain = config.model_copy(update={"workers": 1})
    found = []
    for height, width in sizes:
        size = {"height": height, "width": width}
        found.append(_variant(plain, "f32", "cpu", licence, size))
        found += [_variant(plain, precision, "openvino", licence, size) for precision in ("f32", "bf16")]
    if int8 is not None:
        card = _int8_card(int8, sha256_of(model))
        file = {"model": str(int8.resolve()), "height": card.height, "width": card.width}
        found += [_variant(plain, "int8", provider, licence, file) for provider in RUNTIMES]
        found.append(_variant(plain, "int8 with bf16", "openvino", licence, file))
    return found


def _variant(
    plain: DetectConfig, arithmetic: str, provider: str, licence: str, changes: Mapping[str, object]
) -> Variant:
    precision = "bf16" if arithmetic.endswith("bf16") else "f32"
    update = {**changes, "providers": (provider,), "precision": precision}
    return Variant(arithmetic, plain.model_copy(update=update), licence)


def _parent(config: DetectConfig, registry: Registry) -> tuple[Path, str]:
    """File of the model and the licence of its weights."""
    path, _ = find_model(config.model, registry)
    made = read_made(path)
    if made is not None and made.arithmetic == "int8":
        raise UsageError(
            f"{path} is an int8 file made from {made.parent}; variants are those of a model in 32-bit floats: "
            f"give it with --model {made.parent}"
        )
    card = registry.card_of(sha256_of(path))
    known = card or made
    return path, known.licence if known else "your own"


def _int8_card(path: Path, parent_sha256: str) -> MadeCard:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such int8 file; make it with: giaolo models quantise")
    card = read_made(path)
    if card is None:
        raise UsageError(f"{path}: has no card beside it; make the file with: giaolo models quantise")
    if card.parent_sha256 != parent_sha256:
        raise UsageError(f"{path}: was made from {card.parent}, another file than the model it is to stand for")
    return card


def calibrated_on(int8: Path, videos: Sequence[Path]) -> list[str]:
    """Names of the videos among those an int8 file was calibrated on: of these it knows more than of the road."""
    card = read_made(int8)
    used = {video.sha256 for video in card.videos} if card else set()
    return [video.name for video in videos if sha256_of(video) in used]


def opened(variants: list[Variant]) -> tuple[dict[str, SessionDetector], dict[str, str]]:
    """Detectors of the variants by name, and why those that this machine cannot run are left out.

    The first one, the reference, must run: ModelError when it does not.
    """
    detectors: dict[str, SessionDetector] = {}
    missing: dict[str, str] = {}
    for variant in variants:
        try:
            detectors[variant.name] = load_detector(variant.detect)
        except (ModelError, FetchError) as error:
            if variant is variants[0]:
                raise
            missing[variant.name] = str(error)
    return detectors, missing
