"""The roads, as plain XML for netconvert. Right-hand traffic; lanes are 3.5 m wide, lane 0 is at the kerb."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.simulation.sumo import build_network, ways_from

LANE_M = 3.5
ARMS: dict[str, tuple[int, int]] = {"N": (0, 1), "E": (1, 0), "S": (0, -1), "W": (-1, 0)}


@dataclass(frozen=True, slots=True)
class Plan:
    """Plain XML of a road network and netconvert's options."""

    nodes: str
    edges: str
    connections: str = ""
    options: tuple[str, ...] = ()

    def build(self, folder: Path) -> Path:
        """The network file."""
        nodes, edges = f"<nodes>{self.nodes}</nodes>", f"<edges>{self.edges}</edges>"
        connections = f"<connections>{self.connections}</connections>" if self.connections else ""
        return build_network(nodes, edges, connections, folder, *self.options)


def _node(name: str, x: float, y: float, kind: str = "", radius: float | None = None) -> str:
    extra = (f' type="{kind}"' if kind else "") + (f' radius="{radius}"' if radius is not None else "")
    return f'<node id="{name}" x="{x}" y="{y}"{extra}/>'


def edge(name: str, start: str, end: str, lanes: int, speed_kmh: float, *, shape: str = "", inner: str = "") -> str:
    """One direction of a road; `inner` restricts its lanes."""
    shaped = f' shape="{shape}"' if shape else ""
    head = f'<edge id="{name}" from="{start}" to="{end}" numLanes="{lanes}" speed="{speed_kmh / 3.6:.3f}"'
    return f'{head} width="{LANE_M}"{shaped}>{inner}</edge>'


def junction(arms: str, lanes: dict[str, int], *, reach_m: float, cycle_s: int) -> Plan:
    """Signalised junction at the origin: `arms` of NESW, lanes in each direction of each."""
    nodes = _node("C", 0, 0, "traffic_light", radius=4)
    edges = ""
    for arm in arms:
        dx, dy = ARMS[arm]
        nodes += _node(arm, dx * reach_m, dy * reach_m)
        edges += edge(f"{arm}i", arm, "C", lanes[arm], 50) + edge(f"{arm}o", "C", arm, lanes[arm], 50)
    options = (
        *("--tls.cycle.time", str(cycle_s), "--tls.left-green.time", "0", "--tls.yellow.time", "3"),
        *("--junctions.internal-link-detail", "30"),  # five points make corners, at which boxes leap
    )
    return Plan(nodes, edges, "", options)


def junction_with_u_turns(plan: Plan, arm: str, folder: Path) -> Path:
    """The network file of a junction where those who turn round on one arm go out in its kerb lane.

    By default they go into the lane beside theirs: a turn of 1.75 m radius, and of 0.4 m for a motorcycle that drives
    on the left of its lane, whose box then leaps to and fro by its own length. No vehicle turns so. From the innermost
    lane into that at the kerb of three is 5.25 m, which cars and motorcycles can turn.
    """
    ways = ways_from(plan.build(folder), f"{arm}i")
    kept = [(to, start, 0 if to == f"{arm}o" else end) for to, start, end in ways]
    connections = "".join(
        f'<connection from="{arm}i" to="{to}" fromLane="{start}" toLane="{end}"/>' for to, start, end in kept
    )
    # The other arms lose theirs, which nobody takes; else this one would have both.
    options = *plan.options, "--no-turnarounds", "true"
    return replace(plan, connections=connections, options=options).build(folder)


def one_way_pair(*, reach_m: float, gap_m: float) -> Plan:
    """Two one-way streets, R to the north at x = 0 and L to the south west of it; a street crosses without signals."""
    nodes = edges = ""
    for name, x in (("L", -gap_m), ("R", 0.0)):
        nodes += _node(f"{name}n", x, reach_m) + _node(f"{name}s", x, -reach_m) + _node(name, x, 0, "priority", 4)
    nodes += _node("Ew", -gap_m - reach_m, 0) + _node("Ee", reach_m, 0)
    edges += edge("R1", "Rs", "R", 3, 50) + edge("R2", "R", "Rn", 3, 50)
    edges += edge("L1", "Ln", "L", 3, 50) + edge("L2", "L", "Ls", 3, 50)
    edges += edge("X1", "Ew", "L", 1, 30) + edge("X2", "L", "R", 1, 30) + edge("X3", "R", "Ee", 1, 30)
    return Plan(nodes, edges, "", ("--no-turnarounds", "true"))


def motorway(*, reach_m: float, lanes: int, limit_kmh: float) -> Plan:
    """A straight carriageway to the north; the kerb lane is for two-wheelers, the others for the rest."""
    two = '<lane index="0" allow="motorcycle bicycle"/>'
    inner = two + "".join(f'<lane index="{lane}" disallow="motorcycle bicycle"/>' for lane in range(1, lanes))
    nodes = _node("S", 0, -reach_m) + _node("M", 0, reach_m / 2) + _node("N", 0, reach_m)
    edges = edge("A", "S", "M", lanes, limit_kmh, inner=inner)
    edges += edge("B", "M", "N", lanes, limit_kmh, inner=inner)
    return Plan(nodes, edges, "", ("--no-turnarounds", "true"))
