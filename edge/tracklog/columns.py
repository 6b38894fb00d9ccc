"""Columns of a Parquet track log, and what its file says about itself.

One row per track and frame; a frame without tracks is one row whose `id` and what follows it are null. What belongs to
the frame stands in each of its rows (Parquet stores repeated values once), its signal changes only in the first.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from contracts.canonical import canonical_json
from edge.errors import ConfigError
from edge.track.motlog import helmet_letters
from edge.track.tracked import TrackedFrame

if TYPE_CHECKING:
    import pyarrow as pa

KEY = b"giaolo.tracklog"
VERSION = 2
READABLE = (1, 2)
"""Version 1 had no column `undecided`: nobody was written of whom it was not clear whether they ride."""
UNDECIDED = "undecided"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LogHead:
    """What a file says about itself.

    Attributes:
        camera: id.
        node: id; empty where no node wrote it.
        run: which run of the node; between two runs nothing is remembered.
        model_sha256: detector that saw the road users.
        first_frame: index of the first frame, for the order of files of one run.
        parts: names of the smaller files this one was made from.
    """

    camera: str
    node: str = ""
    run: str = ""
    model_sha256: str | None = None
    first_frame: int = 0
    parts: tuple[str, ...] = ()

    def to_metadata(self) -> dict[bytes, bytes]:
        """For the schema of a file."""
        return {KEY: canonical_json({"version": VERSION, **asdict(self)})}

    @classmethod
    def from_metadata(cls, metadata: dict[bytes, bytes] | None, name: str) -> "LogHead":
        """Read back; ConfigError when the file is not ours, or of a version this one does not know."""
        try:
            document = json.loads((metadata or {})[KEY])
            version = document.pop("version")
            if version in READABLE:
                return cls(**{**document, "parts": tuple(document["parts"])})
        except (KeyError, TypeError, ValueError):
            raise ConfigError(
                f"{name}: is Parquet, but not a track log of ours (its metadata has no readable {KEY.decode()!r}); "
                "see docs/reference/tracklog.md, or give MOTChallenge text"
            ) from None
        raise ConfigError(f"{name}: is a track log of version {version}; this program reads up to {VERSION}")


def schema() -> "pa.Schema":
    """Arrow schema of the rows."""
    import pyarrow as pa

    moment = pa.timestamp("us", "UTC")
    word = pa.dictionary(pa.int32(), pa.string())
    signal = pa.struct([("head", pa.string()), ("at", moment), ("state", pa.string()), ("source", pa.string())])
    return pa.schema(
        [
            pa.field("frame", pa.int64(), nullable=False),
            pa.field("at", moment, nullable=False),
            pa.field("discontinuity", pa.bool_(), nullable=False),
            pa.field("width", pa.int32(), nullable=False),
            pa.field("height", pa.int32(), nullable=False),
            pa.field("time_source", word, nullable=False),
            pa.field("time_uncertainty_ms", pa.float64(), nullable=False),
            pa.field("lost", pa.int32(), nullable=False),
            pa.field("signals", pa.list_(signal)),
            pa.field("id", pa.int64()),
            pa.field("class", word),
            pa.field("confidence", pa.float64()),
            pa.field("x1", pa.float64()),
            pa.field("y1", pa.float64()),
            pa.field("x2", pa.float64()),
            pa.field("y2", pa.float64()),
            pa.field("observed", pa.bool_()),
            pa.field("riders", pa.int16()),
            pa.field("helmets", pa.string()),
            pa.field(UNDECIDED, pa.bool_()),
        ]
    )


def microseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (moment - EPOCH) // _US


def moment_of(us: int) -> datetime:
    """Inverse of `microseconds`."""
    return EPOCH + timedelta(microseconds=us)


def table_of(frames: Iterable[TrackedFrame]) -> "pa.Table":
    """Rows of frames, in order."""
    import pyarrow as pa

    wanted = schema()
    columns: list[list[Any]] = [list(column) for column in zip(*_rows(frames), strict=True)] or [[] for _ in wanted]
    arrays = [
        pa.array(column, field.type if not pa.types.is_timestamp(field.type) else pa.int64()).cast(field.type)
        for column, field in zip(columns, wanted, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=wanted)


_NOBODY = (None,) * 11


def _rows(frames: Iterable[TrackedFrame]) -> Iterator[tuple[Any, ...]]:
    for frame in frames:
        quality = frame.time_quality
        of_frame = (
            frame.index,
            microseconds(frame.at),
            frame.discontinuity,
            *frame.size,
            quality.source,
            quality.uncertainty_ms,
            frame.lost,
        )
        signals: list[dict[str, Any]] | None = [
            {"head": mark.head, "at": mark.at, "state": mark.state, "source": mark.source} for mark in frame.signals
        ] or None
        if not frame.tracks:
            yield (*of_frame, signals, *_NOBODY)
        for track in frame.tracks:
            yield (
                *of_frame,
                signals,
                track.id,
                track.cls.label,
                track.confidence,
                track.x1,
                track.y1,
                track.x2,
                track.y2,
                track.observed,
                track.riders,
                helmet_letters(track.helmets),
                track.undecided,
            )
            signals = None
