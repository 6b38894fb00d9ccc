"""What a rule says at the edge, and the moment of a camera a rule is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from contracts.event import Kind
from contracts.scene import RuleId
from edge.scene.facts import Fact, InZone, Speed, SpeedMeasured
from edge.scene.geometry import Point
from edge.scene.sample import Sample
from edge.scene.signals import SignalHistory, SignalSpan
from edge.scene.view import SceneView
from edge.track.track import Track


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule is certain.

    Attributes:
        rule, version: which rule, and which edition of its definition.
        kind: violation, incident or count.
        track: the road user as it was when the rule became certain; None for a finding about a whole lane or zone.
        started_at: start of the act, event time.
        judged_at: event time at which the rule was certain; never before `started_at`.
        where: id of the line or zone.
        facts: the rule's own figures, unrounded; names end in their unit.
        signals: what the signal heads showed that it was judged on.
        speed: measured speed it was judged on.
        path: ground points up to `judged_at`, pixels, oldest first.
        metres, wgs84: ground point of `track` in the scene's plane, and latitude and longitude where these are known.
        act: tells apart what one rule says of one place and moment (the length of a bin); part of the event's id.
    """

    rule: RuleId
    version: int
    kind: Kind
    track: Track | None
    started_at: datetime
    judged_at: datetime
    where: str
    facts: dict[str, Any] = field(default_factory=dict)
    signals: tuple[SignalSpan, ...] = ()
    speed: Speed | None = None
    path: tuple[Sample, ...] = ()
    act: str = ""
    metres: Point | None = None
    wgs84: tuple[float, float] | None = None

    @property
    def track_id(self) -> int | None:
        """Id of the road user; None for a finding about a whole lane or zone."""
        return None if self.track is None else self.track.id


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame as rules see it.

    Attributes:
        at: its event time.
        tracks: observed tracks in order of id.
        facts: what became certain with it.
        view: what else may be asked about the scene now.
        signals: what signal heads showed, up to now.
        changes: the facts but InZone and SpeedMeasured, which are repeated with every frame and are most of them.
        inside: of the facts, those of who is in a zone now.
        speeds: of the facts, those of whose speed is known.
    """

    at: datetime
    tracks: Sequence[Track]
    facts: Sequence[Fact]
    view: SceneView
    signals: SignalHistory
    changes: Sequence[Fact] = field(init=False)
    inside: Sequence[InZone] = field(init=False)
    speeds: Sequence[SpeedMeasured] = field(init=False)

    def __post_init__(self) -> None:
        changes: list[Fact] = []
        inside: list[InZone] = []
        speeds: list[SpeedMeasured] = []
        for fact in self.facts:
            if isinstance(fact, InZone):
                inside.append(fact)
            elif isinstance(fact, SpeedMeasured):
                speeds.append(fact)
            else:
                changes.append(fact)
        object.__setattr__(self, "changes", changes)
        object.__setattr__(self, "inside", inside)
        object.__setattr__(self, "speeds", speeds)


class Rule(Protocol):
    """Judges moments in the order of event time. Keeps its own memory, bounded by the tracks alive."""

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings that have become certain in this moment."""
        ...
