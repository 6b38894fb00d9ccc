"""From tracks to findings: the part of the road that live cameras, `analyse` and `replay` share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.event import Event, TimeQuality
from contracts.scene import SceneConfig
from contracts.signals import SignalState
from edge.rules.event import Origin, event_of
from edge.rules.finding import Finding
from edge.rules.judge import Judge
from edge.scene.facts import Fact, HeadingAgainst, InZone, SpeedMeasured
from edge.scene.signals import SignalChange, SignalHistory
from edge.scene.state import SceneState
from edge.track.stitch import Stitcher
from edge.track.track import Track


class TrackRoad:
    """One camera's scene and rules. Equal tracks give equal findings; nothing here reads a clock."""

    def __init__(self, scene: SceneConfig, *, node: str, camera: str, model_sha256: str | None = None) -> None:
        self._origin = Origin(node, camera, scene.scene_version, model_sha256)
        self._stitcher = Stitcher()
        self._state = SceneState(scene)
        self._judge = Judge(scene)
        self._signals = SignalHistory()
        self._image_size: tuple[int, int] | None = None
        self._users: list[Track] = []

    def update(
        self,
        tracks: Sequence[Track],
        at: datetime,
        image_size: tuple[int, int],
        *,
        discontinuity: bool = False,
        signals: Sequence[SignalChange] = (),
    ) -> list[Finding]:
        """Findings of one frame, each with the path that led to it.

        Args:
            tracks: of the frame, ours or another tracker's; they are stitched first (edge/track/stitch.py).
            at: event time of the frame.
            image_size: width, height, pixels.
            discontinuity: nothing before this frame connects with it.
            signals: changes of signal heads since the frame before.
        """
        broken = discontinuity or (self._image_size is not None and image_size != self._image_size)
        self._image_size = image_size
        self._signals.add(signals)
        seen = self._stitcher.update(tracks, at, discontinuity=broken)
        facts = self._state.update(seen, at, image_size, discontinuity=discontinuity)
        now = [track for track in seen if track.at == at]
        if len(now) < len(seen):
            facts = [fact for fact in facts if not _is_past(fact, at)]
        self._users = now
        found = self._judge.update(facts, now, at, self._state, self._signals)
        return [self._placed(self._with_path(finding)) for finding in found]

    @property
    def users(self) -> list[Track]:
        """Road users seen in the newest frame, as scene and rules know them; no false boxes among them."""
        return self._users

    def signal(self, head: str, at: datetime) -> SignalState:
        """What a signal head showed at a moment, as the rules know it now."""
        return self._signals.state(head, at)

    def _with_path(self, finding: Finding) -> Finding:
        if finding.track is None or finding.path:
            return finding
        return replace(finding, path=self._state.path(finding.track.id))

    def _placed(self, finding: Finding) -> Finding:
        """With its place on the ground, where a good calibration holds."""
        ground = self._state.ground
        if finding.track is None or ground is None or not ground.is_good or not ground.is_valid(finding.track.ground):
            return finding
        metres = ground.metres(finding.track.ground)
        return replace(finding, metres=metres, wgs84=ground.wgs84(metres))

    def event(self, finding: Finding, time_quality: TimeQuality, *, still_sha256: str | None = None) -> Event:
        """Event of a finding of the newest frame. ValueError before the first frame."""
        if self._image_size is None:
            raise ValueError("no frame was judged yet: call update first")
        return event_of(
            finding,
            self._origin,
            image_size=self._image_size,
            time_quality=time_quality,
            still_sha256=still_sha256,
        )


def _is_past(fact: Fact, at: datetime) -> bool:
    """A fact repeated with every frame, of a sighting that was held back: it is no longer so, only what follows is."""
    return isinstance(fact, InZone | SpeedMeasured | HeadingAgainst) and fact.track.at < at
