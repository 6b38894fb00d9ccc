"""Events and health on Kafka: CloudEvents 1.0, Kafka protocol binding, binary mode, both directions.

The record's value is the `data` alone (canonical JSON); the attributes are headers with the prefix `ce_`; the record
key is the camera (events) or the node (health), so that what one camera says keeps its order. A record in structured
mode (`content-type: application/cloudevents+json`, the whole document as value) is read too, never written.
Source: CloudEvents 1.0.2, "Kafka Protocol Binding", sections 3.2 and 3.3.
"""

import json
import re
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, ValidationError, with_config
from typing_extensions import TypedDict

from contracts.canonical import canonical_json, sha256_hex, utc_text
from contracts.event import Event, EventData, EvidenceData, EvidenceSealed, Published, Unit, read_published
from contracts.evidence import event_document
from contracts.health import OUTBOX_PATTERN, NodeHealth
from contracts.topics import EVENTS, EVIDENCE_SEALED_TYPE, HEALTH, HEALTH_TYPE
from contracts.wire import Record

SEQUENCE_DIGITS = 20
"""The CloudEvents `sequence` extension must sort as text, so the number is padded with zeros."""

OUTBOX_FORM = re.compile(OUTBOX_PATTERN, re.ASCII)

_REQUIRED = ("specversion", "id", "source", "type")
_OPTIONAL = ("time", "subject")
_BEFORE_DATA, _AFTER_DATA = b'{"data":', b',"datacontenttype":'
_SEQUENCE = b',"sequence":'


def record_of(published: Published, outbox: str = "") -> Record:
    """The record that carries an event or a sealed package.

    Args:
        published: what the node says.
        outbox: which life of the node's outbox numbered it, `HEX-START`; "" is not written.
    """
    attributes = {
        "specversion": published.specversion,
        "id": published.id,
        "source": published.source,
        "type": published.type,
        "time": utc_text(published.time),
        "sequence": str(published.sequence).zfill(SEQUENCE_DIGITS),
    }
    if published.subject is not None:
        attributes["subject"] = published.subject
    if outbox:
        attributes["outbox"] = outbox
    value = canonical_json(published.data.model_dump(mode="json"))
    return Record(EVENTS, published.data.camera, value, _headers(attributes))


def record_of_document(document: bytes, outbox: str = "") -> Record:
    """As `record_of`, from the canonical JSON that `to_json` gave, without reading its data through.

    `data` sorts before every other attribute, and the attributes after it are plain text, in which a quote is escaped:
    so the last `,"datacontenttype":` is where the data ends. ValueError when the document is not of that form.
    """
    end = document.rfind(_AFTER_DATA)
    if not document.startswith(_BEFORE_DATA) or end < 0:
        raise ValueError("not the canonical JSON of a record")
    rest = json.loads(b"{" + document[end + 1 :])
    attributes = {name: rest[name] for name in (*_REQUIRED, *_OPTIONAL) if rest[name] is not None}
    attributes["sequence"] = str(rest["sequence"]).zfill(SEQUENCE_DIGITS)
    if outbox:
        attributes["outbox"] = outbox
    camera = rest["source"].rpartition("/")[2]
    return Record(EVENTS, camera, document[len(_BEFORE_DATA) : end], _headers(attributes))


def with_sequence(document: bytes, number: int) -> bytes:
    """The canonical JSON of a record as `to_json` would give it with another sequence, without writing it anew."""
    start = document.index(_SEQUENCE, document.rfind(_AFTER_DATA)) + len(_SEQUENCE)
    return b"%b%d%b" % (document[:start], number, document[document.index(b",", start) :])


def published_of(record: Record, *, keeps_path: bool = True) -> Published:
    """The event or sealed package in a record; ValueError says in words why it cannot be read.

    Args:
        record: read from the bus.
        keeps_path: False: an event's path is checked all the same, but need not be in what is returned: thirty points
            as objects are half the cost of reading an event, and who has the record has them in its value.
    """
    headers = dict(record.headers)
    if _is_structured(headers):
        return _checked(record.value)
    outbox_of(record)
    document = _attributes(headers)
    published = _quick(document, record.value, EventData if keeps_path else _DataWithoutPath)
    if published is None:
        document["data"] = _json_of(record.value)
        published = _checked(canonical_json(document))
    if record.key != published.data.camera:
        raise ValueError(f"the record's key is {record.key!r}, but its data is of camera {published.data.camera!r}")
    return published


def document_of(record: Record, event: Event) -> bytes:
    """The event as its node said it, without the sequence: what its evidence package binds.

    Of what our nodes send it is `event_document(event)`, byte for byte, without writing the data anew. Of a node of
    another version it has the fields that node knew, no more and no fewer.

    Args:
        record: where the event was read from.
        event: `published_of` of it.
    """
    if _is_structured(dict(record.headers)):
        return event_document(event)
    attributes = {
        "datacontenttype": event.datacontenttype,
        "id": event.id,
        "source": event.source,
        "specversion": event.specversion,
        "subject": event.subject,
        "time": utc_text(event.time),
        "type": event.type,
    }
    return b"".join((_BEFORE_DATA, record.value, b",", canonical_json(attributes)[1:]))


def outbox_of(record: Record) -> str:
    """Which life of the node's outbox numbered an event's record; "" when it does not say. ValueError: not one."""
    text = _text("outbox", dict(record.headers).get("ce_outbox", b""))
    if text and not OUTBOX_FORM.fullmatch(text):
        raise ValueError(f"header ce_outbox is {text[:40]!r}, expected HEX-START")
    return text


def health_record(health: NodeHealth) -> Record:
    """The record that carries a node's report."""
    value = health.to_json()
    attributes = {
        "specversion": "1.0",
        "id": sha256_hex(value)[:32],
        "source": f"/nodes/{health.node}",
        "type": HEALTH_TYPE,
        "time": utc_text(health.reported_at),
    }
    return Record(HEALTH, health.node, value, _headers(attributes))


def health_of(record: Record) -> NodeHealth:
    """The report in a record; ValueError says in words why it cannot be read."""
    try:
        health = NodeHealth.model_validate_json(record.value)
    except ValidationError as error:
        raise ValueError(f"not a node's report: {_faults(error)}") from None
    if health.type != HEALTH_TYPE:
        raise ValueError(f"type is {health.type!r}, expected {HEALTH_TYPE}")
    return health


@with_config(ConfigDict(extra="forbid"))
class _Point(TypedDict):
    """What a PathPoint must be, without the cost of being one."""

    offset_s: float
    x: Unit
    y: Unit


class _DataWithoutPath(EventData):
    """Data of an event whose path was checked and let go."""

    path: Annotated[list[_Point], AfterValidator(lambda _: ())] = ()  # type: ignore[assignment] # an empty path is one


def _is_structured(headers: dict[str, bytes]) -> bool:
    return headers.get("content-type", b"").startswith(b"application/cloudevents+json")


def _headers(attributes: dict[str, str]) -> tuple[tuple[str, bytes], ...]:
    pairs = [(f"ce_{name}", text.encode()) for name, text in sorted(attributes.items())]
    return (("content-type", b"application/json"), *pairs)


def _attributes(headers: dict[str, bytes]) -> dict[str, Any]:
    absent = [f"ce_{name}" for name in _REQUIRED if f"ce_{name}" not in headers]
    if absent:
        raise ValueError(f"not a CloudEvents record: header {', '.join(absent)} is missing")
    found: dict[str, Any] = {}
    for name in (*_REQUIRED, *_OPTIONAL, "sequence"):
        raw = headers.get(f"ce_{name}")
        if raw is not None:
            found[name] = _text(name, raw)
    sequence = found.get("sequence", "0")
    if not (sequence.isascii() and sequence.isdigit() and len(sequence) <= SEQUENCE_DIGITS):
        raise ValueError(f"header ce_sequence is {sequence[:40]!r}, expected a number")
    found["sequence"] = int(sequence)
    return found


def _quick(attributes: dict[str, Any], value: bytes, data: type[EventData]) -> Published | None:
    """What is well-formed, with its JSON parsed once; None for what is not, which the long way finds words for.

    NaN and infinity are no JSON, but the parser takes them: they go the long way too.
    """
    if b"NaN" in value or b"Infinity" in value:
        return None
    try:
        if attributes["type"] == EVIDENCE_SEALED_TYPE:
            return EvidenceSealed.model_validate({**attributes, "data": EvidenceData.model_validate_json(value)})
        return Event.model_validate({**attributes, "data": data.model_validate_json(value)})
    except ValidationError:
        return None


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ValueError(f"header ce_{name} is not UTF-8 text") from None


def _json_of(value: bytes) -> Any:
    try:
        return json.loads(value)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"the value is not JSON: {error}") from None
    except RecursionError:
        raise ValueError("the value is JSON nested too deeply") from None


def _checked(document: bytes) -> Published:
    try:
        return read_published(document)
    except ValidationError as error:
        raise ValueError(f"not an event of a known form: {_faults(error)}") from None


def _faults(error: ValidationError) -> str:
    """Where each fault stands and what is expected; values are left out."""
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'document'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False)[:5]
    )
