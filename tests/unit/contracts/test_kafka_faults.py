"""What a person is told of the client's faults; those of a real broker are in test_kafka_security.py."""

import logging
from collections.abc import Iterator

import pytest

from contracts.kafka_faults import HEARD, kafka_fault

WHERE = "k1:9093"
SECURE = {"security_protocol": "SASL_SSL", "sasl_plain_username": "node-1", "sasl_plain_password": "s3cret"}


class KafkaTimeoutError(Exception):
    """As the client's, by name."""


class TopicAuthorizationFailedError(Exception):
    """As the client's, by name."""


class NotEnoughReplicasError(Exception):
    """As the client's, by name."""


class FencedInstanceIdError(Exception):
    """As the client's, by name."""


@pytest.fixture(autouse=True)
def _nothing_heard() -> Iterator[None]:
    HEARD.forget()
    yield
    HEARD.forget()


def client_says(*reasons: BaseException | str) -> None:
    log = logging.getLogger("kafka.net.manager")
    for reason in reasons:
        if isinstance(reason, str):
            log.error(reason)
        else:
            log.warning("Bootstrap connection to %s failed: %s", "bootstrap-0", reason)


def test_nothing_heard_is_not_reachable() -> None:
    assert kafka_fault(KafkaTimeoutError(), WHERE, SECURE) == "Kafka at k1:9093 not reachable"


def test_refused_after_an_ended_connection_is_not_reachable() -> None:
    """A broker that goes down ends connections first; its password is not the trouble."""
    client_says(ConnectionError("socket disconnected"), ConnectionRefusedError(111, "Connection refused"))
    assert kafka_fault(KafkaTimeoutError(), WHERE, SECURE) == "Kafka at k1:9093 not reachable"


def test_tls_is_told_whatever_came_after_it() -> None:
    client_says(ConnectionError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer"), KafkaTimeoutError())
    assert "kafka.tls.ca" in kafka_fault(KafkaTimeoutError(), WHERE, SECURE)


def test_ended_connection_is_told_as_what_was_asked_for() -> None:
    client_says("Bootstrap attempt to bootstrap-0 failed: KafkaConnectionError: socket disconnected")
    words = kafka_fault(KafkaTimeoutError(), WHERE, SECURE)
    assert "node-1" in words
    assert "s3cret" not in words
    assert "kafka.tls and kafka.sasl" in kafka_fault(KafkaTimeoutError(), WHERE)


@pytest.mark.parametrize(
    "ended",
    [
        "Bootstrap attempt to bootstrap-0 failed: KafkaConnectionError: [Errno 104] Connection reset by peer",
        "Bootstrap attempt to bootstrap-0 failed: KafkaConnectionError: [Errno 32] Broken pipe",
        ConnectionError("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)"),
    ],
)
def test_a_connection_may_be_ended_in_several_ways(ended: BaseException | str) -> None:
    """By what was on its way when the broker closed it; in the middle of a handshake it is no fault of our files."""
    client_says(ended, KafkaTimeoutError())
    tls = {"security_protocol": "SSL"}
    assert "it may want a user, see kafka.sasl" in kafka_fault(KafkaTimeoutError(), WHERE, tls)
    client_says(ConnectionRefusedError(111, "Connection refused"))
    assert kafka_fault(KafkaTimeoutError(), WHERE, tls) == "Kafka at k1:9093 not reachable"


@pytest.mark.parametrize("last", ["Invalid frame length: 352518912", "socket disconnected"])
def test_a_tls_port_asked_plainly_is_told_whichever_reason_came_last(last: str) -> None:
    """The alert of the TLS port is sometimes read before the connection ends, sometimes not."""
    client_says(ConnectionError("Invalid frame length: 352518912"), ConnectionError("socket disconnected"))
    client_says(ConnectionError(last), KafkaTimeoutError())
    assert "it may want TLS and a user, see kafka.tls and kafka.sasl" in kafka_fault(KafkaTimeoutError(), WHERE)


def test_answers_of_the_broker() -> None:
    assert "no right to the topic" in kafka_fault(TopicAuthorizationFailedError(), WHERE, SECURE)
    assert "min.insync.replicas" in kafka_fault(NotEnoughReplicasError(), WHERE)
    assert "kafka.instance" in kafka_fault(FencedInstanceIdError(), WHERE)
    assert kafka_fault(ValueError("s3cret"), WHERE) == "Kafka at k1:9093 did not take the records (ValueError)"


def test_what_was_heard_is_bounded() -> None:
    client_says(*(ConnectionError(f"number {n}") for n in range(1000)))
    assert len(HEARD._newest) < 20
