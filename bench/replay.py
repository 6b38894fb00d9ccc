"""How fast a track log is judged: `make bench`, or `python -m bench.replay`.

Ten road users a frame at a junction with every rule on: frames a second of CPU time from the file to the events, for
text and Parquet, beside what reading alone costs and a bare loop over the same text with the csv module. The rounds of
all take turns, so that a busy machine hurts all alike. Writes build/bench-replay.json.
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


def cpu_s(work: Callable[[], int]) -> float:
    """CPU seconds of the process; SystemExit when nothing came out."""
    begun = time.process_time()
    if not work():
        raise SystemExit("nothing came out: the bench is broken")
    return time.process_time() - begun


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
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                taken[name].append(cpu_s(work))
    rates = {name: [FRAMES / seconds for seconds in all_] for name, all_ in taken.items()}
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "command": "python -m bench.replay",
        "frames": FRAMES,
        "road_users_a_frame": USERS,
        "rules": list(load_scene(SCENE).rules.on()),
        "frames_a_cpu_second": {
            name: {"min": min(all_), "median": statistics.median(all_), "max": max(all_)}
            for name, all_ in rates.items()
        },
        "day_at_10_fps_minutes": DAY / statistics.median(rates["judge text, all rules"]) / 60,
    }
    target = Path("build") / "bench-replay.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("| what | frames a CPU second: median (min to max) | a day at 10 fps, minutes |\n|---|---|---|")
    for name, all_ in rates.items():
        middle = statistics.median(all_)
        print(f"| {name} | {middle:.0f} ({min(all_):.0f} to {max(all_):.0f}) | {DAY / middle / 60:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
