"""How a Kafka cluster is reached: addresses, TLS, SASL. The same words in a node's file and in a centre's."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator

from contracts.config_file import Config


class KafkaTls(Config):
    """Encryption, and who is on the other end."""

    ca: Path | None = Field(default=None, description="certificate authorities of the brokers (PEM); else the system's")
    certificate: Path | None = Field(default=None, description="our own certificate (PEM), where brokers ask for one")
    key: Path | None = Field(default=None, description="its private key (PEM)")

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together: give both or neither")
        return self


class KafkaSasl(Config):
    """User and password."""

    mechanism: Literal["SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(default="SCRAM-SHA-512")
    user: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)


class KafkaLink(Config):
    """A cluster and how to speak with it. Without `tls` and `sasl` everybody on the network can read and write."""

    bootstrap: str = Field(
        pattern=r"^[^,\s:]+:\d+(,[^,\s:]+:\d+)*$", description="host:port, more than one separated by commas"
    )
    tls: KafkaTls | None = Field(default=None, description="`tls: {}` trusts the system's authorities")
    sasl: KafkaSasl | None = None

    def client_options(self) -> dict[str, Any]:
        """Settings of kafka-python for TLS and SASL; empty where neither is wanted."""
        options: dict[str, Any] = {}
        if self.tls is not None:
            files = {"ssl_cafile": self.tls.ca, "ssl_certfile": self.tls.certificate, "ssl_keyfile": self.tls.key}
            options |= {name: str(path) for name, path in files.items() if path is not None}
        if self.sasl is not None:
            options |= {
                "sasl_mechanism": self.sasl.mechanism,
                "sasl_plain_username": self.sasl.user,
                "sasl_plain_password": self.sasl.password.get_secret_value(),
            }
        if options or self.tls is not None:
            protocol = ("SASL_" if self.sasl else "") + ("SSL" if self.tls is not None else "PLAINTEXT")
            options["security_protocol"] = protocol
        return options

    def beside(self, folder: Path) -> Self:
        """The same with relative paths taken from `folder`."""
        if self.tls is None:
            return self
        paths = {name: folder / path for name in ("ca", "certificate", "key") if (path := getattr(self.tls, name))}
        return self.model_copy(update={"tls": self.tls.model_copy(update=paths)})
