"""One clip in a process of its own, for `bench.performance`: `python -m bench.one_clip road|bare CLIP SCENE DETECT`.

road    decode, detector, tracker, every rule of the scene, evidence, track log: `giaolo analyse`
bare    the two things nobody can leave out, by themselves: PyAV's decoding to pictures, then the network alone on as
        many inputs, with as many calls at once as the road has

Prints one JSON line. The first `WARM_UP` frames are not counted.
"""

import json
import resource
import sys
import tempfile
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np

from edge.analyse import Instruments, analyse
from edge.config import DetectConfig, EvidenceConfig
from edge.detect.load import find_model, load_detector, open_sized
from edge.evidence.signer import Signer
from edge.scene.load import load_scene
from models.registry import Registry

WARM_UP = 10


def road(clip: Path, scene: Path, detect: DetectConfig) -> dict[str, Any]:
    """The whole road over a clip."""
    marks: list[tuple[float, float]] = []

    def mark(done: int, _: int | None) -> None:
        if done == WARM_UP:
            marks.append((time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        using = Instruments(
            detector=load_detector(detect),
            confidence=detect.confidence,
            signer=Signer.from_folder(Path(folder) / "keys"),
            evidence=EvidenceConfig(),
            at_once=detect.at_once,
        )
        summary = analyse(clip, Path(folder) / "out", scene=load_scene(scene), using=using, progress=mark)
    wall_s, cpu_s = time.perf_counter() - marks[0][0], time.process_time() - marks[0][1]
    counted = summary.frames - WARM_UP
    return {"fps": counted / wall_s, "cpu_ms": cpu_s / counted * 1000, "frames": counted, "events": summary.events}


def bare(clip: Path, detect: DetectConfig) -> dict[str, Any]:
    """Decoding alone and the network alone, one after the other."""
    session = open_sized(find_model(detect.model, Registry())[0], detect).session
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        video_fps = float(stream.average_rate or 25)
        begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
        frames = sum(1 for frame in container.decode(video=0) if frame.to_ndarray(format="bgr24").size)
        decode_s, decode_cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    blob = np.random.default_rng(1).random((1, 3, detect.height, detect.width), np.float32)
    with ThreadPoolExecutor(detect.at_once) as pool:
        list(pool.map(session.run, [blob] * WARM_UP))
        begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
        deque(pool.map(session.run, [blob] * frames), maxlen=0)
        model_s, model_cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    taken = {
        "decoding_alone_cpu": _decoding_alone_s(clip),
        "decode": decode_s,
        "decode_cpu": decode_cpu_s,
        "model": model_s,
        "model_cpu": model_cpu_s,
    }
    each = {f"{name}_ms": seconds / frames * 1000 for name, seconds in taken.items()}
    return {**each, "frames": frames, "video_fps": video_fps}


def _decoding_alone_s(clip: Path) -> float:
    """CPU seconds without making pictures of what was decoded: what the pictures cost that nobody looks at."""
    with av.open(str(clip)) as container:
        container.streams.video[0].thread_type = "AUTO"
        begun_cpu_s = time.process_time()
        deque(container.decode(video=0), maxlen=0)
        return time.process_time() - begun_cpu_s


def main() -> int:
    """0."""
    what, clip, scene = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    detect = DetectConfig.model_validate_json(sys.argv[4])
    found = road(clip, scene, detect) if what == "road" else bare(clip, detect)
    found["rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
