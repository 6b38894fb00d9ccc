"""Stopping or parking where that is forbidden.

A vehicle of a class the zone is closed to stands in a no_stopping zone while its hours hold, for no reason of traffic
(as in stopped_vehicle.py): for `stop_s` it has stopped, for `park_s` it is parked. Both are told, each once: the
second finding is a second act (`act` parking) that begins when the first has lasted `park_s`. Places are remembered,
not tracks, so a parked car is two findings in a night, not a hundred; `forget_s` is therefore long.

Not a finding: a vehicle behind another one that stands or crawls; one at a stop line whose heads do not show green;
one in a group that waits, shorter than `queue_s`; the time before the zone's hours began.
Waiting behind a vehicle that has itself been told is no queue: a row of parked cars is told one by one, each after
`queue_s`.
Unknown: a signal whose state is not known counts as red, the road ahead that lies outside the picture as a queue.
Whether the driver is in the car, or unloads, or was told to stop; a person decides.

Reads: Stopped, Moved, Gone; standing, zones, paths, signals.  Emits: Finding(illegal_stopping), kind violation.
"""

from datetime import datetime, timedelta
from typing import Final

from contracts.scene import IllegalStoppingRule, Lane, SceneConfig, Zone
from edge.rules.finding import Finding, Moment
from edge.rules.standing import Stand, StandingVehicles, figures
from edge.scene.sample import seconds

ID: Final = "illegal_stopping"
VERSION = 5
STOPPING, PARKING = "stopping", "parking"


class IllegalStopping:
    """Finds vehicles that stop or park in no_stopping zones."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.illegal_stopping or IllegalStoppingRule()
        self._time_zone = scene.zone_info
        self._standing = StandingVehicles(scene, self._rule, scene.zones_of(ID))

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have stood long enough where they must not."""
        stands = [
            stand
            for stand in self._standing.step(moment)
            if PARKING not in stand.place.told and self._is_closed(stand, moment.at)
        ]
        self._standing.look(stands, moment, self._rule.stop_s, blame=STOPPING)
        return [finding for stand in stands for finding in self._judge(stand, moment)]

    def _is_closed(self, stand: Stand, at: datetime) -> bool:
        """The zone forbids it now. Outside its hours nobody's time runs."""
        zone: Zone | Lane = stand.zone
        if isinstance(zone, Lane):
            return True
        if stand.track.cls.label not in zone.closed_to:
            return False
        if not zone.hours or any(hours.hold(at, self._time_zone) for hours in zone.hours):
            return True
        if not stand.place.told:
            stand.place.free_since = stand.place.alone_since = at
        return False

    def _judge(self, stand: Stand, moment: Moment) -> list[Finding]:
        """Stopping first; parking when that was told and it still stands. What two tracks of one car say is one."""
        place, at = stand.place, moment.at
        if STOPPING not in place.told:
            if not self._standing.has_no_reason(stand, at, self._rule.stop_s):
                return []
            place.told.add(STOPPING)
            if self._standing.is_double(place, STOPPING):
                place.told.add(PARKING)
                return []
            place.act_since = place.free_since
            return [self._finding(stand, at, STOPPING)]
        if seconds(at, place.act_since) < self._rule.park_s:
            return []
        place.told.add(PARKING)
        return [self._finding(stand, at, PARKING)]

    def _finding(self, stand: Stand, at: datetime, act: str) -> Finding:
        place, rule = stand.place, self._rule
        began = place.act_since + timedelta(seconds=rule.park_s if act == PARKING else 0)
        limits = {"stop_s": rule.stop_s, "park_s": rule.park_s, "queue_s": rule.queue_s}
        facts = {"act": act, **figures(place, at), **limits}
        return Finding(ID, VERSION, "violation", stand.track, began, at, stand.zone.id, facts, act=act)
