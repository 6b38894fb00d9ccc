"""The thread that writes track logs: it keeps all in order, drops loudly, and its faults never reach a camera."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench.traffic import frames
from edge.config import TrackLogConfig
from edge.tracklog import recorder as module
from edge.tracklog.log import TrackLog
from edge.tracklog.recorder import TrackRecorder

ROAD = list(frames(50, 3))


def recorder(folder: Path, run: str = "run-1", **config: float) -> TrackRecorder:
    return TrackRecorder(folder, TrackLogConfig.model_validate(config), node="n", run=run)


def test_frames_are_kept_in_order_across_runs(tmp_path: Path) -> None:
    for run, road in (("run-1", ROAD[:30]), ("run-2", ROAD[30:])):
        keeper = recorder(tmp_path, run)
        log = keeper.camera("gate", "c" * 64)
        other = keeper.camera("yard", None)
        keeper.start()
        for frame in road:
            log.add(frame)
            other.add(replace(frame, tracks=[]))
        keeper.stop()
        assert keeper.faults() == []
    whole = TrackLog.read(tmp_path / "gate")
    found = [frame for frame, _ in whole.frames()]
    assert found == [replace(frame, begins_run=frame.index == 30) for frame in ROAD]
    assert (whole.camera, whole.model_sha256) == ("gate", "c" * 64)
    assert len(list(TrackLog.read(tmp_path / "yard").frames())) == 50


def test_a_part_is_written_while_the_camera_runs_or_is_silent(tmp_path: Path) -> None:
    """Else a kill -9 after an hour of silence would lose the minute before it."""
    keeper = recorder(tmp_path, part_s=1)
    log = keeper.camera("gate", None)
    keeper.start()
    for frame in ROAD:
        log.add(frame)
    deadline = time.monotonic() + 20
    while not list((tmp_path / "gate").glob("*.part.parquet")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert [frame for frame, _ in TrackLog.read(tmp_path / "gate").frames()] == ROAD
    keeper.stop()


def test_what_does_not_fit_is_dropped_loudly_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that hangs must not hold up a camera; the log says how many frames it lacks."""
    monkeypatch.setattr(module, "QUEUE_FRAMES", 10)
    keeper = recorder(tmp_path)
    log = keeper.camera("gate", None)
    for frame in ROAD[:30]:  # nobody writes yet
        log.add(frame)
    assert keeper.faults() == ["The track log cannot keep up: frames are judged but not kept."]
    keeper.start()
    deadline = time.monotonic() + 20
    while not keeper._queue.empty():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    log.add(ROAD[30])
    keeper.stop()
    found = [frame for frame, _ in TrackLog.read(tmp_path / "gate").frames()]
    assert [frame.index for frame in found] == [*range(10), 30]
    assert [frame.lost for frame in found] == [0] * 10 + [20]
    assert keeper.faults() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    keeper = recorder(tmp_path)
    log = keeper.camera("gate", None)
    (tmp_path / "gate").chmod(0o500)
    keeper.start()
    log.add(ROAD[0])
    keeper.stop()
    (tmp_path / "gate").chmod(0o700)
    assert "cannot be written" in keeper.faults()[0]


def test_a_folder_that_went_away_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    keeper = recorder(tmp_path)
    log = keeper.camera("gate", None)
    (tmp_path / "gate").rmdir()
    keeper.start()
    log.add(ROAD[0])
    keeper.stop()
    assert "The track log cannot be written" in keeper.faults()[0]


def test_a_camera_that_comes_back_begins_a_run_of_its_own(tmp_path: Path) -> None:
    """It moved to another node and back while this one ran on: nothing is remembered over the gap, nothing is lost."""
    keeper = recorder(tmp_path, part_s=600)
    keeper.start()
    stints = [ROAD[:20], [replace(frame, index=frame.index - 30) for frame in ROAD[30:]]]
    for stint in stints:
        log = keeper.camera("gate", None)
        for frame in stint:
            log.add(frame)
        log.end()
    keeper.stop()
    read = [frame for frame, _ in TrackLog.read(tmp_path / "gate").frames()]
    again = replace(stints[1][0], begins_run=True)
    assert read == [*stints[0], again, *stints[1][1:]]


def test_the_oldest_logs_are_given_up_when_events_need_the_room(tmp_path: Path) -> None:
    for run in ("run-1", "run-2", "run-3"):
        keeper = recorder(tmp_path, run)
        log = keeper.camera("gate", None)
        keeper.start()
        for frame in ROAD[{"run-1": 0, "run-2": 15, "run-3": 30}[run] :]:
            log.add(frame)
        keeper.stop()
    before = sorted((tmp_path / "gate").iterdir())
    size = before[0].stat().st_size
    assert keeper.give_up(1) == size
    left = sorted((tmp_path / "gate").iterdir())
    assert left == before[1:]
    assert "given up for events" in keeper.faults()[0]
    assert recorder(tmp_path / "nothing").give_up(1) == 0
