"""All rules of a scene, asked in a fixed order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter

from contracts.scene import RuleId, SceneConfig
from edge.rules.abandoned_object import AbandonedObject
from edge.rules.collision_suspicion import CollisionSuspicion
from edge.rules.congestion import Congestion
from edge.rules.crowding import Crowding
from edge.rules.finding import Finding, Moment, Rule
from edge.rules.illegal_stopping import IllegalStopping
from edge.rules.intrusion import Intrusion
from edge.rules.lane_statistics import LaneStatistics
from edge.rules.line_count import LineCount
from edge.rules.loitering import Loitering
from edge.rules.no_entry import NoEntry
from edge.rules.no_helmet import NoHelmet
from edge.rules.not_yielding import NotYielding
from edge.rules.pedestrian_on_carriageway import PedestrianOnCarriageway
from edge.rules.prohibited_turn import ProhibitedTurn
from edge.rules.red_light import RedLight
from edge.rules.section_speed import SectionSpeed
from edge.rules.solid_line import SolidLines
from edge.rules.speeding import Speeding
from edge.rules.stop_line_overrun import StopLineOverrun
from edge.rules.stopped_vehicle import StoppedVehicle
from edge.rules.sudden_slowdown import SuddenSlowdown
from edge.rules.too_many_riders import TooManyRiders
from edge.rules.wrong_lane import WrongLane
from edge.rules.wrong_way import WrongWay
from edge.scene.facts import Fact
from edge.scene.signals import SignalHistory
from edge.scene.view import SceneView
from edge.track.track import Track

REGISTRY: dict[RuleId, Callable[[SceneConfig], Rule]] = {
    "line_count": LineCount,
    "lane_statistics": LaneStatistics,
    "red_light": RedLight,
    "stop_line_overrun": StopLineOverrun,
    "wrong_way": WrongWay,
    "speeding": Speeding,
    "section_speed": SectionSpeed,
    "wrong_lane": WrongLane,
    "solid_line": SolidLines,
    "prohibited_turn": ProhibitedTurn,
    "no_entry": NoEntry,
    "illegal_stopping": IllegalStopping,
    "not_yielding": NotYielding,
    "no_helmet": NoHelmet,
    "too_many_riders": TooManyRiders,
    "stopped_vehicle": StoppedVehicle,
    "congestion": Congestion,
    "sudden_slowdown": SuddenSlowdown,
    "collision_suspicion": CollisionSuspicion,
    "pedestrian_on_carriageway": PedestrianOnCarriageway,
    "intrusion": Intrusion,
    "loitering": Loitering,
    "crowding": Crowding,
    "abandoned_object": AbandonedObject,
}
"""Rule id to rule, in the order findings of one frame leave. A new rule is one file and one line here."""

_by_id = attrgetter("id")


class Judge:
    """The rules a scene has switched on. One per camera; not shared between threads."""

    def __init__(self, scene: SceneConfig) -> None:
        self._scene = scene
        self._at: datetime | None = None
        self._rules = self._fresh()

    def update(
        self, facts: Sequence[Fact], tracks: Sequence[Track], at: datetime, view: SceneView, signals: SignalHistory
    ) -> list[Finding]:
        """Findings that have become certain with the frame taken at `at`.

        When time goes backwards, whatever was remembered lies in the future and is forgotten.
        """
        if self._at is not None and at < self._at:
            self._rules = self._fresh()
        self._at = at
        seen = sorted([track for track in tracks if track.observed], key=_by_id)
        moment = Moment(at, seen, facts, view, signals)
        return [finding for rule in self._rules for finding in rule.judge(moment)]

    def _fresh(self) -> list[Rule]:
        on = self._scene.rules
        return [make(self._scene) for rule, make in REGISTRY.items() if getattr(on, rule) is not None]
