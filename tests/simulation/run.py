"""Hours of simulated truth: `python -m tests.simulation.run --hours 2 --mode clean --out build/truth.json`."""

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from edge.rules.judge import REGISTRY
from edge.track.track import Track
from tests.simulation.acts import Ways
from tests.simulation.clean import clean_tracks
from tests.simulation.given import noisy_tracks, tracked
from tests.simulation.layouts import PLACES
from tests.simulation.noise import NoiseModel, spoil
from tests.simulation.pictures import Sightings, look
from tests.simulation.score import Found, Verdict, by_rule
from tests.simulation.truth import acts_of
from tests.simulation.watch import Recogniser, findings, with_signals
from tests.simulation.world import World

MODES = ("clean", "noisy", "detections")
EXTRA = ("harsh",)


@dataclass(frozen=True, slots=True)
class Job:
    """One camera's hours in one mode."""

    place: str
    seed: int
    seconds: float
    mode: str


@dataclass(frozen=True, slots=True)
class Hour:
    """What came of a job."""

    job: Job
    hours: float
    frames: int
    objects: float
    fps: float
    wall_s: float
    verdicts: dict[str, Verdict]
    notes: list[str] = field(default_factory=list)


def work(job: Job) -> Hour:
    """Simulates, watches and scores one job."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="giaolo-truth-") as folder:
        world = PLACES[job.place](job.seed, job.seconds, Path(folder))
    sightings = look(world.camera, world.movers, world.times)
    recogniser = Recogniser(sightings)
    acts = acts_of(Ways(world))
    frames = _frames(world, sightings, job)
    told = [recogniser.found(one) for one in findings(world, with_signals(world, frames))]
    rules = [rule for rule in world.scene.rules.on() if rule in REGISTRY]
    notes = [f"{rule}: no such rule yet" for rule in world.scene.rules.on() if rule not in REGISTRY]
    return Hour(
        job,
        world.hours,
        len(world.times),
        len(sightings.frame) / max(len(world.times), 1),
        len(world.times) / (world.hours * 3600),
        time.perf_counter() - began,
        by_rule(rules, acts, told),
        notes,
    )


def _frames(world: World, sightings: Sightings, job: Job) -> Iterator[tuple[datetime, list[Track]]]:
    """Tracks as the mode gives them."""
    if job.mode == "clean":
        return clean_tracks(world, sightings)
    rng = np.random.default_rng([job.seed, 2])
    model = NoiseModel(switches_per_s=0.02) if job.mode == "harsh" else NoiseModel()
    told = spoil(world, sightings, rng, model)
    return tracked(world, told, rng) if job.mode == "detections" else noisy_tracks(world, told)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0, help="of each place and mode")
    parser.add_argument("--seeds", nargs="+", default=["dev"], help="dev, random, or numbers")
    parser.add_argument("--mode", choices=[*MODES, *EXTRA, "all"], default="clean")
    parser.add_argument("--place", choices=[*PLACES, "all"], default="all")
    parser.add_argument("--out", type=Path, default=Path("build/truth.json"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="failures to print of each rule")
    chosen = parser.parse_args(arguments)
    count = max(1, round(chosen.hours))
    seeds = _seeds(chosen.seeds, count)
    places = list(PLACES) if chosen.place == "all" else [chosen.place]
    modes = MODES if chosen.mode == "all" else (chosen.mode,)
    seconds = 3600.0 * chosen.hours / count
    jobs = [Job(place, seed, seconds, mode) for seed in seeds for place in places for mode in modes]
    with ProcessPoolExecutor(max_workers=chosen.jobs) as pool:
        for hour in pool.map(work, jobs):
            show(hour, chosen.show)
    return 0


def show(hour: Hour, failures: int) -> None:
    """Prints one hour."""
    say = sys.stdout.write
    job = hour.job
    say(f"{job.place} seed {job.seed} {job.mode}: {hour.hours:.2f} h, {hour.frames} frames at {hour.fps:.1f}/s, "
        f"{hour.objects:.1f} road users a frame, {hour.wall_s:.1f} s {'; '.join(hour.notes)}\n")
    for rule, verdict in hour.verdicts.items():
        tally = verdict.tally
        errors = sorted(abs(error) for error in tally.errors_s)
        median = errors[len(errors) // 2] if errors else 0.0
        say(f"  {rule:20} matched {tally.matched} missed {tally.missed} false {tally.false} "
            f"doubtful {tally.doubtful} precision {tally.precision} recall {tally.recall} median {median:.3f} s\n")
        for act in verdict.missed[:failures]:
            say(f"    missed {act}\n")
        for one in verdict.false[:failures]:
            say(f"    false  {one}\n")


def _seeds(named: Sequence[str], count: int) -> list[int]:
    """Seeds by name: fixed ones for development, or fresh ones, which are printed so that a failure can be repeated."""
    if named == ["dev"]:
        return list(range(1, count + 1))
    if named == ["random"]:
        drawn = [secrets.randbelow(10**9) for _ in range(count)]
        sys.stdout.write(f"seeds {' '.join(map(str, drawn))}\n")
        return drawn
    return [int(name) for name in named]


if __name__ == "__main__":
    sys.exit(main())
