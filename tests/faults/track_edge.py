"""An edge node fed by track logs: true rules, true outbox, true relay to Kafka.

    python -m tests.faults.track_edge --node NODE --data FOLDER --logs FOLDER --work FOLDER --bootstrap HOST:PORT

One thread for each camera, as in a node. `work` holds what the test says and is told: `allowed`, how many events may be
found for now, and for each camera the part it is in. Killed and started again it judges that part again: the same
findings get the same ids, and the outbox knows them. Runs until it is stopped, so that the relay can deliver.
"""

import argparse
import json
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from contracts.event import Event
from edge.memory import share_arenas
from edge.outbox.kafka_publisher import KafkaPublisher
from edge.outbox.relay import Relay
from edge.outbox.store import Outbox
from tests.faults.roads import events_of, parts_of


@dataclass
class Node:
    """What the camera threads share."""

    name: str
    logs: Path
    work: Path
    outbox: Outbox
    per_s: float
    stop: threading.Event = field(default_factory=threading.Event)

    def run_camera(self, camera: str) -> None:
        """Judges the camera's parts, from the one it was in."""
        place = self.work / f"{camera}.part"
        parts = parts_of(self.logs, camera)
        pace = Pace(self.per_s)
        for number in range(_number(place), len(parts)):
            for event in events_of(parts[number], self.name, camera):
                if not self._spool(event, pace):
                    return
            temporary = place.with_suffix(".new")
            temporary.write_text(str(number + 1))
            temporary.replace(place)
        (self.work / f"{camera}.done").touch()

    def _spool(self, event: Event, pace: "Pace") -> bool:
        """False when the node stops."""
        if self.outbox.knows(event.id):
            return not self.stop.is_set()
        while self.outbox.stats().last_sequence >= _number(self.work / "allowed"):
            if self.stop.wait(0.05):
                return False
        self.outbox.add(event)
        return not self.stop.wait(pace.wait_s(time.monotonic()))


class Pace:
    """When the next event may be found, so that as many a second are found as were asked for."""

    def __init__(self, per_s: float) -> None:
        """Begins with the first event."""
        self._between_s = 1 / per_s
        self._next: float | None = None

    def wait_s(self, now: float) -> float:
        """Seconds to wait after an event at `now`; who is more than a second behind does not run after it."""
        due = now if self._next is None else max(self._next, now - 1)
        self._next = due + self._between_s
        return max(0.0, self._next - now)


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0


def _report(node: Node, relay: Relay) -> None:
    """What the node says of itself, twice a second; the test shows it."""
    path = node.work / "faults.json"
    while not node.stop.wait(0.5):
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps({"at": time.monotonic(), "faults": relay.faults()}))
        temporary.replace(path)


def main() -> None:
    """Runs the node of the command line."""
    options = argparse.ArgumentParser()
    for name in ("--node", "--data", "--logs", "--work", "--bootstrap"):
        options.add_argument(name, required=True)
    options.add_argument("--per-second", type=float, default=1e6)
    given = options.parse_args()
    share_arenas()  # as a node does
    pa.set_memory_pool(pa.system_memory_pool())  # logs are read here, which no node does: not in Arrow's pool
    outbox = Outbox(Path(given.data) / "outbox.db", node=given.node, max_bytes=10**9)
    relay = Relay(outbox, KafkaPublisher(given.bootstrap), None)
    node = Node(given.node, Path(given.logs), Path(given.work), outbox, given.per_second)
    signal.signal(signal.SIGTERM, lambda *_: node.stop.set())
    cameras = sorted(path.name for path in node.logs.iterdir() if path.is_dir())
    threads = [threading.Thread(target=node.run_camera, args=(camera,), daemon=True) for camera in cameras]
    relay.start()
    for thread in (*threads, threading.Thread(target=_report, args=(node, relay), daemon=True)):
        thread.start()
    node.stop.wait()
    for thread in threads:
        thread.join(5)
    relay.stop(drain_s=2)
    outbox.close()


if __name__ == "__main__":
    main()
