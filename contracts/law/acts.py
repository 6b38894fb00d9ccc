"""What a rule finds, in the words of the law: rule and its figures become acts, the fitting one first.

A finding is a candidate: the officer chooses among the acts, or none. Incidents have no act.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.law.code import Law
from contracts.law.provision import Provision

_ACTS: dict[str, tuple[str, ...]] = {
    "red_light": ("red_light",),
    "stop_line_overrun": ("marking",),
    "wrong_way": ("wrong_way", "wrong_lane"),
    "speeding": ("speeding",),
    "section_speed": ("speeding",),
    "wrong_lane": ("wrong_lane",),
    "solid_line": ("lane_change", "marking"),
    "no_entry": ("no_entry",),
    "not_yielding": ("not_yielding",),
    "no_helmet": ("no_helmet_rider", "no_helmet_passenger"),
    "pedestrian_on_carriageway": ("pedestrian_off_path",),
}


def acts_of(rule: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Acts a finding of this rule may be, the likeliest first; none for incidents and counts."""
    match rule:
        case "prohibited_turn":
            return ("prohibited_u_turn",) if facts.get("kind") == "u_turn" else ("prohibited_turn",)
        case "illegal_stopping":
            return ("parking", "stopping") if facts.get("act") == "parking" else ("stopping",)
        case "too_many_riders":
            return ("three_passengers",) if _whole(facts.get("riders")) >= 4 else ("two_passengers",)
        case _:
            return _ACTS.get(rule, ())


def provisions_of(law: Law, rule: str, class_label: str, at: datetime, facts: Mapping[str, Any]) -> list[Provision]:
    """Provisions that held at the moment of the act, the likeliest first.

    Speeds use `certain_excess_kmh`, the part of the excess beyond the uncertainty: a band is never reached by error.
    """
    over = facts.get("certain_excess_kmh")
    measured = over if isinstance(over, int | float) and not isinstance(over, bool) else None
    found = (law.resolve(act, class_label, at, over_kmh=measured) for act in acts_of(rule, facts))
    return [row for row in found if row is not None]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
