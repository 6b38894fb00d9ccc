"""The edge of `bench.events`: true events, a true outbox, the true relay.

    python -m bench.events_edge FOLDER BOOTSTRAP NODE SECONDS RATE

Camera threads add events with new ids, those of one frame together as the road does, RATE a second in all, or, with 0,
as fast as the relay delivers: never more than so many wait in the outbox. Writes `added.json` (when each was added) and
runs until it is stopped.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import chain, count, groupby, islice
from pathlib import Path

from bench.traffic import frames
from contracts.canonical import sha256_hex
from contracts.collector import settle
from contracts.event import Event, source_path
from edge.errors import OutboxError
from edge.outbox.kafka_publisher import KafkaPublisher
from edge.outbox.relay import Relay
from edge.outbox.store import Outbox
from edge.replay import Replay
from edge.scene.load import load_scene

SCENE = Path(__file__).parent.parent / "tests" / "faults" / "road.yaml"
EVENT_POOL = 2_000
CAMERAS = 48
"""Each waits for the disk with each frame, so a few of them alone could not ask for thousands a second."""
MOST_WAITING = 3_000
LOOK_EVERY_S = 0.05
"""Between two looks at how many wait: a look counts them all, and all cameras go by the same one."""


@cache
def pool() -> tuple[Event, ...]:
    """True events of a busy road, in their order."""
    road = Replay(load_scene(SCENE), camera="pool")
    return tuple(islice(road.feed(frames(10**9, 20)), EVENT_POOL))


def moments(node: str, camera: str) -> Iterator[list[Event]]:
    """The pool again and again, each time a later day, never the same event twice: what each frame gave, together."""
    stem = sha256_hex(f"{node}/{camera}".encode())[:20]
    source = source_path(node, camera)
    numbers = count()
    for day in count():
        later = timedelta(days=day)
        for judged_at, together in groupby(pool(), key=lambda event: event.data.judged_at):
            moved = {"node": node, "camera": camera, "judged_at": judged_at + later}
            yield [
                event.model_copy(
                    update={
                        "id": f"{stem}{next(numbers):012x}",
                        "source": source,
                        "time": event.time + later,
                        "data": event.data.model_copy(update=moved),
                    }
                )
                for event in together
            ]


def documents(node: str, count: int) -> list[bytes]:
    """Canonical JSON of so many events."""
    return [event.to_json() for event in islice(chain.from_iterable(moments(node, "cam-1")), count)]


class Cameras:
    """Threads that add, and what they noted."""

    def __init__(self, outbox: Outbox, node: str, rate: float) -> None:
        self.outbox = outbox
        self.added: list[tuple[int, float]] = []
        self.stop = threading.Event()
        self._room = threading.Event()
        self._node = node
        self._pause_s = CAMERAS / rate if rate else 0.0

    def watch(self) -> None:
        """Lets the cameras go on while not too many events wait; until it is stopped."""
        while not self.stop.wait(LOOK_EVERY_S):
            if self.outbox.stats().pending > MOST_WAITING:
                self._room.clear()
            else:
                self._room.set()
        self._room.set()

    def run(self, camera: str, until: float) -> None:
        """Adds a camera's events until then (time.monotonic)."""
        next_at = time.monotonic()
        for events in moments(self._node, camera):
            if time.monotonic() >= until or self.stop.is_set():
                return
            if self._pause_s:
                next_at += self._pause_s * len(events)
                self.stop.wait(max(0.0, next_at - time.monotonic()))
            else:
                self._room.wait()
            begun = time.time()
            for stored in self.outbox.add_all([(event, ()) for event in events]):
                if isinstance(stored, OutboxError):
                    raise stored
                self.added.append((stored.sequence, begun))


def main(folder: Path, bootstrap: str, node: str, seconds: float, rate: float) -> None:
    """Runs the node of the command line."""
    outbox = Outbox(folder / "outbox.db", node=node, max_bytes=10**10)
    publisher = KafkaPublisher(bootstrap)
    publisher.publish((), timeout_s=10)  # the start of a node is not what is measured
    relay = Relay(outbox, publisher, None)
    cameras = Cameras(outbox, node, rate)
    signal.signal(signal.SIGTERM, lambda *_: cameras.stop.set())
    pool()
    settle()
    relay.start()
    (folder / "begun").touch()
    until = time.monotonic() + seconds
    threading.Thread(target=cameras.watch, daemon=True).start()
    threads = [threading.Thread(target=cameras.run, args=(f"cam-{n}", until)) for n in range(CAMERAS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (folder / "added.new").write_text(json.dumps({"at": cameras.added, "last": outbox.stats().last_sequence}))
    (folder / "added.new").replace(folder / "added.json")
    cameras.stop.wait()
    relay.stop(drain_s=2)
    outbox.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]))
