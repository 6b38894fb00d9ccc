"""A person on foot on the carriageway.

A person is reported when its ground point has been in a carriageway zone for `min_s`. The same person is reported again
only after `rearm_s` off the carriageway. Riders are part of their motorcycle or bicycle and never count.

Not a finding: a person at the kerb whose box trembles over the edge (the scene's `zone_settle_s`).
Unknown: whether there is a crossing or a green signal; leave crossings out of the zone. A person whose feet are hidden
stands nearer to the camera than the box says.

Reads: ZoneEntered, InZone, ZoneLeft, Gone.  Emits: Finding(pedestrian_on_carriageway), kind incident.
"""

from typing import Final

from contracts.scene import PedestrianRule, SceneConfig
from edge.rules.dwell import Dwells
from edge.rules.finding import Finding, Moment

ID: Final = "pedestrian_on_carriageway"
VERSION = 1


class PedestrianOnCarriageway:
    """Finds people on foot on the carriageway."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.pedestrian_on_carriageway or PedestrianRule()
        zones = [zone.id for zone in scene.zones_of(ID)]
        self._dwells = Dwells(zones, {"person"}, min_s=rule.min_s, rearm_s=rule.rearm_s)

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for people who have been on the carriageway long enough."""
        return [
            Finding(
                ID, VERSION, "incident", dwell.track, dwell.since, moment.at, dwell.zone, {"dwell_s": dwell.dwell_s}
            )
            for dwell in self._dwells.ripe(moment)
        ]
