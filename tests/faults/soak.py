"""The whole for hours: memory of each process, files and their sizes, per hour.

    python -m tests.faults.soak [--minutes 480] [--rate 100] [--out build/soak.json]

Two edges, broker, PostgreSQL, two centres, so many events a second together. Slopes are fitted by least squares over
what follows the first half hour (the second half of a run of less than one), when caches are warm. Exit status 1 when
the memory of a process of ours grows by 1 % an hour or more, or an event is missing at the end.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from tests.faults.run import CAMERAS, Run
from tests.faults.world import NODES, World

SAMPLE_S = 10.0
TOLD_EVERY = 30
LARGEST_SLOPE = 0.01
WARM_UP_S = 1800.0


def sample(world: World) -> dict[str, float]:
    """Resident bytes of each part with its children, and bytes of files by what they are."""
    found: dict[str, float] = {}
    for name, pid in world.parts().items():
        process = psutil.Process(pid)
        found[f"rss {name}"] = sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    for site in world.sites:
        found[f"files edge {site.node}"] = _bytes(site.data)
    for index in range(2):
        found[f"files centre {index + 1}"] = _bytes(world.folder / f"centre-{index}")
    return found


def _bytes(folder: Path) -> float:
    return float(sum(os.stat(path).st_size for path in folder.rglob("*") if path.is_file()))  # noqa: PTH116 - one call


def _line(taken: tuple[float, dict[str, float]]) -> str:
    at, figures = taken
    return f"{at / 60:5.0f} min  " + "  ".join(f"{name} {value / 1e6:.1f}" for name, value in figures.items())


def slopes(samples: list[tuple[float, dict[str, float]]]) -> dict[str, float]:
    """Growth an hour as a share of the mean, of each figure; over what is warm."""
    begins_s = min(WARM_UP_S, samples[len(samples) // 2][0])
    warm = [(at, figures) for at, figures in samples if at >= begins_s]
    hours = np.array([at for at, _ in warm]) / 3600
    found = {}
    for name in warm[0][1]:
        values = np.array([figures[name] for _, figures in warm])
        found[name] = float(np.polyfit(hours, values, 1)[0] / max(values.mean(), 1.0)) if len(warm) > 2 else 0.0
    return found


def main() -> int:
    """0, or 1."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=480)
    options.add_argument("--rate", type=float, default=100)
    options.add_argument("--out", type=Path, default=Path("build/soak.json"))
    given = options.parse_args()
    events = int(given.minutes * 60 * given.rate)
    folder = Path(tempfile.mkdtemp(prefix="giaolo-soak-"))
    run = Run(folder, [], events, seed=1, per_second=given.rate / len(NODES) / len(CAMERAS))
    samples: list[tuple[float, dict[str, float]]] = []
    try:
        for site in run.world.sites:
            site.allow(10**9)
        run.world.start()
        begun = time.monotonic()
        while time.monotonic() - begun < given.minutes * 60:
            samples.append((time.monotonic() - begun, sample(run.world)))
            if len(samples) % TOLD_EVERY == 1:
                print(_line(samples[-1]), flush=True)
            time.sleep(SAMPLE_S)
        judgement = run.finish()
    finally:
        run.world.stop()
    grows = slopes(samples)
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "minutes": given.minutes,
        "events": judgement.to_dict(),
        "share_an_hour": grows,
        "samples": [{"minute": round(at / 60), **figures} for at, figures in samples[::TOLD_EVERY]],
        "first": samples[0][1],
        "last": samples[-1][1],
    }
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    for name, share in sorted(grows.items()):
        print(
            f"{name:24} {samples[0][1][name] / 1e6:9.1f} -> {samples[-1][1][name] / 1e6:9.1f} MB  {share:+.2%} an hour"
        )
    ours = [share for name, share in grows.items() if name.startswith(("rss edge", "rss centre"))]
    return 0 if judgement.is_clean() and max(ours) < LARGEST_SLOPE else 1


if __name__ == "__main__":
    sys.exit(main())
