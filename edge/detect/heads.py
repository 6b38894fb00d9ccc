"""Which head a network has, told by its outputs, and what each head does: the one place that knows them all."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edge.detect import rtdetr, yolo26, yolov8, yolox
from edge.detections import Detections
from models.card import Head as Kind
from models.reshape import anchor_count

FLOOR = 0.1
"""Lowest confidence a detector gives out. ByteTrack's second association needs what lies below the threshold."""

Outputs = tuple[NDArray[Any], ...]
Table = NDArray[np.int64]
Decode = Callable[[Outputs, Table], Detections]


class Head(Protocol):
    """How a kind of network wants its input and gives its output."""

    @property
    def kind(self) -> Kind:
        """Name of the kind, as cards and configurations have it."""
        ...

    @property
    def centred(self) -> bool:
        """The picture stands in the middle of the input, not in its top left corner."""
        ...

    @property
    def channels(self) -> tuple[int, int, int]:
        """Which channel of a BGR picture each of the input's three is."""
        ...

    @property
    def scale(self) -> float:
        """By which a picture's numbers, 0 to 255, are multiplied."""
        ...

    def decode(self, outputs: Outputs) -> Detections:
        """Boxes in input pixels, before suppression."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network gave for an input, and what its file says of itself.

    Attributes:
        outputs: in the file's order, each with its batch of one.
        size: height and width of the input, pixels.
        metadata: of the file.
    """

    outputs: Outputs
    size: tuple[int, int]
    metadata: Mapping[str, str]

    @property
    def names(self) -> int:
        """How many classes the file names; 0 where it names none."""
        try:
            return len(ast.literal_eval(self.metadata.get("names", "")))
        except (ValueError, SyntaxError, TypeError):
            return 0

    @property
    def shapes(self) -> str:
        """For people."""
        return ", ".join(str(list(output.shape)) for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Form:
    """One way outputs may be read.

    Attributes:
        kind: whose output it is.
        classes: how many it tells apart; 0 where only the file's names say that.
    """

    kind: Kind
    classes: int
    read: Decode


@dataclass(frozen=True, slots=True)
class FormHead:
    """See Head: a form and the classes it has."""

    form: Form
    table: Table

    @property
    def kind(self) -> Kind:
        """See Head."""
        return self.form.kind

    @property
    def centred(self) -> bool:
        """See Head."""
        return yolox.CENTRED if self.kind == "yolox" else yolov8.CENTRED

    @property
    def channels(self) -> tuple[int, int, int]:
        """See Head."""
        return yolox.CHANNELS if self.kind == "yolox" else yolov8.CHANNELS

    @property
    def scale(self) -> float:
        """See Head."""
        return yolox.SCALE if self.kind == "yolox" else yolov8.SCALE

    def decode(self, outputs: Outputs) -> Detections:
        """See Head."""
        return self.form.read(outputs, self.table)


EXPECTED = (
    "expected one of: (1, 4 + classes, N) as Ultralytics YOLOv8 and YOLO11 export it; (1, N, 5 + classes) as YOLOX "
    "does; (1, K, 6) of YOLO26, end to end; (1, K, 4 + classes), (1, K, 6), logits with boxes, or labels with boxes "
    "and scores of RT-DETR and D-FINE. Other kinds of network are not read"
)


def tell(seen: Seen, wanted: Kind | None = None) -> Form:
    """How the outputs of a network are to be read.

    Args:
        seen: they.
        wanted: by its card or the configuration; without it the file's own word counts, then the shapes.

    Raises:
        ValueError: no known head, not the wanted one, or the shapes allow two; says what to do.
    """
    forms = list(_forms(seen))
    wanted = wanted or _own_word(seen.metadata)
    if wanted is not None:
        forms = [form for form in forms if form.kind == wanted]
    if not forms:
        other = f"; that is no output of a {wanted} head (set by detect.head, the model's card or the file)"
        raise ValueError(f"output is {seen.shapes} with {_cells(seen)} cells{other if wanted else ''}; {EXPECTED}")
    if len({form.kind for form in forms}) > 1:
        kinds = " or ".join(form.kind for form in forms)
        raise ValueError(f"output {seen.shapes} may be that of {kinds}, and the file does not say: set detect.head")
    if len(forms) > 1:
        raise ValueError(
            f"output {seen.shapes} with {seen.names} classes may be scores or class numbers; export it anew with "
            "Ultralytics 8.4 or later, and end to end"
        )
    return forms[0]


def _own_word(metadata: Mapping[str, str]) -> Kind | None:
    """What Ultralytics writes into its files, from 8.4 on."""
    if metadata.get("head") == "RTDETRDecoder":
        return "rtdetr"
    return "yolo26" if metadata.get("end2end") == "True" else None


def _cells(seen: Seen) -> int:
    return anchor_count(*seen.size)


def _forms(seen: Seen) -> Iterator[Form]:
    """Every way the shapes allow."""
    if any(output.ndim < 2 or output.shape[0] != 1 for output in seen.outputs):
        return
    if len(seen.outputs) == 1 and seen.outputs[0].ndim == 3:
        _, rows, columns = seen.outputs[0].shape
        yield from _of_cells(seen, rows, columns)
        yield from _of_queries(seen, rows, columns)
    if len(seen.outputs) == 2:
        yield from _logits(seen)
    if len(seen.outputs) == 3:
        yield from _labelled(seen)


def _of_cells(seen: Seen, rows: int, columns: int) -> Iterator[Form]:
    """A box for every cell of the input."""
    if columns == _cells(seen) and rows > 4:
        yield Form("yolov8", rows - 4, lambda outputs, table: yolov8.decode(outputs[0], table, FLOOR))
    if rows == _cells(seen) and columns > 5:
        grid = yolox.cells(*seen.size)
        yield Form("yolox", columns - 5, lambda outputs, table: yolox.decode(outputs[0], table, FLOOR, grid))


def _of_queries(seen: Seen, rows: int, columns: int) -> Iterator[Form]:
    """So many boxes whatever the input; where there are as many as cells, only a file that says so is one of these."""
    size, word = seen.size, _own_word(seen.metadata)
    if _cells(seen) in (rows, columns) and word is None:
        return
    if columns == 6:
        yield Form("yolo26", 0, lambda outputs, table: yolo26.decode(outputs[0][0], table, FLOOR))
        yield Form("rtdetr", 0, lambda outputs, table: rtdetr.decode_rows(outputs[0][0], table, FLOOR, size))
    if columns - 4 in (seen.names, 80) and columns > 4:
        yield Form(
            "rtdetr",
            columns - 4,
            lambda outputs, table: rtdetr.decode_scores(outputs[0][0, :, :4], outputs[0][0, :, 4:], table, FLOOR, size),
        )


def _logits(seen: Seen) -> Iterator[Form]:
    """Two outputs: boxes are what has four columns."""
    if any(output.ndim != 3 for output in seen.outputs):
        return
    boxes = [place for place, output in enumerate(seen.outputs) if output.shape[2] == 4]
    if len(boxes) == 1 and seen.outputs[0].shape[1] == seen.outputs[1].shape[1]:
        at, other = boxes[0], 1 - boxes[0]
        yield Form(
            "rtdetr",
            seen.outputs[other].shape[2],
            lambda outputs, table: rtdetr.decode_logits(outputs[other][0], outputs[at][0], table, FLOOR, seen.size),
        )


def _labelled(seen: Seen) -> Iterator[Form]:
    """Three outputs: class numbers are whole numbers, boxes have four columns, confidences are the third."""
    places = {_part(output): place for place, output in enumerate(seen.outputs)}
    if set(places) == {"labels", "boxes", "scores"} and len({output.shape[1] for output in seen.outputs}) == 1:
        labels, boxes, scores = places["labels"], places["boxes"], places["scores"]
        yield Form(
            "rtdetr",
            0,
            lambda outputs, table: yolo26.numbered(
                outputs[boxes][0], outputs[scores][0], outputs[labels][0], table, FLOOR
            ),
        )


def _part(output: NDArray[Any]) -> str:
    if output.ndim == 3:
        return "boxes" if output.shape[2] == 4 else "other"
    return "labels" if np.issubdtype(output.dtype, np.integer) else "scores"
