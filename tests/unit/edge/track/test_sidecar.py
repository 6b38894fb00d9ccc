"""Sidecars: each fault is named with its place."""

import json
from datetime import timedelta
from typing import Any

import pytest

from contracts.event import ImageSize
from edge.errors import ConfigError
from edge.track.sidecar import FrameMark, Sidecar, SignalMark, SignalTape, read_sidecar
from tests.unit.edge.track.world import START

LEAST: dict[str, Any] = {
    "frame_rate": 25,
    "started_at": "2026-11-22T08:00:00Z",
    "image": {"width": 640, "height": 360},
}


def test_the_least_a_sidecar_needs() -> None:
    """For logs of other people's trackers."""
    sidecar = read_sidecar(json.dumps(LEAST))
    assert sidecar.mark(26).at == START + timedelta(seconds=1)
    assert sidecar.class_names[0] == "person"


def test_a_log_from_before_objects_were_seen_keeps_its_classes() -> None:
    """Six names: the numbers in its text file mean what they meant."""
    older = ["person", "bicycle", "motorcycle", "car", "bus", "truck"]
    assert read_sidecar(json.dumps({**LEAST, "class_names": older})).class_names == tuple(older)


def test_written_and_read_back() -> None:
    """Microseconds and all."""
    sidecar = Sidecar(
        camera="gate",
        frame_rate=12.5,
        started_at=START,
        image=ImageSize(width=640, height=360),
        frames=(
            FrameMark(frame=1, at=START),
            FrameMark(frame=5, at=START + timedelta(microseconds=345_678)),
            FrameMark(frame=6, at=START - timedelta(hours=1), discontinuity=True),
        ),
        signals=(SignalMark(head="north", at=START, state="red"),),
    )
    assert read_sidecar(sidecar.to_json()) == sidecar
    assert b"2026-11-22T08:00:00.345678Z" in sidecar.to_json()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"frame_rate": 0}, "frame_rate"),
        ({"frame_rate": "fast"}, "frame_rate"),
        ({"started_at": "2026-11-22T08:00:00"}, "zone"),
        ({"image": {"width": 0, "height": 1}}, "image.width"),
        ({"class_names": ["person", "tank"]}, "tank"),
        ({"class_names": []}, "class_names"),
        ({"surprise": 1}, "surprise"),
        ({"version": 2}, "version"),
        ({"frames": [{"frame": 2, "at": LEAST["started_at"]}, {"frame": 1, "at": LEAST["started_at"]}]}, "in order"),
        (
            {"frames": [{"frame": 1, "at": "2026-11-22T08:00:01Z"}, {"frame": 2, "at": "2026-11-22T08:00:00Z"}]},
            "without discontinuity",
        ),
        ({"signals": [{"head": "n", "at": LEAST["started_at"], "state": "purple"}]}, "signals.0.state"),
        ({"signals": [{"head": "n", "at": "2026-11-22T08:00:00", "state": "red"}]}, "signals.0.at"),
    ],
)
def test_each_fault_is_named(change: dict[str, Any], where: str) -> None:
    """A person wrote it by hand."""
    with pytest.raises(ConfigError, match=where):
        read_sidecar(json.dumps({**LEAST, **change}), "a.json")


@pytest.mark.parametrize("document", ["", "not json", "[]", "null", b"\xff\xfe"])
def test_what_is_no_sidecar(document: str | bytes) -> None:
    """A wrong file under its name."""
    with pytest.raises(ConfigError, match=r"a\.json: is not the sidecar"):
        read_sidecar(document, "a.json")


def test_a_tape_hands_out_each_change_once_when_it_was_known() -> None:
    """A change is dated before the frame that made it certain; a replay must not know it earlier."""
    second = timedelta(seconds=1)
    late = SignalMark(head="north", at=START + second, state="red", source="image", frame=4)
    taken_back = SignalMark(head="north", at=START + second, state="green", source="image", frame=5)
    told = SignalMark(head="south", at=START + 2 * second, state="green", source="feed")
    tape = SignalTape((late, taken_back, told))
    handed_out = [tape.until(frame, START + (frame - 1) * second) for frame in range(1, 7)]
    assert [[(change.head, change.state) for change in changes] for changes in handed_out] == [
        [],
        [],
        [("south", "green")],
        [("north", "red")],
        [("north", "green")],
        [],
    ]
