"""Ultralytics' own road over one clip, in the environment of `giaolo models export`; imports nothing of ours.

`python ultralytics_track.py MODEL.onnx CLIP SIZE`: detector and ByteTrack as its guide calls them, frames one by one.
Prints one JSON line.
"""

import json
import resource
import sys
import time

WARM_UP = 10


def main() -> None:
    """Frames a second after the warm-up, CPU milliseconds a frame, memory, versions."""
    import onnxruntime
    import ultralytics

    model, clip, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    frames, begun_s, begun_cpu_s = 0, 0.0, 0.0
    looks = ultralytics.YOLO(model, task="detect").track(
        clip, stream=True, imgsz=size, verbose=False, persist=True, tracker="bytetrack.yaml"
    )
    for _ in looks:
        frames += 1
        if frames == WARM_UP:
            begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    wall_s, cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    counted = frames - WARM_UP
    print(
        json.dumps(
            {
                "fps": counted / wall_s,
                "cpu_ms": cpu_s / counted * 1000,
                "rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "versions": f"ultralytics {ultralytics.__version__}, onnxruntime {onnxruntime.__version__}",
            }
        )
    )


if __name__ == "__main__":
    main()
