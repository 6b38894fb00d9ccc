"""`giaolo topics` on a real broker: what differs is shown, made, set; nothing is taken away."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from contracts.topics import CAMERAS, DEAD_EVENTS, EVENTS, HEALTH
from ingest.cli_topics import topics_app
from ingest.kafka_topics import PARTITIONS, ensure_topics, topics_in
from ingest.topic_file import OURS, declared_topics, packaged_file
from tests.integration.kafka_broker import KafkaBroker


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    yield running
    running.stop()


def call(*arguments: str) -> Result:
    return CliRunner().invoke(topics_app, list(arguments))


def test_a_cluster_is_brought_to_the_declaration(broker: KafkaBroker, tmp_path: Path) -> None:
    """One story: empty, made, altered by file, partitions only when told to, settings by hand left."""
    at = ("--bootstrap", broker.bootstrap)
    empty = call("apply", "--check", *at)
    assert empty.exit_code == 1
    assert empty.stdout.count("absent → ") == len(OURS)
    assert topics_in(broker.bootstrap, OURS) == {}, "a check makes nothing"
    made = call("apply", *at)
    assert made.exit_code == 0, made.output
    assert "5 of 5 changed" in made.stdout
    assert call("apply", "--check", *at).stdout == "all topics are as declared\n"
    state = topics_in(broker.bootstrap, OURS)
    assert {name: topic.partitions for name, topic in state.items()} == PARTITIONS
    assert state[CAMERAS].settings["cleanup.policy"] == "compact"
    assert state[DEAD_EVENTS].settings["max.message.bytes"] == "2097152"
    assert ensure_topics(broker.bootstrap) == []

    written = yaml.safe_load(packaged_file().read_text())
    written["topics"][EVENTS]["settings"]["retention.ms"] = 1_000_000
    written["topics"][HEALTH]["partitions"] = 5
    written["topics"][CAMERAS]["partitions"] = 32
    path = tmp_path / "topics.yaml"
    path.write_text(yaml.safe_dump(written))
    mine = (*at, "--file", str(path))
    checked = call("apply", "--check", "--json", *mine)
    assert checked.exit_code == 1
    found = {(each["topic"], each["what"]): each["cure"] for each in json.loads(checked.stdout)["found"]}
    assert found == {(EVENTS, "retention.ms"): "set", (HEALTH, "partitions"): "grow", (CAMERAS, "partitions"): "none"}
    applied = call("apply", *mine)
    assert applied.exit_code == 1, "two differences are left"
    assert "1 of 3 changed" in applied.stdout
    assert "only with --more-partitions" in applied.stdout
    grown = call("apply", "--more-partitions", *mine)
    assert grown.exit_code == 1
    assert "keys move to other partitions" in grown.output
    state = topics_in(broker.bootstrap, OURS)
    assert (state[HEALTH].partitions, state[CAMERAS].partitions) == (5, 64)
    assert state[EVENTS].settings["retention.ms"] == "1000000"

    shown = call("show", "--json", *mine)
    assert json.loads(shown.stdout)[EVENTS]["cluster"]["settings"]["retention.ms"] == "1000000"
    assert "partitions: 64 → 32 (Kafka takes none away" in call("show", *mine).stdout


def test_a_setting_kafka_does_not_know_is_told(broker: KafkaBroker, tmp_path: Path) -> None:
    ensure_topics(broker.bootstrap)
    written = yaml.safe_load(packaged_file().read_text())
    written["topics"][EVENTS]["settings"]["retention.days"] = 7
    path = tmp_path / "topics.yaml"
    path.write_text(yaml.safe_dump(written))
    done = call("apply", "--bootstrap", broker.bootstrap, "--file", str(path))
    assert done.exit_code == 1
    assert "this cluster knows no such setting" in done.stdout
    written = yaml.safe_load(packaged_file().read_text())
    written["topics"][EVENTS]["settings"]["retention.ms"] = "soon"
    path.write_text(yaml.safe_dump(written))
    done = call("apply", "--bootstrap", broker.bootstrap, "--file", str(path))
    assert done.exit_code == 1
    assert "did not make the topics" in str(done.exception)
    assert "retention.ms" in str(done.exception)


def test_declaration_alone_needs_no_cluster() -> None:
    shown = call("show", "--json")
    assert shown.exit_code == 0
    assert list(json.loads(shown.stdout)) == list(declared_topics())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply",), "say which cluster"),
        (("apply", "--bootstrap", "a:1", "--config", "c.yaml"), "say which cluster"),
        (("apply", "--bootstrap", "broker"), "expected host:port"),
        (("apply", "--bootstrap", "127.0.0.1:9"), "not reachable"),
        (("apply", "--config", "/nowhere/centre.yaml"), "cannot be read"),
        (("show", "--file", "/nowhere/topics.yaml"), "cannot be read"),
    ],
)
def test_nonsense_is_told(arguments: tuple[str, ...], words: str) -> None:
    done = call(*arguments)
    assert done.exit_code != 0
    assert words in str(done.exception)


def test_embedded_centre_has_no_topics(tmp_path: Path) -> None:
    (tmp_path / "centre.yaml").write_text("data: data\n")
    done = call("apply", "--config", str(tmp_path / "centre.yaml"))
    assert "the bus is `embedded`" in str(done.exception)
