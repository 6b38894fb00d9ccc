"""docs/accuracy.md from what was measured into build/: `make accuracy` and `make truth` measure, this only writes.

A part that was not measured on this machine is left as the page has it, with its own date; nothing is written by hand.
"""

import json
import os
import platform
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.simulation.report import markdown

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PAGE = ROOT / "docs" / "accuracy.md"

INTRODUCTION = """# Accuracy

Made by commands, part by part; each part says when, where and by which command. Precision: how many of what was told
happened. Recall: how many of what happened was told. Intervals are Wilson's, 95 %.

The shared clips are development material, not a held-out test: rules and tracker were changed after their findings were
seen. The seeds of the simulation are fixed for development; `make truth SEEDS=random` draws others and prints them. It
runs twenty hours of each traffic rule with exact tracks, where one mistake must not decide, and ten in the other modes.
"""


def main() -> None:
    """Writes the page."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    parts = [INTRODUCTION]
    for title, files, command, write in PARTS:
        paths = [BUILD / name for name in files]
        if paths[0].is_file():
            read = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]
            moment = datetime.fromtimestamp(paths[0].stat().st_mtime, UTC).date()
            parts.append(f"## {title}\n\n{moment}, {_machine()}, `{command}`.\n\n{write(read).strip()}\n")
        elif kept := re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", old, re.MULTILINE | re.DOTALL):
            parts.append(kept[0].rstrip() + "\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _machine() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    processor = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}"


def _table(head: str, rows: Iterable[Iterable[object]]) -> str:
    names = head.split("|")
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


ROADS = "Four junctions and roads in Eclipse SUMO, seen by a simulated camera with lens distortion"
TRAFFIC_TEXT = f"{ROADS}; violators are injected."
LAWFUL_TEXT = f"{ROADS}; nobody breaks a rule, so every finding is false."
SQUARE_TEXT = (
    "A square with doors, a road past it and people who loiter, gather, trespass and leave bags; two vehicles meet on "
    "the road."
)
NOISE_TEXT = (
    "(box jitter 2 %, 5 % missed, occlusions to 0.8 s, 2 % id switches, 3 % class flicker, 3 % false boxes, 8 to 25 "
    "fps uneven)"
)
MODE_TEXTS = {
    "clean": "Exact tracks are given.",
    "noisy": f"Tracks with the whole noise model are given {NOISE_TEXT}.",
    "detections": f"Boxes with the same noise are given {NOISE_TEXT}, without numbers: our tracker follows them.",
}


def _truth(read: list[Any], *, mode: str, about: str) -> str:
    modes = {name: figured for one in read for name, figured in one["modes"].items()}
    return f"{about} {MODE_TEXTS[mode]}\n\n{markdown(modes, read[0]['seeds'])}"


def _signals(read: list[Any]) -> str:
    states = sorted({state for row in read[0].values() for state in row})
    rows = ([truth, *(row.get(state, 0) for state in states)] for truth, row in read[0].items())
    text = (
        "Crops of real signal heads, kept apart from those the lamp model was fitted on. They were read four times "
        "while it was made, and three that failed were looked at: they are no longer a blind test.\n\n"
    )
    return text + _table("truth|" + "|".join(f"read as {state}" for state in states), rows)


def _counts(read: list[Any]) -> str:
    text = (
        "Truth read by eye from slit-scan pictures, to within one at the ends of a clip. Backwards: the clip played "
        "backwards; vehicles already past the line, or in another lane, are told too.\n\n"
    )
    return text + _table(
        "clip|what|truth|counted|frames/s",
        ([row["clip"], row["what"], row["truth"], row["counted"], f"{row['max_fps']:g}"] for row in read[0]),
    )


def _tracking(read: list[Any]) -> str:
    text = "Detections given (MOT15). Published SORT on TUD-Campus: MOTA 62.7, 6 switches.\n\n"
    return text + _table(
        "sequence|every n-th frame|MOTA|IDF1|switches",
        (
            [row["name"], row["step"], f"{row['mota']:.1f}", f"{100 * row['idf1']:.1f}", row["switches"]]
            for row in read[0]
        ),
    )


def _findings(read: list[Any]) -> str:
    rows: list[dict[str, Any]] = read[0]
    told = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("right", "wrong", "debatable")}
    text = (
        f"Every finding but counts, looked at by a person: {told['right']} right, {told['wrong']} wrong, "
        f"{told['debatable']} debatable. Clips without a row gave none. The scenes (`tests/accuracy/scenes`) ask for "
        "short times, because the clips are short.\n\n"
    )
    return text + _table(
        "clip|rule|place|at|verdict|what was seen",
        ([r["clip"], r["rule"], r["where"], f"{r['at_s']:.1f} s", r["verdict"], r["saw"]] for r in rows),
    )


TRUTHS = (
    ("truth", "truth", TRAFFIC_TEXT),
    ("lawful traffic", "truth_lawful", LAWFUL_TEXT),
    ("square", "truth_square", SQUARE_TEXT),
)
PARTS: tuple[tuple[str, tuple[str, ...], str, Callable[[list[Any]], str]], ...] = (
    *(
        (f"Simulated {what}: {mode}", (f"{name}_{mode}.json",), "make truth", partial(_truth, mode=mode, about=about))
        for what, name, about in TRUTHS
        for mode in MODE_TEXTS
        if what != "lawful traffic" or mode != "detections"
    ),
    ("Signal heads", ("signals.json",), "make accuracy", _signals),
    ("Findings on the shared clips", ("findings.json",), "make accuracy", _findings),
    ("Line counts", ("counts.json",), "make accuracy", _counts),
    ("Tracking", ("tracking.json",), "make accuracy", _tracking),
)


if __name__ == "__main__":
    main()
