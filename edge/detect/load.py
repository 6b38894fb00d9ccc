"""From a name or a file to a detector that runs."""

import re
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from edge.config import DetectConfig
from edge.detect.classes import NOT_OURS, coco_table, table_from_names
from edge.detect.detector import Head, SessionDetector, Yolov8Head, YoloxHead
from edge.detect.session import Execution, Opened, Session, open_session
from edge.errors import ModelError
from models.card import ModelCard
from models.errors import FetchError, ReshapeError, UnknownModel
from models.fetch import quiet, sha256_of
from models.origins import Progress
from models.registry import Registry
from models.reshape import anchor_count, reshape

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
    opened = _open(path, config)
    session = opened.session
    for reason in opened.passed_over:
        log.warning("execution provider missing", reason=reason, instead=session.providers[0])
    size = (config.height, config.width)
    head = _head(session, path, size, registry.card_of(sha256))
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


def _open(path: Path, config: DetectConfig) -> Opened:
    """Session for the configured input size, or for the file's own where it can take any size."""
    execution = execution_of(config)
    opened = open_session(path, execution)
    shape, kind = opened.session.input_shape, opened.session.input_type
    if len(shape) != 4 or shape[1] != 3 or kind != "tensor(float)":
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


def _fixed(shape: tuple[int | str | None, ...]) -> bool:
    return isinstance(shape[2], int) and isinstance(shape[3], int)


_EXPECTED = (
    "expected (1, 4 + classes, N) as Ultralytics YOLOv8 and YOLO11 export it, or (1, N, 5 + classes) as YOLOX does. "
    "Other kinds of network are not read"
)


def _head(session: Session, path: Path, size: tuple[int, int], card: ModelCard | None) -> Head:
    """Head told by the card, or by the shape of the output: N, the number of cells, follows from the input size.

    The network is run once on nothing, so that one that fails does so at start.
    """
    shape = session.run(np.zeros((1, 3, *size), np.float32)).shape
    if len(shape) != 3:
        raise ModelError(f"{path}: output is {list(shape)}; {_EXPECTED}")
    _, rows, columns = shape
    cells = anchor_count(*size)
    if columns == cells and rows > 4 and (card is None or card.head == "yolov8"):
        return Yolov8Head(_table(session, path, rows - 4))
    if rows == cells and columns > 5 and (card is None or card.head == "yolox"):
        return YoloxHead(_table(session, path, columns - 5), *size)
    raise ModelError(f"{path}: output is {list(shape)} with {cells} cells; {_EXPECTED}")


def _table(session: Session, path: Path, count: int) -> NDArray[np.int64]:
    """Classes by the file's own names; a file without names that has 80 classes is taken for COCO."""
    table = table_from_names(session.metadata.get("names"), count)
    if table is None and count == 80:
        table = coco_table()
    if table is None or not (table != NOT_OURS).any():
        raise ModelError(
            f"{path}: its {count} classes have no names we know. Expected COCO, or metadata `names` with "
            "person, bicycle, motorcycle, car, bus or truck"
        )
    return table
