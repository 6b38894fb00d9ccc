"""Where a centre's dead letters lie, and how they are given back: the same for both buses.

On Kafka a record goes back to its own topic, where whichever centre runs takes it as any other; letters stay, for a
topic is only ever added to. With the embedded bus the record is given to the store in this very process: SQLite and
PostgreSQL take several writers, and what is stored shows up in a running centre's live stream as from any other
centre's. Its letter goes, for the record is in the store, or has died again and lies in a newer letter. Either way an
event that is there already changes nothing, so giving back twice is no harm.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from contracts.wire import Record
from ingest.config import CentreConfig, KafkaConfig
from ingest.dead_letter import Letter, newest_of_each, to_replay
from ingest.errors import ConfigError, UnreadableRecord


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of one letter. `told` is why it was not given back, or why the record died again; else empty."""

    letter: str
    given_back: bool
    told: str = ""


class DeadBox(Protocol):
    """Letters that can be read and given back."""

    def letters(self) -> Iterator[Letter]:
        """Oldest first. ConnectionError when they cannot be read."""
        ...

    def give_back(self, letter: Letter, record: Record) -> str:
        """Gives the record back; returns why it died again where that is known at once, else an empty text."""
        ...


def replay(box: DeadBox, letters: Iterable[Letter]) -> Iterator[Returned]:
    """Gives back one letter of each record among these; those that must not be are named."""
    for letter in newest_of_each(letters):
        try:
            record = to_replay(letter)
        except UnreadableRecord as error:
            yield Returned(letter.id, given_back=False, told=str(error))
            continue
        yield Returned(letter.id, given_back=True, told=box.give_back(letter, record))


def chosen(box: DeadBox, names: Iterable[str]) -> list[Letter]:
    """Letters of these names, in their order on the topic; ConfigError names those that are not there."""
    wanted = set(names)
    found = [letter for letter in box.letters() if letter.id in wanted]
    absent = sorted(wanted - {letter.id for letter in found})
    if absent:
        raise ConfigError(f"no dead letter {', '.join(absent)}; see giaolo dead list")
    return found


@contextmanager
def open_box(config: CentreConfig) -> Iterator[DeadBox]:
    """The box of a centre."""
    with _on_kafka(config.kafka) if config.kafka is not None else _in_store(config) as box:
        yield box


@contextmanager
def _on_kafka(config: KafkaConfig) -> Iterator[DeadBox]:
    from ingest.kafka_dead import KafkaDeadLetters

    letters = KafkaDeadLetters(config.bootstrap, options=config.client_options())
    try:
        yield _KafkaBox(letters.letters, letters.give_back)
    finally:
        letters.close()


@contextmanager
def _in_store(config: CentreConfig) -> Iterator[DeadBox]:
    from ingest.centre import Centre
    from ingest.store.dead import StoredDeadLetters

    class Watched:
        """Dead letters of this process: stored as ever, and the newest reason known to who gives back."""

        reason = ""
        stored: StoredDeadLetters

        def put(self, record: Record, reason: str) -> None:
            self.stored.put(record, reason)
            self.reason = reason

    watched = Watched()
    centre = Centre(config, watched)
    watched.stored = StoredDeadLetters(centre.database)

    def give_back(letter: Letter, record: Record) -> str:
        watched.reason = ""
        centre.take([record])
        watched.stored.remove(letter.id)
        return watched.reason

    try:
        yield _StoreBox(watched.stored.letters, give_back)
    finally:
        centre.stop()


@dataclass(frozen=True, slots=True)
class _KafkaBox:
    _letters: Callable[[], Iterator[Letter]]
    _give_back: Callable[[Record], None]

    def letters(self) -> Iterator[Letter]:
        return self._letters()

    def give_back(self, letter: Letter, record: Record) -> str:
        del letter
        self._give_back(record)
        return ""


@dataclass(frozen=True, slots=True)
class _StoreBox:
    _letters: Callable[[], Iterator[Letter]]
    _give_back: Callable[[Letter, Record], str]

    def letters(self) -> Iterator[Letter]:
        return self._letters()

    def give_back(self, letter: Letter, record: Record) -> str:
        return self._give_back(letter, record)
