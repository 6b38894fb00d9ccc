"""An int8 model from a model and videos: frames through the detector's own letterbox, file and card."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contracts.errors import UsageError
from edge.config import DetectConfig
from edge.detect.detector import SessionDetector
from edge.detect.load import find_model, load_detector
from edge.stream.file import FileReader
from models.errors import QuantiseError
from models.fetch import sha256_of
from models.made import CalibrationVideo, MadeCard, read_made, write_made
from models.quantise import Calibration, quantise
from models.registry import Registry
from models.reshape import reshape

Canvas = NDArray[np.uint8]
Progress = Callable[[str, int, int | None], None]


def make_int8(
    config: DetectConfig, videos: Sequence[Path], out: Path, *, frames: int, calibration: Calibration, told: Progress
) -> MadeCard:
    """Writes the int8 file of a configuration's model and input size, and its card beside it.

    Args:
        config: model, height and width are taken from it.
        videos: of what the cameras see; their frames are taken in equal shares, evenly over each.
        out: the file, ending in .onnx.
        frames: in all, or fewer where the videos have not as many.
        calibration: how the reach of activations is found.
        told: of progress: what, done, in all.

    Raises:
        UsageError: see `check_paths`.
        ModelError, StreamError, ReshapeError: the model or a video cannot be read.
        QuantiseError: there is not a frame, or the model is not in 32-bit floats.
    """
    check_paths(videos, out)
    registry = Registry()
    detector = load_detector(config.model_copy(update={"providers": ("cpu",)}), registry=registry)
    canvases: list[Canvas] = []
    used = []
    for video in videos:
        found = spread(_canvases(video, detector, told), -(-frames // len(videos)))
        canvases += found
        if found:
            used.append(CalibrationVideo(name=video.name, sha256=sha256_of(video), frames=len(found)))
    path, _ = find_model(config.model, registry)
    try:
        content = quantise(
            reshape(path, config.height, config.width),
            canvases,
            prepare=detector.prepare,
            calibration=calibration,
            progress=lambda done, total: told("calibrating", done, total),
        )
    except QuantiseError as error:
        raise QuantiseError(f"{config.model}: {error}") from None
    card = _card(config, detector, registry, content, used, calibration)
    write_made(out, content, card)
    return card


def check_paths(videos: Sequence[Path], out: Path) -> None:
    """UsageError for what is told before minutes of work: no videos, one that is not there, a name not in .onnx."""
    if not videos:
        raise UsageError("there are no frames to calibrate on: name videos of what the cameras see, --frames VIDEO")
    for video in videos:
        if not video.is_file():
            raise UsageError(f"{video}: there is no such video")
    if out.suffix != ".onnx" or out.is_dir():
        raise UsageError(f"--out {out}: name a file that ends in .onnx")


def spread(canvases: Iterator[Canvas], count: int) -> list[Canvas]:
    """As many as `count`, evenly over all of them, however many there are; at most twice as many are held."""
    kept: list[Canvas] = []
    every = 1
    for number, canvas in enumerate(canvases):
        if number % every == 0:
            kept.append(canvas)
        if len(kept) >= 2 * count:
            kept, every = kept[::2], every * 2
    places = np.linspace(0, len(kept) - 1, min(count, len(kept))).round().astype(int)
    return [kept[place] for place in places]


def _canvases(video: Path, detector: SessionDetector, told: Progress) -> Iterator[Canvas]:
    with FileReader(video) as reader:
        for frame in reader:
            told(f"reading {video.name}", frame.index + 1, reader.frame_count)
            yield detector.letterboxed(frame.picture.bgr_within(*detector.input_size))[0]


def _card(
    config: DetectConfig,
    detector: SessionDetector,
    registry: Registry,
    content: bytes,
    videos: Sequence[CalibrationVideo],
    calibration: Calibration,
) -> MadeCard:
    parent = registry.card_of(detector.model_sha256) or read_made(find_model(config.model, registry)[0])
    return MadeCard(
        parent=detector.name,
        parent_sha256=detector.model_sha256,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        head=detector.head,
        height=config.height,
        width=config.width,
        arithmetic="int8",
        method=str(calibration),
        videos=tuple(videos),
        made_with=f"onnxruntime {version('onnxruntime')}, onnx {version('onnx')}",
        licence=parent.licence if parent else "as its parent's",
        licence_note=parent.licence_note if parent else f"{detector.name} is a file of your own; you know its licence.",
    )
