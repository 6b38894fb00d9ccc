"""What a rule says at the edge, and the moment of a camera a rule is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from contracts.event import Kind
from contracts.scene import RuleId
from edge.scene.facts import Fact
from edge.scene.sample import Sample
from edge.track.track import Track


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule is certain.

    Attributes:
        rule, version: which rule, and which edition of its definition.
        kind: violation, incident or count.
        track: the road user as it was when the rule became certain.
        started_at: start of the act, event time.
        judged_at: event time at which the rule was certain; never before `started_at`.
        where: id of the line or zone.
        facts: the rule's own figures, unrounded; names end in their unit.
        path: ground points up to `judged_at`, pixels, oldest first.
    """

    rule: RuleId
    version: int
    kind: Kind
    track: Track
    started_at: datetime
    judged_at: datetime
    where: str
    facts: dict[str, Any] = field(default_factory=dict)
    path: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame as rules see it: its time, observed tracks in order of id, facts that became certain with it."""

    at: datetime
    tracks: Sequence[Track]
    facts: Sequence[Fact]


class Rule(Protocol):
    """Judges moments in the order of event time. Keeps its own memory, bounded by the tracks alive."""

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings that have become certain in this moment."""
        ...
