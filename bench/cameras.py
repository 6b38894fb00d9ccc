"""How many cameras a node serves, and how old their frames are: `python -m bench.cameras --cameras 12`.

A whole node (decode, detector, tracks, rules, evidence, outbox) runs in this process with N cameras that show the given
clips or streams in turn, each with its sample's scene; a centre that takes everything stands at its end. After a
warm-up, for each camera: frames judged a second, age when judged (p50, p95), frames that were never decoded; of the
process: CPU milliseconds a judged frame, cores busy, memory. What others on the machine used meanwhile is told beside
it: ages and rates are only worth something where that is little.

`--rtsp` serves each clip by a GStreamer server of its own, so that decoding that falls behind is seen as with cameras.
`--tree OTHER` runs the same again with the code of another checkout, round by round in turn.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from pydantic import SecretStr

import edge.cameras
from contracts.wire import Record
from edge.config import CameraConfig, DetectConfig, NodeConfig
from edge.detections import Detections
from edge.frame import Frame
from edge.node import Node
from edge.pipeline import CameraPipeline, Step
from giaolo.samples import find_sample
from giaolo.sources import CameraSource, cameras_of
from tests.integration.rtsp_server import RtspServer, lacking
from tests.integration.streams import Part, write_ts

HERE = Path(__file__).resolve()
CLIPS = ("street.mp4", "two_way.mp4", "dense_junction.mp4")
WARM_UP_S = 15.0
SERVED_S = 600.0


@dataclass(frozen=True, slots=True)
class Sight:
    """One judged frame: when, and how old it was then."""

    camera: str
    at_s: float
    age_s: float


SEEN: list[Sight] = []


class Watched(CameraPipeline):
    """The pipeline, with a note of each frame at its end."""

    def step(self, frame: Frame, seen: Detections | None = None) -> Step:
        """See CameraPipeline; older code knows no `seen`."""
        try:
            return super().step(frame) if seen is None else super().step(frame, seen)
        finally:
            age = datetime.now(UTC) - frame.captured_at
            SEEN.append(Sight(self.camera, time.monotonic(), age.total_seconds()))


class Centre:
    """Takes everything at once; nobody looks."""

    def publish(self, records: Sequence[Record], *, timeout_s: float) -> list[bool]:  # noqa: ARG002
        """See Publisher."""
        return [True] * len(records)

    def close(self) -> None:
        """Nothing to free."""

    def received(self, sha256: str) -> int | None:  # noqa: ARG002
        """See EvidenceSink: all is here."""
        return None

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:  # noqa: ARG002
        """See EvidenceSink."""
        return None

    def show(self, camera: str, jpeg: bytes, captured_at: datetime) -> None:
        """See PreviewSink."""

    def is_watched(self, camera: str) -> bool:  # noqa: ARG002
        """See PreviewSink."""
        return False


class Quiet:
    """Nobody reads what a start waits for."""

    def progress(self, name: str, done: int, total: int | None) -> None:
        """See Listener."""

    def warn(self, words: str) -> None:
        """See Listener."""
        sys.stderr.write(f"{words}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """0; prints a table, or JSON with `--json`, and writes build/bench-cameras.json."""
    parser = argparse.ArgumentParser(description="cameras a node serves, and the age of their frames")
    parser.add_argument("--cameras", type=int, nargs="+", default=[4, 8, 12], help="how many; one run each")
    parser.add_argument("--seconds", type=float, default=30, help="of each run, after the warm-up")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--source", action="append", default=[], help="file or rtsp://…; default: three samples")
    parser.add_argument("--scene", type=Path, help="scene file of sources that have none of their own")
    parser.add_argument("--rtsp", action="store_true", help="serve the files by RTSP")
    parser.add_argument("--detect", type=json.loads, default={}, help="part of the node file: '{\"max_fps\": 5}'")
    parser.add_argument("--tree", type=Path, action="append", default=[], help="another checkout, beside this one")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.child:
        print(json.dumps(measure(asked.cameras[0], asked.source, asked.detect, asked.seconds, asked.scene)))
        return 0
    with served(asked.source or [str(find_sample(name)) for name in CLIPS], by_rtsp=asked.rtsp) as sources:
        runs = [
            run(tree, cameras, sources, asked.detect, asked.seconds, asked.scene)
            for _ in range(asked.rounds)
            for cameras in asked.cameras
            for tree in (*asked.tree, HERE.parent.parent)
        ]
    target = Path("build") / "bench-cameras.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(runs, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(runs, indent=2) if asked.as_json else table(runs))
    return 0


def run(
    tree: Path, cameras: int, sources: Sequence[str], detect: dict[str, Any], seconds: float, scene: Path | None = None
) -> dict[str, Any]:
    """One run in a process of its own, with the code of `tree`; `scene`: of sources that have none of their own."""
    command = [sys.executable, str(HERE), "--child", "--cameras", str(cameras), "--seconds", str(seconds)]
    command += ["--scene", str(scene)] if scene else []
    command += ["--detect", json.dumps(detect), *(word for source in sources for word in ("--source", source))]
    environment = {**os.environ, "PYTHONPATH": str(tree.resolve()), "GIAOLO_LOG": "ERROR"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"tree": str(tree), **found}


@contextmanager
def served(sources: Sequence[str], *, by_rtsp: bool) -> Iterator[list[str]]:
    """Addresses of the sources: themselves, or of servers that play them for ten minutes."""
    if not by_rtsp:
        yield list(sources)
        return
    if reason := lacking():
        sys.exit(reason)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = []
        for number, source in enumerate(sources):
            server = RtspServer(write_ts(folder / f"{number}.ts", [Part(Path(source), SERVED_S)]))
            server.start()
            stack.callback(server.kill)
            servers.append(server.url)
        yield servers


def measure(
    count: int, sources: Sequence[str], detect: dict[str, Any], seconds: float, scene: Path | None = None
) -> dict[str, Any]:
    """Runs a node with so many cameras; what it did after the warm-up."""
    edge.cameras.CameraPipeline = Watched  # type: ignore[attr-defined]
    known = [each if each.scene else replace(each, scene=scene) for each in cameras_of(sources, Quiet())]
    with tempfile.TemporaryDirectory() as folder:
        config = NodeConfig(
            node="bench",
            data=Path(folder),
            cameras=tuple(camera_config(number, known[number % len(known)]) for number in range(count)),
            detect=DetectConfig.model_validate(detect),
        )
        centre = Centre()
        node = Node(config, publisher=centre, evidence=centre, preview=centre)
        node.start()
        time.sleep(WARM_UP_S)
        decoded = {health.camera: health.frames for health in node.health().cameras}
        begun_s, begun_cpu_s, begun_all_s = time.monotonic(), time.process_time(), _all_cpu_s()
        begun_by = _cpu_by_thread()
        time.sleep(seconds)
        span_s, cpu_s, all_s = (
            time.monotonic() - begun_s,
            time.process_time() - begun_cpu_s,
            _all_cpu_s() - begun_all_s,
        )
        spent_by = _cpu_by_thread() - begun_by
        sights = [sight for sight in SEEN if begun_s <= sight.at_s <= begun_s + span_s]
        health = node.health()
        memory = psutil.Process().memory_info().rss
        node.stop()
    frames = {camera.camera: camera.frames - decoded[camera.camera] for camera in health.cameras}
    each = {camera: _figures(camera, sights, frames[camera], span_s) for camera in frames}
    ages = sorted(sight.age_s for sight in sights)
    return {
        "cameras": count,
        "detect": detect,
        "seconds": round(span_s, 1),
        "judged_per_s": round(len(sights) / span_s, 2),
        "judged_per_s_least": min(one["judged_per_s"] for one in each.values()),
        "judged_per_s_median": median(one["judged_per_s"] for one in each.values()),
        "judged_per_s_most": max(one["judged_per_s"] for one in each.values()),
        "age_p50_s": quantile(ages, 0.5),
        "age_p95_s": quantile(ages, 0.95),
        "age_p95_s_worst_camera": max(one["age_p95_s"] or 0 for one in each.values()),
        "decoded_per_s": round(sum(frames.values()) / span_s, 1),
        "gaps": sum(camera.gaps for camera in health.cameras),
        "cpu_ms_per_frame": round(cpu_s / max(1, len(sights)) * 1000, 1),
        "cpu_ms_per_s_by_thread": {name: round(spent / span_s * 1000, 1) for name, spent in spent_by.most_common()},
        "cores_busy": round(cpu_s / span_s, 2),
        "cores_busy_by_others": round(max(0.0, all_s - cpu_s) / span_s, 2),
        "rss_mib": round(memory / 2**20),
        "faults": list(health.faults),
        "each": each,
        "load_average_1_min": round(os.getloadavg()[0], 1),
        "cores": len(os.sched_getaffinity(0)),
    }


def camera_config(number: int, source: CameraSource) -> CameraConfig:
    """The camera of that number, with the scene of its sample."""
    return CameraConfig(id=f"camera-{number}", url=SecretStr(source.url), scene=source.scene)


def _figures(camera: str, sights: Sequence[Sight], frames: int, span_s: float) -> dict[str, Any]:
    ages = sorted(sight.age_s for sight in sights if sight.camera == camera)
    return {
        "judged_per_s": round(len(ages) / span_s, 2),
        "age_p50_s": quantile(ages, 0.5),
        "age_p95_s": quantile(ages, 0.95),
        "decoded_per_s": round(frames / span_s, 1),
    }


def _cpu_by_thread() -> "Counter[str]":
    """CPU seconds so far of each kind of thread, by its name without the camera; `other`: threads of libraries."""
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    spent: Counter[str] = Counter()
    for thread in psutil.Process().threads():
        kind = re.sub(r"[ -]?(camera-)?\d+.*$", "", names.get(thread.id, "other"))
        spent[kind] += thread.user_time + thread.system_time  # type: ignore[assignment]
    return spent


def _all_cpu_s() -> float:
    """Seconds that all processes of the machine have computed since it started."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Of values in order; None where there are none."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3) if ordered else None


def table(runs: Sequence[dict[str, Any]]) -> str:
    """The runs as a table for people."""
    names = {
        "tree": "code",
        "cameras": "cameras",
        "judged_per_s": "judged/s",
        "judged_per_s_least": "least",
        "judged_per_s_most": "most",
        "age_p50_s": "age p50 s",
        "age_p95_s": "p95 s",
        "decoded_per_s": "decoded/s",
        "cpu_ms_per_frame": "CPU ms a frame",
        "cores_busy": "cores",
        "cores_busy_by_others": "others' cores",
        "rss_mib": "MiB",
    }
    rows = [list(names.values()), ["---"] * len(names)]
    rows += [[str(run[key]) for key in names] for run in runs]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
