"""Writes the camera topic, and asks who is there to run its cameras: for `giaolo cameras`."""

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from contracts.camera import CameraRecord
from contracts.kafka import KafkaLink
from contracts.topics import CAMERAS
from edge.assignment.kafka_link import client_settings, group_of, words

_CLIENT = "giaolo-cameras"
_COORDINATOR_S = 15.0
_MOST_BYTES = 900_000  # brokers refuse a record above 1 MiB


def write(link: KafkaLink, records: Mapping[str, CameraRecord | None]) -> None:
    """Writes each record under its camera's id, None takes the camera away. Returns when the cluster has them all.

    Raises:
        ConnectionError: the cluster or the topic is not there, or refused.
        ValueError: a record is too large.
    """
    values = {camera: None if record is None else record.to_json() for camera, record in records.items()}
    for camera, value in values.items():
        if value is not None and len(value) > _MOST_BYTES:
            raise ValueError(f"{camera}: its scene is too large for a record ({len(value)} bytes of {_MOST_BYTES})")
    try:
        with contextlib.closing(_producer(link)) as producer:
            sent = [producer.send(CAMERAS, key=camera.encode(), value=value) for camera, value in values.items()]
            for future in sent:
                future.get(timeout=15)
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(words(error, link)) from None


def members(link: KafkaLink, site: str) -> frozenset[str]:
    """Names of the nodes that are in the site's group now. ConnectionError when nobody can say."""
    from kafka.admin import KafkaAdminClient

    try:
        with contextlib.closing(KafkaAdminClient(**client_settings(link, _CLIENT))) as admin:
            described = _described(admin, group_of(site))
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(words(error, link)) from None
    return frozenset(_names(described))


def _described(admin: Any, group: str) -> Any:
    """The group as its coordinator knows it; a cluster that was never asked for a group has none for a moment."""
    from kafka.errors import CoordinatorNotAvailableError, NotCoordinatorError

    deadline = time.monotonic() + _COORDINATOR_S
    while True:
        try:
            return admin.describe_groups([group])
        except (CoordinatorNotAvailableError, NotCoordinatorError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _names(described: Any) -> list[str]:
    """Client ids of the members of every group described."""
    groups = described.values() if isinstance(described, dict) else described
    return [member["client_id"] for group in groups for member in group.get("members", [])]


def _producer(link: KafkaLink) -> Any:
    from kafka import KafkaProducer

    settings = {
        "acks": "all",
        "compression_type": "gzip",
        "allow_auto_create_topics": False,
        "max_block_ms": 5000,
        "delivery_timeout_ms": 15_000,
        "metrics_enabled": False,
    }
    return KafkaProducer(**(client_settings(link, _CLIENT) | settings))
