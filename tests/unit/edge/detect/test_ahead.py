"""Several pictures at once: the order stays, nothing is read far ahead, and a fault is told at its frame."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from contracts.event import TimeQuality
from edge.detect.ahead import looked_at
from edge.detections import Detections
from edge.errors import ModelError
from edge.frame import Frame
from edge.picture import WholePicture

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def numbered(count: int, taken: list[int] | None = None) -> Iterator[Frame]:
    for number in range(count):
        if taken is not None:
            taken.append(number)
        picture = WholePicture(np.full((8, 8, 3), number, np.uint8))
        yield Frame(
            "c",
            number,
            picture,
            START + timedelta(seconds=number),
            TimeQuality(source="file", uncertainty_ms=0),
        )


class Slow:
    """Says the picture's number; even ones are done only when the next odd one has begun."""

    name, model_sha256, input_size = "slow", "0" * 64, (4096, 4096)

    def __init__(self, fails_at: int | None = None) -> None:
        self._fails_at = fails_at
        self._begun = [threading.Event() for _ in range(40)]

    def detect(self, image: NDArray[np.uint8]) -> Detections:
        number = int(image[0, 0, 0])
        self._begun[number].set()
        if number % 2 == 0:
            self._begun[number + 1].wait(5)
        if number == self._fails_at:
            raise ModelError("no memory left")
        return Detections(np.array([[0, 0, number, 1]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int64))


@pytest.mark.timeout(30)
def test_they_come_in_order_though_two_are_under_way() -> None:
    told = [(frame.index, int(seen.xyxy[0, 2])) for frame, seen in looked_at(numbered(20), Slow(), 2)]
    assert told == [(number, number) for number in range(20)]


@pytest.mark.timeout(30)
def test_no_more_is_read_than_is_looked_at() -> None:
    taken: list[int] = []
    looks = looked_at(numbered(20, taken), Slow(), 2)
    assert next(looks)[0].index == 0
    assert len(taken) == 3
    looks.close()  # type: ignore[attr-defined]
    assert len(taken) == 3


@pytest.mark.timeout(30)
def test_a_fault_is_told_at_its_frame_and_ends_it() -> None:
    looks = looked_at(numbered(20), Slow(fails_at=5), 2)
    assert [frame.index for frame, _ in (next(looks) for _ in range(5))] == [0, 1, 2, 3, 4]
    with pytest.raises(ModelError, match="no memory"):
        next(looks)
