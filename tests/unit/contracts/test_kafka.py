"""How a cluster is reached: what the client is told, and every way to write it wrongly."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.config_file import explain
from contracts.kafka import KafkaLink

SASL = {"user": "node-1", "password": "s3cret-Word"}


@pytest.mark.parametrize(
    ("more", "protocol"),
    [
        ({}, None),
        ({"tls": {}}, "SSL"),
        ({"sasl": SASL}, "SASL_PLAINTEXT"),
        ({"tls": {}, "sasl": SASL}, "SASL_SSL"),
    ],
)
def test_protocol_follows_what_is_given(more: dict[str, Any], protocol: str | None) -> None:
    assert KafkaLink(bootstrap="k:9092", **more).client_options().get("security_protocol") == protocol


def test_files_and_user_reach_the_client() -> None:
    tls = {"ca": "ca.pem", "certificate": "own.pem", "key": "own.key"}
    link = KafkaLink(bootstrap="k1:9093,k2:9093", tls=tls, sasl=SASL).beside(Path("/etc/giaolo"))
    assert link.client_options() == {
        "security_protocol": "SASL_SSL",
        "ssl_cafile": "/etc/giaolo/ca.pem",
        "ssl_certfile": "/etc/giaolo/own.pem",
        "ssl_keyfile": "/etc/giaolo/own.key",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "node-1",
        "sasl_plain_password": "s3cret-Word",
    }


def test_absolute_paths_stay() -> None:
    link = KafkaLink(bootstrap="k:9093", tls={"ca": "/ca.pem"}).beside(Path("/etc"))
    assert link.client_options()["ssl_cafile"] == "/ca.pem"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"bootstrap": "broker"}, "bootstrap"),
        ({"bootstrap": "broker:"}, "bootstrap"),
        ({"bootstrap": "kafka://broker:9092"}, "bootstrap"),
        ({"bootstrap": "a:1, b:2"}, "bootstrap"),
        ({"bootstrap": ""}, "bootstrap"),
        ({"bootstrap": ["a:1"]}, "bootstrap"),
        ({"tls": True}, "tls"),
        ({"tls": {"ca": 7}}, "tls.ca"),
        ({"tls": {"certificate": "own.pem"}}, "certificate and key belong together"),
        ({"tls": {"key": "own.key"}}, "certificate and key belong together"),
        ({"tls": {"cafile": "ca.pem"}}, "tls.cafile"),
        ({"tls": {"verify": False}}, "tls.verify"),
        ({"sasl": {"user": "u"}}, "sasl.password"),
        ({"sasl": {"user": "", "password": "p"}}, "sasl.user"),
        ({"sasl": {"user": "u", "password": ""}}, "sasl.password"),
        ({"sasl": SASL | {"mechanism": "PLAIN"}}, "sasl.mechanism"),
        ({"sasl": "u:s3cret-Word"}, "sasl"),
        ({"security_protocol": "SSL"}, "security_protocol"),
    ],
)
def test_nonsense_names_its_place_and_no_password(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        KafkaLink.model_validate({"bootstrap": "k:9092"} | wrong)
    assert words in explain(caught.value)
    assert "s3cret-Word" not in explain(caught.value)


def test_password_is_not_shown() -> None:
    assert "s3cret-Word" not in repr(KafkaLink(bootstrap="k:9092", sasl=SASL))
