"""One Parquet track log: written whole and at once, read row group by row group."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from contracts.classes import RoadUserClass
from contracts.config_file import explain
from contracts.errors import first_line
from contracts.event import TimeQuality
from contracts.signals import SignalChange
from edge.errors import ConfigError
from edge.track.motlog import helmets_from
from edge.track.track import Track
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import UNDECIDED, LogHead, moment_of, schema, table_of

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 16_384
FLOATS = ("confidence", "x1", "y1", "x2", "y2")
NEVER_NULL = ("frame", "at", "discontinuity", "width", "height", "time_source", "time_uncertainty_ms", "lost")


def write_frames(path: Path, frames: Iterable[TrackedFrame], head: LogHead) -> None:
    """Writes a file of these frames; it is there whole or not at all, also after a power cut. OSError as it comes."""
    _write(path, [table_of(frames)], head)


def merge(path: Path, parts: Sequence[Path], head: LogHead) -> None:
    """Writes one file of several, a row group of each, in their order. ConfigError when a part cannot be read."""
    _write(path, (_table(part) for part in parts), head)


def read_head(path: Path) -> LogHead:
    """What a file says about itself; ConfigError when it is not ours, cut off or damaged."""
    with _opened(path) as file:
        return _checked_head(file, str(path))


def read_parquet(path: Path) -> Iterator[TrackedFrame]:
    """Frames of a file in order, with `begins_run` false: who joins files knows.

    Raises:
        ConfigError: the file is not ours, cut off or damaged, or holds what cannot be.
    """
    import pyarrow as pa

    with _opened(path) as file:
        _checked_head(file, str(path))
        waiting: TrackedFrame | None = None
        try:
            for batch in file.iter_batches(BATCH_ROWS):
                for frame in _frames(batch, str(path)):
                    waiting, done = _joined(waiting, frame)
                    if done is not None:
                        _check_order(done, waiting, str(path))
                        yield done
        except ValidationError as error:
            raise ConfigError(f"{path}: {explain(error)}") from None
        except (pa.ArrowException, OSError) as error:
            raise ConfigError(f"{path}: is damaged ({first_line(error)}); take it from a copy") from None
    if waiting is not None:
        yield waiting


def _joined(waiting: TrackedFrame | None, frame: TrackedFrame) -> tuple[TrackedFrame, TrackedFrame | None]:
    """The frame to wait with, and the one that is complete: rows of one frame may lie in two batches."""
    if waiting is None or waiting.index != frame.index:
        return frame, waiting
    whole = [*waiting.tracks, *frame.tracks]
    return (
        TrackedFrame(
            waiting.index,
            waiting.at,
            whole,
            waiting.size,
            waiting.time_quality,
            waiting.discontinuity,
            waiting.signals,
            lost=waiting.lost,
        ),
        None,
    )


def _check_order(before: TrackedFrame, after: TrackedFrame, name: str) -> None:
    if after.index <= before.index:
        raise ConfigError(f"{name}: frame {after.index} stands after frame {before.index}; write the rows in order")
    if after.at < before.at and not after.discontinuity:
        raise ConfigError(f"{name}: time of frame {after.index} is before that of {before.index}, no discontinuity")


def _frames(batch: "pa.RecordBatch", name: str) -> Iterator[TrackedFrame]:
    """Frames of a batch, the rows of one frame together."""
    import pyarrow.compute as pc

    column = {field: batch.column(place) for place, field in enumerate(batch.schema.names)}
    for field in FLOATS:
        if pc.all(pc.is_finite(column[field].drop_null())).as_py() is False:
            raise ConfigError(f"{name}: column {field!r} holds a number that is not finite; take the log from a copy")
    for field in NEVER_NULL:
        if column[field].null_count:
            raise ConfigError(f"{name}: column {field!r} has rows without a value; every row needs one")
    numbers = column["frame"].to_pylist()
    times = column["at"].cast("int64").to_pylist()
    signals = column["signals"]
    changed = signals.is_valid().to_pylist()
    tracks = _Tracks(column, name)
    start = 0
    for end in range(1, len(numbers) + 1):
        if end < len(numbers) and numbers[end] == numbers[start]:
            continue
        at = moment_of(times[start])
        yield TrackedFrame(
            index=numbers[start],
            at=at,
            tracks=tracks.between(start, end, at),
            size=(column["width"][start].as_py(), column["height"][start].as_py()),
            time_quality=_quality(column["time_source"][start].as_py(), column["time_uncertainty_ms"][start].as_py()),
            discontinuity=column["discontinuity"][start].as_py(),
            signals=_signals(signals[start].as_py()) if changed[start] else (),
            lost=column["lost"][start].as_py(),
        )
        start = end


class _Tracks:
    """Rows of a batch as tracks."""

    def __init__(self, column: "dict[str, pa.Array]", name: str) -> None:
        self._name = name
        self._ids: list[int | None] = column["id"].to_pylist()
        self._numbers = [column[field].to_pylist() for field in FLOATS]
        words = column["class"].dictionary.to_pylist()
        self._classes = [self._class(word) for word in words]
        self._class_at: list[int | None] = column["class"].indices.to_pylist()
        self._observed: list[bool | None] = column["observed"].to_pylist()
        self._riders: list[int | None] = column["riders"].to_pylist()
        self._helmets: list[str | None] = column["helmets"].to_pylist()
        undecided = column.get(UNDECIDED)
        self._undecided: list[bool | None] = [] if undecided is None else undecided.to_pylist()

    def between(self, start: int, end: int, at: Any) -> list[Track]:
        """Tracks of the rows from `start` to before `end`, by id."""
        return [self._track(row, number, at) for row in range(start, end) if (number := self._ids[row]) is not None]

    def _track(self, row: int, number: int, at: Any) -> Track:
        confidence, x1, y1, x2, y2 = (numbers[row] for numbers in self._numbers)
        cls, observed, riders = self._class_at[row], self._observed[row], self._riders[row]
        if x1 is None or y1 is None or x2 is None or y2 is None or confidence is None or cls is None:
            raise ConfigError(f"{self._name}: track {number} at {at.isoformat()} has no box, confidence or class")
        helmets = self._helmets[row]
        seen = helmets_from(helmets) if helmets else ()
        undecided = bool(self._undecided and self._undecided[row])
        given = bool(observed), riders or 0, seen, undecided
        return Track(number, self._classes[cls], confidence, x1, y1, x2, y2, at, *given)

    def _class(self, word: str) -> RoadUserClass:
        try:
            return RoadUserClass.from_label(word)
        except ValueError as error:
            raise ConfigError(f"{self._name}: {error}") from None


@cache
def _quality(source: Any, uncertainty_ms: float) -> TimeQuality:
    return TimeQuality(source=source, uncertainty_ms=uncertainty_ms)


_change: TypeAdapter[SignalChange] = TypeAdapter(SignalChange)


def _signals(changes: list[dict[str, Any]] | None) -> tuple[SignalChange, ...]:
    return tuple(_change.validate_python(change) for change in changes or ())


def _write(path: Path, tables: "Iterable[pa.Table]", head: LogHead) -> None:
    import pyarrow.parquet as pq

    beside = path.with_suffix(".tmp")
    with beside.open("wb") as file:
        with pq.ParquetWriter(file, schema().with_metadata(head.to_metadata()), compression="zstd") as writer:
            for table in tables:
                writer.write_table(table.replace_schema_metadata(None))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _table(path: Path) -> "pa.Table":
    import pyarrow as pa

    with _opened(path) as file:
        _checked_head(file, str(path))
        table = file.read()
    if UNDECIDED not in table.column_names:  # a part of the version before this one
        table = table.append_column(schema().field(UNDECIDED), pa.nulls(len(table), pa.bool_()))
    return table


def _opened(path: Path) -> Any:
    """The file, to be closed. ConfigError says what is wrong with it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except OSError as error:
        if isinstance(error, pa.ArrowException) or error.strerror is None:
            raise ConfigError(_not_parquet(path, error)) from None
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except pa.ArrowException as error:
        raise ConfigError(_not_parquet(path, error)) from None


def _not_parquet(path: Path, error: Exception) -> str:
    return (
        f"{path}: is not a whole Parquet file ({first_line(error)}); it was cut off or is something else: "
        "copy it again, or give MOTChallenge text"
    )


def _checked_head(file: Any, name: str) -> LogHead:
    found = file.schema_arrow
    head = LogHead.from_metadata(found.metadata, name)
    wanted = schema()
    wrong = [field.name for field in wanted if field.name not in found.names and field.name != UNDECIDED]
    wrong += [
        field.name for field in wanted if field.name in found.names and found.field(field.name).type != field.type
    ]
    if wrong:
        raise ConfigError(
            f"{name}: column {', '.join(wrong)} is missing or of another type; see docs/reference/tracklog.md"
        )
    return head
