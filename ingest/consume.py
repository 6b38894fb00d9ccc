"""From the bus to the store: each record once, whatever is repeated and in whatever order.

A batch is one transaction. What cannot be read becomes a dead letter with its reason; an error of the database is
raised, so the caller keeps the records and tries again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from contracts.cloudevents import health_of, published_of
from contracts.event import Event, EvidenceSealed
from contracts.health import NodeHealth
from contracts.topics import EVENTS, HEALTH
from contracts.wire import Record
from ingest.clock import Clock, utc_now
from ingest.errors import UnreadableRecord
from ingest.live import LiveHub
from ingest.metrics import Metrics
from ingest.settle import Settler
from ingest.store import cameras, events, evidence, live, sequences, tallies
from ingest.store.base import Database
from ingest.store.dead import DeadLetters

_log = structlog.get_logger(__name__)

Message = Event | EvidenceSealed | NodeHealth

PRUNE_EVERY = 1000
"""Changes between two looks at what of the live log may go."""

_UNSTORABLE = (DataError, IntegrityError, OverflowError)
"""What a database says of values it cannot hold; nothing that trying again would mend, unless another wrote first."""


@dataclass(slots=True)
class _Outcome:
    """What a batch changed; used after its commit."""

    changes: list[live.Change] = field(default_factory=list)
    updated_cameras: set[str] = field(default_factory=set)
    settle: list[str] = field(default_factory=list)
    """Events whose package is here, not settled; of a repeated record too: the first time may have ended half-way."""
    nodes_with_key: set[str] = field(default_factory=set)
    stored: list[tuple[Event, str]] = field(default_factory=list)
    sealed: list[EvidenceSealed] = field(default_factory=list)
    repeats: int = 0
    dead: list[tuple[Record, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is here of a batch already: stored form of events, manifest of packages, each by event id."""

    documents: dict[str, str]
    manifests: dict[str, str]


class Ingestor:
    """Takes records into the store. May be called from several threads."""

    def __init__(
        self,
        database: Database,
        settler: Settler,
        hub: LiveHub,
        dead_letters: DeadLetters,
        metrics: Metrics,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._settler = settler
        self._live = hub
        self._dead_letters = dead_letters
        self._metrics = metrics
        self._clock = clock
        self._appended = 0

    def take(self, records: Sequence[Record]) -> None:
        """Stores the records; when it returns they are on disk, in the store or among the dead letters.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database did not take them; give them again later.
        """
        if not records:
            return
        try:
            outcome = self._store(records)
        except _UNSTORABLE:
            self._take_apart(records)
            return
        self._follow_up(outcome)

    def _take_apart(self, records: Sequence[Record]) -> None:
        """One bad record must not hold up the others: it is found by halves, 18 transactions in a batch of 500."""
        if len(records) == 1:
            self._take_alone(records[0])
            return
        middle = len(records) // 2
        self.take(records[:middle])
        self.take(records[middle:])

    def _take_alone(self, record: Record) -> None:
        """A second try tells a race from a value the database cannot hold."""
        try:
            outcome = self._store([record])
        except _UNSTORABLE as error:
            outcome = _Outcome(dead=[(record, f"the database cannot hold a value in it ({type(error).__name__})")])
        self._follow_up(outcome)

    def _store(self, records: Sequence[Record]) -> _Outcome:
        outcome = _Outcome()
        readable: list[tuple[Record, Message]] = []
        documents: dict[int, str] = {}
        for record in records:  # what takes long is done before the turn is taken: others wait for it
            try:
                message = _read(record)
                if isinstance(message, Event):
                    document = events.stored_form_of(record, message)
                    message = _without_path(message) if message.data.path else message
                    documents[id(message)] = document
            except ValueError as error:
                outcome.dead.append((record, str(error)))
            else:
                readable.append((record, message))
        if not readable:
            return outcome
        with self._database.write() as session:
            live.take_turn(session)
            known = _known(session, [message for _, message in readable])
            now = self._clock()
            for record, message in readable:
                try:
                    if isinstance(message, NodeHealth):
                        _add_health(session, message, outcome, now)
                    elif isinstance(message, EvidenceSealed):
                        _add_package(message, outcome, known)
                    else:
                        _add_event(message, documents[id(message)], outcome, known)
                except ValueError as error:
                    outcome.dead.append((record, str(error)))
            events.add(session, outcome.stored, now)
            evidence.add(session, outcome.sealed, now)
            outcome.settle = evidence.unsettled_among(session, _event_ids(message for _, message in readable))
            tallies.add(session, [event for event, _ in outcome.stored])
            sequences.note_taken(session, readable, [record for record, _ in outcome.dead])
            live.append(session, outcome.changes, now)
            self._prune(session, len(outcome.changes))
        return outcome

    def _prune(self, session: Session, appended: int) -> None:
        """Keeps the live log short, now and then."""
        self._appended += appended
        if self._appended >= PRUNE_EVERY:
            self._appended = 0
            live.prune(session)

    def _follow_up(self, outcome: _Outcome) -> None:
        self._live.wake(outcome.updated_cameras)
        for record, reason in outcome.dead:
            self._dead_letters.put(record, reason)
            self._metrics.dead_letters.inc()
            _log.warning("record_unreadable", topic=record.topic, key=record.key, reason=reason)
        now = self._clock()
        for kind, number in Counter(event.data.kind for event, _ in outcome.stored).items():
            self._metrics.events.labels(kind=kind).inc(number)
        for event, _ in outcome.stored:
            self._metrics.delay.observe(max(0.0, (now - event.data.judged_at).total_seconds()))
        self._metrics.repeats.inc(outcome.repeats)
        if outcome.settle:
            for event_id in outcome.settle:
                self._settler.settle(event_id)
        for node in outcome.nodes_with_key:
            self._settler.settle_all(node)


def _event_ids(messages: Iterable[Message]) -> list[str]:
    """Events the messages are or belong to."""
    return [
        one.id if isinstance(one, Event) else one.data.event_id for one in messages if not isinstance(one, NodeHealth)
    ]


def _known(session: Session, messages: Sequence[Message]) -> _Known:
    return _Known(
        events.documents(session, [one.id for one in messages if isinstance(one, Event)]),
        evidence.manifests(session, [one.data.event_id for one in messages if isinstance(one, EvidenceSealed)]),
    )


def _add_event(event: Event, document: str, outcome: _Outcome, known: _Known) -> None:
    if events.is_new(event, document, known.documents):
        outcome.stored.append((event, document))
        outcome.changes.append(live.Change("event", event.id, event.data.camera))
    else:
        outcome.repeats += 1


def _add_package(sealed: EvidenceSealed, outcome: _Outcome, known: _Known) -> None:
    if evidence.is_new(sealed, known.manifests):
        outcome.sealed.append(sealed)
        outcome.changes.append(live.Change("evidence", sealed.data.event_id, sealed.data.camera))
    else:
        outcome.repeats += 1


def _add_health(session: Session, health: NodeHealth, outcome: _Outcome, now: datetime) -> None:
    news = cameras.report(session, health, now)
    outcome.changes.extend(live.Change("camera", camera, camera) for camera in news.changed)
    outcome.updated_cameras.update(news.updated)
    if news.key_is_new:
        outcome.nodes_with_key.add(health.node)


def _without_path(event: Event) -> Event:
    """The path stands in the stored form; kept as objects, those of a batch are ten megabytes and half its cost."""
    return event.model_copy(update={"data": event.data.model_copy(update={"path": ()})})


def _read(record: Record) -> Message:
    if record.topic == EVENTS:
        return published_of(record, keeps_path=False)
    if record.topic == HEALTH:
        return health_of(record)
    raise UnreadableRecord(f"topic {record.topic!r} is none the centre reads")
