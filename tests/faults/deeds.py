"""How each fault is done to the world, and how it is mended."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contracts.topics import DEAD_EVENTS, EVENTS
from tests.faults.parts import Broker, Part, Postgres
from tests.faults.schedule import Fault
from tests.faults.world import World, clock_environment

MARK = "giaolo_fault_test"
REPEATED = 60
_CLOCKS = ("+2h", "-45m", "+400d", "-3d", "+0")


@dataclass
class Bus:
    """Our own hand on the topics, past every link."""

    bootstrap: str
    poisoned: list[bytes] = field(default_factory=list)
    """Values that must end among the dead letters; each is another."""
    repeated: int = 0

    def poison(self, number: int) -> int:
        """Writes what no centre can read; returns how many records."""
        one = f"poison {number}".encode()
        values = (
            (b"{" + one, ()),
            (b'{"n": "' + one + b'"}', (("ce_id", b"1"), ("ce_type", b"vn.giaolo.count.line_count.v1"))),
            (b'{"deep": ' + b"[" * 20_000 + b'"' + one + b'"', ()),
            (one + b"\x00\xff" * 50_000, (("content-type", b"application/cloudevents+json"),)),
            (one, (("ce_specversion", b"\xff"), ("ce_id", b"1"), ("ce_source", b"x"), ("ce_type", b"y"))),
        )
        producer = self._producer()
        try:
            sent = [
                producer.send(EVENTS, key=b"cam-1", value=value, headers=[(MARK, one), *headers])
                for value, headers in values
            ]
            for future in sent:
                future.get(timeout=30)
        finally:
            producer.close(timeout=5)
        self.poisoned += [value for value, _ in values]
        return len(values)

    def repeat(self, count: int = REPEATED) -> int:
        """Writes some of the newest records once more, as a producer would that never saw the answer."""
        records = self._read(EVENTS, count)
        producer = self._producer()
        try:
            sent = [
                producer.send(EVENTS, key=record.key, value=record.value, headers=record.headers)
                for record in records
                if MARK not in dict(record.headers)
            ]
            for future in sent:
                future.get(timeout=30)
        finally:
            producer.close(timeout=5)
        self.repeated += len(sent)
        return len(sent)

    def dead_letters(self) -> list[bytes]:
        """Values of all dead letters."""
        return [record.value for record in self._read(DEAD_EVENTS, None)]

    def _read(self, topic: str, last: int | None) -> list[Any]:
        """The newest records of a topic, spread over its partitions; all of them when `last` is None."""
        from kafka import KafkaConsumer, TopicPartition

        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        try:
            partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            starts = consumer.beginning_offsets(partitions)
            if last is not None:
                busy = max(1, sum(1 for each in partitions if ends[each] > starts[each]))
                starts = {each: max(starts[each], ends[each] - last // busy) for each in partitions}
            for each in partitions:
                consumer.seek(each, starts[each])
            wanted = sum(ends[each] - starts[each] for each in partitions)
            records: list[Any] = []
            while len(records) < wanted:
                polled = consumer.poll(timeout_ms=5000)
                if not polled:
                    break
                records += [record for some in polled.values() for record in some]
            return records
        finally:
            consumer.close()

    def _producer(self) -> Any:
        from kafka import KafkaProducer

        return KafkaProducer(bootstrap_servers=self.bootstrap, acks="all", max_block_ms=30_000)


class Deeds:
    """Does faults and mends them. `begin` returns what it did in words."""

    def __init__(self, world: World, bus: Bus, seed: int) -> None:
        self._world = world
        self._bus = bus
        self._chance = random.Random(seed)

    def begin(self, fault: Fault) -> str:
        """Does it; kills, poison and repeats are over when this returns."""
        verb, _, target = fault.kind.partition(" ")
        act: dict[str, Callable[[Fault, str], str]] = {
            "kill": self._kill,
            "halt": self._halt,
            "cut": self._turn,
            "silent": self._turn,
            "slow": self._turn,
            "disk": self._fill,
            "clock": self._step_clock,
            "poison": self._poison,
            "repeat": self._repeat,
        }
        return act[verb](fault, target)

    def end(self, fault: Fault) -> None:
        """Mends it."""
        verb, _, target = fault.kind.partition(" ")
        if verb == "halt":
            self._part(target, fault.which).go_on()
        elif verb in {"cut", "silent", "slow"}:
            self._world.links[target].turn("open")
        elif verb == "disk":
            self._world.disks[fault.which].clear()

    def _part(self, target: str, which: int) -> Part | Broker | Postgres:
        parts: dict[str, Part | Broker | Postgres] = {
            "edge": self._world.edges[which],
            "centre": self._world.centres[which],
            "broker": self._world.broker,
            "postgres": self._world.postgres,
        }
        return parts[target]

    def _kill(self, fault: Fault, target: str) -> str:
        part = self._part(target, fault.which)
        part.kill9()
        part.start()
        return f"{part.name} killed with -9 and started again"

    def _halt(self, fault: Fault, target: str) -> str:
        part = self._part(target, fault.which)
        part.halt()
        return f"{part.name} stood still for {fault.lasts_s} s"

    def _turn(self, fault: Fault, target: str) -> str:
        state = fault.kind.partition(" ")[0]
        assert state in {"cut", "silent", "slow"}
        self._world.links[target].turn(state)  # type: ignore[arg-type]
        ends = {"edge": "edges and broker", "centre": "centres and broker", "database": "centres and database"}
        return f"link between {ends[target]} {state} for {fault.lasts_s} s"

    def _fill(self, fault: Fault, target: str) -> str:
        del target
        disk = self._world.disks[fault.which]
        if not disk.is_small:
            return "not done: no right to mount a small disk here"
        filled = disk.fill()
        return f"disk of {self._world.edges[fault.which].name} full ({filled} bytes) for {fault.lasts_s} s"

    def _step_clock(self, fault: Fault, target: str) -> str:
        del target
        clock = self._world.clocks[fault.which]
        if not clock_environment(clock):
            return "not done: libfaketime is not installed"
        now = clock.read_text().strip()
        step = self._chance.choice([each for each in _CLOCKS if each != now])
        clock.write_text(step + "\n")
        return f"clock of {self._world.edges[fault.which].name} set to {step}"

    def _poison(self, fault: Fault, target: str) -> str:
        del target
        return f"{self._bus.poison(fault.number)} records nobody can read written to the topic"

    def _repeat(self, fault: Fault, target: str) -> str:
        del fault, target
        return f"{self._bus.repeat()} records written to the topic once more"
