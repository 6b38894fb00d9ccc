"""TLS both ways, SCRAM-SHA-512 and ACLs on a real broker: what works, and what is said when it does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.cloudevents import record_of
from contracts.kafka import KafkaLink
from contracts.topics import EVENTS, HEALTH
from contracts.wire import PublishError, Record
from edge.outbox.kafka_publisher import KafkaPublisher
from ingest.bus import KafkaBus
from ingest.config import KafkaConfig
from ingest.kafka_topics import ensure_topics
from tests.integration.kafka_secured import PASSWORDS, Authority, SecuredBroker
from tests.integration.test_kafka import wait_until
from tests.unit.edge.outbox.acts import act

GROUP = "giaolo-centre"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """A secured broker with its topics, and the rights of docs/reference/kafka.md."""
    running = SecuredBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    admin = KafkaLink(**running.link("broker"))
    ensure_topics(admin.bootstrap, options=admin.client_options())
    give_rights(admin)
    wait_for_rights(KafkaLink(**running.link("node")))
    yield running
    running.stop()


def give_rights(admin: KafkaLink) -> None:
    """A node may write events and health; a centre may read them in its group, and see and make topics."""
    from kafka.admin import (
        ACL,
        ACLOperation,
        ACLPermissionType,
        KafkaAdminClient,
        ResourcePattern,
        ResourceType,
    )

    def allow(user: str, operation: Any, kind: Any, name: str) -> Any:
        pattern = ResourcePattern(kind, name)
        return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, pattern)

    topic, group, cluster = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
    rights = [
        *(allow("node", ACLOperation.WRITE, topic, name) for name in (EVENTS, HEALTH)),
        *(allow("centre", ACLOperation.READ, topic, name) for name in (EVENTS, HEALTH)),
        allow("centre", ACLOperation.READ, group, GROUP),
        allow("centre", ACLOperation.DESCRIBE, cluster, "kafka-cluster"),
        allow("centre", ACLOperation.CREATE, cluster, "kafka-cluster"),
        *(allow("centre", ACLOperation.DESCRIBE, topic, name) for name in ("giaolo.tracks.v1", "giaolo.cameras.v1")),
        allow("centre", ACLOperation.WRITE, topic, "giaolo.events.dead.v1"),
    ]
    client = KafkaAdminClient(bootstrap_servers=admin.bootstrap.split(","), **admin.client_options())
    try:
        client.create_acls(rights)
    finally:
        client.close()


def wait_for_rights(node: KafkaLink) -> None:
    """The broker takes rights in a moment after it acknowledged them."""

    def may_publish() -> bool:
        publisher = KafkaPublisher(node.bootstrap, options=node.client_options())
        try:
            return publisher.publish([Record(HEALTH, "node-1", b"{}")], timeout_s=5) == [True]
        except PublishError:
            return False
        finally:
            publisher.close()

    wait_until(may_publish, lambda: "the rights of the user node")


def refused(link: dict[str, Any], wanted: str) -> str:
    """What a node says that cannot publish, once it holds these words; a node tries for ever, as this does."""
    read = KafkaLink(**link)
    publisher = KafkaPublisher(read.bootstrap, options=read.client_options())
    said = [""]

    def says_it() -> bool:
        with pytest.raises(PublishError) as caught:
            publisher.publish([record_of(act(1))], timeout_s=3)
        said.append(str(caught.value))
        return wanted in said[-1]

    try:
        wait_until(says_it, lambda: f"{wanted!r}, last heard: {said[-1]}")
    finally:
        publisher.close()
    leaked = [words for words in said for password in (*PASSWORDS.values(), "wrong-password") if password in words]
    assert leaked == []
    return said[-1]


def heard_by_centre(link: dict[str, Any], wanted: str) -> str:
    """The fault of a centre with this link, once it holds these words."""
    bus = KafkaBus(KafkaConfig(**link))
    bus.start(lambda _: None)
    try:
        wait_until(lambda: any(wanted in fault for fault in bus.faults()), bus.faults)
        words = bus.faults()[0]
    finally:
        bus.stop()
    assert not any(password in words for password in (*PASSWORDS.values(), "wrong-password")), words
    return words


def test_node_publishes_and_centre_reads(broker: SecuredBroker) -> None:
    node = KafkaLink(**broker.link("node"))
    publisher = KafkaPublisher(node.bootstrap, options=node.client_options())
    assert publisher.publish([record_of(act(n)) for n in range(50)], timeout_s=20) == [True] * 50
    publisher.close()
    taken: list[bytes] = []
    bus = KafkaBus(KafkaConfig(**broker.link("centre")))
    bus.start(lambda records: taken.extend(each.value for each in records if each.topic == EVENTS))
    wait_until(lambda: len(taken) >= 50, bus.faults)
    assert bus.faults() == []
    bus.stop()
    assert taken == [record_of(act(n)).value for n in range(50)]


def test_wrong_password(broker: SecuredBroker) -> None:
    link = broker.link("node", sasl={"user": "node", "password": "wrong-password"})
    assert "user node" in refused(link, "kafka.sasl")
    assert "user node" in heard_by_centre(link, "kafka.sasl")


def test_wrong_authority(broker: SecuredBroker, tmp_path: Path) -> None:
    link = broker.link("node")
    link["tls"]["ca"] = str(Authority(tmp_path, "stranger").own.certificate)
    refused(link, "of no authority we trust; see kafka.tls.ca")
    heard_by_centre(link, "kafka.tls.ca")


def test_no_certificate(broker: SecuredBroker) -> None:
    link = broker.link("node")
    link["tls"] = {"ca": link["tls"]["ca"]}
    refused(link, "wants a certificate of ours; see kafka.tls.certificate")
    heard_by_centre(link, "kafka.tls.certificate")


def test_certificate_of_a_stranger(broker: SecuredBroker, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "stranger").sign("client")
    link = broker.link("node")
    link["tls"] |= {"certificate": str(stranger.certificate), "key": str(stranger.key)}
    refused(link, "certificate")


def test_files_that_do_not_fit(broker: SecuredBroker, tmp_path: Path) -> None:
    link = broker.link("node")
    other = broker.authority.sign("other")
    refused(link | {"tls": link["tls"] | {"key": str(other.key)}}, "is not the key of")
    refused(link | {"tls": link["tls"] | {"ca": str(tmp_path / "none.pem")}}, "not there or may not be read")
    (tmp_path / "text.pem").write_text("this is no certificate")
    refused(link | {"tls": link["tls"] | {"ca": str(tmp_path / "text.pem")}}, "PEM")


def test_broker_by_another_name(broker: SecuredBroker) -> None:
    link = broker.link("node", bootstrap=broker.bootstrap.replace("127.0.0.1", "localhost"))
    refused(link, "made out to another name; write that name in kafka.bootstrap")


def test_without_tls_or_user(broker: SecuredBroker) -> None:
    link = broker.link("node")
    refused({"bootstrap": broker.bootstrap}, "it may want TLS and a user, see kafka.tls and kafka.sasl")
    refused({"bootstrap": broker.bootstrap, "sasl": link["sasl"]}, "kafka.tls")
    refused({"bootstrap": broker.bootstrap, "tls": link["tls"]}, "kafka.sasl")


def test_user_without_the_right(broker: SecuredBroker) -> None:
    """The centre's user may not publish events, the node's may not read them."""
    assert "see its ACLs" in refused(broker.link("centre"), "the user centre has no right to the topic")
    heard_by_centre(broker.link("node"), "has no right to")
