"""Runs a node's share of its site's cameras: the table and the partitions come together in one thread.

kafka_table ─table─▶ SiteCameras ─set-ups─▶ Node.set_cameras
kafka_group ─held──▶
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

import structlog

from edge.assignment.kafka_group import KafkaGroup
from edge.assignment.kafka_table import PROBE_EVERY_S, REBUILD_S, KafkaTable, Table
from edge.assignment.setup import setup_of
from edge.assignment.share import share
from edge.cameras import CameraSetup
from edge.config import NodeConfig
from edge.errors import ConfigError

log = structlog.get_logger(__name__)

STOP_WAIT_S = 4.0
"""A partition is given up when its cameras have stopped, or after so long: less than the session, or we seem dead."""

LOST_GRACE_S = 3.0
"""Who was thought dead joins again at once; cameras he gets back in this time are not interrupted."""

ADRIFT_S = 5.0
"""A client made anew that has not been given its partitions so long after the brokers answer again has lost them."""

LOSS_S = 10.0
"""With `on_kafka_loss: stop`, without an answer of any broker for so long."""

_LOOK_EVERY_S = 0.5


class SiteCameras:
    """Keeps the cameras of a node what its site's group says they are."""

    def __init__(self, config: NodeConfig, set_cameras: Callable[[Sequence[CameraSetup]], None]) -> None:
        """Nothing happens before `start`. ConfigError when the node shares no cameras."""
        if config.kafka is None or config.site is None:
            raise ConfigError("cameras are shared by Kafka: the node file needs `site` and `kafka`")
        self._config = config
        self._site = config.site
        self._set_cameras = set_cameras
        self._changed = threading.Condition()
        self._table_now: Table | None = None
        self._held: set[int] = set()
        self._doubtful: set[int] = set()
        self._doubtful_until = 0.0
        self._adrift_at = 0.0
        self._asked = self._done = 0
        self._camera_faults: list[str] = []
        self._stop = threading.Event()
        self._left = threading.Event()
        self.table = KafkaTable(config.kafka, config.node, self.on_table)
        self._group = KafkaGroup(
            config.kafka,
            site=config.site,
            node=config.node,
            holder=self,
            is_cut_off=lambda: self.table.unreached_s() > REBUILD_S,
        )
        self._threads = [
            threading.Thread(target=self.table.run, args=(self._stop,), name="camera-table", daemon=True),
            threading.Thread(target=self._group.run, args=(self._stop,), name="site-group", daemon=True),
            threading.Thread(target=self._run, name="site-cameras", daemon=True),
        ]

    def start(self) -> None:
        """Joins the site."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stops what was given, then leaves the group, so that others take over at once. At most 10 s."""
        self._stop.set()
        for thread in self._threads[:2]:
            thread.join(timeout=8)
        self._left.set()
        self._threads[2].join(timeout=2)

    def faults(self) -> list[str]:
        """What is wrong with the sharing now, in words."""
        told = [fault for fault in dict.fromkeys((self.table.fault, self._group.fault)) if fault]
        if told and self._table_now is not None:
            kept = "kept running" if self._config.on_kafka_loss == "keep" else f"stopped after {LOSS_S:.0f} s"
            told = [f"site {self._site}: {fault}; its cameras here are {kept}" for fault in told]
        unreadable = [f"{key}: its record cannot be read: {why}" for key, why in sorted(self.table.refused.items())]
        return told + unreadable + self._camera_faults

    def given(self, partitions: AbstractSet[int]) -> None:
        """As Holder.given: what was doubtful is settled now."""
        with self._changed:
            self._held |= partitions
            self._doubtful = set()
            self._ask()

    def taken(self, partitions: AbstractSet[int]) -> None:
        """As Holder.taken."""
        with self._changed:
            self._held -= partitions
            self._doubtful -= partitions
            mine = self._ask()
            if not self._changed.wait_for(lambda: self._done >= mine, timeout=STOP_WAIT_S):
                log.warning("partition given up before its cameras had stopped", after_s=STOP_WAIT_S)

    def lost(self, partitions: AbstractSet[int]) -> None:
        """As Holder.lost: they are run on for a moment, in case they come back at once."""
        with self._changed:
            self._held -= partitions
            self._doubtful = set(partitions)
            self._doubtful_until = time.monotonic() + LOST_GRACE_S
            self._ask()

    def adrift(self) -> None:
        """As Holder.adrift: what runs runs on until the brokers are back and have had time to say whose it is."""
        with self._changed:
            self._doubtful |= self._held
            self._held = set()
            self._doubtful_until = math.inf
            self._adrift_at = time.monotonic()
            self._ask()

    def on_table(self, table: Table) -> None:
        """The table is another now."""
        with self._changed:
            self._table_now = table
            self._ask()

    def _ask(self) -> int:
        self._asked += 1
        self._changed.notify_all()
        return self._asked

    def _run(self) -> None:
        shown: list[CameraSetup] | None = None
        while not self._left.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._asked > self._done, timeout=_LOOK_EVERY_S)
                asked, table, held = self._asked, self._table_now, self._effective()
            if table is not None:
                wanted = self._setups(table, held)
                if wanted != shown:
                    shown = self._attempt(wanted)
            with self._changed:
                self._done = asked
                self._changed.notify_all()

    def _effective(self) -> set[int]:
        """Partitions whose cameras run now."""
        if self._config.on_kafka_loss == "stop" and self.table.unreached_s() > LOSS_S:
            return set()
        now = time.monotonic()
        # An answer from before the client was made anew says nothing of the brokers now: they died just after it.
        if self._doubtful_until == math.inf and self.table.unreached_s() < min(
            PROBE_EVERY_S * 2, now - self._adrift_at
        ):
            self._doubtful_until = now + ADRIFT_S
        if now > self._doubtful_until:
            self._doubtful = set()
        return self._held | self._doubtful

    def _setups(self, table: Table, held: AbstractSet[int]) -> list[CameraSetup]:
        faults: list[str] = []
        setups: list[CameraSetup] = []
        for camera, record in share(table, held, node=self._config.node, site=self._site).run.items():
            try:
                setups.append(setup_of(record, self._config.credentials))
            except ConfigError as error:
                faults.append(f"{camera}: cannot be run here: {error}")
        self._camera_faults = faults
        return setups

    def _attempt(self, wanted: list[CameraSetup]) -> list[CameraSetup] | None:
        try:
            self._set_cameras(wanted)
        except Exception:
            log.exception("cameras not set")
            return None
        return wanted
