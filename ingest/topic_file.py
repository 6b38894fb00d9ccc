"""What the topics should be: read from topics.yaml, and compared with what a cluster has. Knows no Kafka client.

The file is packaged with the program; deploy/kafka/topics.yaml is its one source.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictInt, ValidationError, field_validator, model_validator

from contracts.config_file import Config, explain, parse_yaml
from contracts.topics import CAMERAS, DEAD_EVENTS, EVENTS, HEALTH, TRACKS
from ingest.errors import ConfigError

OURS = (EVENTS, TRACKS, HEALTH, CAMERAS, DEAD_EVENTS)
MOST_PARTITIONS = 1000
CLUSTER_DEFAULT = -1
LEAST_MESSAGE_BYTES = 1024 * 1024
"""What a node may send must pass: half of this at most, and the headers."""

Cure = Literal["make", "set", "grow", "none"]
Text = Annotated[str, Field(min_length=1)]


class Topic(Config):
    """How one topic should be."""

    why: Text = Field(description="what it carries, and why it is kept so long, in words")
    partitions: StrictInt = Field(ge=1, le=MOST_PARTITIONS)
    replication: StrictInt = Field(
        default=CLUSTER_DEFAULT, description="copies of each partition; -1: cluster's default"
    )
    settings: dict[str, str] = Field(default_factory=dict, description="Kafka's topic configs, by their own names")

    @field_validator("replication")
    @classmethod
    def _copies(cls, copies: int) -> int:
        if copies != CLUSTER_DEFAULT and not 1 <= copies <= 9:
            raise ValueError("expected 1 to 9 copies, or -1 for the cluster's default")
        return copies

    @field_validator("settings", mode="before")
    @classmethod
    def _as_kafka_writes_them(cls, settings: Any) -> Any:
        return (
            {name: _value(name, value) for name, value in settings.items()} if isinstance(settings, dict) else settings
        )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name, least in (("max.message.bytes", LEAST_MESSAGE_BYTES), ("min.insync.replicas", 1)):
            text = self.settings.get(name)
            if text is not None and not (text.isascii() and text.isdigit() and int(text) >= least):
                raise ValueError(f"{name} must be a number, {least} or more")
        insync = int(self.settings.get("min.insync.replicas", "1"))
        if self.replication != CLUSTER_DEFAULT and insync > self.replication:
            raise ValueError(f"min.insync.replicas {insync} of {self.replication} copies: nothing could be written")
        return self


class TopicFile(Config):
    """All topics."""

    version: Literal[1]
    topics: dict[str, Topic]

    @model_validator(mode="after")
    def _exactly_ours(self) -> Self:
        strange = sorted(self.topics.keys() - set(OURS))
        absent = [name for name in OURS if name not in self.topics]
        if strange:
            raise ValueError(f"topics: {', '.join(strange)} is no topic of this version; there are {', '.join(OURS)}")
        if absent:
            raise ValueError(f"topics: {', '.join(absent)} is missing")
        policy = self.topics[CAMERAS].settings.get("cleanup.policy")
        if policy != "compact":
            raise ValueError(
                f"topics.{CAMERAS}: cleanup.policy must be compact, or cameras that rarely change are lost"
            )
        return self


@dataclass(frozen=True, slots=True)
class TopicState:
    """How one topic is in a cluster. `settings` are all effective ones, `own` the names set on the topic itself."""

    partitions: int
    replication: int
    settings: Mapping[str, str]
    own: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as declared. `cure`: what `apply` does about it; none: a person must."""

    topic: str
    what: str
    now: str
    wanted: str
    cure: Cure
    advice: str = ""

    def words(self) -> str:
        """For a person."""
        return f"{self.what}: {self.now} → {self.wanted}" + (f" ({self.advice})" if self.advice else "")

    def as_json(self) -> dict[str, str]:
        """For a script."""
        return asdict(self)


def packaged_file() -> Path:
    """The declaration this version came with: in the installed package, or in the checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "_data" / "topics.yaml"
    return packaged if packaged.is_file() else here.parent / "deploy" / "kafka" / "topics.yaml"


def declared_topics(path: Path | None = None) -> dict[str, Topic]:
    """Topics of a file, or of this version's own. ConfigError lists every fault of the file."""
    path = path or packaged_file()
    try:
        return TopicFile.model_validate(parse_yaml(path.read_bytes())).topics
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except ValidationError as error:
        raise ConfigError(f"{path}:\n{explain(error)}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


def differences(declared: Mapping[str, Topic], cluster: Mapping[str, TopicState]) -> list[Difference]:
    """What is not as declared, in the order of the declaration."""
    found = []
    for name, topic in declared.items():
        state = cluster.get(name)
        if state is None:
            found.append(Difference(name, "topic", "absent", f"{topic.partitions} partitions", "make"))
        else:
            found += _of_partitions(name, topic, state) + _of_settings(name, topic, state)
    return found


def set_by_hand(declared: Mapping[str, Topic], cluster: Mapping[str, TopicState]) -> dict[str, list[str]]:
    """Settings somebody put on a topic that the file does not name. They are left as they are."""
    found = {
        name: sorted(cluster[name].own - topic.settings.keys()) for name, topic in declared.items() if name in cluster
    }
    return {name: names for name, names in found.items() if names}


def _of_partitions(name: str, topic: Topic, state: TopicState) -> list[Difference]:
    found = []
    now, wanted = str(state.partitions), str(topic.partitions)
    if state.partitions < topic.partitions:
        advice = "keys move to other partitions: only with --more-partitions, while nothing is published"
        found.append(Difference(name, "partitions", now, wanted, "grow", advice))
    elif state.partitions > topic.partitions:
        found.append(
            Difference(name, "partitions", now, wanted, "none", f"Kafka takes none away: write {now} in the file")
        )
    if topic.replication not in {CLUSTER_DEFAULT, state.replication}:
        advice = "copies are moved with Kafka's own kafka-reassign-partitions.sh"
        found.append(Difference(name, "replication", str(state.replication), str(topic.replication), "none", advice))
    return found


def _of_settings(name: str, topic: Topic, state: TopicState) -> list[Difference]:
    found = []
    for setting, wanted in topic.settings.items():
        now = state.settings.get(setting)
        if now is None:
            found.append(Difference(name, setting, "unknown", wanted, "none", "this cluster knows no such setting"))
        elif not _same(now, wanted):
            found.append(Difference(name, setting, now, wanted, "set"))
    return found


def _same(now: str, wanted: str) -> bool:
    """Kafka writes 0.1 where a file may say 0.10."""
    if now == wanted:
        return True
    try:
        return float(now) == float(wanted)
    except ValueError:
        return False


def _value(name: object, value: object) -> str:
    """A setting as Kafka writes it: text, numbers, true and false."""
    if not isinstance(name, str):
        raise ValueError(f"{name!r} is no name of a setting; expected one like retention.ms")  # noqa: TRY004 - pydantic
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)) and str(value).strip():
        return str(value)
    raise ValueError(f"{name}: expected a number, true, false or text")
