"""How good the tracker is beside ByteTrack and OC-SORT: `python -m tests.accuracy.tracking [--doc docs/tracking.md]`.

HOTA, IDF1 and MOTA on the MOT-format sets of $GIAOLO_SHARED (people in the street, at 25, 12.5 and 5 frames a second)
and on simulated traffic with all faults of the noise model. Asked is: not lower than the better of the peers minus 0.5.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from models.evaluation.tracks import TrackFigures, score
from tests.accuracy.followed import OURS, PEERS, Followable, mot_set, simulated
from tests.conftest import SHARED
from tests.simulation.layouts import PLACES

SETS, SET_FPS, STEPS = ("TUD-Campus", "TUD-Stadtmitte"), 25.0, (1, 2, 5)
USUAL_FPS = 5.0
"""How often a node looks at a camera as a rule."""
MEASURES = ("hota", "idf1", "mota")
SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """What is followed in one go: MOT sets at every n-th frame, or a place with some seeds, at most so often."""

    name: str
    step: int = 1
    most_fps: float | None = None
    place: str = ""
    seeds: tuple[int, ...] = ()
    seconds: float = 0.0

    def sequences(self) -> Iterator[Followable]:
        """Them."""
        if not self.place:
            yield from (mot_set(SHARED / "samples" / "tracking" / name, self.step, SET_FPS) for name in SETS)
        for seed in self.seeds:
            with tempfile.TemporaryDirectory(prefix="giaolo-tracking-") as folder:
                yield simulated(self.place, seed, self.seconds, Path(folder), self.most_fps)


@dataclass(frozen=True, slots=True)
class Row:
    """A job's figures by who followed."""

    name: str
    fps: float
    figures: dict[str, TrackFigures]

    def best_peer(self, measure: str) -> float:
        """Highest of the peers, at whichever thresholds."""
        return max(float(getattr(self.figures[name], measure)) for name in PEERS)

    def behind(self, name: str) -> dict[str, float]:
        """By how much one of ours is below what is asked; empty where it is not."""
        short = {m: self.best_peer(m) - SLACK - float(getattr(self.figures[name], m)) for m in MEASURES}
        return {measure: value for measure, value in short.items() if value > 0}


def work(job: Job) -> Row:
    """Everybody follows a job."""
    warnings.simplefilter("ignore")
    os.nice(5)
    sequences = list(job.sequences())
    figures = {
        name: score({str(n): (one.truth, follow(one.looks, one.fps)) for n, one in enumerate(sequences)})
        for name, follow in {**OURS, **PEERS}.items()
    }
    return Row(job.name, sum(one.fps for one in sequences) / len(sequences), figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where the road is below what is asked."""
    chosen = _parser().parse_args(arguments)
    jobs = [Job(f"MOT sets, every {step}. frame" if step > 1 else "MOT sets", step) for step in STEPS]
    jobs += [
        Job(name, most_fps=most_fps, place=place, seeds=tuple(chosen.seeds), seconds=chosen.seconds)
        for place in chosen.places
        for rate, name, most_fps in (("camera", place, None), ("node", f"{place}, as often as a node looks", USUAL_FPS))
        if rate in chosen.rates
    ]
    with ProcessPoolExecutor(max_workers=chosen.jobs) as pool:
        rows = list(pool.map(work, jobs))
    page = markdown(rows, chosen)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    found = {row.name: {name: one.as_dict() for name, one in row.figures.items()} for row in rows}
    chosen.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if chosen.doc:
        before, mark, _ = chosen.doc.read_text(encoding="utf-8").partition(MARK)
        if not mark:
            raise SystemExit(f"{chosen.doc}: has no line `{MARK}` after which the tables stand")
        chosen.doc.write_text(f"{before}{MARK}\n\n{page}", encoding="utf-8")
    sys.stdout.write(page)
    return 1 if any(row.behind("ours") for row in rows) else 0


MARK = "<!-- made by python -m tests.accuracy.tracking; all below is written over -->"


def markdown(rows: Sequence[Row], chosen: argparse.Namespace) -> str:
    """Tables, and what is below what is asked."""
    seeds, rates = " ".join(map(str, chosen.seeds)), " ".join(chosen.rates)
    command = f"python -m tests.accuracy.tracking --seconds {chosen.seconds:g} --seeds {seeds} --rates {rates}"
    with_what = f"Python {platform.python_version()}, trackers {version('trackers')}, trackeval {version('trackeval')}"
    lines = [f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {with_what}: `{command}`"]
    for row in rows:
        truth = next(iter(row.figures.values()))
        lines += [
            "",
            f"**{row.name}**: {row.fps:.1f} frames a second, {truth.users} road users, {truth.truth} boxes",
            "",
            "| | HOTA | DetA | AssA | IDF1 | MOTA | switches | false | missed |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_line(name, one) for name, one in row.figures.items()),
        ]
        for name in OURS:
            short = ", ".join(f"{measure.upper()} by {value:.1f}" for measure, value in row.behind(name).items())
            lines += ["", f"{name}: {'below what is asked: ' + short if short else 'as asked'}"]
    return "\n".join(lines) + "\n"


def _line(name: str, one: TrackFigures) -> str:
    shares = " | ".join(f"{value:.1f}" for value in (one.hota, one.deta, one.assa, one.idf1, one.mota))
    return f"| {name} | {shares} | {one.switches} | {one.false_positives} | {one.misses} |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", nargs="*", choices=list(PLACES), default=list(PLACES))
    parser.add_argument(
        "--rates", nargs="+", choices=("camera", "node"), default=["camera", "node"], help="of the places"
    )
    parser.add_argument("--seconds", type=float, default=600.0, help="of each place and seed, at least 120")
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12])
    parser.add_argument("--out", type=Path, default=Path("build/tracking_peers.json"))
    parser.add_argument("--doc", type=Path, help="page whose tables are written anew")
    parser.add_argument("--jobs", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
