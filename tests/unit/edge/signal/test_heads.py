"""Heads of a scene in whole pictures."""

from datetime import UTC, datetime, timedelta

import numpy as np

from contracts.event import TimeQuality
from contracts.scene import SignalHead
from edge.frame import Frame
from edge.picture import WholePicture
from edge.signal.heads import HeadsInPicture
from tests.unit.edge.signal.heads_drawn import head

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HEADS = (
    SignalHead(id="left", region=((0.1, 0.1), (0.148, 0.388))),
    SignalHead(id="right", region=((0.5, 0.2), (0.548, 0.488)), lamps=("green", "yellow", "red")),
    SignalHead(id="told", feed="north"),
)


def frame(number: int, left: str, right: str, size: tuple[int, int] = (500, 250)) -> Frame:
    """A picture with both heads, ten a second."""
    image = np.full((size[1], size[0], 3), 70, np.uint8)
    if size == (500, 250):
        image[25:97, 50:74] = head(left, seed=number)
        image[50:122, 250:274] = head(right, ("green", "yellow", "red"), seed=number)
    quality = TimeQuality(source="file", uncertainty_ms=1)
    return Frame("c", number, WholePicture(image), START + timedelta(seconds=number / 10), quality)


def test_each_head_has_its_own_history() -> None:
    """Crossing roads: one is red while the other is green; a head without region is told by the feed only."""
    heads = HeadsInPicture(HEADS)
    changes = [change for number in range(6) for change in heads.see(frame(number, "red", "green"))]
    assert {(change.head, change.state, change.at) for change in changes} == {
        ("left", "red", START),
        ("right", "green", START),
    }
    later = [change for number in range(6, 14) for change in heads.see(frame(number, "green", "red"))]
    assert [change.state for change in later if change.head == "left"][-1] == "green"
    assert [change.state for change in later if change.head == "right"] == ["red"]


def test_a_picture_too_small_to_read() -> None:
    """A sub-stream of a few pixels tells nothing, and nothing falls over."""
    heads = HeadsInPicture(HEADS)
    assert [change for number in range(20) for change in heads.see(frame(number, "red", "red", (40, 20)))] == []
