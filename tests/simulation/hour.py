"""One camera's simulated hour in one mode: simulated, watched, scored."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from edge.rules.judge import REGISTRY
from edge.track.track import Track
from tests.simulation.acts import Act, Ways
from tests.simulation.clean import clean_tracks
from tests.simulation.given import noisy_tracks, tracked
from tests.simulation.layouts import PLACES
from tests.simulation.measures import Speeds, lane_bins, line_bins, speeds
from tests.simulation.noise import NoiseModel, spoil
from tests.simulation.pictures import Sightings, look
from tests.simulation.score import Found, Verdict, by_rule
from tests.simulation.truth import TRUTHS, acts_of
from tests.simulation.watch import Recogniser, findings, with_signals
from tests.simulation.world import World

MODES = ("clean", "noisy", "detections")
EXTRA = ("harsh",)
EDGE_S = 6.0  # an act that begins within this of the hour's ends may be cut off by them
SCORED = frozenset(rule for rules in TRUTHS for rule in rules)


@dataclass(frozen=True, slots=True)
class Job:
    """One camera's hours in one mode; `lawful`: without violators."""

    place: str
    seed: int
    seconds: float
    mode: str
    lawful: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """What came of a job. `fps`: frames a second; `objects`: road users a frame; bins: true count, found, GEH."""

    job: Job
    hours: float
    fps: float
    objects: float
    wall_s: float
    judged_s: float
    verdicts: dict[str, Verdict]
    speeds: Speeds
    line_bins: list[tuple[int, int, float]]
    lane_bins: list[tuple[int, int, float]]
    notes: list[str] = field(default_factory=list)


def work(job: Job) -> Hour:
    """Simulates, watches and scores one job."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="giaolo-truth-") as folder:
        world = PLACES[job.place](job.seed, job.seconds, Path(folder), lawful=job.lawful)
    sightings = look(world.camera, world.movers, world.times)
    recogniser, ways = Recogniser(sightings), Ways(world)
    frames = list(_frames(world, sightings, job))
    judged_from = time.perf_counter()
    said = list(findings(world, with_signals(world, frames)))
    judged_s = time.perf_counter() - judged_from
    told = [recogniser.found(one) for one in said]
    start, end = float(world.times[0]), float(world.times[-1])
    acts = _within(acts_of(ways), start, end)
    on = world.scene.rules.on()
    return Hour(
        job,
        world.hours,
        len(world.times) / (end - start),
        len(sightings.frame) / len(world.times),
        time.perf_counter() - began,
        judged_s,
        by_rule([rule for rule in on if rule in REGISTRY and rule in SCORED], acts, told),
        speeds(world, ways, recogniser, frames) if "speeding" in on else Speeds(),
        line_bins(acts, told, start, end),
        lane_bins(ways, said, start, end),
        [f"{rule}: no such rule yet" for rule in on if rule not in REGISTRY],
    )


def _frames(world: World, sightings: Sightings, job: Job) -> Iterator[tuple[datetime, list[Track]]]:
    """Tracks as the mode gives them."""
    if job.mode == "clean":
        return clean_tracks(world, sightings)
    rng = np.random.default_rng([job.seed, 2])
    model = NoiseModel(switches_per_s=0.02) if job.mode == "harsh" else NoiseModel()
    told = spoil(world, sightings, rng, model)
    return tracked(world, told, rng) if job.mode == "detections" else noisy_tracks(world, told)


def _within(acts: list[Act], start: float, end: float) -> list[Act]:
    """Acts, doubtful where the hour's ends cut them off."""
    kept = []
    for act in acts:
        cut = act.at < start + EDGE_S or max(act.at, act.until) > end - EDGE_S - (20.0 if act.mover is None else 0.0)
        why = act.doubtful or ("at an end of the hour" if cut and act.rule != "line_count" else "")
        kept.append(Act(act.rule, act.where, act.mover, act.at, act.until, why, act.figures))
    return kept


__all__ = ["EXTRA", "MODES", "Found", "Hour", "Job", "work"]
