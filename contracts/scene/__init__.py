"""What is fixed at a camera and drawn by a person: places, calibration, rules with their parameters.

words.py           classes, points, hours
places.py          lines, stop lines, solid lines, gates, lanes, zones, signal heads
calibration.py     points known on the ground, lens
regions.py         parts of the picture that are seen larger
motion.py          how tracks become facts
rules.py           every rule; parameters in rules_junction.py, rules_flow.py, rules_people.py
consistency.py     do the parts fit together?
config.py          SceneConfig: the file
"""

from contracts.scene.calibration import Calibration, ControlPoint, Lens
from contracts.scene.config import SceneConfig
from contracts.scene.motion import Motion
from contracts.scene.places import (
    Area,
    Direction,
    Gate,
    Lane,
    LaneUse,
    Line,
    Movement,
    Position,
    SignalHead,
    SolidLine,
    StopLine,
    Zone,
    ZoneKind,
)
from contracts.scene.regions import DetectionRegion
from contracts.scene.rules import RULE_IDS, RuleId, Rules
from contracts.scene.rules_base import RuleParameters, StopLineRule, ZoneRule
from contracts.scene.rules_flow import (
    CollisionSuspicionRule,
    CongestionRule,
    IllegalStoppingRule,
    LaneStatisticsRule,
    LineCountRule,
    Section,
    SectionSpeedRule,
    SpeedingRule,
    StandingRule,
    StoppedVehicleRule,
    SuddenSlowdownRule,
)
from contracts.scene.rules_junction import (
    NoEntryRule,
    NoHelmetRule,
    NotYieldingRule,
    ProhibitedTurnRule,
    RedLightRule,
    SolidLineRule,
    StopLineOverrunRule,
    TooManyRidersRule,
    Turn,
    WrongLaneRule,
    WrongWayRule,
)
from contracts.scene.rules_people import (
    AbandonedObjectRule,
    CrowdingRule,
    IntrusionRule,
    LoiteringRule,
    PedestrianRule,
)
from contracts.scene.words import EVERYONE, MOTOR_LABELS, VEHICLE_LABELS, ClassLabel, Hours

__all__ = [
    "EVERYONE",
    "MOTOR_LABELS",
    "RULE_IDS",
    "VEHICLE_LABELS",
    "AbandonedObjectRule",
    "Area",
    "Calibration",
    "ClassLabel",
    "CollisionSuspicionRule",
    "CongestionRule",
    "ControlPoint",
    "CrowdingRule",
    "DetectionRegion",
    "Direction",
    "Gate",
    "Hours",
    "IllegalStoppingRule",
    "IntrusionRule",
    "Lane",
    "LaneStatisticsRule",
    "LaneUse",
    "Lens",
    "Line",
    "LineCountRule",
    "LoiteringRule",
    "Motion",
    "Movement",
    "NoEntryRule",
    "NoHelmetRule",
    "NotYieldingRule",
    "PedestrianRule",
    "Position",
    "ProhibitedTurnRule",
    "RedLightRule",
    "RuleId",
    "RuleParameters",
    "Rules",
    "SceneConfig",
    "Section",
    "SectionSpeedRule",
    "SignalHead",
    "SolidLine",
    "SolidLineRule",
    "SpeedingRule",
    "StandingRule",
    "StopLine",
    "StopLineOverrunRule",
    "StopLineRule",
    "StoppedVehicleRule",
    "SuddenSlowdownRule",
    "TooManyRidersRule",
    "Turn",
    "WrongLaneRule",
    "WrongWayRule",
    "Zone",
    "ZoneKind",
    "ZoneRule",
]
