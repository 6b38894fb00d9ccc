"""`giaolo topics`: the Kafka topics as declared, beside what a cluster has."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import GiaoloError, UsageError

if TYPE_CHECKING:  # heavy imports stay inside the commands, so that `giaolo --help` is quick
    from ingest.topic_file import Difference, Topic, TopicState

topics_app = typer.Typer(
    name="topics", no_args_is_help=True, help="The Kafka topics: what they should be, what they are, make them so."
)

FileOption = Annotated[
    Path | None, typer.Option("--file", help="declaration of your own instead of this version's", metavar="FILE")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="the centre's YAML file: where the cluster is", metavar="FILE")
]
BootstrapOption = Annotated[
    str | None, typer.Option("--bootstrap", help="instead of --config, for a cluster without TLS", metavar="HOST:PORT")
]
JsonOption = Annotated[bool, typer.Option("--json", help="for scripts")]


@topics_app.command("show")
def show(
    config: ConfigOption = None, bootstrap: BootstrapOption = None, file: FileOption = None, as_json: JsonOption = False
) -> None:
    """Every topic: what it is for, how it should be, and how it is. Without a cluster, only the declaration."""
    from ingest.topic_file import declared_topics

    declared = declared_topics(file)
    cluster = _states(_cluster(config, bootstrap), declared) if config or bootstrap else None
    if as_json:
        _write(json.dumps({name: _as_json(name, topic, cluster) for name, topic in declared.items()}))
        return
    for name, topic in declared.items():
        copies = "the cluster's default of copies" if topic.replication == -1 else f"{topic.replication} copies"
        _write(f"{name}  {topic.partitions} partitions, {copies}\n  {topic.why}")
        for setting, value in topic.settings.items():
            _write(f"  {setting} = {value}")
        if cluster is not None:
            state = cluster.get(name)
            _write(f"  → {state.partitions} partitions, {state.replication} copies" if state else "  → absent")
    if cluster is not None:
        _tell_differences(declared, cluster)


@topics_app.command("apply")
def apply(
    config: ConfigOption = None,
    bootstrap: BootstrapOption = None,
    file: FileOption = None,
    check: Annotated[bool, typer.Option("--check", help="change nothing; exit status 1 when anything differs")] = False,
    more_partitions: Annotated[
        bool, typer.Option("--more-partitions", help="add partitions where some are missing: keys move, see the docs")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Shows what differs, then makes topics that are absent and sets settings. Deletes nothing.

    Exit status 1 when something differs that was not, or cannot be, changed.
    """
    from ingest.kafka_topics import apply_topics
    from ingest.topic_file import declared_topics, differences

    declared = declared_topics(file)
    where = _cluster(config, bootstrap)
    cluster = _states(where, declared)
    found = left = differences(declared, cluster)
    if not as_json:
        _tell_differences(declared, cluster)
    if found and not check:
        if more_partitions and any(each.cure == "grow" for each in found):
            sys.stderr.write(
                "giaolo: keys move to other partitions now: records of one camera may be taken out of order for as "
                "long as old ones wait\n"
            )
        try:
            left = apply_topics(where[0], declared, more_partitions=more_partitions, options=where[1])
        except ConnectionError as error:
            raise GiaoloError(str(error)) from None
    _tell_result(found, left, check=check, as_json=as_json)
    if left:
        raise typer.Exit(1)


def _cluster(config: Path | None, bootstrap: str | None) -> tuple[str, dict[str, Any]]:
    """Address of the cluster and the client's settings."""
    from pydantic import ValidationError

    from contracts.kafka import KafkaLink
    from ingest.config import load_centre_config

    if (config is None) == (bootstrap is None):
        raise UsageError("say which cluster: --config centre.yaml, or --bootstrap host:port")
    if config is None:
        try:
            return KafkaLink(bootstrap=bootstrap or "").bootstrap, {}
        except ValidationError:
            raise UsageError(f"--bootstrap {bootstrap}: expected host:port") from None
    link = load_centre_config(config).kafka
    if link is None:
        raise UsageError(f"{config}: the bus is `embedded`, it has no topics; write `bus: kafka` and where it is")
    return link.bootstrap, link.client_options()


def _states(where: tuple[str, dict[str, Any]], declared: "Mapping[str, Topic]") -> "dict[str, TopicState]":
    from ingest.kafka_topics import topics_in

    try:
        return topics_in(where[0], list(declared), options=where[1])
    except ConnectionError as error:
        raise GiaoloError(str(error)) from None


def _tell_differences(declared: "Mapping[str, Topic]", cluster: "Mapping[str, TopicState]") -> None:
    from ingest.topic_file import differences, set_by_hand

    found = differences(declared, cluster)
    for each in found:
        _write(f"{each.topic}  {each.words()}")
    for name, settings in set_by_hand(declared, cluster).items():
        _write(f"{name}  set by hand and left: {', '.join(settings)}")
    if not found:
        _write("all topics are as declared")


def _tell_result(found: "list[Difference]", left: "list[Difference]", *, check: bool, as_json: bool) -> None:
    if as_json:
        _write(json.dumps({"found": [each.as_json() for each in found], "left": [each.as_json() for each in left]}))
    elif found and not check:
        _write(f"{len(found) - len(left)} of {len(found)} changed")


def _as_json(name: str, topic: "Topic", cluster: "Mapping[str, TopicState] | None") -> dict[str, Any]:
    shown: dict[str, Any] = {"declared": topic.model_dump()}
    if cluster is not None:
        state = cluster.get(name)
        shown["cluster"] = (
            {
                "partitions": state.partitions,
                "replication": state.replication,
                "settings": {setting: state.settings.get(setting) for setting in topic.settings},
            }
            if state
            else None
        )
    return shown


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
