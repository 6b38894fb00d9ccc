"""Who drives: vehicle types, tempers and flows, as SUMO's route file.

A type is `CLASS` for the law-abiding, `CLASS_TEMPER` for a violator; trajectories carry the temper in their name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contracts.classes import RoadUserClass
from tests.simulation.trajectory import SIZES

VCLASS = {
    RoadUserClass.BICYCLE: "bicycle",
    RoadUserClass.MOTORCYCLE: "motorcycle",
    RoadUserClass.CAR: "passenger",
    RoadUserClass.BUS: "bus",
    RoadUserClass.TRUCK: "truck",
}
OTHERS = {RoadUserClass.CAR: 0.76, RoadUserClass.BUS: 0.06, RoadUserClass.TRUCK: 0.12, RoadUserClass.BICYCLE: 0.06}
"""Shares of what is no motorcycle."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Vehicles of a mix from edge to edge, by a Poisson process."""

    start: str
    end: str
    per_hour: float
    mix: str = "lawful"


@dataclass(frozen=True, slots=True)
class Demand:
    """All of it. `motorcycles`: their share; `tempers`: attributes of each violators' mix, beside those of all."""

    motorcycles: float
    flows: tuple[Flow, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    tempers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bicycles: bool = True

    def routes(self, seconds: float, extra: str = "") -> str:
        """SUMO's route file; `extra` are single vehicles, in order of departure."""
        shares = class_shares(self.motorcycles, bicycles=self.bicycles)
        parts = [self._mix("lawful", shares, {})]
        parts += [self._mix(temper, shares, extra) for temper, extra in self.tempers.items()]
        for number, flow in enumerate(self.flows):
            if flow.per_hour > 0:
                parts.append(
                    f'<flow id="f{number}" type="{flow.mix}" begin="0" end="{seconds}" from="{flow.start}" '
                    f'to="{flow.end}" period="exp({flow.per_hour / 3600:.6f})" departLane="best" departSpeed="max" '
                    'departPosLat="random_free"/>'
                )
        return f"<routes>{''.join(parts)}{extra}</routes>"

    def _mix(self, temper: str, shares: Mapping[RoadUserClass, float], extra: Mapping[str, str]) -> str:
        suffix = "" if temper == "lawful" else f"_{temper}"
        types = "".join(self._type(cls, suffix, share, extra) for cls, share in shares.items())
        return f'<vTypeDistribution id="{temper}">{types}</vTypeDistribution>'

    def _type(self, cls: RoadUserClass, suffix: str, share: float, extra: Mapping[str, str]) -> str:
        length, width, height = SIZES[cls]
        attributes = {
            "id": f"{cls.label}{suffix}",
            "vClass": VCLASS[cls],
            "length": f"{length}",
            "width": f"{width}",
            "height": f"{height}",
            "minGap": "1.0" if cls in _SMALL else "2.0",
            "probability": f"{share:.4f}",
            "speedFactor": "normc(0.9,0.07,0.7,1.05)",
            "latAlignment": "arbitrary" if cls in _SMALL else "center",
            "sigma": "0.4",
            **self.attributes,
            **extra,
        }
        return f"<vType {' '.join(f'{key}={_quoted(value)}' for key, value in attributes.items())}/>"


_SMALL = frozenset({RoadUserClass.MOTORCYCLE, RoadUserClass.BICYCLE})


def class_shares(motorcycles: float, *, bicycles: bool = True) -> dict[RoadUserClass, float]:
    """Share of each class when that many are motorcycles."""
    others: Iterable[tuple[RoadUserClass, float]] = OTHERS.items()
    kept = {cls: share for cls, share in others if bicycles or cls != RoadUserClass.BICYCLE}
    total = sum(kept.values())
    rest = {cls: share / total * (1 - motorcycles) for cls, share in kept.items()}
    return {RoadUserClass.MOTORCYCLE: motorcycles, **rest}


def _quoted(value: str) -> str:
    return f'"{value}"'
