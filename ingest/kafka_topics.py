"""The topics of a cluster: looked at, made, changed. What they should be stands in topic_file.

The broker's own auto-creation is off in deploy/kafka: it would make a topic of one partition from a misspelt name.
Nodes need no right to create topics.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from contracts.kafka_faults import HEARD, kafka_fault
from ingest.topic_file import Difference, Topic, TopicState, declared_topics, differences

PARTITIONS = {name: topic.partitions for name, topic in declared_topics().items()}
"""Number of partitions = most consumers that can share a topic. Changing it later moves cameras between partitions."""

_LOOKS, _LOOK_S = 20, 0.25


def ensure_topics(bootstrap: str, *, options: dict[str, Any] | None = None) -> list[str]:
    """Makes the topics that are not there yet, as declared; returns their names. What differs is left.

    Args:
        bootstrap: `host:port`, more than one separated by commas.
        options: further settings of kafka-python (TLS, SASL).

    Raises:
        ConnectionError: the cluster cannot be reached, or refused.
    """
    declared = declared_topics()
    with _admin(bootstrap, options) as admin:
        there = set(admin.list_topics())
        absent = [name for name in declared if name not in there]
        _create(admin, {name: declared[name] for name in absent})
        return absent


def topics_in(bootstrap: str, names: Sequence[str], *, options: dict[str, Any] | None = None) -> dict[str, TopicState]:
    """How these topics are now, without those that are absent. ConnectionError as `ensure_topics`."""
    with _admin(bootstrap, options) as admin:
        return _states(admin, names)


def apply_topics(
    bootstrap: str,
    declared: Mapping[str, Topic],
    *,
    more_partitions: bool = False,
    options: dict[str, Any] | None = None,
) -> list[Difference]:
    """Brings a cluster to the declaration; returns what is still different afterwards.

    Topics are made and settings are set. Partitions are added only when told to. Nothing is ever deleted.
    ConnectionError as `ensure_topics`.
    """
    with _admin(bootstrap, options) as admin:
        found = differences(declared, _states(admin, list(declared)))
        _create(admin, {each.topic: declared[each.topic] for each in found if each.cure == "make"})
        _set(admin, [each for each in found if each.cure == "set"])
        if more_partitions:
            _grow(admin, [each for each in found if each.cure == "grow"])
        cured = {"make", "set"} | ({"grow"} if more_partitions else set())
        return _left(admin, declared, [each for each in found if each.cure in cured])


def _left(admin: Any, declared: Mapping[str, Topic], changed: Sequence[Difference]) -> list[Difference]:
    """What is different now. A broker shows a change a moment after it acknowledged it."""
    for _ in range(_LOOKS):
        left = differences(declared, _states(admin, list(declared)))
        if not set(left) & set(changed):
            break
        time.sleep(_LOOK_S)
    return left


@contextmanager
def _admin(bootstrap: str, options: dict[str, Any] | None) -> Iterator[Any]:
    """An admin client; whatever goes wrong with it is told as ConnectionError."""
    from kafka.admin import KafkaAdminClient

    settings = {
        "bootstrap_servers": bootstrap.split(","),
        "client_id": "giaolo-centre",
        "bootstrap_timeout_ms": 5000,
        "reconnect_backoff_max_ms": 1000,  # 30 s by default: a broker that has just come back would not be seen
    } | (options or {})
    HEARD.forget()
    try:
        admin = KafkaAdminClient(**settings)
    except Exception as error:  # noqa: BLE001 - translated once, here
        raise ConnectionError(kafka_fault(error, bootstrap, options or {})) from None
    try:
        yield admin
    except Exception as error:  # noqa: BLE001 - translated once, here
        words = kafka_fault(error, bootstrap, options or {}, doing="make the topics")
        raise ConnectionError(f"{words}: {error}" if words.endswith(")") else words) from None
    finally:
        admin.close()


def _states(admin: Any, names: Sequence[str]) -> dict[str, TopicState]:
    from kafka.admin import ConfigResource, ConfigResourceType

    there = set(admin.list_topics())
    present = [name for name in names if name in there]
    if not present:
        return {}
    told = admin.describe_topics(present)
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in present]
    configs = admin.describe_configs(resources, config_filter="all")["topic"]
    return {topic["name"]: _state(topic["partitions"], configs[topic["name"]]) for topic in told}


def _state(partitions: Sequence[Mapping[str, Any]], configs: Mapping[str, Mapping[str, Any]]) -> TopicState:
    return TopicState(
        partitions=len(partitions),
        replication=min((len(each["replica_nodes"]) for each in partitions), default=0),
        settings={name: str(each["value"]) for name, each in configs.items()},
        own=frozenset(name for name, each in configs.items() if each["config_source"] == "DYNAMIC_TOPIC_CONFIG"),
    )


def _create(admin: Any, topics: Mapping[str, Topic]) -> None:
    from kafka.errors import TopicAlreadyExistsError

    if not topics:
        return
    wanted = {
        name: {
            "num_partitions": topic.partitions,
            "replication_factor": topic.replication,
            "configs": topic.settings,
        }
        for name, topic in topics.items()
    }
    try:
        admin.create_topics(wanted, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return  # another centre made them between our look and now


def _set(admin: Any, wanted: Sequence[Difference]) -> None:
    from kafka.admin import ConfigResource, ConfigResourceType

    by_topic: dict[str, dict[str, str]] = {}
    for each in wanted:
        by_topic.setdefault(each.topic, {})[each.what] = each.wanted
    if by_topic:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, values) for name, values in by_topic.items()]
        told = admin.alter_configs(resources)["topic"]
        refused = [f"{name}: {answer}" for name, answer in told.items() if answer != "OK"]
        if refused:
            raise ValueError("; ".join(refused))


def _grow(admin: Any, wanted: Sequence[Difference]) -> None:
    if wanted:
        admin.create_partitions({each.topic: int(each.wanted) for each in wanted})
        admin.wait_for_topics([each.topic for each in wanted])
