"""Track logs of the fault tests' cameras, and the truth that a replay of them gives.

A camera's log lies in parts. Each part begins a run of the node: nothing is remembered from the part before, so that a
node that died judges the part it was in once more and finds the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bench.traffic import frames
from contracts.event import Event
from contracts.evidence import event_document
from edge.replay import TrackLog, replay
from edge.scene.load import load_scene
from edge.tracklog.columns import LogHead
from edge.tracklog.parquet import write_frames

SCENE = Path(__file__).parent / "road.yaml"
PART_FRAMES = 100
USERS = 20


@dataclass(frozen=True, slots=True)
class CameraTruth:
    """What must stand in the store of one camera: event documents by id, in the order they were found."""

    node: str
    camera: str
    documents: dict[str, str]


def parts_of(folder: Path, camera: str) -> list[Path]:
    """Parts of a camera's log in order."""
    return sorted((folder / camera).glob("*.parquet"))


def events_of(part: Path, node: str, camera: str) -> Iterator[Event]:
    """What the true rules find in one part."""
    return replay(TrackLog.read(part), load_scene(SCENE), node=node, camera=camera)


def lay(folder: Path, node: str, camera: str, *, events: int, seed: int) -> CameraTruth:
    """Writes parts until they hold at least so many events; the truth is what a replay of the written files finds."""
    (folder / camera).mkdir(parents=True)
    road = frames(10**9, USERS, seed)
    documents: dict[str, str] = {}
    number = 0
    while len(documents) < events:
        part = folder / camera / f"{number:05}.parquet"
        piece = [replace(frame, discontinuity=False) for frame in islice(road, PART_FRAMES)]
        write_frames(part, piece, LogHead(camera))
        documents.update((event.id, event_document(event).decode()) for event in events_of(part, node, camera))
        number += 1
    return CameraTruth(node, camera, documents)
