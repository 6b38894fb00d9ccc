"""Replay: the same tracks give the same bytes, however they are cut into chunks, files and formats."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.traffic import frames
from edge.errors import ConfigError
from edge.replay import Replay, TrackLog, replay
from edge.scene.load import load_scene
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import LogHead
from edge.tracklog.parquet import write_frames
from tests.conftest import ROOT
from tests.unit.edge.tracklog.frames import sidecar_of, write_mot

SCENE = load_scene(ROOT / "bench" / "junction.yaml")
FRAMES = 500
cuts = st.lists(st.integers(0, FRAMES), max_size=5).map(lambda places: [0, *sorted(places), FRAMES])


@cache
def road() -> tuple[TrackedFrame, ...]:
    """Traffic with a jump in the middle of it."""
    return tuple(replace(frame, discontinuity=frame.index in {0, 310}) for frame in frames(FRAMES, 6, seed=4))


@cache
def whole() -> bytes:
    """Events of the road in one piece."""
    player = Replay(SCENE, camera="gate")
    found = b"".join(event.to_json() + b"\n" for event in player.feed(road()))
    assert found.count(b"\n") > 100
    return found


def bytes_of(log: TrackLog) -> bytes:
    return b"".join(event.to_json() + b"\n" for event in replay(log, SCENE))


@given(cuts)
@settings(deadline=None, max_examples=8)
def test_chunks_give_the_same_bytes(places: list[int]) -> None:
    """Frames may come in any portions: also none, also one by one."""
    player = Replay(SCENE, camera="gate")
    found = [event.to_json() + b"\n" for begin, end in pairwise(places) for event in player.feed(road()[begin:end])]
    assert b"".join(found) == whole()


@given(cuts, st.booleans())
@settings(deadline=None, max_examples=6)
def test_files_give_the_same_bytes(places: list[int], is_text: bool) -> None:
    """An hour's files one after the other, in text or Parquet, are the day."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for begin, end in pairwise(places):
            if begin == end:
                continue
            part = road()[begin:end]
            if is_text:
                paths.append(write_mot(Path(folder) / f"{begin}.txt", part))
            else:
                paths.append(Path(folder) / f"{begin}.parquet")
                write_frames(paths[-1], part, LogHead("gate", first_frame=begin))
        assert bytes_of(TrackLog.read(*paths)) == whole()


def test_a_folder_of_parquet_gives_the_same_bytes(tmp_path: Path) -> None:
    for begin in (300, 0, 450):
        end = {0: 300, 300: 450, 450: FRAMES}[begin]
        write_frames(tmp_path / f"{begin}.parquet", road()[begin:end], LogHead("gate", "n", "r", None, begin))
    assert bytes_of(TrackLog.read(tmp_path)) == whole()


def test_bare_detections_in_files_give_the_same_bytes(tmp_path: Path) -> None:
    """The tracker, too, goes on from file to file."""
    one = bytes_of(TrackLog.read(write_mot(tmp_path / "one.txt", road(), bare=True)))
    parts = [
        write_mot(tmp_path / f"{begin}.txt", road()[begin : begin + 125], bare=True) for begin in range(0, 500, 125)
    ]
    assert one.count(b"\n") > 50
    assert bytes_of(TrackLog.read(*parts)) == one


def test_lines_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    """Some tools write track by track."""
    path = write_mot(tmp_path / "a.txt", road())
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(sorted(lines, key=lambda line: (int(line.split(",")[1]), int(line.split(",")[0])))))
    assert bytes_of(TrackLog.read(path)) == whole()


def test_a_run_begins_without_memory() -> None:
    """A node that was started again did not remember who it had told about; ids of tracks begin anew."""
    part = road()[:200]
    again = [replace(frame, begins_run=frame.index == 0) for frame in part]
    shift = timedelta(hours=1)
    again = [
        replace(
            frame,
            at=frame.at + shift,
            tracks=[replace(track, at=track.at + shift) for track in frame.tracks],
            signals=(),
        )
        for frame in again
    ]
    player = Replay(SCENE, camera="gate")
    list(player.feed(part))
    fresh = Replay(SCENE, camera="gate")
    second = [event.model_copy(update={"sequence": 0}) for event in player.feed(again)]
    assert second == [event.model_copy(update={"sequence": 0}) for event in fresh.feed(again)]
    assert second


def test_lost_frames_are_counted() -> None:
    player = Replay(SCENE, camera="gate")
    list(player.feed(replace(frame, lost=2 if frame.index == 7 else 0) for frame in road()[:20]))
    assert player.lost == 2


def test_a_day_is_not_held_in_memory(tmp_path: Path) -> None:
    """Lines are read as they come: the first events are there before the last line was looked at."""
    path = write_mot(tmp_path / "a.txt", road())
    with path.open("a", encoding="utf-8") as file:
        file.write("and then something else\n")
    events = replay(TrackLog.read(path), SCENE)
    assert next(events).sequence == 1
    with pytest.raises(ConfigError, match=r"a\.txt: line \d+: 1 columns"):
        list(events)


def test_logs_that_do_not_make_one_are_refused(tmp_path: Path) -> None:
    """Two cameras, two models, with and without ids, the wrong order, a sidecar for many, an empty folder."""
    first, second = write_mot(tmp_path / "1.txt", road()[:50]), write_mot(tmp_path / "2.txt", road()[50:100])
    bare = write_mot(tmp_path / "bare.txt", road()[50:100], bare=True)
    other, model = write_mot(tmp_path / "other.txt", road()[50:100]), write_mot(tmp_path / "model.txt", road()[50:100])
    sidecar = sidecar_of(road()[50:100])
    other.with_suffix(".json").write_bytes(sidecar.model_copy(update={"camera": "yard"}).to_json())
    model.with_suffix(".json").write_bytes(sidecar.model_copy(update={"model_sha256": "d" * 64}).to_json())
    (tmp_path / "empty").mkdir()
    third, fourth = tmp_path / "3.parquet", tmp_path / "4.parquet"
    write_frames(third, road()[:50], LogHead("gate", first_frame=0))
    write_frames(fourth, road()[50:100], LogHead("gate", first_frame=50))
    for paths, words in (
        ((first, other), r"other\.txt: a track log of camera yard does not go on one of camera gate; replay each"),
        ((first, model), r"model\.txt: a track log of model d{64} does not go on one of model None"),
        ((first, bare), "without track ids does not go on one with track ids"),
        ((second, first), r"1\.txt: frame 1 is at .*; name the logs in the order of time"),
        ((fourth, third), r"3\.parquet: begins before .*4\.parquet; name the logs in the order of time"),
        ((tmp_path / "empty",), "holds no Parquet track log; name the folder of one camera"),
        ((tmp_path / "none.parquet",), "cannot be read"),
        ((), "no track log was named"),
    ):
        with pytest.raises(ConfigError, match=words):
            bytes_of(TrackLog.read(*paths))
    with pytest.raises(ConfigError, match="--sidecar is for one log"):
        TrackLog.read(first, second, sidecar=tmp_path / "1.json")


def test_a_log_that_is_not_what_its_sidecar_says(tmp_path: Path) -> None:
    """The sidecar of another log, a log cut off in the middle of a line, classes the sidecar does not know."""
    path = write_mot(tmp_path / "a.txt", road()[:50])
    path.with_suffix(".json").write_bytes(sidecar_of(road()[100:150]).to_json())
    with pytest.raises(ConfigError, match=r"a\.txt: line 1: frame 1 is not among the frames of the sidecar"):
        bytes_of(TrackLog.read(path))
    path.with_suffix(".json").write_bytes(sidecar_of(road()[:40]).to_json())
    with pytest.raises(ConfigError, match=r"line \d+: frame 41 is not among the frames of the sidecar"):
        bytes_of(TrackLog.read(path))
    write_mot(path, road()[:50])
    text = path.read_text()
    path.write_text(text[:-20])
    with pytest.raises(ConfigError, match=r"line \d+: the file ends in the middle of this line, .* copy it again"):
        bytes_of(TrackLog.read(path))
    path.write_text(text.splitlines()[0] + "\n3,1,0,0,5,5,0.5,77,1,0\n")
    with pytest.raises(ConfigError, match="line 2: class 77 is not in the sidecar, which has 1 person"):
        bytes_of(TrackLog.read(path))
    path.write_text("900000000,1,0,0,5,5,0.5,4,1,0\n")
    bare = sidecar_of(road()[:1]).model_copy(update={"frames": (), "signals": ()})
    path.with_suffix(".json").write_bytes(bare.to_json())
    with pytest.raises(ConfigError, match=r"line 1: frame 900000000 .* is the first column the number of the frame"):
        bytes_of(TrackLog.read(path))
