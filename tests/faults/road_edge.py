"""An edge node's road without camera and model: road users drive through a real scene, real rules find events.

    python -m tests.faults.road_edge FOLDER BOOTSTRAP EVENTS PER_SECOND

Killed and started again it judges the same road users again: the same findings get the same ids, and the outbox knows
them. Runs until it is stopped, so that the relay can deliver what waits.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from contracts.classes import RoadUserClass
from contracts.event import Event, TimeQuality
from edge.outbox.kafka_publisher import KafkaPublisher
from edge.outbox.relay import Relay
from edge.outbox.store import Outbox
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.track.track import Track
from tests.conftest import ROOT

SIZE = (640, 360)
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NODE = "node-1"
_FRAMES_BETWEEN = 6
_FRAMES_ON_ROAD = 40


def tracks_at(frame: int) -> list[Track]:
    """Road users of a frame: one enters every 0.6 s; each fifth drives against its lane."""
    at = START + timedelta(seconds=frame / 10)
    tracks = []
    for number in range(max(0, (frame - _FRAMES_ON_ROAD) // _FRAMES_BETWEEN), frame // _FRAMES_BETWEEN + 1):
        share = (frame - number * _FRAMES_BETWEEN) / _FRAMES_ON_ROAD
        if not 0 <= share <= 1:
            continue
        x = 0.1 + 0.8 * (1 - share if number % 5 == 4 else share)
        x, y = x * SIZE[0], (0.5 + 0.05 * (number % 8)) * SIZE[1]
        tracks.append(Track(number + 1, RoadUserClass.CAR, 0.9, x - 20, y - 30, x + 20, y, at))
    return tracks


def events(camera: str = "two-way") -> Iterator[Event]:
    """Events of this endless road, always the same ones in the same order."""
    road = TrackRoad(load_scene(ROOT / "deploy" / "samples" / "two_way.yaml"), node=NODE, camera=camera)
    quality = TimeQuality(source="rtcp", uncertainty_ms=5)
    for frame in count():
        tracks = tracks_at(frame)
        for finding in road.update(tracks, START + timedelta(seconds=frame / 10), SIZE):
            yield road.event(finding, quality)


def allowed(folder: Path) -> int:
    """How many events may be found for now: the test lets the road on, so that each death falls into traffic."""
    try:
        return int((folder / "allowed").read_text())
    except (OSError, ValueError):
        return 0


def main(folder: Path, bootstrap: str, number: int, per_second: float) -> None:
    """Publishes the first `number` events of the road."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    outbox = Outbox(folder / "outbox.db", node=NODE, max_bytes=10**9)
    relay = Relay(outbox, KafkaPublisher(bootstrap), None)
    relay.start()
    for index, event in enumerate(islice(events(), number)):
        while index >= allowed(folder) and not stop.wait(0.05):
            pass
        is_new = not outbox.knows(event.id)
        outbox.add(event)
        if is_new and stop.wait(1 / per_second):
            break
    stop.wait()
    relay.stop(drain_s=2)
    outbox.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
