"""Somebody where nobody should be, or somebody where nobody was.

In a *restricted* zone each road user of the named classes is reported once it has been inside for `min_s`, and again
only after `rearm_s` outside. In a *presence* zone the first one is reported who comes after the zone was empty for
`quiet_s`; while somebody is there, others are not. A track that begins where another was lost inside is the same one.

Not a finding: who passes through in less than `min_s`.
Unknown: who it is, and whether he may be there.

Reads: ZoneEntered, InZone, ZoneLeft, Gone, and the view's paths.  Emits: Finding(intrusion), kind incident.
"""

from datetime import datetime
from typing import Final

from contracts.scene import IntrusionRule, SceneConfig
from edge.rules.dwell import Dwell, Dwells
from edge.rules.finding import Finding, Moment
from edge.scene.sample import seconds

ID: Final = "intrusion"
VERSION = 1


class Intrusion:
    """Finds intruders, and presence after quiet."""

    def __init__(self, scene: SceneConfig) -> None:
        rule = scene.rules.intrusion or IntrusionRule()
        self._kinds = {zone.id: getattr(zone, "kind", "lane") for zone in scene.zones_of(ID)}
        self._quiet_s = rule.quiet_s
        self._dwells = Dwells(self._kinds, rule.classes, min_s=rule.min_s, rearm_s=rule.rearm_s)
        self._occupied_at: dict[str, datetime] = {}

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for stays that have become long enough."""
        found = []
        for dwell in self._dwells.ripe(moment):
            if self._kinds[dwell.zone] != "presence" or self._was_quiet(dwell, moment):
                found.append(self._finding(dwell, moment))
            self._occupied_at[dwell.zone] = moment.at
        for zone in self._kinds:
            if self._dwells.is_occupied(zone):
                self._occupied_at[zone] = moment.at
        return found

    def _was_quiet(self, dwell: Dwell, moment: Moment) -> bool:
        occupied_at = self._occupied_at.get(dwell.zone)
        return occupied_at is None or seconds(moment.at, occupied_at) >= self._quiet_s

    def _finding(self, dwell: Dwell, moment: Moment) -> Finding:
        facts = {"dwell_s": dwell.dwell_s, "zone_kind": self._kinds[dwell.zone]}
        return Finding(ID, VERSION, "incident", dwell.track, dwell.since, moment.at, dwell.zone, facts)
