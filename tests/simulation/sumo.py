"""netconvert and sumo as programs: plain XML in, trajectories out.

SUMO is used through its programs and files only; its Python binding brings libraries that clash with others.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from pyarrow import parquet

from contracts.classes import RoadUserClass
from tests.simulation.trajectory import SIZES, Mover, steered

STEP_S = 0.1
COLUMNS = "x,y,angle,type"
TURNING_M = {RoadUserClass.PERSON: 0.5, RoadUserClass.BICYCLE: 1.0, RoadUserClass.MOTORCYCLE: 1.5}
"""Smallest turning circle, radius; 4 m for cars and larger (their middle, not their kerb side)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a fixed programme: how long, and the state of each link (one letter each)."""

    duration_s: float
    states: str


def home() -> Path:
    """Folder of the installed SUMO. ImportError says how to get it."""
    try:
        import sumo  # only where the test extra is installed
    except ImportError:
        raise ImportError("eclipse-sumo is not installed: `make setup-dev` installs it with the test extra") from None
    return Path(sumo.SUMO_HOME)


def _call(program: str, *arguments: str) -> None:
    """Runs one of SUMO's programs. RuntimeError carries what it complained about."""
    environment = {**os.environ, "SUMO_HOME": str(home())}
    done = subprocess.run(
        [str(home() / "bin" / program), *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")


def build_network(nodes: str, edges: str, connections: str, folder: Path, *options: str) -> Path:
    """Road network from plain XML."""
    parts = {"nod": nodes, "edg": edges, "con": connections}
    arguments = []
    for kind, text in parts.items():
        if text:
            path = folder / f"plain.{kind}.xml"
            path.write_text(text, encoding="utf-8")
            arguments += [{"nod": "-n", "edg": "-e", "con": "-x"}[kind], str(path)]
    net = folder / "net.xml"
    _call("netconvert", *arguments, "-o", str(net), "--offset.disable-normalization", "true", *options)
    return net


def programme(net: Path) -> tuple[Phase, ...]:
    """Phases of the network's one fixed-time signal; empty when it has none."""
    logic = ET.parse(net).find("tlLogic")  # noqa: S314 - our own file
    if logic is None:
        return ()
    return tuple(Phase(float(phase.attrib["duration"]), phase.attrib["state"]) for phase in logic.iter("phase"))


def link_index(net: Path, from_edge: str, to_edge: str) -> int:
    """Place in the phases' states of the way from one edge to another. LookupError when there is none."""
    for way in ET.parse(net).iter("connection"):  # noqa: S314
        if way.attrib["from"] == from_edge and way.attrib["to"] == to_edge and "linkIndex" in way.attrib:
            return int(way.attrib["linkIndex"])
    raise LookupError(f"no signal governs the way from {from_edge} to {to_edge}")


def ways_from(net: Path, edge: str) -> list[tuple[str, int, int]]:
    """Ways out of an edge: to which edge, from which of its lanes, into which lane."""
    return [
        (way.attrib["to"], int(way.attrib["fromLane"]), int(way.attrib["toLane"]))
        for way in ET.parse(net).iter("connection")  # noqa: S314
        if way.attrib["from"] == edge
    ]


def set_links(net: Path, links: list[int], letter: str) -> None:
    """Gives some links one letter in every phase (a right turn that may always go)."""
    tree = ET.parse(net)  # noqa: S314
    for phase in tree.iter("phase"):
        states = list(phase.attrib["state"])
        for link in links:
            states[link] = letter
        phase.attrib["state"] = "".join(states)
    tree.write(net)


def lane_end(net: Path, lane: str) -> tuple[float, float]:
    """Last point of a lane: where SUMO's junction begins."""
    for found in ET.parse(net).iter("lane"):  # noqa: S314
        if found.attrib["id"] == lane:
            x, y = found.attrib["shape"].split()[-1].split(",")[:2]
            return float(x), float(y)
    raise LookupError(f"no lane {lane}")


def simulate(net: Path, routes: str, folder: Path, *, seconds: float, seed: int) -> list[Mover]:
    """Trajectories of all vehicles, in steps of 0.1 s, by name."""
    route_file, output = folder / "demand.rou.xml", folder / "fcd.parquet"
    route_file.write_text(routes, encoding="utf-8")
    _call(
        "sumo",
        *("-n", str(net), "-r", str(route_file), "-e", str(seconds), "--seed", str(seed)),
        *("--step-length", str(STEP_S), "--step-method.ballistic", "true", "--lateral-resolution", "0.8"),
        *("--fcd-output", str(output), "--fcd-output.attributes", COLUMNS),
        *("--time-to-teleport", "-1", "--no-step-log", "true", "--collision.action", "none"),
    )
    return _movers(parquet.read_table(output))


def _movers(table: Any) -> list[Mover]:
    table = table.filter(table["vehicle_id"].is_valid())  # a moment without vehicles is a row of nothing
    known = table["vehicle_id"].combine_chunks().dictionary_encode()
    names = np.asarray(known.indices)
    order = np.lexsort((table["timestep_time"].to_numpy(), names))
    names, labels = names[order], known.dictionary.to_pylist()
    t, x, y, angle = (
        table[column].to_numpy().astype(np.float64)[order]
        for column in ("timestep_time", "vehicle_x", "vehicle_y", "vehicle_angle")
    )
    kinds = np.asarray(table["vehicle_type"].to_pylist())[order]
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    movers = []
    for start, end in zip(starts, np.r_[starts[1:], len(names)], strict=True):
        if end - start < 2:
            continue
        kind, _, temper = str(kinds[start]).partition("@")[0].partition("_")
        cls = RoadUserClass.from_label(kind)
        driven_m = np.hypot(np.diff(x[start:end]), np.diff(y[start:end]))
        wanted = np.unwrap(np.radians(90.0 - angle[start:end]))
        heading = steered(wanted, driven_m, TURNING_M.get(cls, 4.0))
        name = f"{temper or 'lawful'}.{labels[names[start]]}"
        movers.append(Mover(name, cls, SIZES[cls], t[start:end], x[start:end], y[start:end], heading))
    return movers
