"""CPU time of each detector at hand on one real frame: `make bench`.

Each round takes every detector in turn, so that a busy machine hurts all alike. Prints the table of
docs/reference/models.md and writes build/bench-detector.json.
"""

import json
import os
import platform
import statistics
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.stream.file import FileReader
from giaolo.samples import find_sample
from models.errors import FetchError
from models.registry import Registry

ROUNDS = 10
CALLS = 5
FRAME = 100


def cpu_ms(detector: Detector, image: object) -> float:
    """CPU milliseconds of the process a call, letterbox, head and suppression included."""
    begun = time.process_time()
    for _ in range(CALLS):
        detector.detect(image)  # type: ignore[arg-type]
    return (time.process_time() - begun) / CALLS * 1000


def main() -> int:
    """0; 1 when not one detector can be had."""
    registry = Registry()
    image = next(islice(FileReader(find_sample("street.mp4")), FRAME, None)).image
    detectors = {}
    for card in registry:
        try:
            registry.pull(card.name)
        except FetchError as error:
            sys.stderr.write(f"left out: {error}\n")
            continue
        detectors[card.name] = load_detector(DetectConfig(model=card.name, threads=1))
    taken: dict[str, list[float]] = {name: [] for name in detectors}
    for _ in range(ROUNDS):
        for name, detector in detectors.items():
            taken[name].append(cpu_ms(detector, image))
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "command": "make bench",
        "cpu_ms_per_frame": {
            name: {"min": min(all_), "median": statistics.median(all_), "max": max(all_)}
            for name, all_ in taken.items()
        },
    }
    target = Path("build") / "bench-detector.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print("| name | CPU ms a frame, 384x640, one thread: median (min to max) |\n|---|---|")
    for name, all_ in taken.items():
        print(f"| `{name}` | {statistics.median(all_):.0f} ({min(all_):.0f} to {max(all_):.0f}) |")
    return 0 if detectors else 1


if __name__ == "__main__":
    sys.exit(main())
