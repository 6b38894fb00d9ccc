"""A vehicle standing on the carriageway.

A motor vehicle is reported when it has stood in a carriageway zone for `min_s` and for no reason of traffic: alone with
free road ahead; or at the head of a queue while others go by; or at the head of a queue for `queue_s`. What is
remembered is the *place*, not the track (see standing.py), so a broken-down car is one finding with its first moment,
however its track breaks. The act begins when it stood with free road ahead: a car that does not start when the queue
before it leaves has stood in traffic until then.

Not a finding: a vehicle behind another one that stands or crawls; one at a stop line whose heads do not show green;
one in a group that waits (a queue for a signal out of the picture), shorter than `queue_s`; one that creeps (faster
than stop_radius / stop_window_s box sizes per second).
Unknown: a signal whose state is not known counts as red; the road ahead that lies outside the picture, as a queue. At
the picture's edge, among others that stand, `queue_s` tells nothing: the head of that queue may be out there.
Whether a vehicle that stands is broken down, unloads or waits for somebody; a person decides.

Reads: Stopped, Moved, Gone; standing, zones, paths, signals.  Emits: Finding(stopped_vehicle), kind incident.
"""

from typing import Final

from contracts.scene import SceneConfig, StoppedVehicleRule
from edge.rules.finding import Finding, Moment
from edge.rules.standing import StandingVehicles, figures

ID: Final = "stopped_vehicle"
VERSION = 6


class StoppedVehicle:
    """Finds vehicles that stand on the carriageway for no reason of traffic, each once."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.stopped_vehicle or StoppedVehicleRule()
        self._standing = StandingVehicles(scene, self._rule, scene.zones_of(ID))

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for vehicles that have stood long enough."""
        stands = [stand for stand in self._standing.step(moment) if ID not in stand.place.told]
        self._standing.look(stands, moment, self._rule.min_s)
        found = []
        for stand in stands:
            place = stand.place
            if ID in place.told or not self._standing.has_no_reason(stand, moment.at, self._rule.min_s):
                continue
            place.told.add(ID)
            if self._standing.is_double(place, ID):
                continue
            facts = figures(place, moment.at) | {"min_s": self._rule.min_s, "queue_s": self._rule.queue_s}
            found.append(
                Finding(ID, VERSION, "incident", stand.track, place.free_since, moment.at, stand.zone.id, facts)
            )
        return found
