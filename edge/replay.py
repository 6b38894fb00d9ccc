"""The road from tracks on: a track log and a scene give events, without video, model or clock.

The same log and scene give the same bytes, in one piece or in chunks, on any machine.
"""

import gc
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter, ValidationError

from contracts.event import Event, Slug
from contracts.scene import SceneConfig
from edge.errors import ConfigError
from edge.rules.road import TrackRoad
from edge.track.tracked import TrackedFrame
from edge.tracklog.log import TrackLog

__all__ = ["NODE", "Replay", "TrackLog", "replay", "spare_collector"]

NODE = "replay"

_slug: TypeAdapter[str] = TypeAdapter(Slug)


class Replay:
    """Judges frames as they are fed; what it remembers is carried from one call to the next.

    Args:
        scene: what is judged.
        node: named in the events; with the node and camera of the first run the events have the same ids.
        camera: named in the events.
        model_sha256: detector that saw the road users, where it is known.

    Raises:
        ConfigError: a name cannot stand in an event.
    """

    def __init__(self, scene: SceneConfig, *, node: str = NODE, camera: str, model_sha256: str | None = None) -> None:
        self.lost = 0  # frames that were judged live and are not in the log
        self._scene = scene
        self._node, self._camera = _name(node, "node"), _name(camera, "camera")
        self._sequence = 0
        self._road = self._fresh(model_sha256)

    def feed(self, frames: Iterable[TrackedFrame]) -> Iterator[Event]:
        """Events of the next frames in the order they became certain, sequence from 1."""
        for frame in frames:
            yield from self.step(frame)

    def step(self, frame: TrackedFrame, model_sha256: str | None = None) -> list[Event]:
        """Events of the next frame.

        Args:
            frame: not before the one fed last, unless it is a discontinuity.
            model_sha256: of the detector, where the frame begins a run of the node.
        """
        if frame.begins_run:
            self._road = self._fresh(model_sha256)
        self.lost += frame.lost
        found = self._road.update(
            frame.tracks, frame.at, frame.size, discontinuity=frame.discontinuity, signals=frame.signals
        )
        events = []
        for finding in found:
            self._sequence += 1
            event = self._road.event(finding, frame.time_quality)
            events.append(event.model_copy(update={"sequence": self._sequence}))
        return events

    def _fresh(self, model_sha256: str | None) -> TrackRoad:
        return TrackRoad(self._scene, node=self._node, camera=self._camera, model_sha256=model_sha256)


def replay(log: TrackLog, scene: SceneConfig, *, node: str = NODE, camera: str | None = None) -> Iterator[Event]:
    """Events of a track log; as `Replay`.

    Args:
        log: tracks or detections.
        scene: what is judged.
        node: named in the events.
        camera: named in the events; without it the log's.

    Raises:
        ConfigError: a line of the log is wrong, or a name cannot stand in an event.
    """
    player = Replay(scene, node=node, camera=camera or log.camera, model_sha256=log.model_sha256)
    for frame, model in log.frames():
        yield from player.step(frame, model)


def spare_collector() -> None:
    """Lets Python look for cyclic garbage less often, in this process: a replay makes no cycles."""
    gc.set_threshold(20_000, 20, 20)


def _name(name: str, what: str) -> str:
    try:
        return _slug.validate_python(name)
    except ValidationError:
        raise ConfigError(f"{what} {name!r}: use letters, digits, '.', '_' and '-', at most 64") from None
