"""Ten cameras for half an hour: does the node grow, do its frames stay fresh, does one camera's garbage touch others?

    python -m bench.streams [--cameras 10] [--minutes 30] [--detect JSON]

Each clip is served by a GStreamer RTSP server of its own; the last camera's stream has noise for pictures in every
other 20 s. A whole node runs in this process as in `bench.cameras`. Every minute: memory, and of each camera the looks
a second and the age of its frames when judged (p95). The slope is fitted by least squares over the second half.

Exit status 1: memory grew by 1 % an hour or more, or a sound camera's frames were judged
more than a second late (p95 of a minute), or less than 99 of 100 looks were had in some minute after the first.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import edge.cameras
from bench.cameras import CLIPS, SEEN, WARM_UP_S, Centre, Quiet, Watched, camera_config, quantile
from edge.config import DetectConfig, NodeConfig
from edge.node import Node
from giaolo.samples import find_sample, sample_card
from giaolo.sources import cameras_of
from tests.integration.rtsp_server import RtspServer, lacking
from tests.integration.streams import Part, write_ts

GARBAGE_S = 20.0
LOOKS_PER_S = 5.0
LATEST_S = 1.0
LEAST_SHARE = 0.99
LARGEST_SLOPE = 0.01


@dataclass(frozen=True, slots=True)
class Minute:
    """What a minute was like. Memory in bytes at its end; looks a second and age (p95, seconds) by camera."""

    at_s: float
    rss: int
    looks: dict[str, float]
    age_p95_s: dict[str, float | None]
    cores_busy: float


@contextmanager
def served(seconds: float) -> Iterator[tuple[list[str], str]]:
    """Addresses of the sound clips, and of the one with garbage, for so long."""
    if reason := lacking():
        sys.exit(reason)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        streams = [[Part(find_sample(name), seconds)] for name in CLIPS]
        turns = range(round(seconds / GARBAGE_S) + 1)
        streams.append([Part(find_sample(CLIPS[0]), GARBAGE_S, damaged=bool(turn % 2)) for turn in turns])
        urls = []
        for number, parts in enumerate(streams):
            server = RtspServer(write_ts(folder / f"{number}.ts", parts))
            server.start()
            stack.callback(server.kill)
            urls.append(server.url)
        yield urls[:-1], urls[-1]


def watch(count: int, minutes: float, detect: dict[str, Any], sound: Sequence[str], garbage: str) -> list[Minute]:
    """Runs a node with `count` cameras, the last of them the one with garbage."""
    edge.cameras.CameraPipeline = Watched  # type: ignore[attr-defined]
    scenes = [sample_card(name).scene for name in (*CLIPS, CLIPS[0])]
    found_sources = cameras_of([*sound, garbage], Quiet())
    known = [replace(source, scene=scene) for source, scene in zip(found_sources, scenes, strict=True)]
    sources = [known[number % len(sound)] for number in range(count - 1)] + [known[-1]]
    with tempfile.TemporaryDirectory() as folder:
        config = NodeConfig(
            node="bench",
            data=Path(folder),
            cameras=tuple(camera_config(number, source) for number, source in enumerate(sources)),
            detect=DetectConfig.model_validate(detect),
        )
        centre = Centre()
        node = Node(config, publisher=centre, evidence=centre, preview=centre)
        node.start()
        time.sleep(WARM_UP_S)
        SEEN.clear()
        begun_s = time.monotonic()
        found: list[Minute] = []
        while time.monotonic() - begun_s < minutes * 60:
            found.append(_minute([camera.id for camera in config.cameras], begun_s))
            print(_line(found[-1]), file=sys.stderr, flush=True)
        node.stop()
    return found


def _minute(cameras: Sequence[str], begun_s: float) -> Minute:
    start_s, start_cpu_s = time.monotonic(), time.process_time()
    time.sleep(60.0)
    span_s, cpu_s = time.monotonic() - start_s, time.process_time() - start_cpu_s
    sights = SEEN[:]
    del SEEN[: len(sights)]  # what is measured here must not grow
    ages = {camera: sorted(sight.age_s for sight in sights if sight.camera == camera) for camera in cameras}
    return Minute(
        round(time.monotonic() - begun_s, 1),
        psutil.Process().memory_info().rss,
        {camera: round(len(of) / span_s, 2) for camera, of in ages.items()},
        {camera: quantile(of, 0.95) for camera, of in ages.items()},
        round(cpu_s / span_s, 2),
    )


def _line(minute: Minute) -> str:
    sound = list(minute.looks)[:-1]
    ages = [minute.age_p95_s[camera] or 0.0 for camera in sound]
    least, bad = min(minute.looks[camera] for camera in sound), list(minute.looks)[-1]
    return (
        f"{minute.at_s / 60:5.1f} min  {minute.rss / 2**20:6.1f} MiB  least {least:.2f} looks/s, p95 at most "
        f"{max(ages):.2f} s; garbage: {minute.looks[bad]:.2f} looks/s; {minute.cores_busy:.2f} cores"
    )


def judged(minutes: Sequence[Minute]) -> dict[str, Any]:
    """Growth of memory an hour as a share, over the second half; the worst of the sound cameras in any minute."""
    half = minutes[len(minutes) // 2 :]
    hours = np.array([one.at_s / 3600 for one in half])
    rss = np.array([one.rss for one in half], float)
    slope = float(np.polyfit(hours, rss, 1)[0]) if len(half) > 2 else 0.0
    sound = list(minutes[0].looks)[:-1]
    return {
        "memory_first_mib": round(minutes[0].rss / 2**20, 1),
        "memory_last_mib": round(minutes[-1].rss / 2**20, 1),
        "memory_growth_an_hour": slope / rss.mean(),
        "looks_per_s_least": min(one.looks[camera] for one in minutes[1:] or minutes for camera in sound),
        "age_p95_s_worst": max(one.age_p95_s[camera] or 0.0 for one in minutes for camera in sound),
        "cores_busy": round(float(np.mean([one.cores_busy for one in minutes])), 2),
    }


def main() -> int:
    """0, or 1."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cameras", type=int, default=10)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--detect", type=json.loads, default={}, help="part of the node file, JSON")
    options.add_argument("--out", type=Path, default=Path("build/streams.json"))
    asked = options.parse_args()
    os.environ.setdefault("GIAOLO_LOG", "ERROR")
    rates = {"fps": LOOKS_PER_S, "max_fps": LOOKS_PER_S, "min_fps": LOOKS_PER_S}
    with served(asked.minutes * 60 + 300) as (sound, garbage):
        minutes = watch(asked.cameras, asked.minutes, asked.detect | rates, sound, garbage)
    figures = judged(minutes)
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "cameras": asked.cameras,
        "detect": asked.detect,
        **figures,
        "minutes": [asdict(one) for one in minutes],
    }
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))
    is_fresh = figures["age_p95_s_worst"] < LATEST_S and figures["looks_per_s_least"] >= LEAST_SHARE * LOOKS_PER_S
    return 0 if is_fresh and figures["memory_growth_an_hour"] < LARGEST_SLOPE else 1


if __name__ == "__main__":
    sys.exit(main())
