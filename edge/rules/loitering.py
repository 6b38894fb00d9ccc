"""Somebody stays in a zone for long.

A person is reported once it has been in the zone for `min_s`. Absences of at most `bridge_s` (out of the zone, or
hidden by others) do not end the stay, and a new track that begins at the place where the old one was lost is the same
person. Once per stay.

Not a finding: many who pass one after the other; who comes back after more than `bridge_s` begins anew; another who
comes in where one was seen to leave the zone.
Unknown: who goes out by a door within the zone and who comes in by it within `bridge_s` are taken for one person. Why
somebody waits. Where people wait by purpose (a bus stop), choose zone, `min_s` or hours of the watch.

Reads: InZone, and the view's paths.  Emits: Finding(loitering), kind incident.
"""

from typing import Final

from contracts.scene import LoiteringRule, SceneConfig
from edge.rules.finding import Finding, Moment
from edge.rules.stay import Stays
from edge.scene.sample import seconds

ID: Final = "loitering"
VERSION = 2


class Loitering:
    """Finds people who stay in a zone for long."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.loitering or LoiteringRule()
        zones = [zone.id for zone in scene.zones_of(ID)]
        self._stays = Stays(zones, self._rule.classes, bridge_s=self._rule.bridge_s)

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for stays that have become long enough."""
        found = []
        for track, zone, stay in self._stays.inside(moment):
            dwell_s = seconds(moment.at, stay.since)
            if stay.is_told or dwell_s < self._rule.min_s:
                continue
            stay.is_told = True
            facts = {
                "dwell_s": dwell_s,
                "absent_s": stay.absent_s,
                "min_s": self._rule.min_s,
                "bridge_s": self._rule.bridge_s,
            }
            found.append(Finding(ID, VERSION, "incident", track, stay.since, moment.at, zone, facts))
        return found
