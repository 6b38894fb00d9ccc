"""The declaration of the topics: what is read, what differs, every way to write it wrongly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.topics import CAMERAS, DEAD_EVENTS, EVENTS
from ingest.errors import ConfigError
from ingest.topic_file import OURS, Topic, TopicState, declared_topics, differences, packaged_file, set_by_hand


def document() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(packaged_file().read_text())
    return read


def as_declared() -> dict[str, TopicState]:
    return {
        name: TopicState(topic.partitions, 1, dict(topic.settings), frozenset(topic.settings))
        for name, topic in declared_topics().items()
    }


def test_this_versions_own() -> None:
    declared = declared_topics()
    assert tuple(declared) == OURS
    assert declared[CAMERAS].partitions == 64
    assert declared[CAMERAS].settings["cleanup.policy"] == "compact"
    assert declared[EVENTS].settings["retention.ms"] == "604800000"
    assert int(declared[DEAD_EVENTS].settings["max.message.bytes"]) > int(
        declared[EVENTS].settings["max.message.bytes"]
    )
    assert differences(declared, as_declared()) == []


def test_what_differs_and_what_is_done_about_it() -> None:
    declared, cluster = declared_topics(), as_declared()
    del cluster[CAMERAS]
    settings = dict(declared[EVENTS].settings) | {"retention.ms": "1000"}
    del settings["compression.type"]
    cluster[EVENTS] = TopicState(3, 1, settings, frozenset({"retention.ms", "flush.messages"}))
    dead = cluster[DEAD_EVENTS]
    cluster[DEAD_EVENTS] = TopicState(5, 1, dead.settings)
    found = {(each.topic, each.what): each.cure for each in differences(declared, cluster)}
    assert found == {
        (EVENTS, "partitions"): "grow",
        (EVENTS, "retention.ms"): "set",
        (EVENTS, "compression.type"): "none",
        (CAMERAS, "topic"): "make",
        (DEAD_EVENTS, "partitions"): "none",
    }
    assert set_by_hand(declared, cluster) == {EVENTS: ["flush.messages"]}


def test_copies_are_compared_only_when_a_number_is_declared() -> None:
    topic = Topic(why="x", partitions=1, replication=3)
    found = differences({EVENTS: topic}, {EVENTS: TopicState(1, 1, {})})
    assert [(each.what, each.cure) for each in found] == [("replication", "none")]


def test_numbers_are_the_same_however_written() -> None:
    topic = Topic(why="x", partitions=1, settings={"min.cleanable.dirty.ratio": 0.10})
    assert differences({EVENTS: topic}, {EVENTS: TopicState(1, 1, {"min.cleanable.dirty.ratio": "0.100"})}) == []


NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"partitions": 0}, "partitions"),
    ({"partitions": -1}, "partitions"),
    ({"partitions": "12"}, "partitions"),
    ({"partitions": 1.5}, "partitions"),
    ({"partitions": 10**6}, "partitions"),
    ({"replication": 0}, "1 to 9 copies"),
    ({"replication": -2}, "1 to 9 copies"),
    ({"replication": True}, "replication"),
    ({"why": ""}, "why"),
    ({"settings": []}, "settings"),
    ({"settings": {"retention.ms": None}}, "retention.ms: expected a number"),
    ({"settings": {"retention.ms": [1]}}, "retention.ms: expected a number"),
    ({"settings": {"retention.ms": " "}}, "retention.ms: expected a number"),
    ({"settings": {7: 1}}, "is no name of a setting"),
    ({"settings": {"max.message.bytes": 1000}}, "max.message.bytes"),
    ({"settings": {"max.message.bytes": "1 MiB"}}, "max.message.bytes"),
    ({"settings": {"min.insync.replicas": 0}}, "min.insync.replicas"),
    ({"settings": {"min.insync.replicas": 3}, "replication": 2}, "nothing could be written"),
    ({"partition": 3}, "partition"),
]


@pytest.mark.parametrize(("wrong", "words"), NONSENSE)
def test_nonsense_in_a_topic(tmp_path: Path, wrong: dict[str, Any], words: str) -> None:
    written = document()
    written["topics"][EVENTS] |= wrong
    path = tmp_path / "topics.yaml"
    path.write_text(yaml.safe_dump(written))
    with pytest.raises(ConfigError) as caught:
        declared_topics(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert EVENTS in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "whole file"),
        ("[]", "whole file"),
        ("a: [", "is not YAML"),
        ("version: 2\ntopics: {}", "version"),
        ("version: 1", "topics"),
        ("version: 1\ntopics: {}", "is missing"),
        ("version: 1\ntopics: {giaolo.evnets.v1: {why: x, partitions: 1}}", "giaolo.evnets.v1 is no topic"),
    ],
)
def test_nonsense_for_a_file(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        declared_topics(path)


def test_cameras_are_compacted_or_lost(tmp_path: Path) -> None:
    written = document()
    written["topics"][CAMERAS]["settings"]["cleanup.policy"] = "delete"
    path = tmp_path / "topics.yaml"
    path.write_text(yaml.safe_dump(written))
    with pytest.raises(ConfigError, match="must be compact"):
        declared_topics(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        declared_topics(tmp_path / "none.yaml")
