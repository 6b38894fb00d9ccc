"""What the clients of the camera topic share: settings of kafka-python, and its errors in words."""

from typing import Any

from contracts.kafka import KafkaLink
from contracts.kafka_faults import kafka_fault
from contracts.topics import CAMERAS

SESSION_MS = 6_000
"""So long a dead node's cameras wait before another takes them; brokers allow no less by default."""

HEARTBEAT_MS = 2_000


def group_of(site: str) -> str:
    """Consumer group of a site's nodes."""
    return f"giaolo-site-{site}"


def client_settings(link: KafkaLink, client_id: str) -> dict[str, Any]:
    """Settings every client has."""
    return {
        "bootstrap_servers": link.bootstrap.split(","),
        "client_id": client_id,
        "bootstrap_timeout_ms": 5000,
        "reconnect_backoff_max_ms": 1000,  # 30 s by default: a broker that has just come back would not be seen
        "request_timeout_ms": 10_000,
        **link.client_options(),
    }


def consumer_settings(link: KafkaLink, client_id: str) -> dict[str, Any]:
    """Settings of a consumer of the camera topic."""
    return client_settings(link, client_id) | {
        "enable_auto_commit": False,
        "allow_auto_create_topics": False,
        "metadata_max_age_ms": 30_000,
        "metrics_enabled": False,
    }


def words(error: BaseException, link: KafkaLink) -> str:
    """What went wrong, for people."""
    if isinstance(error, LookupError):
        return str(error.args[0])
    return kafka_fault(error, link.bootstrap, link.client_options(), doing="answer as expected")


def no_topic(link: KafkaLink) -> LookupError:
    """The topic is not there."""
    return LookupError(f"Kafka at {link.bootstrap} has no topic {CAMERAS} yet; the centre makes it when it starts")
