"""Figures that are no findings: speeds beside true speeds, counts of 15 minutes beside true counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from edge.rules.finding import Finding
from edge.scene.facts import SpeedMeasured
from edge.scene.state import SceneState
from edge.track.stitch import Stitcher
from edge.track.track import Track
from tests.simulation.acts import Act, Way, Ways
from tests.simulation.score import Found, geh
from tests.simulation.watch import Recogniser
from tests.simulation.world import World, second

KMH = 3.6
EVERY_S = 1.0  # one measurement a second and road user: those between share their sightings
RANGE_KMH = 20.0, 90.0
BIN_S = 900.0
LINE_M = 0.1  # who rides so near to the line between two lanes may be counted in either


@dataclass(slots=True)
class Speeds:
    """Errors of measured speeds, km/h, and how many were within their U."""

    errors_kmh: list[float] = field(default_factory=list)
    covered: int = 0

    @property
    def rmse_kmh(self) -> float | None:
        """Root mean square error; None without measurements."""
        return float(np.sqrt(np.mean(np.square(self.errors_kmh)))) if self.errors_kmh else None

    def add(self, other: "Speeds") -> None:
        """Sums two hours."""
        self.errors_kmh += other.errors_kmh
        self.covered += other.covered


def speeds(
    world: World, ways: Ways, recogniser: Recogniser, frames: Iterable[tuple[datetime, Sequence[Track]]]
) -> Speeds:
    """Measured speeds beside the true mean speeds over the very window they were measured over."""
    stitcher, state = Stitcher(), SceneState(world.scene)
    told: dict[int, float] = {}
    by_number = {way.number: way for way in ways.all}
    sums = Speeds()
    for at, tracks in frames:
        for fact in state.update(stitcher.update(tracks, at), at, world.size):
            if not isinstance(fact, SpeedMeasured):
                continue
            now = second(fact.speed.at)
            if now - told.get(fact.track.id, -10.0) < EVERY_S:
                continue
            told[fact.track.id] = now
            mover = recogniser.mover(fact.track)
            way = by_number.get(-1 if mover is None else mover)
            if way is None or now - fact.speed.window_s < way.t[0] - 0.2:
                continue
            true = way.driven(now - fact.speed.window_s, now) / fact.speed.window_s * KMH
            if RANGE_KMH[0] <= true <= RANGE_KMH[1]:
                error = fact.speed.mps * KMH - true
                sums.errors_kmh.append(error)
                sums.covered += abs(error) <= fact.speed.uncertainty_mps * KMH
    return sums


def line_bins(acts: Sequence[Act], found: Sequence[Found], start: float, end: float) -> list[tuple[int, int, float]]:
    """True count, found count and GEH of each line and whole quarter of an hour."""
    told = Counter((one.where, int(one.at // BIN_S)) for one in found if one.rule == "line_count")
    true = Counter((act.where, int(act.at // BIN_S)) for act in acts if act.rule == "line_count")
    lines = {where for where, _ in [*told, *true]}
    return [_bin(true[line, number], told[line, number]) for line in sorted(lines) for number in _whole(start, end)]


def lane_bins(ways: Ways, findings: Iterable[Finding], start: float, end: float) -> list[tuple[int, int, float]]:
    """True count, found count and GEH of each lane and whole quarter of an hour, by lane statistics.

    Motorcycles ride on the very line between two lanes: they may be counted in either, and the true count is what fits
    best of what it may be.
    """
    if "lanes" not in ways.world.ground:
        return []
    sure, doubtful = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    lanes = list(ways.world.ground["lanes"])
    for way in ways.all:
        at = _passes(ways, way)
        if at is None:
            continue
        x = float(np.interp(at, way.t, way.ground[:, 0]))
        for lane, (left, right) in ways.world.ground["lanes"].items():
            key, room = (lane, int(at // BIN_S)), min(x - left, right - x)
            sure[key] += room > LINE_M
            doubtful[key] += abs(room) <= LINE_M
    told = {
        (finding.where, int(second(finding.started_at) // BIN_S)): int(finding.facts["total"]["count"])
        for finding in findings
        if finding.rule == "lane_statistics" and finding.facts["bin_min"] == 15
    }
    return [
        _bin(min(max(told[key], sure[key]), sure[key] + doubtful[key]), told[key])
        for lane in lanes
        for number in _whole(start, end)
        if (key := (lane, number)) in told
    ]


def _passes(ways: Ways, way: Way) -> float | None:
    """When its ground point passes the middle of the stretch, on the ground; None when it does not."""
    low, high = ways.world.ground["stretch"]
    beyond = way.ground[:, 1] - (low + high) / 2
    step = np.flatnonzero((beyond[:-1] < 0) & (beyond[1:] >= 0))
    if not len(step) or way.mover.cls.label == "person":
        return None
    first = int(step[0])
    share = beyond[first] / (beyond[first] - beyond[first + 1])
    return float(way.t[first] + share * (way.t[first + 1] - way.t[first]))


def _whole(start: float, end: float) -> range:
    return range(int(-(-start // BIN_S)), int(end // BIN_S))


def _bin(true: int, found: int) -> tuple[int, int, float]:
    return true, found, geh(4.0 * found, 4.0 * true)
