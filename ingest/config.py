"""Configuration of the centre: one YAML file, every field described, errors that name the path."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from contracts.config_file import Config, explain, read_yaml
from contracts.kafka import KafkaLink
from contracts.law import law_of
from ingest.access.settings import AccessSettings
from ingest.errors import ConfigError
from ingest.retention.policy import RetentionConfig


class KafkaConfig(KafkaLink):
    """Cluster to read from."""

    group: str = Field(default="giaolo-centre", min_length=1, description="consumer group, one for all centres")
    instance: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,248}$",
        description="this centre's own name in the group: restarted within 30 s it finds its partitions again, and "
        "nobody else takes them; without it they go to the others after 6 s",
    )


class LiveConfig(Config):
    """The live stream of events."""

    node_silent_s: float = Field(default=15, gt=0, description="a node not heard for this long is silent")
    gap_s: float = Field(default=60, gt=0, description="records missing for this long are said to be missing")
    resume_rows: int = Field(default=1000, ge=1, description="changes sent to a client that comes back; more: reload")
    queue: int = Field(default=256, ge=8, description="changes waiting for one slow client before it is let go")


class CentreConfig(Config):
    """One centre."""

    version: Literal[1] = Field(default=1, description="of this file's format")
    data: Path = Field(description="folder for the database, evidence files and keys")
    database: SecretStr | None = Field(
        default=None, description="postgresql+psycopg://user:password@host/name; without it SQLite in the data folder"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on; 0.0.0.0 for all")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8080, description="0: any free port")
    public_url: str | None = Field(
        default=None, pattern=r"^https?://[^/]+", description="address people use, for one-time links"
    )
    bus: Literal["embedded", "kafka"] = Field(default="embedded", description="where records come from")
    kafka: KafkaConfig | None = None
    timezone: str = Field(default="Asia/Ho_Chi_Minh", description="whose midnight begins `today`")
    country: str = Field(default="VN", description="whose law is shown at violations: ISO 3166-1, such as VN")
    dashboard: Path | None = Field(default=None, description="folder of the built dashboard; none: API only")
    evidence_max_file_bytes: int = Field(default=512 * 2**20, gt=0, description="larger evidence files are refused")
    free_disk_bytes: int = Field(default=512 * 2**20, ge=0, description="less free space than this: not ready")
    live: LiveConfig = LiveConfig()
    retention: RetentionConfig = RetentionConfig()
    access: AccessSettings = AccessSettings()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name!r} is no time zone; expected a name like Asia/Ho_Chi_Minh") from None
        return name

    @field_validator("country")
    @classmethod
    def _known_law(cls, country: str) -> str:
        law_of(country)
        return country

    @field_validator("database")
    @classmethod
    def _known_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        expected = "expected postgresql+psycopg://user:password@host/name or sqlite:////folder/file.sqlite"
        try:
            driver = make_url(url.get_secret_value()).drivername
        except ArgumentError:
            raise ValueError(f"is no database address; {expected}") from None
        if driver not in {"sqlite", "postgresql+psycopg"}:
            raise ValueError(f"{driver!r} is no database this program knows; {expected}")
        return url

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.bus == "kafka" and self.kafka is None:
            raise ValueError("bus is kafka: add `kafka: {bootstrap: host:9092}`")
        if self.bus == "embedded" and self.kafka is not None:
            raise ValueError("kafka is described but bus is embedded: write `bus: kafka`, or take `kafka` out")
        return self

    @property
    def database_url(self) -> str:
        """Address with its password; never shown."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'centre.sqlite'}"

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of `today`."""
        return ZoneInfo(self.timezone)


def load_centre_config(path: Path) -> CentreConfig:
    """Reads and checks a centre file; relative paths are relative to the file. ConfigError lists all faults."""
    document = read_yaml(path, ConfigError)
    try:
        config = CentreConfig.model_validate(document)
    except ValidationError as error:
        raise ConfigError(f"{path}:\n{explain(error)}") from None
    base = path.resolve().parent
    places: dict[str, Any] = {"data": base / config.data}
    if config.kafka is not None:
        places["kafka"] = config.kafka.beside(base)
    if config.dashboard is not None:
        places["dashboard"] = base / config.dashboard
    return config.model_copy(update=places)
