"""From a name or a file to a detector that runs."""

import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from edge.config import DetectConfig
from edge.detect.classes import NOT_OURS, coco_table, table_from_names
from edge.detect.detector import SessionDetector
from edge.detect.heads import FormHead, Head, Seen, tell
from edge.detect.providers import ON_GPU
from edge.detect.session import FLOATS, Execution, Opened, Session, open_session
from edge.detect.session_batched import BatchedSession, takes_batches
from edge.errors import ModelError
from models.card import Head as Kind
from models.card import ModelCard
from models.errors import FetchError, ReshapeError, UnknownModel
from models.fetch import quiet, sha256_of
from models.made import read_made
from models.origins import Progress
from models.pictured import pictured
from models.registry import Registry
from models.reshape import reshape

log = structlog.get_logger(__name__)

_A_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*$")


def load_detector(
    config: DetectConfig, *, registry: Registry | None = None, progress: Progress = quiet
) -> SessionDetector:
    """Detector of a configuration. A model of the registry is fetched when it is not here.

    Args:
        registry: where names are looked up; the package's own by default.
        progress: told of downloads.

    Raises:
        ModelError: no such model or file, it cannot be had, or it is no detector of a known kind; says what to do.
    """
    registry = registry or Registry()
    path, name = find_model(config.model, registry, progress)
    sha256 = sha256_of(path)
    # What its outputs are is told on the processor; of another provider only the session that stays is opened.
    told = open_sized(path, config.model_copy(update={"providers": ("cpu",), "workers": 1}))
    head = _head(told.session, path, config, registry.card_of(sha256))
    opened = told if config.providers[0] == "cpu" else _taking_pictures(path, config, head, told)
    session = opened.session
    for reason in opened.passed_over:
        log.warning("execution provider missing", reason=reason, instead=session.providers[0])
    size = (config.height, config.width)
    return SessionDetector(session, head, name=name, model_sha256=sha256, size=size, nms_iou=config.nms_iou)


def execution_of(config: DetectConfig) -> Execution:
    """How a configuration wants its network run; as many calls at once as the engine lets cameras have."""
    return Execution(config.providers, config.threads, config.at_once, config.precision)


def find_model(model: str, registry: Registry, progress: Progress = quiet) -> tuple[Path, str]:
    """Path of a configured model's file, and the name to show. ModelError when there is none or it cannot be had."""
    if _A_NAME.match(model) and not model.endswith(".onnx"):
        try:
            return registry.pull(model, progress), model
        except UnknownModel as error:
            raise ModelError(f"{error}. For a file of your own give its path, ending in .onnx") from None
        except FetchError as error:
            raise ModelError(f"model {model}: {error}") from None
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError(
            f"{path}: there is no such model file; `giaolo models list` shows the names you may use instead"
        )
    return path, path.name


def open_sized(path: Path, config: DetectConfig) -> Opened:
    """Session for the configured input size, or for the file's own where it can take any size. As `load_detector`."""
    execution = execution_of(config)
    opened = open_session(path, execution)
    shape, kind = opened.session.input_shape, opened.session.input_type
    if len(shape) != 4 or shape[1] != 3 or kind != FLOATS:
        raise ModelError(
            f"{path}: input is {list(shape)} {kind}; expected (1, 3, height, width) tensor(float). "
            "Is it a detector for colour pictures, exported in 32 bit?"
        )
    if not _fixed(shape) or shape[2:] == (config.height, config.width):
        return opened
    try:
        content = reshape(path, config.height, config.width)
    except ReshapeError as error:
        raise ModelError(str(error)) from None
    return open_session(content, execution)


def _taking_pictures(path: Path, config: DetectConfig, head: Head, told: Opened) -> Opened:
    """Session by another provider than the processor, of the network with the preparing of its input in it.

    Args:
        path: of the network.
        config: how it is to be run.
        head: how it wants its input.
        told: the same by ONNX Runtime on the processor, which stays where no other is here.

    Raises:
        ModelError: none of the providers is here, or the network cannot be run.
    """
    execution, batch = execution_of(config), config.batch if config.providers[0] in ON_GPU else 1
    try:
        opened = open_session(_pictured(path, config, head, batch), execution)
        if opened.session.providers[0] == "cpu":
            return Opened(told.session, opened.passed_over)
        opened.session.run(np.zeros((1, config.height, config.width, 3), np.uint8))
    except (ModelError, ReshapeError) as error:
        plain = open_sized(path, config)
        log.warning("the detector prepares each picture by itself", reason=str(error))
        return plain
    if batch == 1:
        return opened
    if not takes_batches(opened.session, config.height, config.width, batch):
        log.warning("pictures are looked at one by one", reason=f"{path}: mixes pictures that it is given together")
        return opened
    return Opened(BatchedSession(opened.session, batch), opened.passed_over)


def _pictured(path: Path, config: DetectConfig, head: Head, batch: int) -> bytes:
    """The network for that size and so many pictures, as far as it can be, with their preparing."""
    file: Path | bytes = path
    with suppress(ReshapeError):  # it has that size, or takes any: `told` was opened
        file = reshape(path, config.height, config.width, batch=1 if batch == 1 else None)
    return pictured(file, order=head.channels, scale=head.scale)


def _fixed(shape: tuple[int | str | None, ...]) -> bool:
    return isinstance(shape[2], int) and isinstance(shape[3], int)


def _head(session: Session, path: Path, config: DetectConfig, card: ModelCard | None) -> Head:
    """Head told by the configuration, the card, the file, or the shapes of its outputs.

    The network is run once on nothing, so that one that fails does so at start.
    """
    size = config.height, config.width
    seen = Seen(session.run(np.zeros((1, 3, *size), np.float32)), size, session.metadata)
    try:
        form = tell(seen, config.head or _carded(path, card))
    except ValueError as error:
        raise ModelError(f"{path}: {error}") from None
    return FormHead(form, _table(seen, path, form.classes))


def _carded(path: Path, card: ModelCard | None) -> Kind | None:
    """Head by the registry's card or, for a file made here, by the card beside it."""
    if card is not None:
        return card.head
    try:
        made = read_made(path)
    except FetchError as error:
        raise ModelError(str(error)) from None
    return made.head if made else None


def _table(seen: Seen, path: Path, count: int) -> NDArray[np.int64]:
    """Classes by the file's own names; a file without names that has 80 classes is taken for COCO."""
    known = count or seen.names
    table = table_from_names(seen.metadata.get("names"), known) if known else None
    if table is None and count == 80:
        table = coco_table()
    if table is None or not (table != NOT_OURS).any():
        raise ModelError(
            f"{path}: its {count or 'numbered'} classes have no names we know. Expected COCO, or metadata `names` with "
            "person, bicycle, motorcycle, car, bus or truck"
        )
    return table
