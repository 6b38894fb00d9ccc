"""Records too large to be delivered are kept, named, and in nobody's way."""

import base64
import json
from pathlib import Path

import pytest

from contracts.wire import Record
from edge.errors import OutboxError
from edge.outbox import set_aside as module
from edge.outbox.set_aside import SetAside
from edge.outbox.store import LARGEST_DOCUMENT, Outbox
from tests.unit.edge.outbox.acts import act

RECORD = Record("giaolo.events.v1", "bridge", b"\x00large", (("ce_id", b"\xff1"),))


def test_record_is_kept_whole_and_once(tmp_path: Path) -> None:
    aside = SetAside(tmp_path / "outbox.db")
    assert aside.faults() == ()
    aside.put(RECORD, "too large")
    aside.put(RECORD, "too large")
    (path,) = aside.folder.iterdir()
    kept = json.loads(path.read_text())
    assert base64.b64decode(kept["value"]) == RECORD.value
    assert [(name, base64.b64decode(value)) for name, value in kept["headers"]] == [("ce_id", b"\xff1")]
    assert (kept["topic"], kept["key"], kept["why"]) == (RECORD.topic, "bridge", "too large")
    assert "1 record is too large for the centre" in SetAside(tmp_path / "outbox.db").faults()[0]


def test_it_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    aside = SetAside(tmp_path / "outbox.db")
    for number in range(2):
        aside.put(Record("t", str(number), b""), "x")
    with pytest.raises(OSError, match="2 records already"):
        aside.put(Record("t", "3", b""), "x")
    assert "2 records are" in aside.faults()[0]


def test_event_above_the_bound_is_refused_kept_and_named_and_others_go_on(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.db", node="node-1", max_bytes=10**9)
    large = act(1)
    large = large.model_copy(update={"subject": "x" * (LARGEST_DOCUMENT + 1)})
    with pytest.raises(OutboxError, match="above the bound"):
        outbox.add(large)
    outbox.add(act(2))
    assert [pending.sequence for pending in outbox.pending_records(10)] == [1], "no number was spent on it"
    assert any("too large for the centre" in fault for fault in outbox.faults())
    outbox.close()
