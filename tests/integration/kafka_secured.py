"""A real broker that lets nobody in without a certificate, a user and a password, and rights by name.

Certificates are made by openssl in the test's own folder: an authority, the broker's and a client's certificate.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import missing
from tests.integration.kafka_broker import KafkaBroker

PASSWORDS = {"broker": "b-7Kd93hfQ", "centre": "c-Qm4xx81L", "node": "n-Zr5vw20T"}
"""SCRAM users. `broker` may do everything; the others only what the test gives them."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of one certificate and its key, PEM."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates."""

    def __init__(self, folder: Path, name: str) -> None:
        """Makes its own certificate; skips the test where openssl is not installed."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.own = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", str(self.own.key), "-out", str(self.own.certificate)),
        )

    def sign(self, name: str, address: str = "IP:127.0.0.1") -> Certificate:
        """A certificate for `name` that is good for `address`."""
        made = Certificate(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        request = self._folder / f"{name}.csr"
        _openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-addext", f"subjectAltName={address}"),
            *("-keyout", str(made.key), "-out", str(request)),
        )
        _openssl(
            *("x509", "-req", "-in", str(request), "-CA", str(self.own.certificate), "-CAkey", str(self.own.key)),
            *("-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out", str(made.certificate)),
        )
        return made


class SecuredBroker(KafkaBroker):
    """SASL_SSL with SCRAM-SHA-512, client certificates required, ACLs on."""

    def __init__(self, folder: Path) -> None:
        """Makes certificates, properties and users. Starts as any KafkaBroker."""
        super().__init__(folder)
        self.authority = Authority(folder / "tls", "authority")
        self.client = self.authority.sign("client")
        own = self.authority.sign("broker")
        keystore = folder / "tls" / "keystore.pem"
        keystore.write_text(own.key.read_text() + own.certificate.read_text())
        (folder / "properties").write_text(self._properties(keystore))
        (folder / "users").write_text(
            "".join(f"SCRAM-SHA-512=[name={user},password={word}]\n" for user, word in PASSWORDS.items())
        )
        self.start_arguments = ("--properties", str(folder / "properties"), "--scram", str(folder / "users"))

    def link(self, user: str, **changes: Any) -> dict[str, Any]:
        """The `kafka:` part of a configuration, for this user."""
        tls = {
            "ca": str(self.authority.own.certificate),
            "certificate": str(self.client.certificate),
            "key": str(self.client.key),
        }
        return {"bootstrap": self.bootstrap, "tls": tls, "sasl": {"user": user, "password": PASSWORDS[user]}} | changes

    def _properties(self, keystore: Path) -> str:
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
        return f"""
listeners=SASL_SSL://{self.bootstrap},CONTROLLER://127.0.0.1:{self.controller_port}
advertised.listeners=SASL_SSL://{self.bootstrap}
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={login} username="broker" password="{PASSWORDS["broker"]}";
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={self.authority.own.certificate}
listener.name.sasl_ssl.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:broker;User:ANONYMOUS
"""


def _openssl(*arguments: str) -> None:
    try:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        missing("kafka", "openssl is not installed: apt install openssl")
