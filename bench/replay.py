"""How fast a track log is judged: `make bench`, or `python -m bench.replay`.

Ten road users a frame at a junction with every rule on: frames a second of CPU time from the file to the events, for
text and Parquet, beside what reading alone costs and a bare loop over the same text with the csv module. The rounds of
all take turns, so that a busy machine hurts all alike. Writes build/bench-replay.json.

The day is extrapolated: the frames of 24 hours at 10 a second over the frames a second of CPU time of the least, the
median and the most round. A replay is one thread that computes, so on a core of its own that is the wall time; what the
wall took beside the CPU time is told too, because on a shared machine it is more.
"""

import csv
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.traffic import FPS, SIZE, frames
from contracts.classes import CLASS_LABELS
from contracts.event import ImageSize
from edge.replay import TrackLog, replay, spare_collector
from edge.scene.load import load_scene
from edge.track.motlog import track_line
from edge.track.sidecar import Sidecar, SignalMark
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import LogHead
from edge.tracklog.parquet import write_frames

ROUNDS = 5
FRAMES = 6_000
USERS = 10
DAY = 24 * 3600 * FPS
SCENE = Path(__file__).parent / "junction.yaml"


def write_text(path: Path, road: list[TrackedFrame]) -> None:
    """The road as MOTChallenge text with its sidecar."""
    with path.open("w", encoding="utf-8") as file:
        for frame in road:
            file.writelines(track_line(frame.index + 1, track) for track in frame.tracks)
    signals = tuple(
        SignalMark(head=change.head, at=change.at, state=change.state) for frame in road for change in frame.signals
    )
    sidecar = Sidecar(
        camera="bench",
        frame_rate=FPS,
        started_at=road[0].at,
        image=ImageSize(width=SIZE[0], height=SIZE[1]),
        class_names=CLASS_LABELS,
        signals=signals,
    )
    path.with_suffix(".json").write_bytes(sidecar.to_json())


def judge(path: Path) -> int:
    """Events of a log, as many bytes as they are."""
    return sum(len(event.to_json()) for event in replay(TrackLog.read(path), load_scene(SCENE)))


def read(path: Path) -> int:
    """Tracks of a log, read only."""
    return sum(len(frame.tracks) for frame, _ in TrackLog.read(path).frames())


def bare(path: Path) -> int:
    """The least any reader of the text does: split each line, make its numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for row in csv.reader(file) if [float(cell) for cell in row])


def taken_s(work: Callable[[], int]) -> tuple[float, float]:
    """CPU seconds of the process, and seconds of the wall; SystemExit when nothing came out."""
    wall, cpu = time.perf_counter(), time.process_time()
    if not work():
        raise SystemExit("nothing came out: the bench is broken")
    return time.process_time() - cpu, time.perf_counter() - wall


def main() -> int:
    """0."""
    road = list(frames(FRAMES, USERS))  # freed before the clock starts: a replay does not hold its log
    with tempfile.TemporaryDirectory() as folder:
        text, parquet = Path(folder) / "road.txt", Path(folder) / "road.parquet"
        write_text(text, road)
        write_frames(parquet, road, LogHead("bench"))
        del road
        spare_collector()  # as the command does
        works: dict[str, Callable[[], int]] = {
            "judge text, all rules": lambda: judge(text),
            "judge Parquet, all rules": lambda: judge(parquet),
            "read text": lambda: read(text),
            "read Parquet": lambda: read(parquet),
            "bare csv loop": lambda: bare(text),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                taken[name].append(taken_s(work))
    rates = {name: [FRAMES / cpu for cpu, _ in all_] for name, all_ in taken.items()}
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "command": "python -m bench.replay",
        "load": os.getloadavg()[0],
        "rounds": ROUNDS,
        "frames": FRAMES,
        "road_users_a_frame": USERS,
        "rules": list(load_scene(SCENE).rules.on()),
        "frames_a_cpu_second": {name: _spread(all_) for name, all_ in rates.items()},
        "day_at_10_fps_minutes": {name: _spread([_day_min(rate) for rate in all_]) for name, all_ in rates.items()},
        "wall_over_cpu": {name: _spread([wall / cpu for cpu, wall in all_]) for name, all_ in taken.items()},
    }
    target = Path("build") / "bench-replay.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"{result['date']}, {result['machine']}, load {os.getloadavg()[0]:.1f}, Python {result['python']}, ", end="")
    print(f"{ROUNDS} rounds of {FRAMES} frames; median (least to most)\n")
    print("| what | frames a CPU second | a day at 10 fps, minutes |\n|---|---|---|")
    for name, all_ in rates.items():
        least, middle, most = min(all_), statistics.median(all_), max(all_)
        day = f"{_day_min(middle):.1f} ({_day_min(most):.1f} to {_day_min(least):.1f})"
        print(f"| {name} | {middle:.0f} ({least:.0f} to {most:.0f}) | {day} |")
    return 0


def _day_min(rate: float) -> float:
    """Minutes for a day at 10 frames a second, at so many frames a second."""
    return DAY / rate / 60


def _spread(values: list[float]) -> dict[str, float]:
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


if __name__ == "__main__":
    sys.exit(main())
