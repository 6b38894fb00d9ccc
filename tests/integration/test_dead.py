"""`giaolo dead`: poison is put aside with its reason, looked at, and given back, on a real broker and on SQLite."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.canonical import canonical_json
from contracts.topics import DEAD_EVENTS, EVENTS
from contracts.wire import Record
from ingest.bus import KafkaBus
from ingest.centre import Centre
from ingest.cli_dead import dead_app
from ingest.config import load_centre_config
from ingest.kafka_dead import KafkaDeadLetters
from ingest.kafka_topics import ensure_topics
from tests.integration.kafka_broker import KafkaBroker
from tests.integration.test_kafka import wait_until
from tests.unit.ingest.stories import an_event, records

EVENT = records(an_event(1))[0]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    running = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    running.start()
    ensure_topics(running.bootstrap)
    yield running
    running.stop()


def newer(record: Record) -> Record:
    """The record as a node of a later form of events would send it: with a part that this version does not know."""
    return replace(record, value=canonical_json(json.loads(record.value) | {"weather": "rain"}))


def of_type(record: Record, kind: bytes) -> Record:
    """The record under another CloudEvents type."""
    headers = tuple((name, kind if name == "ce_type" else value) for name, value in record.headers)
    return replace(record, headers=headers)


def call(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(dead_app, [*arguments, "--config", str(config)])


def listed(config: Path) -> list[dict[str, object]]:
    told = call(config, "list", "--json").stdout.splitlines()
    return [json.loads(line) for line in told if line.startswith("{")]  # a centre in this process logs there too


def embedded(folder: Path) -> Path:
    path = folder / "centre.yaml"
    path.write_text("data: data\nport: 0\n")
    return path


def take(config: Path, *poison: Record) -> None:
    centre = Centre(load_centre_config(config))
    centre.take(poison)
    centre.stop()


def events_in(config: Path) -> int:
    from sqlalchemy import text

    centre = Centre(load_centre_config(config))
    with centre.database.read() as session:
        number = session.execute(text("SELECT count(*) FROM events")).scalar_one()
    centre.stop()
    return int(number)


def test_unknown_version_dies_with_words_and_is_kept_whole(tmp_path: Path) -> None:
    """A node newer than its centre: the event waits among the dead letters until the centre was updated."""
    config = embedded(tmp_path)
    sealed = of_type(EVENT, b"vn.giaolo.evidence.sealed.v2")
    take(config, newer(EVENT), sealed, Record(EVENTS, "bridge", b"\x1b[2Jgarbage", ()))
    first, second, third = listed(config)
    assert "data.weather: Extra inputs are not permitted" in str(first["reason"])
    assert (first["topic"], first["key"], first["replays"]) == (EVENTS, "bridge", 0)
    assert "type" in str(second["reason"])
    assert "CloudEvents" in str(third["reason"])
    shown = json.loads(call(config, "show", str(first["letter"]), "--json").stdout)
    assert json.loads(shown["value"])["weather"] == "rain"
    assert "ce_type: vn.giaolo.evidence.sealed.v2" in call(config, "show", str(second["letter"])).stdout
    assert "\x1b" not in call(config, "show", str(third["letter"])).stdout
    died_again = call(config, "replay", str(first["letter"]))
    assert died_again.exit_code == 1
    assert "died again" in died_again.stdout
    assert [letter["replays"] for letter in listed(config)] == [0, 0, 1], "its letter is replaced by a newer one"


def test_a_later_version_of_a_rule_is_read(tmp_path: Path) -> None:
    """The number at the end of an event's type is its rule's: a better rule needs no newer centre."""
    config = embedded(tmp_path)
    take(config, of_type(EVENT, b"vn.giaolo.violation.wrong_way.v2"))
    assert listed(config) == []
    assert events_in(config) == 1


def test_replay_beside_a_running_centre_and_of_what_is_stored_already(tmp_path: Path) -> None:
    """After an update: what an older centre could not read is stored now, in a centre that runs."""
    config = embedded(tmp_path)
    running = Centre(load_centre_config(config))
    running.start()
    try:
        running.take([EVENT])
        running.ingestor._dead_letters.put(EVENT, "put aside by a fault of ours")
        running.ingestor._dead_letters.put(records(an_event(2))[0], "put aside by a fault of ours")
        done = call(config, "replay", "--all")
        assert done.exit_code == 0, done.output
        assert "2 of 2 given back" in done.stdout
    finally:
        running.stop()
    assert events_in(config) == 2
    assert call(config, "list").stdout == "no dead letters\n"
    assert call(config, "replay", "--all").exit_code == 0


def test_a_record_that_always_dies_is_refused_after_three(tmp_path: Path) -> None:
    config = embedded(tmp_path)
    take(config, Record(EVENTS, "bridge", b"garbage"))
    for number in (1, 2, 3):
        assert call(config, "replay", "--all").exit_code == 1
        assert [letter["replays"] for letter in listed(config)] == [number]
    refused = call(config, "replay", "--all")
    assert refused.exit_code == 1
    assert "given back 3 times" in refused.stdout
    assert len(listed(config)) == 1, "refused, not lost"


def test_on_kafka_letters_are_listed_and_go_back_to_their_topic(broker: KafkaBroker, tmp_path: Path) -> None:
    """Twice all: nothing is doubled, and what died again is counted."""
    config = tmp_path / "centre.yaml"
    config.write_text(f"data: data\nport: 0\nbus: kafka\nkafka: {{bootstrap: '{broker.bootstrap}'}}\n")
    settings = load_centre_config(config)
    assert settings.kafka is not None
    letters = KafkaDeadLetters(broker.bootstrap)
    letters.put(EVENT, "put aside by a fault of ours")
    letters.put(Record(EVENTS, "square", b"garbage"), "not an event")
    listed_first = listed(config)
    assert [(each["letter"], each["key"], each["reason"]) for each in listed_first] == [
        ("0:0", "bridge", "put aside by a fault of ours"),
        ("0:1", "square", "not an event"),
    ]
    centre = Centre(settings, letters)
    bus = KafkaBus(settings.kafka)
    bus.start(centre.take)
    try:
        for expected in (1, 2):
            assert call(config, "replay", "--all").exit_code == 0
            wait_until(lambda n=expected: len(listed(config)) == 2 + n, lambda: listed(config))  # type: ignore[misc]
        assert [each["replays"] for each in listed(config)] == [0, 0, 1, 2]
        assert call(config, "replay", "0:3").exit_code == 0
        wait_until(lambda: len(listed(config)) == 5, lambda: listed(config))
        again = call(config, "replay", "--all")
        assert again.exit_code == 1
        assert "given back 3 times" in again.stdout
    finally:
        bus.stop()
        centre.stop()
        letters.close()
    assert events_in(config) == 1


def test_record_too_large_for_a_letter_does_not_hold_up_its_partition(broker: KafkaBroker) -> None:
    """A stranger's megabytes that packed well: the letter keeps the beginning and the hash."""
    import random

    letters = KafkaDeadLetters(broker.bootstrap)
    letters.put(Record(EVENTS, "large", b"x" * 20_000_000), "packs well")
    letters.put(Record(EVENTS, "large", random.Random(4).randbytes(4_000_000)), "packs badly")
    found = [letter for letter in letters.letters() if letter.record.key == "large"]
    letters.close()
    assert [(len(letter.record.value), letter.is_cut) for letter in found] == [(20_000_000, False), (65_536, True)]
    assert found[1].record.topic == EVENTS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("replay",), "say which letters, or --all"),
        (("replay", "--all", "1"), "say which letters, or --all"),
        (("replay", "77"), "no dead letter 77"),
        (("show", "nonsense"), "no dead letter nonsense"),
    ],
)
def test_nonsense_is_told(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = call(embedded(tmp_path), *arguments)
    assert done.exit_code != 0
    assert words in str(done.exception)


def test_kafka_that_is_away_is_told(tmp_path: Path) -> None:
    config = tmp_path / "centre.yaml"
    config.write_text("data: data\nbus: kafka\nkafka: {bootstrap: '127.0.0.1:9'}\n")
    assert "not reachable" in str(call(config, "list").exception)
    assert DEAD_EVENTS not in call(config, "list").stdout
