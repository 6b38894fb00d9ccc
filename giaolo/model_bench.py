"""Which variant of a detector is the fastest on this machine that sees what the reference sees.

Times are taken in rounds, each variant in turn, so that a busy machine hurts all alike. They are ranked by CPU time:
where several cameras share the cores it decides how many there can be, and it moves least when something else runs.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.config import usable_cores
from edge.detect.detector import Detector
from giaolo.gate_clips import GateClip, Progress, frames_of, watch
from giaolo.variants import Variant, opened
from models.gate import Verdict, judge

ROUNDS = 5
PICTURES = 8
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of the rounds, with the least and the most."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        return cls(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:.0f} ({self.low:.0f} to {self.high:.0f})"


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a frame, letterbox, head and suppression included: on the clock, and of CPU time."""

    wall_ms: Spread
    cpu_ms: Spread


@dataclass(frozen=True, slots=True)
class Judged:
    """A variant, how long it takes, and what the gate says of it."""

    variant: Variant
    timing: Timing
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class BenchResult:
    """All variants.

    Attributes:
        judged: those that ran, the one that takes least CPU time first.
        missing: those this machine cannot run, and why.
        clips: names of the clips they were judged by.
        load: processes that wanted a core, for each core, when the timing began; over about 0.5 clock times say little.
    """

    judged: tuple[Judged, ...]
    missing: Mapping[str, str]
    clips: tuple[str, ...]
    load: float

    @property
    def passed(self) -> tuple[Judged, ...]:
        """Those that pass the gate, fastest first."""
        return tuple(one for one in self.judged if one.verdict.passed)

    @property
    def failed(self) -> tuple[Judged, ...]:
        """Those that do not."""
        return tuple(one for one in self.judged if not one.verdict.passed)


def bench(variants: Sequence[Variant], clips: Sequence[GateClip], progress: Progress) -> BenchResult:
    """Times the variants and passes each through the gate; the first one is the reference.

    Raises:
        ModelError: the reference cannot run here, or a network fails.
        StreamError: a clip cannot be read.
    """
    detectors, missing = opened(list(variants))
    load = os.getloadavg()[0] / usable_cores()
    timings = timed(detectors, pictures(clips), progress=progress)
    seen = watch(clips, detectors, variants[0].detect.confidence, progress)
    reference = seen[variants[0].name]
    judged = [
        Judged(variant, timings[variant.name], judge(reference, seen[variant.name]))
        for variant in variants
        if variant.name in detectors
    ]
    judged.sort(key=lambda one: one.timing.cpu_ms.median)
    return BenchResult(tuple(judged), missing, tuple(clip.name for clip in clips), load)


def pictures(clips: Sequence[GateClip]) -> list[Picture]:
    """Some frames of each clip to take times on: how many boxes there are changes what a frame costs."""
    each = -(-PICTURES // len(clips))
    return [frame.image for clip in clips for frame in islice(frames_of(clip), 0, 10 * each, 10)]


def timed(
    detectors: Mapping[str, Detector],
    images: Sequence[Picture],
    *,
    progress: Progress,
    rounds: int = ROUNDS,
    clocks: tuple[Callable[[], float], Callable[[], float]] = (time.perf_counter, time.process_time),
) -> dict[str, Timing]:
    """Milliseconds a frame of each detector.

    Args:
        detectors: by name.
        images: one round is each of these once.
        progress: told of rounds.
        rounds: each takes every detector in turn.
        clocks: seconds on the wall, and of CPU time of this process.
    """
    wall, cpu = clocks
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in detectors}
    for number in range(rounds):
        for name, detector in detectors.items():
            detector.detect(images[0])  # the caches are another's
            begun = wall(), cpu()
            for image in images:
                detector.detect(image)
            taken[name].append((wall() - begun[0], cpu() - begun[1]))
        progress("timing", number + 1, rounds)
    each = 1000 / len(images)
    return {
        name: Timing(Spread.of([one * each for one, _ in rows]), Spread.of([one * each for _, one in rows]))
        for name, rows in taken.items()
    }


def as_dict(result: BenchResult) -> dict[str, Any]:
    """For scripts."""
    return {
        "clips": list(result.clips),
        "load_per_core": round(result.load, 2),
        "fastest": result.passed[0].variant.name if result.passed else None,
        "variants": [_row(one) for one in result.judged],
        "missing": dict(result.missing),
    }


def _row(one: Judged) -> dict[str, Any]:
    verdict, timing = one.verdict, one.timing
    return {
        "name": one.variant.name,
        "detect": one.variant.changes(),
        "licence": one.variant.licence,
        "ms": _spread(timing.wall_ms),
        "cpu_ms": _spread(timing.cpu_ms),
        "passed": verdict.passed,
        "faults": list(verdict.faults),
        "frames_with_objects": verdict.frames,
        "share": round(verdict.share, 5),
        "lost": verdict.kept.boxes - verdict.kept.matched,
        "of": verdict.kept.boxes,
        "new": verdict.made.boxes - verdict.made.matched,
    }


def _spread(spread: Spread) -> dict[str, float]:
    return {"median": round(spread.median, 2), "low": round(spread.low, 2), "high": round(spread.high, 2)}
