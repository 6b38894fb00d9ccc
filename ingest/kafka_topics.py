"""The topics, made by the centre when it starts.

The broker's own auto-creation is off in deploy/kafka: it would make a topic of one partition from a misspelt name.
Nodes need no right to create topics.
"""

from typing import Any

from contracts.topics import CAMERAS, DEAD_EVENTS, EVENTS, HEALTH, TRACKS

PARTITIONS = {EVENTS: 12, TRACKS: 12, HEALTH: 3, CAMERAS: 64, DEAD_EVENTS: 1}
"""Number of partitions = most consumers that can share a topic. Changing it later moves cameras between partitions."""

_WEEK_MS = str(7 * 24 * 3600 * 1000)
_SETTINGS: dict[str, dict[str, str]] = {
    EVENTS: {"retention.ms": _WEEK_MS},
    HEALTH: {"retention.ms": str(3600 * 1000)},
    CAMERAS: {"cleanup.policy": "compact"},
    DEAD_EVENTS: {"retention.ms": "-1"},
}


def ensure_topics(bootstrap: str, *, replication: int = -1, options: dict[str, Any] | None = None) -> list[str]:
    """Makes the topics that are not there yet; returns their names.

    Args:
        bootstrap: `host:port`, more than one separated by commas.
        replication: copies of each partition; -1 takes the broker's `default.replication.factor`.
        options: further settings of kafka-python (TLS, SASL).

    Raises:
        ConnectionError: the cluster cannot be reached, or refused.
    """
    from kafka.admin import KafkaAdminClient

    settings = {
        "bootstrap_servers": bootstrap.split(","),
        "client_id": "giaolo-centre",
        "bootstrap_timeout_ms": 5000,
        "reconnect_backoff_max_ms": 1000,  # 30 s by default: a broker that has just come back would not be seen
    }
    try:
        admin = KafkaAdminClient(**(settings | (options or {})))
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(f"Kafka at {bootstrap} not reachable ({type(error).__name__})") from None
    try:
        there = set(admin.list_topics())
        absent = [topic for topic in PARTITIONS if topic not in there]
        if absent:
            _create(admin, absent, replication)
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(f"Kafka at {bootstrap} did not make the topics ({error})") from None
    finally:
        admin.close()
    return absent


def _create(admin: Any, topics: list[str], replication: int) -> None:
    from kafka.errors import TopicAlreadyExistsError

    wanted = {
        topic: {
            "num_partitions": PARTITIONS[topic],
            "replication_factor": replication,
            "configs": _SETTINGS.get(topic, {}),
        }
        for topic in topics
    }
    try:
        admin.create_topics(wanted, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return  # another centre made them between our look and now
