"""Files of a node on disk: parts become hours, nothing is read twice or lost, and the disk does not fill."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.traffic import START, frames
from edge.track.tracked import TrackedFrame
from edge.tracklog import shelf as shelf_module
from edge.tracklog.columns import LogHead
from edge.tracklog.log import TrackLog
from edge.tracklog.shelf import Shelf, in_order, limit, name_of

HEAD = LogHead("gate", "node-1", "run-1")
ROAD = [replace(frame, signals=()) for frame in frames(40, 3)]


def shelf(folder: Path, run: str = "run-1") -> Shelf:
    return Shelf(folder / "gate", replace(HEAD, run=run))


def later(part: Sequence[TrackedFrame], by: timedelta) -> list[TrackedFrame]:
    return [
        replace(frame, at=frame.at + by, tracks=[replace(track, at=track.at + by) for track in frame.tracks])
        for frame in part
    ]


def read(folder: Path) -> list[TrackedFrame]:
    return [frame for frame, _ in TrackLog.read(folder / "gate").frames()]


def test_parts_of_an_hour_become_one_file(tmp_path: Path) -> None:
    keeper = shelf(tmp_path)
    for begin in range(0, 40, 10):
        keeper.add(ROAD[begin : begin + 10])
    assert len(list((tmp_path / "gate").iterdir())) == 4
    assert read(tmp_path) == ROAD
    keeper.tidy(but=name_of(START)[: shelf_module.HOUR])
    assert len(list((tmp_path / "gate").iterdir())) == 4
    keeper.tidy()
    assert [path.name for path in (tmp_path / "gate").iterdir()] == ["2026-11-22T08-00-00.000000Z.parquet"]
    assert read(tmp_path) == ROAD


@pytest.mark.parametrize("dies_after", [0, 1, 2, 3])
def test_a_death_while_parts_are_joined_reads_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    """The power fails before or while the parts are removed; the next start puts it in order."""
    keeper = shelf(tmp_path)
    for begin in range(0, 30, 10):
        keeper.add(ROAD[begin : begin + 10])
    removed = 0
    real = Path.unlink

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        nonlocal removed
        if removed == dies_after:
            raise KeyboardInterrupt
        removed += 1
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        if dies_after < 3:
            with pytest.raises(KeyboardInterrupt):
                keeper.tidy()
        else:
            keeper.tidy()
    assert read(tmp_path) == ROAD[:30]
    shelf(tmp_path, "run-2").tidy()
    assert read(tmp_path) == ROAD[:30]
    assert len(list((tmp_path / "gate").iterdir())) == 1


def test_a_half_written_part_is_removed_and_the_rest_read(tmp_path: Path) -> None:
    keeper = shelf(tmp_path)
    kept = keeper.add(ROAD[:20])
    (tmp_path / "gate" / "2026-11-22T08-00-02.000000Z.part.tmp").write_bytes(b"PAR1 half")
    broken = kept.with_name("2026-11-22T08-00-03.000000Z.part.parquet")
    broken.write_bytes(kept.read_bytes()[:500])
    assert read(tmp_path) == ROAD[:20]
    keeper.tidy()
    assert not list((tmp_path / "gate").glob("*.tmp"))
    assert read(tmp_path) == ROAD[:20]


def test_runs_follow_one_another_whatever_the_clock_said(tmp_path: Path) -> None:
    """A clock that was set back: the second run's files have earlier names."""
    shelf(tmp_path, "run-1").add(ROAD[:10])
    shelf(tmp_path, "run-2").add(later(ROAD[:10], timedelta(hours=-3)))
    shelf(tmp_path, "run-2").tidy()
    found = read(tmp_path)
    assert [frame.begins_run for frame in found] == [False] * 10 + [True] + [False] * 9
    assert found[10].at < found[9].at
    assert [head.run for _, head in in_order(tmp_path / "gate")] == ["run-1", "run-2"]


def test_an_hour_of_another_run_is_another_file(tmp_path: Path) -> None:
    """Between two runs nothing is remembered, so they must not become one."""
    shelf(tmp_path, "run-1").add(ROAD[:10])
    shelf(tmp_path, "run-2").add(ROAD[20:30])
    shelf(tmp_path, "run-3").tidy()
    assert len(list((tmp_path / "gate").iterdir())) == 2
    assert [frame.begins_run for frame in read(tmp_path)].index(True) == 10


def test_the_oldest_go_first_by_age_and_size(tmp_path: Path) -> None:
    keeper = shelf(tmp_path)
    paths = [keeper.add(later(ROAD[:10], timedelta(days=day))) for day in range(5)]
    folder, size = [tmp_path / "gate"], paths[0].stat().st_size
    now = START + timedelta(days=4)
    assert limit(folder, now=now, keep=timedelta(days=30), max_bytes=10**9) == []
    assert limit(folder, now=now, keep=timedelta(days=3, hours=1), max_bytes=10**9) == paths[:1]
    assert limit(folder, now=now, keep=timedelta(days=30), max_bytes=int(size * 2.5)) == paths[1:3]
    assert limit(folder, now=now + timedelta(days=3650), keep=timedelta(days=30), max_bytes=1) == paths[3:4]
    assert paths[4].exists(), "the newest stays"
    assert limit([tmp_path / "none"], now=now, keep=timedelta(days=1), max_bytes=1) == []


def test_a_camera_clock_far_ahead_removes_nothing(tmp_path: Path) -> None:
    keeper = shelf(tmp_path)
    keeper.add(ROAD[:10])
    keeper.add(later(ROAD[:10], timedelta(days=3650)))
    removed = limit([tmp_path / "gate"], now=START + timedelta(hours=1), keep=timedelta(days=30), max_bytes=10**9)
    assert removed == []
