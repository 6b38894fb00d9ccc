"""What must hold of the stored form: the same said in other bytes is no other event, and something else is."""

import json

import pytest

from contracts.cloudevents import published_of, record_of
from contracts.event import Event
from contracts.wire import Record
from ingest.store.events import is_new, stored_form, stored_form_of
from tests.unit.ingest.stories import an_event


def test_a_repeat_in_other_bytes_is_known() -> None:
    """A program of another maker writes spaces, leaves out what is empty, or sends the whole event as one document."""
    event = an_event(7)
    record = record_of(event)
    said = {name: value for name, value in json.loads(record.value).items() if value is not None and value != []}
    said["model_sha256"] = said.get("model_sha256")
    loose = Record(record.topic, record.key, json.dumps({**said, "track": None, "box": None}).encode(), record.headers)
    again = published_of(loose)
    assert isinstance(again, Event)
    document = stored_form_of(loose, again)
    assert document != stored_form(again)
    known: dict[str, str] = {}
    assert is_new(again, document, known)
    assert not is_new(again, document, known)
    assert not is_new(again, stored_form(again), known)
    other = again.model_copy(update={"subject": "another"})
    with pytest.raises(ValueError, match="other content"):
        is_new(other, stored_form(other), known)
