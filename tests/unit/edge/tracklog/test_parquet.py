"""Parquet track logs: read back to the last bit, and whatever is no such file is named with its cure."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from bench.traffic import frames as traffic
from edge.errors import ConfigError
from edge.track.tracked import TrackedFrame
from edge.tracklog import parquet
from edge.tracklog.columns import LogHead, table_of
from edge.tracklog.parquet import merge, read_head, read_parquet, write_frames
from tests.unit.edge.tracklog.frames import camera_frames

HEAD = LogHead("gate", "node-1", "2026-01-05T08:00:00.000000Z", "c" * 64, 4)


@given(camera_frames())
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_back_to_the_last_bit(frames: list[TrackedFrame]) -> None:
    """Frames without anybody, jumps, sizes, signals, how good the time was: all of it is judged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        write_frames(path, frames, HEAD)
        assert read_head(path) == HEAD
        ordered = [replace(frame, tracks=list(frame.tracks)) for frame in frames]
        assert list(read_parquet(path)) == ordered


def test_frames_that_lie_in_two_batches_stay_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 7)
    frames = list(traffic(30, 5))
    write_frames(tmp_path / "a.parquet", frames, HEAD)
    assert list(read_parquet(tmp_path / "a.parquet")) == frames


def test_parts_joined_read_like_one(tmp_path: Path) -> None:
    frames = list(traffic(60, 4))
    parts = [tmp_path / f"{number}.part.parquet" for number in range(3)]
    for number, part in enumerate(parts):
        write_frames(part, frames[number * 20 : number * 20 + 20], HEAD)
    merge(tmp_path / "whole.parquet", parts, replace(HEAD, parts=tuple(part.name for part in parts)))
    assert list(read_parquet(tmp_path / "whole.parquet")) == frames
    assert read_head(tmp_path / "whole.parquet").parts == tuple(part.name for part in parts)


def test_a_busy_hour_is_small(tmp_path: Path) -> None:
    """A month of them must fit on a cabinet's disk."""
    frames = list(traffic(6_000, 10))
    write_frames(tmp_path / "a.parquet", frames, HEAD)
    assert (tmp_path / "a.parquet").stat().st_size < 35 * sum(len(frame.tracks) for frame in frames)


def changed(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    table = pq.read_table(path)
    metadata = table.schema.metadata
    pq.write_table(change(table).replace_schema_metadata(metadata), path)


def with_column(table: pa.Table, name: str, values: list[Any], kind: Any = None) -> pa.Table:
    place = table.column_names.index(name)
    return table.set_column(place, name, pa.array(values, kind or table.schema.field(name).type))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[40:400] = bytes(360)
    path.write_bytes(bytes(content))


def nonsense(path: Path) -> None:
    path.write_bytes(b"PAR1 is how it begins, and then it goes on differently")


def somebody_elses(path: Path) -> None:
    pq.write_table(pa.table({"frame": [1, 2]}), path)


def of_the_future(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"giaolo.tracklog": b'{"version": 9}'}), path)


def of_version_1(path: Path) -> None:
    table = pq.read_table(path).drop_columns(["undecided"])
    metadata = table.schema.metadata[b"giaolo.tracklog"].replace(b'"version":2', b'"version":1')
    assert b'"version":1' in metadata
    pq.write_table(table.replace_schema_metadata({b"giaolo.tracklog": metadata}), path)


def without_boxes(path: Path) -> None:
    changed(path, lambda table: table.drop_columns(["x1"]))


def not_a_number(path: Path) -> None:
    changed(path, lambda table: with_column(table, "y2", [float("nan")] * len(table)))


def nameless(path: Path) -> None:
    changed(
        path, lambda table: with_column(table, "class", ["tram"] * len(table), pa.dictionary(pa.int32(), pa.string()))
    )


def half_a_box(path: Path) -> None:
    changed(path, lambda table: with_column(table, "x2", [None] * len(table)))


def backwards(path: Path) -> None:
    changed(path, lambda table: table.take(list(range(len(table)))[::-1]))


def time_backwards(path: Path) -> None:
    frames = list(traffic(3, 2))
    earlier = replace(frames[2], at=frames[0].at - timedelta(seconds=1), tracks=[])
    write_frames(path, [*frames[:2], earlier], HEAD)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut_off, "is not a whole Parquet file .* it was cut off or is something else: copy it again"),
        (scribbled, "copy it again|from a copy"),
        (nonsense, "is not a whole Parquet file"),
        (somebody_elses, "is Parquet, but not a track log of ours .* see docs/reference/tracklog.md"),
        (of_the_future, "is a track log of version 9; this program reads up to 2"),
        (without_boxes, "column x1 is missing or of another type"),
        (not_a_number, "column 'y2' holds a number that is not finite"),
        (nameless, "unknown class 'tram': expected one of person"),
        (half_a_box, "has no box, confidence or class"),
        (backwards, "stands after frame .*; write the rows in order"),
        (time_backwards, "time of frame 2 is before that of 1"),
        (Path.unlink, "cannot be read"),
    ],
)
def test_what_is_no_track_log_is_named(tmp_path: Path, damage: Callable[[Path], None], words: str) -> None:
    path = tmp_path / "my.parquet"
    write_frames(path, list(traffic(20, 3)), HEAD)
    damage(path)
    with pytest.raises(ConfigError, match=words) as caught:
        list(read_parquet(path))
    assert "my.parquet" in str(caught.value)


def test_a_log_of_the_version_before_is_read_and_joined(tmp_path: Path) -> None:
    """A node that was brought up to date within an hour has parts of both."""
    old, new = list(traffic(6, 3))[:3], list(traffic(6, 3))[3:]
    write_frames(tmp_path / "old.parquet", old, HEAD)
    of_version_1(tmp_path / "old.parquet")
    write_frames(tmp_path / "new.parquet", new, HEAD)
    assert list(read_parquet(tmp_path / "old.parquet")) == old
    merge(tmp_path / "hour.parquet", [tmp_path / "old.parquet", tmp_path / "new.parquet"], HEAD)
    assert list(read_parquet(tmp_path / "hour.parquet")) == [*old, *new]


def test_no_frames_are_no_rows() -> None:
    assert table_of([]).num_rows == 0
