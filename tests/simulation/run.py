"""Hours of simulated truth: `python -m tests.simulation.run --hours 2 --mode clean --out build/truth.json`."""

import argparse
import json
import os
import pickle
import secrets
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.simulation.hour import EXTRA, MODES, Hour, Job, work
from tests.simulation.layouts import PLACES
from tests.simulation.report import figures, markdown, sums_of

SLICE_S = 1800.0
NAMED = ("dev", "random")
TURNS = ("cross", "tee")  # the same rules: an hour of the one and an hour of the other are two of each rule


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    chosen = _parser().parse_args(arguments)
    modes = MODES if chosen.mode == "all" else (chosen.mode,)
    if len(chosen.hours) not in (1, len(modes)):
        sys.stderr.write(f"--hours takes one number, or one for each of {', '.join(modes)}\n")
        return 2
    hours_of = chosen.hours if len(chosen.hours) == len(modes) else chosen.hours * len(modes)
    slices = [max(1, round(wanted * 3600 / chosen.slice)) for wanted in hours_of]
    seeds = _seeds(chosen.seeds, max(slices))
    if chosen.seeds[0] not in NAMED:
        slices = [len(seeds)] * len(modes)
    places = list(PLACES) if "all" in chosen.place else chosen.place
    jobs = [
        Job(place, seed, chosen.slice, mode, chosen.lawful)
        for mode, count in zip(modes, slices, strict=True)
        for number, seed in enumerate(seeds[:count])
        for place in (_in_turns(places, number) if chosen.per_rule else places)
    ]
    os.nice(5)
    hours = [hour for path in chosen.add for hour in _kept(path)]
    page = ""
    with ProcessPoolExecutor(max_workers=chosen.jobs) as pool:
        for done in as_completed([pool.submit(work, job) for job in jobs]):
            hour = done.result()
            show(hour, chosen.show)
            hours.append(hour)
            if chosen.keep:
                chosen.keep.write_bytes(pickle.dumps(hours))
            page = _write(chosen.out, hours)  # after each: a run that is cut off has measured what it has measured
    sys.stdout.write(page)
    return 0


def _kept(path: Path) -> list[Hour]:
    """Hours of another run of ours, by its `--keep`."""
    kept: list[Hour] = pickle.loads(path.read_bytes())  # noqa: S301 - a file this program wrote
    return kept


def _in_turns(places: Sequence[str], number: int) -> list[str]:
    """The places of one slice, where those that have the same rules take turns."""
    out_of_turn = TURNS[(number + 1) % len(TURNS)]
    return [place for place in places if place != out_of_turn or not set(TURNS) <= set(places)]


def _write(out: Path, hours: list[Hour]) -> str:
    """Writes figures and page of the hours so far; the page."""
    hours.sort(key=lambda hour: (hour.job.mode, hour.job.seed, hour.job.place))
    seeds = sorted({hour.job.seed for hour in hours})
    modes_figures = {mode: figures(sums) for mode, sums in sums_of(hours).items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"seeds": seeds, "modes": modes_figures}, indent=1), encoding="utf-8")
    page = markdown(modes_figures, seeds)
    out.with_suffix(".md").write_text(page, encoding="utf-8")
    return page


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--hours", type=float, nargs="+", default=[1.0], help="of each place (or rule): one number, or one of each mode"
    )
    parser.add_argument("--per-rule", action="store_true", help="hours of each rule: cross and tee take turns")
    parser.add_argument("--slice", type=float, default=SLICE_S, help="seconds of one seed")
    parser.add_argument("--seeds", nargs="+", default=["dev"], help="dev, random (drawn anew and printed), or numbers")
    parser.add_argument("--mode", choices=[*MODES, *EXTRA, "all"], default="clean")
    parser.add_argument("--place", nargs="+", choices=[*PLACES, "all"], default=["all"])
    parser.add_argument("--lawful", action="store_true", help="traffic without violators: every finding is looked at")
    parser.add_argument("--out", type=Path, default=Path("build/truth.json"))
    parser.add_argument("--keep", type=Path, help="file for the hours, so that another run can take them in")
    parser.add_argument("--add", type=Path, nargs="+", default=[], help="hours of other runs, by their --keep")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="failures to print of each rule")
    return parser


def show(hour: Hour, failures: int) -> None:
    """Prints one hour."""
    job = hour.job
    sys.stdout.write(
        f"{job.place} seed {job.seed} {job.mode}: {hour.hours:.2f} h at {hour.fps:.1f}/s, {hour.objects:.1f} users "
        f"a frame, {hour.wall_s:.0f} s {'; '.join(hour.notes)}\n"
    )
    for rule, verdict in hour.verdicts.items():
        tally = verdict.tally
        if not tally.missed and not tally.false:
            continue
        sys.stdout.write(
            f"  {rule}: matched {tally.matched} missed {tally.missed} false {tally.false} doubtful {tally.doubtful}\n"
        )
        for act in verdict.missed[:failures]:
            sys.stdout.write(
                f"    missed {act.where} mover {act.mover} at {act.at:.2f}..{act.until:.2f} {act.figures}\n"
            )
        for one in verdict.false[:failures]:
            sys.stdout.write(
                f"    false {one.where} mover {one.mover} track {one.track} at {one.at:.2f}, told {one.judged_at:.2f}\n"
            )
    sys.stdout.flush()


def _seeds(named: Sequence[str], count: int) -> list[int]:
    """Seeds by name: fixed ones for development, or fresh ones, which are printed so that a failure can be repeated."""
    if named[0] == "dev":
        return list(range(1, count + 1))
    if named[0] == "random":
        drawn = [secrets.randbelow(10**9) for _ in range(count)]
        sys.stdout.write(f"seeds {' '.join(map(str, drawn))}\n")
        return drawn
    return [int(name) for name in named]


if __name__ == "__main__":
    sys.exit(main())
