"""What the clients of the camera topic share: settings of kafka-python, and its errors in words."""

import logging
import random
from typing import Any

from contracts.kafka import KafkaLink
from contracts.topics import CAMERAS

logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it reports each refused connection as an error; we say it once

SESSION_MS = 6_000
"""So long a dead node's cameras wait before another takes them; brokers allow no less by default."""

HEARTBEAT_MS = 2_000

_BACKOFF_MAX_S = 5.0


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
    name = type(error).__name__
    if name in ("KafkaConnectionError", "KafkaTimeoutError", "NoBrokersAvailable", "NodeNotReadyError", "TimeoutError"):
        return f"Kafka at {link.bootstrap} not reachable"
    if "Authorization" in name or "Sasl" in name or "Authentication" in name:
        return f"Kafka at {link.bootstrap} refused us ({name}); check user and rights on topic {CAMERAS}"
    if isinstance(error, LookupError):
        return str(error.args[0])
    return f"Kafka at {link.bootstrap} did not answer as expected ({name})"


def no_topic(link: KafkaLink) -> LookupError:
    """The topic is not there."""
    return LookupError(f"Kafka at {link.bootstrap} has no topic {CAMERAS} yet; the centre makes it when it starts")


def pause_s(failures: int) -> float:
    """Doubles from 0.25 s, at most 5 s, spread over its upper half."""
    longest = min(_BACKOFF_MAX_S, 0.25 * 2.0 ** min(failures - 1, 20))
    return longest * (0.5 + random.random() / 2)  # noqa: S311 - jitter
