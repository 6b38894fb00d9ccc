"""`make faults`: random faults against the whole, then the truth beside the store.

    python -m tests.faults.run [--faults 200] [--events 100000] [--seed N] [--out build/faults.json]

The truth is what a replay of the cameras' track logs finds. Exit status 1 when anything was lost, doubled, altered, out
of order, or a poison is not among the dead letters.
"""

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kafka

from tests.faults.deeds import Bus, Deeds
from tests.faults.judgement import Judgement, judge, read_store
from tests.faults.roads import CameraTruth, lay
from tests.faults.schedule import KINDS, SHORT, Fault, draw
from tests.faults.world import NODES, World

CAMERAS = ("cam-1", "cam-2", "cam-3")
PATIENCE_S = 180.0


@dataclass(slots=True)
class Outcome:
    """What a fault did. Seconds; `again_s` from its mending until events found after that stood in the store."""

    number: int
    kind: str
    what: str
    at_s: float
    held_s: float
    again_s: float | None
    node_says: list[str]


class Run:
    """One run of a schedule."""

    def __init__(self, folder: Path, faults: list[Fault], events: int, *, seed: int, per_second: float) -> None:
        """Lays the roads and prepares the world."""
        self.faults = faults
        self.seed = seed
        self.outcomes: list[Outcome] = []
        share = -(-events // (len(NODES) * len(CAMERAS)))
        self.truths: list[CameraTruth] = [
            lay(folder / "logs" / node, node, f"{node}-{camera}", events=share, seed=seed + 100 * n + m)
            for n, node in enumerate(NODES)
            for m, camera in enumerate(CAMERAS)
        ]
        self.expected = {
            node: sum(len(truth.documents) for truth in self.truths if truth.node == node) for node in NODES
        }
        self.world = World(folder, per_second=per_second)
        self.bus = Bus(self.world.broker.bootstrap)
        self._deeds = Deeds(self.world, self.bus, seed)
        self._begun = time.monotonic()

    def go(self) -> Judgement:
        """The whole run."""
        self._allow(0, late=True)
        self.world.start()
        self._begun = time.monotonic()
        self._await_flow("the start")
        for fault in self.faults:
            self._suffer(fault)
        return self.finish()

    def finish(self) -> Judgement:
        """Lets everything be found and stored, then judges."""
        for site in self.world.sites:
            site.allow(10**9)
        self._await_all()
        time.sleep(2)  # a repeat still on its way must not become a second row
        return judge(self.truths, read_store(self.world.postgres.url))

    def _suffer(self, fault: Fault) -> None:
        """One fault: half of its events are found while it lasts, half after it was mended."""
        self._allow(fault.number, late=False)
        begun = time.monotonic()
        what = self._deeds.begin(fault)
        time.sleep(fault.lasts_s)
        says = [word for site in self.world.sites for word in site.faults()]
        self._deeds.end(fault)
        mended = time.monotonic()
        self._allow(fault.number, late=True)
        again_s = None
        if fault.waits:
            self._await_flow(f"fault {fault.number}, {fault.kind}")
            again_s = round(time.monotonic() - mended, 1)
        outcome = Outcome(
            fault.number, fault.kind, what, round(begun - self._begun, 1), round(mended - begun, 1), again_s, says
        )
        self.outcomes.append(outcome)
        again = "not waited for" if again_s is None else f"events again after {again_s:.1f} s"
        print(f"{outcome.at_s:7.1f} s  {fault.number:3}  {what}; {again}", flush=True)

    def _allow(self, number: int, *, late: bool) -> None:
        """Lets each node find its share of events up to this fault."""
        steps = 2 * (len(self.faults) + 1)
        for site in self.world.sites:
            share = (2 * number + (1 if late else 0) + 1) / steps
            site.allow(max(1, int(self.expected[site.node] * share * 0.98)))

    def _await_flow(self, after: str) -> None:
        """Until each node has found an event later than now and it stands in the store."""
        marks = {site.node: site.spooled() for site in self.world.sites}
        end = time.monotonic() + PATIENCE_S
        while True:
            stored = self.world.stored()
            if all(stored.get(node, (0, 0))[0] > mark for node, mark in marks.items()):
                return
            if time.monotonic() > end:
                raise AssertionError(f"no events after {after}: {marks=} {stored=}\n{self.words()}")
            time.sleep(0.3)

    def _await_all(self) -> None:
        end = time.monotonic() + PATIENCE_S
        best = -1
        while True:
            stored = sum(count for _, count in self.world.stored().values())
            if stored > best:
                best, end = stored, time.monotonic() + PATIENCE_S
            if all(site.is_done() for site in self.world.sites) and stored >= sum(self.expected.values()):
                return
            if time.monotonic() > end:
                print(f"not all came: {stored} of {sum(self.expected.values())}\n{self.words()}", flush=True)
                return
            time.sleep(0.5)

    def words(self) -> str:
        """The last words of each part of ours."""
        parts = (*self.world.edges, *self.world.centres)
        return "\n".join(f"--- {part.name}\n{part.log.read_text()[-1500:]}" for part in parts if part.log.exists())


def report(run: Run, judgement: Judgement, took_s: float, stops: dict[str, float]) -> dict[str, Any]:
    """The JSON document."""
    dead = set(run.bus.dead_letters()) if run.world.parts() else set()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}",
        "python": platform.python_version(),
        "kafka_python": kafka.__version__,
        "seed": run.seed,
        "seconds": round(took_s, 1),
        "events": judgement.to_dict(),
        "poison": {"written": len(run.bus.poisoned), "not_dead": sum(1 for v in run.bus.poisoned if v not in dead)},
        "repeated": run.bus.repeated,
        "own_deaths": {part.name: part.exits for part in (*run.world.edges, *run.world.centres) if part.exits},
        "seconds_to_stop": stops,
        "faults": [asdict(outcome) for outcome in run.outcomes],
    }


def table(document: dict[str, Any]) -> str:
    """How often each kind came and how soon events flowed again, Markdown."""
    lines = ["| fault | times | events again after, s: median | worst |", "|---|---|---|---|"]
    for kind in dict.fromkeys(fault["kind"] for fault in document["faults"]):
        of_kind = [fault for fault in document["faults"] if fault["kind"] == kind]
        times = sorted(fault["again_s"] for fault in of_kind if fault["again_s"] is not None)
        middle, worst = (f"{times[len(times) // 2]:.1f}", f"{times[-1]:.1f}") if times else ("–", "–")
        lines.append(f"| {kind} | {len(of_kind)} | {middle} | {worst} |")
    return "\n".join(lines)


def perform(
    faults: list[Fault], events: int, *, seed: int, per_second: float, keep: Path | None = None
) -> dict[str, Any]:
    """A run in a folder of its own, from the roads to the report."""
    folder = keep or Path(tempfile.mkdtemp(prefix="giaolo-faults-"))
    run = Run(folder, faults, events, seed=seed, per_second=per_second)
    print(f"seed {seed}: {sum(run.expected.values())} events, {len(faults)} faults, in {folder}", flush=True)
    begun = time.monotonic()
    stops: dict[str, float] = {}
    try:
        judgement = run.go()
        document = report(run, judgement, time.monotonic() - begun, stops)
    finally:
        stops.update({name: round(seconds, 1) for name, seconds in run.world.stop().items()})
    if keep is None and is_clean(document):
        shutil.rmtree(folder, ignore_errors=True)
    return document


def is_clean(document: dict[str, Any]) -> bool:
    """True when every event is as it should be, no part died by itself, and all poison was found."""
    counted = {name: value for name, value in document["events"].items() if name not in {"expected", "stored"}}
    return not any(counted.values()) and not document["poison"]["not_dead"] and not document["own_deaths"]


def main() -> int:
    """0, or 1 when a promise was broken."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--faults", type=int, default=200)
    options.add_argument("--events", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--per-second", type=float, default=100.0, help="events of one camera, at most")
    options.add_argument("--short", action="store_true", help="12 faults, 2,000 events, as in CI")
    options.add_argument("--kinds", default="", help="only these, separated by commas")
    options.add_argument("--out", type=Path, default=Path("build/faults.json"))
    options.add_argument("--keep", type=Path, default=None, help="folder to work in and leave as it is")
    given = options.parse_args()
    seed = given.seed if given.seed is not None else time.time_ns() % 1_000_000
    kinds = SHORT if given.short else tuple(filter(None, given.kinds.split(","))) or KINDS
    count, events = (12, 2_000) if given.short else (given.faults, given.events)
    faults = draw(seed, count, kinds, longest_s=3.0 if given.short else 8.0)
    document = perform(faults, events, seed=seed, per_second=given.per_second, keep=given.keep)
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(table(document))
    print(json.dumps({name: document[name] for name in ("seed", "seconds", "events", "poison", "own_deaths")}))
    print("every promise kept" if is_clean(document) else "A PROMISE WAS BROKEN")
    return 0 if is_clean(document) else 1


if __name__ == "__main__":
    sys.exit(main())
