"""Kafka behind a centre: a thread that reads, and what `readyz` should know of it."""

import threading
from collections.abc import Sequence

import structlog

from contracts.topics import EVENTS, HEALTH
from ingest.config import KafkaConfig
from ingest.kafka_source import KafkaSource, Take
from ingest.kafka_topics import ensure_topics

RETRY_S = 5.0

_log = structlog.get_logger(__name__)


class KafkaBus:
    """Makes the topics, then reads them until it is stopped."""

    def __init__(self, config: KafkaConfig) -> None:
        self._config = config
        options = config.client_options() | ({"group_instance_id": config.instance} if config.instance else {})
        self._source = KafkaSource(config.bootstrap, config.group, (EVENTS, HEALTH), options=options)
        self._topics_fault = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, take: Take) -> None:
        """Reads in a thread of its own; a broker that is away is waited for."""
        self._thread = threading.Thread(target=self._run, args=(take,), name="centre-kafka")
        self._thread.start()

    def faults(self) -> Sequence[str]:
        """What is wrong now, in words; empty when records flow."""
        return [fault for fault in (self._topics_fault or self._source.fault,) if fault]

    def stop(self, timeout_s: float = 10.0) -> None:
        """Ends the thread after the records it holds."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self, take: Take) -> None:
        while not self._stop.is_set():
            try:
                made = ensure_topics(self._config.bootstrap, options=self._config.client_options())
            except ConnectionError as error:
                self._topics_fault = str(error)
                _log.warning("kafka_topics_unknown", error=str(error))
                self._stop.wait(RETRY_S)
                continue
            self._topics_fault = ""
            if made:
                _log.info("kafka_topics_made", topics=made)
            break
        self._source.run(take, self._stop)
