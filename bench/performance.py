"""The performance report: `giaolo bench`, `make bench`, `make bench-gpu`. Each figure beside a peer, in one run.

Rounds take everything in turn, so that a busy machine hurts all alike; a machine on which others compute is refused.
Figures are medians with the least and the most. `--doc` writes the page, `--json` prints the figures.

    frames   frames a second over one clip, whole road with tracking, rules and evidence, beside Ultralytics' `track()`
             with the same weights (in the environment of `giaolo models export`; made where it is not there)
    share    how much of that road's time is model and decoding, beside those two alone
    cameras  most cameras at 5 looks a second whose frames are judged within a second (p95) and of whose looks less than
             1 % is missing, beside what decoding and model alone would leave room for; and what a camera costs at one
             and at most. Sub-streams (the clip as it is) and main streams (`bench.main_stream`: 1920x1080, 25 a second)
    memory   MiB of a node by cameras with main streams, beside the peer's process for one clip
    objects  tracker, then tracker and rules, milliseconds a frame with 5, 20 and 60 road users, beside ByteTrack of
             `trackers`
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench import cameras as node_bench
from bench.main_stream import write_main_stream
from bench.objects import taken_ms
from contracts.errors import UsageError
from edge.config import DetectConfig
from edge.detect.load import find_model
from giaolo.samples import find_sample, sample_card
from models.export.environment import environment
from models.registry import Registry

HERE = Path(__file__).resolve().parent
CLIP = "street.mp4"
PEER_SIZE = 640
MOST_BUSY = 0.15
"""Share of the cores that others may use before a figure says little."""
SECTIONS = ("frames", "share", "cameras", "memory", "objects")
LOOKS_PER_S = 5.0
MAIN_FIRST = 5
"""Main streams: where the search for the most begins."""
SUB, MAIN = "sub-streams", "main streams 1920x1080"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `ratio` is ours over the peer's, None where there is no peer."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    peer: str = ""
    peer_value: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return self.value / self.peer_value if self.peer_value else None

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        ratio = self.ratio
        return {**asdict(self), "ratio": None if ratio is None else round(ratio, 3)}


def spread(name: str, values: Sequence[float], unit: str, **more: Any) -> Figure:
    """Median of the rounds."""
    return Figure(name, round(median(values), 3), unit, round(min(values), 3), round(max(values), 3), **more)


class Bench:
    """What is measured, with what."""

    def __init__(self, detect: DetectConfig, rounds: int, seconds: float, most_cameras: int, say: Say) -> None:
        self._detect = detect
        self._rounds = rounds
        self._seconds = seconds
        self._most_cameras = most_cameras
        self._say = say
        self._clip = find_sample(CLIP)
        self._scene = sample_card(CLIP).scene
        self._road: list[dict[str, Any]] = []
        self._bare: list[dict[str, Any]] = []
        self._peer: list[dict[str, Any]] = []
        self.nodes: dict[str, dict[int, dict[str, Any]]] = {SUB: {}, MAIN: {}}  # by kind and cameras, as measured
        self._limits: dict[str, float] = {}
        self._folder = tempfile.TemporaryDirectory()

    def run(self, sections: Sequence[str]) -> list[Figure]:
        """Figures of the sections, in their order."""
        if {"frames", "share", "memory"} & set(sections):
            self._clips(with_peer=bool({"frames", "memory"} & set(sections)))
        if {"cameras", "memory"} & set(sections):
            self._cameras()
        works = {
            "frames": self._frames,
            "share": self._share,
            "cameras": self._most,
            "memory": self._memory,
            "objects": self._objects,
        }
        return [figure for section in SECTIONS if section in sections for figure in works[section]()]

    def _clips(self, *, with_peer: bool) -> None:
        """One clip by the road, by its two bare parts, and by the peer, round by round."""
        model, _ = find_model(self._detect.model, Registry())
        python = environment(self._say) if with_peer else None
        for number in range(self._rounds):
            self._say(f"round {number + 1} of {self._rounds}")
            self._road.append(self._child("road"))
            self._bare.append(self._child("bare"))
            if python is not None:
                script = HERE / "peers" / "ultralytics_track.py"
                self._peer.append(_json_of([str(python), str(script), str(model), str(self._clip), str(PEER_SIZE)]))

    def _child(self, what: str, clip: Path | None = None) -> dict[str, Any]:
        detect = self._detect.model_dump_json(exclude_unset=True)
        clip = clip or self._clip
        return _json_of([sys.executable, "-m", "bench.one_clip", what, str(clip), str(self._scene), detect])

    def _frames(self) -> list[Figure]:
        peer = self._peer[0]["versions"] + ", YOLO(onnx).track(), ByteTrack, 640x640"
        both = {"peer": peer, "peer_value": round(median(one["fps"] for one in self._peer), 2)}
        cpu = {"peer": peer, "peer_value": round(median(one["cpu_ms"] for one in self._peer), 2)}
        return [
            spread("frames a second, whole road", [one["fps"] for one in self._road], "1/s", **both, goal=">= 2.5 x"),
            spread("CPU time a frame, whole road", [one["cpu_ms"] for one in self._road], "ms", **cpu),
        ]

    def _share(self) -> list[Figure]:
        pairs = list(zip(self._road, self._bare, strict=True))
        shares = [(bare["decode_ms"] + bare["model_ms"]) * road["fps"] / 10 for road, bare in pairs]
        of_cpu = [(bare["decode_cpu_ms"] + bare["model_cpu_ms"]) / road["cpu_ms"] * 100 for road, bare in pairs]
        return [
            spread("share of the road's time that is model and decoding", shares, "%", goal=">= 90 %"),
            spread("share of the road's CPU time that is model and decoding", of_cpu, "%"),
        ]

    def _cameras(self) -> None:
        """Nodes with one camera, and with more or fewer until the most that is in time is known."""
        main = write_main_stream(self._clip, Path(self._folder.name) / "main.mp4")
        for kind, clip, first in ((SUB, self._clip, self._most_cameras), (MAIN, main, MAIN_FIRST)):
            with node_bench.served([f"{clip}"], by_rtsp=True) as sources:

                def is_in_time(number: int, kind: str = kind, sources: Sequence[str] = sources) -> bool:
                    return self._is_in_time(kind, number, sources)

                is_in_time(1)
                most_in_time(first, is_in_time)
            self._limits[kind] = self._limit(self._child("bare", clip))

    def _is_in_time(self, kind: str, number: int, sources: Sequence[str]) -> bool:
        """Whether every camera of so many has its looks, and none of them late; measured when first asked."""
        if number not in self.nodes[kind]:
            self._say(f"a node with {number} {kind}, {self._seconds:.0f} s")
            rates = {"fps": LOOKS_PER_S, "max_fps": LOOKS_PER_S, "min_fps": LOOKS_PER_S}
            detect = self._detect.model_dump(mode="json", exclude_unset=True) | rates
            self.nodes[kind][number] = node_bench.run(HERE.parent, number, sources, detect, self._seconds, self._scene)
        return _in_time(self.nodes[kind][number])

    def _most(self) -> list[Figure]:
        figures = []
        for kind, goal in ((SUB, ">= 10 on two cores"), (MAIN, ">= 5 on two cores")):
            nodes = self.nodes[kind]
            most = max((number for number, node in nodes.items() if _in_time(node)), default=0)
            figures.append(
                Figure(
                    f"{kind}: cameras at 5 looks a second, p95 age < 1 s",
                    most,
                    "cameras",
                    most,
                    most,
                    peer="decoding and model alone, all cores",
                    peer_value=self._limits[kind],
                    goal=goal,
                )
            )
            if most:
                age = float(nodes[most]["age_p95_s_worst_camera"])
                figures.append(Figure(f"{kind}: p95 age of the worst of {most}", age, "s", age, age, goal="< 1 s"))
            if most > 1:
                growth = round((_cost(nodes[most]) / _cost(nodes[1]) - 1) * 100, 1)
                name = f"{kind}: CPU time of a camera, {most} beside 1"
                figures.append(Figure(name, growth, "%", growth, growth, goal="<= 10 %"))
        return figures

    @staticmethod
    def _limit(bare: dict[str, Any]) -> float:
        """Cameras for which decoding and model alone fill the cores; pictures are made of those that are looked at."""
        made_ms = max(0.0, bare["decode_cpu_ms"] - bare["decoding_alone_cpu_ms"])
        camera_ms = bare["decoding_alone_cpu_ms"] * bare["video_fps"] + (made_ms + bare["model_cpu_ms"]) * LOOKS_PER_S
        limit: float = len(os.sched_getaffinity(0)) * 1000 / camera_ms
        return round(limit, 1)

    def _memory(self) -> list[Figure]:
        sizes = {number: float(node["rss_mib"]) for number, node in sorted(self.nodes[MAIN].items())}
        first, last = min(sizes), max(sizes)
        peer = round(median(one["rss_mib"] for one in self._peer), 0)
        name = "memory of a node, one main stream"
        figures = [Figure(name, sizes[first], "MiB", sizes[first], sizes[first], "the peer's process, one clip", peer)]
        if last > first:
            each = round((sizes[last] - sizes[first]) / (last - first), 1)
            figures.append(Figure("memory of each further main stream", each, "MiB", each, each, goal="<= 40"))
            most = 300 + 40 * last
            figures.append(
                Figure(
                    f"memory of a node, {last} main streams",
                    sizes[last],
                    "MiB",
                    sizes[last],
                    sizes[last],
                    goal=f"<= 300 + 40 each: {most}",
                )
            )
        return figures

    def _objects(self) -> list[Figure]:
        figures = []
        for users in (5, 20, 60):
            taken = taken_ms(users, self._rounds)
            peer = {"peer": "ByteTrack of trackers, tracking alone", "peer_value": round(median(taken.peer), 3)}
            figures += [
                spread(f"tracker, riders, stitcher, {users} road users", taken.following, "ms", **peer, goal="<= 1 x"),
                spread(f"and all rules, {users} road users", taken.judging, "ms", **peer, goal="<= 1 x"),
            ]
        return figures


def _in_time(node: dict[str, Any]) -> bool:
    return bool(node["judged_per_s_least"] >= 0.99 * LOOKS_PER_S and node["age_p95_s_worst_camera"] < 1.0)


def _cost(node: dict[str, Any]) -> float:
    """CPU seconds of a camera in a second."""
    return float(node["cores_busy"]) / int(node["cameras"])


def most_in_time(first: int, is_in_time: Callable[[int], bool]) -> int:
    """Largest number that is in time, asked from `first` upwards or downwards; 0 where not even one is."""
    number = max(1, first)
    if is_in_time(number):
        while is_in_time(number + 1):
            number += 1
        return number
    return next((fewer for fewer in range(number - 1, 0, -1) if is_in_time(fewer)), 0)


def _json_of(command: Sequence[str]) -> dict[str, Any]:
    """Last line of a program, as JSON."""
    environment_ = {**os.environ, "GIAOLO_LOG": "ERROR"}
    done = subprocess.run(command, env=environment_, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"{' '.join(command[:3])} … failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def busy_share(seconds: float = 3.0) -> float:
    """Share of this machine's cores that others use now, 0..1."""
    psutil.cpu_percent()
    time.sleep(seconds)
    return psutil.cpu_percent() / 100


def _commit() -> str:
    """Short name of the commit that is measured, with `-dirty` where files differ; empty outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def page(figures: Sequence[Figure], told: dict[str, Any]) -> str:
    """The report for people."""
    made = (
        f"{told['date']}, {told['machine']}, load {told['load']:.1f}, others used {told['busy']:.0%}, Python "
        f"{told['python']}, code at {told['code'] or 'no commit'}: `{told['command']}`; "
        f"medians of {told['rounds']} rounds (least to most)."
    )
    lines = [
        made,
        "",
        "| figure | ours | peer | ratio | goal |",
        "|---|---|---|---|---|",
    ]
    for one in figures:
        ours = f"{one.value:g} {one.unit}" + ("" if one.low == one.high else f" ({one.low:g} to {one.high:g})")
        peer = "" if one.peer_value is None else f"{one.peer_value:g} {one.unit}: {one.peer}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        lines.append(f"| {one.name} | {ours} | {peer} | {ratio} | {one.goal} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 on a machine that is busy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--detect", type=DetectConfig.model_validate_json, default=DetectConfig(), help="JSON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30, help="of each node")
    parser.add_argument("--cameras", type=int, default=10, help="where the search for the most begins")
    parser.add_argument("--busy", action="store_true", help="measure although others compute; the figures say so")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--doc", type=Path, help="page to write")
    chosen = parser.parse_args(arguments)
    busy = busy_share()
    if busy > MOST_BUSY and not chosen.busy:
        sys.stderr.write(
            f"others use {busy:.0%} of this machine: figures taken now say little. Stop them, or measure with --busy\n"
        )
        return 2
    told = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "command": " ".join(["python -m bench.performance", *(arguments if arguments is not None else sys.argv[1:])]),
        "code": _commit(),
        "load": os.getloadavg()[0],
        "busy": round(busy, 2),
        "rounds": chosen.rounds,
    }
    bench = Bench(
        chosen.detect, chosen.rounds, chosen.seconds, chosen.cameras, lambda words: print(words, file=sys.stderr)
    )
    figures = bench.run(chosen.only)
    target = Path("build") / "bench-performance.json"
    target.parent.mkdir(exist_ok=True)
    rows = [figure.to_dict() for figure in figures]
    target.write_text(json.dumps({**told, "figures": rows, "nodes": bench.nodes}, indent=2) + "\n", encoding="utf-8")
    text = page(figures, told)
    if chosen.doc:
        chosen.doc.write_text("# Performance\n\nMade by the command below; written over by it.\n\n" + text, "utf-8")
    print(json.dumps(rows, indent=2) if chosen.as_json else text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
