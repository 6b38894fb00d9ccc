"""Driving against the allowed direction of a zone or lane.

A vehicle goes the wrong way when its ground point, inside a zone or lane with a direction, moves within `tolerance_deg`
of the exact opposite of its arrow for `min_s` and over `min_travel` box sizes; over `reverse` box sizes when it moved
off from a stand, or came the other way, just before: it may only be backing up into a place to park. Ways against
within `rearm_s` of each other are one act, in whichever place: over two lanes, or in a lane and the zone under it, it
is told once, where it was certain first.

Not a finding: turning across the direction, a short reversing, standing, a track that jumps to an oncoming vehicle
(both halves of the heading window must agree).
Unknown: whether the vehicle was pushed, directed by an officer, or on an emergency run; a person decides.

Reads: HeadingAgainst, Moved, Gone, path.  Emits: Finding(wrong_way), kind violation.
"""

from datetime import datetime
from typing import Final

from contracts.scene import SceneConfig, WrongWayRule
from edge.rules.encounter import place_at
from edge.rules.finding import Finding, Moment
from edge.scene.facts import Gone, HeadingAgainst, Moved
from edge.scene.sample import seconds

ID: Final = "wrong_way"
VERSION = 2
MOVED_OFF_S = 3.0  # between leaving its place and going against: it moved off that way
CAME = 0.5  # box sizes gone the other way before: it came that way


class WrongWay:
    """Finds vehicles that go against the direction of a zone or lane."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.wrong_way or WrongWayRule()
        self._zones = frozenset(zone.id for zone in scene.zones_of(ID))
        self._classes = frozenset(self._rule.classes)
        self._told: dict[int, datetime] = {}  # when the vehicle was last seen going against, after it was told
        self._moved: dict[int, datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for ways against the direction that have become long enough."""
        found = []
        for fact in moment.changes:
            if isinstance(fact, HeadingAgainst):
                if fact.zone in self._zones and self._is_new_and_certain(fact, moment):
                    self._told[fact.track.id] = moment.at
                    found.append(_finding(fact, moment))
            elif isinstance(fact, Moved):
                self._moved[fact.track.id] = fact.at
            elif isinstance(fact, Gone):
                self._told.pop(fact.track.id, None)
                self._moved.pop(fact.track.id, None)
        return found

    def _is_new_and_certain(self, fact: HeadingAgainst, moment: Moment) -> bool:
        told_at = self._told.get(fact.track.id)
        if told_at is not None:
            if seconds(fact.at, told_at) < self._rule.rearm_s:
                self._told[fact.track.id] = moment.at
                return False
            del self._told[fact.track.id]
        if fact.track.cls.label not in self._classes or seconds(moment.at, fact.at) < self._rule.min_s:
            return False
        rule = self._rule
        if fact.travel < rule.min_travel:
            return False
        return fact.travel >= rule.reverse or not self._may_back_up(fact, moment)

    def _may_back_up(self, fact: HeadingAgainst, moment: Moment) -> bool:
        """Whether it moved off from a stand, or came the other way, just before it went against."""
        moved_at = self._moved.get(fact.track.id)
        if moved_at is not None and abs(seconds(fact.at, moved_at)) <= MOVED_OFF_S:
            return True
        path = moment.view.path(fact.track.id)
        if not path:
            return False
        (x0, y0), turn, (x1, y1) = path[0].point, place_at(path, fact.at), path[-1].point
        tx, ty = turn.point
        length = ((x1 - tx) ** 2 + (y1 - ty) ** 2) ** 0.5
        if not length:
            return True
        came = ((tx - x0) * (x1 - tx) + (ty - y0) * (y1 - ty)) / length
        return bool(came < -CAME * turn.size)


def _finding(fact: HeadingAgainst, moment: Moment) -> Finding:
    facts = {
        "against_s": seconds(moment.at, fact.at),
        "travel_box_sizes": fact.travel,
        "image_angle_deg": fact.angle_deg,
    }
    return Finding(ID, VERSION, "violation", fact.track, fact.at, moment.at, fact.zone, facts)
