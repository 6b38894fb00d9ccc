"""The bytes on the wire are a promise: a centre of next year must read a node of today."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import cloudevents
from contracts.canonical import canonical_json
from contracts.cloudevents import document_of, health_of, health_record, published_of, record_of, with_sequence
from contracts.event import Event, EventData, EvidenceFile, PathPoint, Published, read_published
from contracts.evidence import event_document
from contracts.health import NodeHealth
from contracts.topics import EVENTS
from contracts.wire import Record
from tests.conftest import ROOT
from tests.unit.edge.outbox.acts import act, package_of
from tests.unit.ingest.stories import START, an_event

GOLDEN = ROOT / "tests" / "golden" / "events" / "v1"


def examples() -> dict[str, Published]:
    event = act(7).model_copy(update={"sequence": 7})
    facts = {"direction_deg": 181.5, "words": "Ngã tư Sở"}
    data = event.data.model_copy(update={"facts": facts, "still_sha256": "b" * 64, "box": (0.1, 0.2, 0.3, 0.4)})
    event = event.model_copy(update={"data": data})
    clip = EvidenceFile(name="clip.mp4", role="clip", media_type="video/mp4", size=123456, sha256="c" * 64)
    sealed = package_of(event, [(clip, Path("clip.mp4"))]).model_copy(update={"sequence": 8})
    return {"violation": event, "count": act(8, kind="count"), "sealed": sealed}


def as_text(record: Record) -> str:
    document: dict[str, Any] = {
        "topic": record.topic,
        "key": record.key,
        "headers": {name: value.decode() for name, value in record.headers},
        "value": record.value.decode(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def from_text(text: str) -> Record:
    document = json.loads(text)
    headers = tuple((name, value.encode()) for name, value in document["headers"].items())
    return Record(document["topic"], document["key"], document["value"].encode(), headers)


@pytest.mark.parametrize("name", ["violation", "count", "sealed"])
def test_wire_bytes_are_the_golden_ones(name: str) -> None:
    """A key that changes or goes is a new version of the type; one that comes has a default, and the old form stays."""
    golden = (GOLDEN / f"{name}.json").read_text()
    assert as_text(record_of(examples()[name])) == golden
    assert published_of(from_text(golden)) == examples()[name]


@pytest.mark.parametrize("name", ["violation", "count", "sealed"])
def test_older_forms_of_a_version_stay_readable(name: str) -> None:
    """What an older node wrote before signals, speed and position came."""
    assert published_of(from_text((GOLDEN / "first" / f"{name}.json").read_text())) == examples()[name]


def test_attributes_are_headers_and_data_is_the_value() -> None:
    event = an_event(7)
    record = record_of(event)
    headers = dict(record.headers)
    assert (record.topic, record.key) == (EVENTS, "bridge")
    assert headers["content-type"] == b"application/json"
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"].decode() == event.id
    assert headers["ce_sequence"] == b"00000000000000000007"
    assert json.loads(record.value) == event.model_dump(mode="json")["data"]


def test_structured_mode_is_read_too() -> None:
    event = an_event(3)
    record = Record(EVENTS, "bridge", event.to_json(), (("content-type", b"application/cloudevents+json"),))
    assert published_of(record) == event


@pytest.mark.parametrize("name", ["violation", "count"])
@pytest.mark.parametrize("folder", ["", "first"])
def test_an_event_is_kept_as_its_node_said_it(name: str, folder: str) -> None:
    """A node of an earlier version signs the hash of its own form: filled up with newer fields it looks altered."""
    record = from_text((GOLDEN / folder / f"{name}.json").read_text())
    event = published_of(record)
    assert isinstance(event, Event)
    document = document_of(record, event)
    assert json.loads(document)["data"] == json.loads(record.value)
    assert Event.model_validate_json(document) == event.model_copy(update={"sequence": 0})
    if not folder:
        assert document == event_document(event)
    whole = Record(EVENTS, record.key, event.to_json(), (("content-type", b"application/cloudevents+json"),))
    assert document_of(whole, event) == event_document(event)


@given(text=st.text(max_size=40), before=st.integers(0, 2**63 - 1), after=st.integers(1, 2**63 - 1))
def test_a_number_is_put_into_what_was_written_without_one(text: str, before: int, after: int) -> None:
    """Whatever words stand in the event: even those that look like the number's own place."""
    event = examples()["violation"]
    assert isinstance(event, Event)
    tricky = f',"datacontenttype":,"sequence":7,{text}'.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    data = event.data.model_copy(update={"facts": {"sequence": tricky, ',"sequence":': 1}})
    event = event.model_copy(update={"data": data, "subject": tricky, "sequence": before})
    assert with_sequence(event.to_json(), after) == event.model_copy(update={"sequence": after}).to_json()


def changed(record: Record, **headers: bytes | None) -> Record:
    kept = {**dict(record.headers), **headers}
    return Record(record.topic, record.key, record.value, tuple((n, v) for n, v in kept.items() if v is not None))


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (Record(EVENTS, "bridge", b"{}"), "ce_specversion, ce_id, ce_source, ce_type is missing"),
        (changed(record_of(an_event()), ce_id=None), "header ce_id is missing"),
        (changed(record_of(an_event()), ce_id=b"\xff"), "ce_id is not UTF-8"),
        (changed(record_of(an_event()), ce_sequence=b"minus one"), "expected a number"),
        (changed(record_of(an_event()), ce_sequence="٣".encode()), "expected a number"),
        (changed(record_of(an_event()), ce_specversion=b"2.0"), "specversion"),
        (changed(record_of(an_event()), ce_type=b"vn.giaolo.gossip.v1"), "type"),
        (changed(record_of(an_event()), ce_time=b"yesterday"), "time"),
        (changed(record_of(an_event()), ce_time=b"2026-11-22T08:15:30"), "zone"),
        (changed(record_of(an_event()), ce_source=b"/somewhere"), "source"),
        (Record(EVENTS, "bridge", b"", record_of(an_event()).headers), "not JSON"),
        (Record(EVENTS, "bridge", b"\xff\xfe", record_of(an_event()).headers), "not JSON"),
        (Record(EVENTS, "bridge", b"[" * 100_000, record_of(an_event()).headers), "nested too deeply|not JSON"),
        (Record(EVENTS, "bridge", b'{"x": NaN}', record_of(an_event()).headers), "."),
        (Record(EVENTS, "bridge", b"[]", record_of(an_event()).headers), "data"),
        (Record(EVENTS, "tunnel", record_of(an_event()).value, record_of(an_event()).headers), "'tunnel'.*'bridge'"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(record: Record, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        published_of(record)


@given(
    value=st.binary(max_size=200), header=st.binary(max_size=40), name=st.sampled_from(["ce_id", "ce_type", "ce_time"])
)
def test_no_bytes_do_worse_than_a_value_error(value: bytes, header: bytes, name: str) -> None:
    base = record_of(an_event())
    for record in (Record(EVENTS, "bridge", value, base.headers), changed(base, **{name: header})):
        try:
            published_of(record)
        except ValueError:
            continue


def test_values_are_not_repeated_in_errors() -> None:
    """A dead letter's reason is shown on screens and in logs."""
    value = record_of(an_event()).value.replace(b'"node-1"', b'"rtsp://admin:secret@camera"')
    with pytest.raises(ValueError) as caught:
        published_of(Record(EVENTS, "bridge", value, record_of(an_event()).headers))
    assert "secret" not in str(caught.value)


def test_health_round_trip() -> None:
    key = base64.b64encode(bytes(32)).decode()
    health = NodeHealth(node="node-1", reported_at=START, started_at=START, version="0.1.0", public_key=key)
    record = health_record(health)
    assert (record.topic, record.key) == ("giaolo.health.v1", "node-1")
    assert health_of(record) == health
    with pytest.raises(ValueError, match="not a node's report"):
        health_of(Record(record.topic, record.key, b"{}"))
    with pytest.raises(ValueError, match="expected vn\\.giaolo"):
        health_of(Record(record.topic, record.key, health.model_copy(update={"type": "x"}).to_json()))


def write_golden(folder: Path = GOLDEN) -> None:
    """For a new version only: python -c 'from tests.unit.contracts.test_cloudevents import *; write_golden()'."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, published in examples().items():
        (folder / f"{name}.json").write_text(as_text(record_of(published)))


ODD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(
    name=st.sampled_from(["kind", "node", "facts", "box", "path", "judged_at", "time_quality", "speed", "x"]),
    odd=ODD_VALUES,
    sealed=st.booleans(),
)
def test_the_quick_way_of_reading_gives_what_the_long_one_gives(name: str, odd: Any, sealed: bool) -> None:
    """A record taken in one form by one centre and in another by the next would be two events."""
    example = examples()["sealed" if sealed else "violation"]
    value = json.dumps({**example.model_dump(mode="json")["data"], name: odd}).encode()
    attributes = cloudevents._attributes(dict(record_of(example).headers))
    quick = cloudevents._quick(dict(attributes), value, EventData)
    if quick is None:
        return
    long_way = read_published(canonical_json({**attributes, "data": json.loads(value)}))
    assert (type(quick), quick) == (type(long_way), long_way)
    assert quick.to_json() == long_way.to_json()


POINT = {"offset_s": -0.5, "x": 0.25, "y": 1.5}


@given(
    points=st.lists(
        st.just(POINT)
        | st.dictionaries(st.sampled_from(["offset_s", "x", "y", "z"]), ODD_VALUES | st.floats(-1, 2), max_size=4)
        | st.builds(
            lambda name, value: {**POINT, name: value}, st.sampled_from(["offset_s", "x", "y", "z"]), ODD_VALUES
        )
        | ODD_VALUES,
        max_size=3,
    )
    | ODD_VALUES
)
def test_a_path_that_is_not_kept_is_checked_no_less(points: Any) -> None:
    """The centre keeps it as its node wrote it: what no reader of today takes must not get in."""
    example = examples()["violation"]
    value = json.dumps({**example.model_dump(mode="json")["data"], "path": points}).encode()
    record = Record(EVENTS, example.data.camera, value, record_of(example).headers)
    try:
        whole = published_of(record)
    except ValueError as error:
        with pytest.raises(ValueError, match=re.escape(str(error))):
            published_of(record, keeps_path=False)
        return
    assert isinstance(whole, Event)
    bare = published_of(record, keeps_path=False)
    assert bare.model_dump(exclude={"data": {"path"}}) == whole.model_dump(exclude={"data": {"path"}})
    assert isinstance(bare, Event)
    assert document_of(record, bare) == document_of(record, whole)


def test_a_path_that_is_not_kept_costs_no_objects() -> None:
    event = act(7)
    path = (PathPoint(offset_s=-0.5, x=0.25, y=0.75),)
    event = event.model_copy(update={"data": event.data.model_copy(update={"path": path})})
    bare = published_of(record_of(event), keeps_path=False)
    assert isinstance(bare, Event)
    assert bare.data.path == ()
    assert published_of(record_of(event)) == event


def test_a_key_that_stands_twice_is_read_as_the_last_one_either_way() -> None:
    record = record_of(an_event())
    twice = Record(record.topic, record.key, record.value.replace(b'{"box"', b'{"node":"first","box"'), record.headers)
    published = published_of(twice)
    assert published == read_published(
        canonical_json({**cloudevents._attributes(dict(record.headers)), "data": json.loads(twice.value)})
    )
    assert published.data.node == "node-1"
