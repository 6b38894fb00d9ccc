"""A simulated hour through our road: tracks or detections in, findings out, told in the world's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from contracts.signals import SignalChange
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from edge.track.track import Track
from tests.simulation.pictures import Sightings
from tests.simulation.score import Found
from tests.simulation.world import World, moment, second

LEAST_IOU = 0.2


@dataclass(frozen=True, slots=True)
class Watched:
    """A frame as the rules get it."""

    at: datetime
    tracks: Sequence[Track]
    signals: Sequence[SignalChange]


def signal_changes(world: World) -> list[SignalChange]:
    """Every change of every head, in order of time, as a track log's sidecar tells them."""
    changes = [
        SignalChange(head, moment(t), state, "log")
        for head, programme in world.signals.items()
        for t, state in programme.changes
    ]
    return sorted(changes, key=lambda change: (change.at, change.head))


def with_signals(world: World, frames: Iterable[tuple[datetime, Sequence[Track]]]) -> Iterator[Watched]:
    """Frames with the changes told since the frame before."""
    changes = signal_changes(world)
    told = 0
    for at, tracks in frames:
        first = told
        while told < len(changes) and changes[told].at <= at:
            told += 1
        yield Watched(at, tracks, changes[first:told])


def findings(world: World, frames: Iterable[Watched]) -> Iterator[Finding]:
    """What the rules say."""
    road = TrackRoad(world.scene, node="simulation", camera=world.place)
    for frame in frames:
        yield from road.update(frame.tracks, frame.at, world.size, signals=frame.signals)


class Recogniser:
    """Tells whom a finding is about: by the faultless boxes of the frame its track was last seen in."""

    def __init__(self, sightings: Sightings) -> None:
        self._sightings = sightings
        self._starts = sightings.starts()

    def found(self, finding: Finding) -> Found:
        """The finding in the world's words."""
        track = finding.track
        mover = None if track is None else self.mover(track)
        return Found(
            finding.rule, finding.where, mover, finding.track_id, second(finding.started_at), second(finding.judged_at)
        )

    def mover(self, track: Track) -> int | None:
        """Whom a track covers best in the frame it was last seen in; None when nobody."""
        frame = int(np.searchsorted(self._sightings.times, second(track.at) - 1e-4))
        if frame >= len(self._sightings.times):
            return None
        rows = slice(int(self._starts[frame]), int(self._starts[frame + 1]))
        boxes = self._sightings.boxes[rows]
        if not len(boxes):
            return None
        own = np.array([track.x1, track.y1, track.x2, track.y2])
        size = np.maximum(np.minimum(boxes[:, 2:], own[2:]) - np.maximum(boxes[:, :2], own[:2]), 0.0)
        shared = size[:, 0] * size[:, 1]
        areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) + (own[2] - own[0]) * (own[3] - own[1])
        iou = shared / np.maximum(areas - shared, 1e-9)
        best = int(iou.argmax())
        return int(self._sightings.mover[rows][best]) if iou[best] >= LEAST_IOU else None
