"""The road from tracks on: a track log and a scene give events, without video, model or clock.

The same log and scene give the same bytes. A log with track ids is judged as it stands; a log of bare detections
(every id is -1) goes through our own tracker first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from contracts.event import Event, Slug, TimeQuality
from contracts.scene import SceneConfig
from edge.detections import Detections
from edge.errors import ConfigError
from edge.rules.road import TrackRoad
from edge.track.motlog import read_detections, read_frames, read_mot
from edge.track.road_users import RoadUserTracker
from edge.track.sidecar import Sidecar, read_sidecar
from edge.track.track import Track

NODE = "replay"
CONFIDENCE = 0.25  # above it a detection may begin a track; the same as a camera's default

_slug: TypeAdapter[str] = TypeAdapter(Slug)


@dataclass(frozen=True, slots=True)
class TrackLog:
    """A track log in memory: its lines, what they mean, and its name for errors."""

    lines: tuple[str, ...]
    sidecar: Sidecar
    name: str

    @classmethod
    def read(cls, tracks: Path, sidecar: Path | None = None) -> "TrackLog":
        """Reads log and sidecar (default: the same name ending in .json). ConfigError says what is missing or wrong."""
        beside = sidecar or tracks.with_suffix(".json")
        lines = tuple(_text(tracks).splitlines())
        if not beside.exists():
            raise ConfigError(
                f"{beside}: is not there; a track log needs a sidecar with at least "
                '{"frame_rate": 25, "started_at": "2026-11-22T08:00:00Z", "image": {"width": 640, "height": 360}}'
            )
        return cls(lines, read_sidecar(_text(beside), str(beside)), str(tracks))

    def frames(self) -> Iterator[tuple[datetime, list[Track], bool]]:
        """Event time, tracks and discontinuity of each frame in order."""
        if any(record.id != -1 for record in read_mot(self.lines, self.name)):
            for frame in read_frames(self.lines, self.sidecar, self.name):
                yield frame.at, frame.tracks, frame.discontinuity
            return
        yield from self._tracked()

    def _tracked(self) -> Iterator[tuple[datetime, list[Track], bool]]:
        detections = read_detections(self.lines, self.sidecar, name=self.name)
        marks = self.sidecar.frames or [self.sidecar.mark(frame) for frame in range(1, max(detections, default=0) + 1)]
        strangers = detections.keys() - {mark.frame for mark in marks}
        if strangers:
            raise ConfigError(f"{self.name}: frame {min(strangers)} is not among the frames of the sidecar")
        tracker = RoadUserTracker(CONFIDENCE)
        for mark in marks:
            found = detections.get(mark.frame, Detections.empty())
            yield mark.at, tracker.update(found, mark.at, discontinuity=mark.discontinuity), mark.discontinuity


def replay(log: TrackLog, scene: SceneConfig, *, node: str = NODE, camera: str | None = None) -> Iterator[Event]:
    """Events of a track log in the order they became certain, sequence from 1.

    Args:
        log: tracks or detections.
        scene: what is judged.
        node: named in the events; with the node and camera of the first run the events have the same ids.
        camera: named in the events; without it the sidecar's.

    Raises:
        ConfigError: a line of the log is wrong, or a name cannot stand in an event.
    """
    sidecar = log.sidecar
    named = _name(camera or sidecar.camera, "camera")
    road = TrackRoad(scene, node=_name(node, "node"), camera=named, model_sha256=sidecar.model_sha256)
    size = sidecar.image.width, sidecar.image.height
    quality = sidecar.time_quality or TimeQuality(source="file", uncertainty_ms=500 / sidecar.frame_rate)
    sequence = 0
    for at, tracks, discontinuity in log.frames():
        for finding in road.update(tracks, at, size, discontinuity=discontinuity):
            sequence += 1
            yield road.event(finding, quality).model_copy(update={"sequence": sequence})


def _name(name: str, what: str) -> str:
    try:
        return _slug.validate_python(name)
    except ValidationError:
        raise ConfigError(f"{what} {name!r}: use letters, digits, '.', '_' and '-', at most 64") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; is it really a track log?") from None
