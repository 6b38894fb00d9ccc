"""A person on foot on the carriageway.

A person is reported when its ground point has been in a carriageway zone, and on no crossing, for `min_s`. The same
person is reported again only after `rearm_s` off the carriageway. Riders are part of their motorcycle or bicycle and
never count; nor does who moved faster than people walk (`faster` box sizes a second, or `faster_kmh` where speeds are
measured): a rider whose machine was not seen.

Not a finding: a person at the kerb whose box trembles over the edge (the scene's `zone_settle_s`); one on a zone of
kind `crossing`, whatever its signal shows; a rider who stands among others at a red light.
Unknown: whether the person may be there (road workers, police). A crossing that is not drawn is not known. A person
whose feet are hidden stands nearer to the camera than the box says. Who runs is taken for a rider.

Reads: ZoneEntered, InZone, ZoneLeft, Gone, and the view's path, speed and zones.
Emits: Finding(pedestrian_on_carriageway), kind incident.
"""

from typing import Final

from contracts.classes import RoadUserClass
from contracts.scene import PedestrianRule, SceneConfig
from edge.rules.dwell import Dwells
from edge.rules.finding import Finding, Moment
from edge.scene.facts import KMH, Gone
from edge.scene.geometry import distance
from edge.scene.sample import Sample, seconds
from edge.scene.view import SceneView

ID: Final = "pedestrian_on_carriageway"
VERSION = 2

PACE_S = 0.8  # how fast somebody goes is taken over so long


class PedestrianOnCarriageway:
    """Finds people on foot on the carriageway."""

    def __init__(self, scene: SceneConfig) -> None:
        self._rule = scene.rules.pedestrian_on_carriageway or PedestrianRule()
        self._zones = frozenset(zone.id for zone in scene.zones_of(ID))
        crossings = [zone.id for zone in scene.zones if zone.kind == "crossing"]
        self._dwells = Dwells(
            self._zones, {"person"}, min_s=self._rule.min_s, rearm_s=self._rule.rearm_s, exempt=crossings
        )
        self._riders: set[int] = set()

    def judge(self, moment: Moment) -> list[Finding]:
        """Findings for people who have been on the carriageway long enough."""
        self._note_riders(moment)
        return [
            Finding(
                ID,
                VERSION,
                "incident",
                dwell.track,
                dwell.since,
                moment.at,
                dwell.zone,
                {"dwell_s": dwell.dwell_s, "min_s": self._rule.min_s},
            )
            for dwell in self._dwells.ripe(moment)
            if dwell.track.id not in self._riders
        ]

    def _note_riders(self, moment: Moment) -> None:
        """Remembers who rides something the detector did not see."""
        for change in moment.changes:
            if isinstance(change, Gone):
                self._riders.discard(change.track.id)
        for fact in moment.inside:
            if fact.track.cls is RoadUserClass.PERSON and fact.zone in self._zones:
                key = fact.track.id
                if key not in self._riders and self._is_fast(key, moment.view):
                    self._riders.add(key)

    def _is_fast(self, track_id: int, view: SceneView) -> bool:
        measured = view.speed(track_id)
        if measured is not None:
            return (measured.mps - measured.uncertainty_mps) * KMH > self._rule.faster_kmh
        return _pace(view.path(track_id)) > self._rule.faster


def _pace(path: tuple[Sample, ...]) -> float:
    """Box sizes a second over the last moments; 0 when it is not known yet."""
    now = path[-1] if path else None
    for before in reversed(path):
        if now is not None and (passed_s := seconds(now.at, before.at)) >= PACE_S:
            return distance(before.point, now.point) / (max(now.size, before.size) * passed_s)
    return 0.0
