"""All heads of a scene that can be seen, frame by frame."""

from collections.abc import Sequence

from contracts.scene import SignalHead
from contracts.signals import SignalChange
from edge.frame import Frame
from edge.signal.filter import HeadFilter
from edge.signal.lamp import read_lamp


class HeadsInPicture:
    """Reads the lamps of every head with a region. For one thread."""

    def __init__(self, heads: Sequence[SignalHead]) -> None:
        self._heads = [(head, head.region, HeadFilter(head.id)) for head in heads if head.region is not None]

    def see(self, frame: Frame) -> list[SignalChange]:
        """Changes that became certain with this frame."""
        changes: list[SignalChange] = []
        for head, ((left, top), (right, bottom)), held in self._heads:
            rows = slice(round(top * frame.height), round(bottom * frame.height))
            columns = slice(round(left * frame.width), round(right * frame.width))
            reading = read_lamp(frame.image[rows, columns], head.lamps, head.layout)
            changes += held.see(reading.state, frame.captured_at, discontinuity=frame.discontinuity)
        return changes
