"""Many hours as one table: per mode and rule, with intervals; JSON for machines, markdown for the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.simulation.hour import Hour
from tests.simulation.measures import Speeds
from tests.simulation.score import Tally, wilson

WANTED = {"clean": (0.995, 0.995), "noisy": (0.99, 0.98), "detections": (0.97, 0.95)}
"""Least precision and recall of each mode."""


@dataclass(slots=True)
class Sums:
    """One mode's hours."""

    hours: dict[str, float] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    speeds: Speeds = field(default_factory=Speeds)
    bins: list[tuple[str, tuple[int, int, float]]] = field(default_factory=list)
    camera_hours: float = 0.0
    frames: float = 0.0
    judged_s: float = 0.0
    failures: list[dict[str, Any]] = field(default_factory=list)

    def add(self, hour: Hour) -> None:
        """One more hour."""
        self.camera_hours += hour.hours
        self.frames += hour.fps * hour.hours * 3600
        self.judged_s += hour.judged_s
        for rule, verdict in hour.verdicts.items():
            self.hours[rule] = self.hours.get(rule, 0.0) + hour.hours
            self.tallies.setdefault(rule, Tally()).add(verdict.tally)
            self.failures += [_case(hour, "missed", rule, act.mover, act.at, act.figures) for act in verdict.missed]
            self.failures += [_case(hour, "false", rule, one.mover, one.at, {}) for one in verdict.false]
        self.speeds.add(hour.speeds)
        self.bins += [("line", one) for one in hour.line_bins] + [("lane", one) for one in hour.lane_bins]


def _case(hour: Hour, kind: str, rule: str, mover: int | None, at: float, figures: dict[str, Any]) -> dict[str, Any]:
    job = hour.job
    plain = {key: value if isinstance(value, str) else round(float(value), 3) for key, value in figures.items()}
    where = {"place": job.place, "seed": job.seed, "seconds": job.seconds, "mode": job.mode, "lawful": job.lawful}
    return {"kind": kind, "rule": rule, **where, "mover": mover, "at_s": round(at, 3), **plain}


def sums_of(hours: Iterable[Hour]) -> dict[str, Sums]:
    """Sums by mode; hours without violators apart, as `MODE lawful`."""
    found: dict[str, Sums] = {}
    for hour in hours:
        name = hour.job.mode + (" lawful" if hour.job.lawful else "")
        found.setdefault(name, Sums()).add(hour)
    return found


def figures(sums: Sums) -> dict[str, Any]:
    """One mode's figures as plain values."""
    rules = {rule: _rule(tally, sums.hours[rule]) for rule, tally in sums.tallies.items()}
    count = len(sums.speeds.errors_kmh)
    speed = {
        "measurements": count,
        "rmse_kmh": sums.speeds.rmse_kmh,
        "covered": sums.speeds.covered / count if count else None,
    }
    bins = {
        kind: {"bins": len(gehs), "above_1": sum(g >= 1 for g in gehs), "worst": max(gehs, default=None)}
        for kind in ("line", "lane")
        for gehs in [[one[2] for name, one in sums.bins if name == kind]]
    }
    return {
        "camera_hours": sums.camera_hours,
        "frames_per_s": sums.frames / sums.judged_s if sums.judged_s else None,
        "rules": rules,
        "speed": speed,
        "geh_15_min": bins,
        "false_per_24_h": 24 * sum(t.false for r, t in sums.tallies.items() if r != "line_count") / sums.camera_hours,
        "failures": sums.failures,
    }


def _rule(tally: Tally, hours: float) -> dict[str, Any]:
    told, acts = tally.matched + tally.false, tally.matched + tally.missed
    return {
        "hours": hours,
        "acts": acts,
        "matched": tally.matched,
        "missed": tally.missed,
        "false": tally.false,
        "doubtful": tally.doubtful,
        "precision": tally.precision,
        "precision_95": wilson(tally.matched, told) if told else None,
        "recall": tally.recall,
        "recall_95": wilson(tally.matched, acts) if acts else None,
        "median_error_s": median(abs(error) for error in tally.errors_s) if tally.errors_s else None,
    }


def markdown(modes: dict[str, dict[str, Any]], seeds: Sequence[int]) -> str:
    """The page's part about simulated truth."""
    lines = [
        f"Seeds {', '.join(map(str, seeds))}. Doubtful: so near a limit that either answer is right; not scored.\n"
    ]
    for mode, figured in modes.items():
        lines.append(f"\n### {mode}: {figured['camera_hours']:.1f} camera hours\n")
        lines.append(
            "| rule | hours | acts | precision (95 %) | recall (95 %) | false | missed | doubtful | start, median |"
        )
        lines.append("|---|---|---|---|---|---|---|---|---|")
        for rule, row in figured["rules"].items():
            error = "" if row["median_error_s"] is None else f"{1000 * row['median_error_s']:.0f} ms"
            lines.append(
                f"| {rule} | {row['hours']:.1f} | {row['acts']} | {_share(row, 'precision')} | {_share(row, 'recall')} "
                f"| {row['false']} | {row['missed']} | {row['doubtful']} | {error} |"
            )
        lines.append(f"\n{_others(figured)}\n")
    return "\n".join(lines) + "\n"


def _share(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "none"
    low, high = row[f"{name}_95"]
    return f"{row[name]:.4f} ({low:.3f} to {high:.3f})"


def _others(figured: dict[str, Any]) -> str:
    speed, bins = figured["speed"], figured["geh_15_min"]
    parts = [f"False findings per 24 h: {figured['false_per_24_h']:.1f}."]
    if speed["measurements"]:
        parts.append(
            f"Speed at 20 to 90 km/h: RMSE {speed['rmse_kmh']:.2f} km/h, U covers {100 * speed['covered']:.1f} % "
            f"of {speed['measurements']}."
        )
    for kind, one in bins.items():
        if one["bins"]:
            parts.append(
                f"15-minute counts by {kind}: {one['above_1']} of {one['bins']} with GEH of 1 or more, "
                f"worst {one['worst']:.2f}."
            )
    return " ".join(parts)
