"""Track logs as MOTChallenge text, both ways.

`frame,id,left,top,width,height,confidence,class,visibility,riders,helmets,undecided`: frame is 1-based, id -1 is a
detection without a track, class is a place in the sidecar's `class_names` (1-based), visibility is 1 for what was
detected in this frame and 0 for a predicted box. The last three columns are ours and may be left out: people on a
two-wheeler; one letter for each rider a model classified (h helmet, n none, u unknown; - nobody); 1 for a person of
whom it is not clear yet whether they ride. Coordinates are written so that reading gives the very same floats, hence a
replay gives the very same findings.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from contracts.classes import CLASS_LABELS, RoadUserClass
from contracts.event import ImageSize
from contracts.signals import SignalChange
from edge.detections import Detections
from edge.errors import ConfigError
from edge.frame import Frame
from edge.picture import NO_PICTURE
from edge.track.sidecar import FrameMark, Sidecar, SignalMark
from edge.track.track import HelmetSeen, Track

COLUMNS = (
    "frame", "id", "left", "top", "width", "height", "confidence", "class", "visibility", "riders", "helmets",
    "undecided",
)  # fmt: skip
FARTHEST = 1e7  # pixels: farther from the picture is nonsense, or not finite
LETTERS: dict[str, HelmetSeen] = {"h": "helmet", "n": "none", "u": "unknown"}
_LETTER = {seen: letter for letter, seen in LETTERS.items()}
_new = tuple.__new__  # what NamedTuple does, without the call in between


class MotRecord(NamedTuple):
    """One line. `cls` is the 1-based class column, None where the file says -1; `id` is -1 for a bare detection."""

    frame: int
    id: int
    left: float
    top: float
    width: float
    height: float
    confidence: float
    cls: int | None
    visibility: float
    riders: int = 0
    helmets: tuple[HelmetSeen, ...] = ()
    undecided: bool = False
    line: int = 0


class TrackLogWriter:
    """Makes the lines of a track log and remembers what its sidecar needs. Writes nothing itself."""

    def __init__(self) -> None:
        self._marks: list[FrameMark] = []
        self._signals: list[SignalMark] = []
        self._first: Frame | None = None

    def add(self, frame: Frame, tracks: Sequence[Track], signals: Sequence[SignalChange] = ()) -> list[str]:
        """Lines (each with its newline) of one analysed frame; also call it for frames without tracks.

        Args:
            frame: it.
            tracks: in it.
            signals: changes of signal heads that came to be known with it.
        """
        if self._first is None:
            self._first = replace(frame, picture=NO_PICTURE)  # the picture itself is not kept
            self._image = ImageSize(width=frame.width, height=frame.height)
        mark = FrameMark(frame=frame.index + 1, at=frame.captured_at, discontinuity=frame.discontinuity)
        self._marks.append(mark)
        self._signals += [SignalMark.of(change, mark.frame) for change in signals]
        return [track_line(mark.frame, track) for track in tracks]

    def sidecar(
        self,
        *,
        frame_rate: float,
        class_names: Sequence[str] = CLASS_LABELS,
        model_sha256: str | None = None,
    ) -> Sidecar:
        """Sidecar of all that was added; ValueError when nothing was.

        Args:
            frame_rate: nominal, frames per second.
            class_names: name of class 1, 2, … of the class column.
            model_sha256: of the detector.
        """
        if self._first is None:
            raise ValueError("no frame was added: there is nothing to describe")
        return Sidecar(
            camera=self._first.camera,
            frame_rate=frame_rate,
            started_at=self._marks[0].at - timedelta(seconds=(self._marks[0].frame - 1) / frame_rate),
            image=self._image,
            class_names=tuple(class_names),
            time_quality=self._first.time_quality,
            model_sha256=model_sha256,
            frames=tuple(self._marks),
            signals=tuple(self._signals),
        )


def track_line(frame: int, track: Track) -> str:
    """One line for a track, numbers in shortest form that reads back to the same float."""
    numbers = (track.x1, track.y1, track.x2 - track.x1, track.y2 - track.y1, track.confidence)
    written = ",".join(_shortest(number) for number in numbers)
    helmets = helmet_letters(track.helmets)
    ours = f",{helmets or '-'},1" if track.undecided else f",{helmets}" if helmets else ""  # most lines need neither
    return f"{frame},{track.id},{written},{int(track.cls) + 1},{int(track.observed)},{track.riders}{ours}\n"


def helmet_letters(helmets: Sequence[HelmetSeen]) -> str:
    """One letter for each rider a model classified; empty for none."""
    return "".join(_LETTER[seen] for seen in helmets)


def helmets_from(letters: str) -> tuple[HelmetSeen, ...]:
    """Inverse of `helmet_letters`; ValueError for a letter that is none of ours."""
    strange = sorted(set(letters) - set(LETTERS))
    if strange:
        raise ValueError(f"helmets is {letters[:40]!r}; expected a letter for each rider, h, n or u, or - for none")
    return tuple(LETTERS[letter] for letter in letters)


def detection_lines(frame: int, detections: Detections) -> list[str]:
    """Lines with id -1 for the detections of a frame (1-based number)."""
    lines = []
    for box, confidence, cls in zip(detections.xyxy, detections.confidence, detections.class_id, strict=True):
        x1, y1, x2, y2 = (float(side) for side in box)
        written = ",".join(_shortest(number) for number in (x1, y1, x2 - x1, y2 - y1, float(confidence)))
        lines.append(f"{frame},-1,{written},{int(cls) + 1},1,0\n")
    return lines


def read_mot(lines: Iterable[str], name: str = "track log") -> Iterator[MotRecord]:
    """Records of MOTChallenge text, one by one. Empty lines are passed over.

    Args:
        name: of the file, for errors.

    Raises:
        ConfigError: names the line, what is wrong with it and what is expected.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _record(line, number)
        except ValueError as error:
            raise ConfigError(f"{name}: line {number}: {error}") from None


def read_detections(
    lines: Iterable[str], sidecar: Sidecar, default: RoadUserClass = RoadUserClass.PERSON, name: str = "detections"
) -> dict[int, Detections]:
    """Detections of each frame number (1-based), whatever their id. Class -1 is taken for `default`."""
    by_frame: dict[int, list[MotRecord]] = {}
    for record in read_mot(lines, name):
        by_frame.setdefault(record.frame, []).append(record)
    return {frame: detections_of(records, sidecar, default, name) for frame, records in by_frame.items()}


def detections_of(
    records: Sequence[MotRecord], sidecar: Sidecar, default: RoadUserClass = RoadUserClass.PERSON, name: str = "log"
) -> Detections:
    """Detections of one frame from its lines. Class -1 is taken for `default`; ConfigError for an unknown class."""
    return Detections(
        np.array([[r.left, r.top, r.left + r.width, r.top + r.height] for r in records], np.float32).reshape(-1, 4),
        np.array([r.confidence for r in records], np.float32),
        np.array([default if r.cls is None else class_of(r, sidecar, name) for r in records], np.int64),
    )


def _record(line: str, number: int) -> MotRecord:
    """A record; ValueError says what is wrong. Lines as we write them take the short way, for a day has millions."""
    cells = line.split(",")
    try:
        frame, track = int(cells[0]), int(cells[1])
        left, top, width, height = float(cells[2]), float(cells[3]), float(cells[4]), float(cells[5])
        confidence, cls, visibility, riders = float(cells[6]), int(cells[7]), float(cells[8]), int(cells[9])
        is_plain = (
            len(cells) == 10
            and frame >= 1
            and track >= 1
            and -FARTHEST < left < FARTHEST
            and -FARTHEST < top < FARTHEST
            and 0 < width < FARTHEST
            and 0 < height < FARTHEST
            and 0 <= confidence <= 1
            and cls >= 1
            and 0 <= visibility <= 1
            and riders >= 0
        )
    except (ValueError, IndexError):
        is_plain = False
    if not is_plain:
        return _checked(line, number)
    return _new(
        MotRecord, (frame, track, left, top, width, height, confidence, cls, visibility, riders, (), False, number)
    )


def _checked(line: str, number: int) -> MotRecord:
    """A record, every column checked; ValueError says what is wrong."""
    cells = [cell.strip() for cell in line.split(",")]
    if not 9 <= len(cells) <= 12:
        raise ValueError(f"{len(cells)} columns; expected {','.join(COLUMNS)} (the last three may be left out)")
    frame, track = _whole(cells[0], "frame"), _whole(cells[1], "id")
    left, top, width, height, confidence = (
        _number(cell, column) for cell, column in zip(cells[2:7], COLUMNS[2:7], strict=True)
    )
    cls, visibility = _whole(cells[7], "class"), _number(cells[8], "visibility")
    riders = _whole(cells[9], "riders") if len(cells) > 9 else 0
    helmets = helmets_from("" if cells[10] in {"-", "-1"} else cells[10]) if len(cells) > 10 else ()
    undecided = _whole(cells[11], "undecided") if len(cells) > 11 else 0
    checks = (
        (frame >= 1, "frame must be 1 or more"),
        (track >= 1 or track == -1, "id must be 1 or more, or -1 for a detection without a track"),
        (width > 0 and height > 0, "width and height must be above 0"),
        (0 <= confidence <= 1 or confidence == -1, "confidence must be 0 to 1, or -1 when not known"),
        (cls >= 1 or cls == -1, "class must be 1 or more, or -1 when not known"),
        (0 <= visibility <= 1 or visibility == -1, "visibility must be 0 to 1, or -1 when not known"),
        (riders >= -1, "riders must be 0 or more"),
        (undecided in {0, 1, -1}, "undecided must be 0 or 1"),
    )
    for good, words in checks:
        if not good:
            raise ValueError(words)
    return MotRecord(
        frame=frame,
        id=track,
        left=left,
        top=top,
        width=width,
        height=height,
        confidence=1.0 if confidence == -1 else confidence,
        cls=None if cls == -1 else cls,
        visibility=1.0 if visibility == -1 else visibility,
        riders=max(riders, 0),
        helmets=helmets,
        undecided=undecided == 1,
        line=number,
    )


def class_of(record: MotRecord, sidecar: Sidecar, name: str) -> RoadUserClass:
    """Class of a track's line by the sidecar's names; ConfigError names line and known classes."""
    if record.cls is None:
        raise ConfigError(f"{name}: line {record.line}: a track needs a class; -1 is only for detections")
    if record.cls > len(sidecar.class_names):
        known = ", ".join(f"{place} {label}" for place, label in enumerate(sidecar.class_names, start=1))
        raise ConfigError(f"{name}: line {record.line}: class {record.cls} is not in the sidecar, which has {known}")
    return RoadUserClass.from_label(sidecar.class_names[record.cls - 1])


def _number(cell: str, column: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        raise ValueError(f"{column} is {cell[:40]!r}; expected a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{column} is {cell[:40]!r}; expected a finite number")
    return number


def _whole(cell: str, column: str) -> int:
    number = _number(cell, column)
    if number != int(number):
        raise ValueError(f"{column} is {cell[:40]!r}; expected a whole number")
    return int(number)


def _shortest(number: float) -> str:
    """Shortest text that reads back to the same float; whole numbers without a point."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(float(number))
