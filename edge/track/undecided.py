"""Sightings of persons of whom it is not clear yet whether they ride, by number, until that is known."""

from collections import deque

from edge.track.track import Track


class Undecided:
    """The newest sightings of each number; bounded by those seen lately.

    Args:
        most: sightings kept of one number.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[int, deque[tuple[float, Track]]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, track: Track, now_s: float) -> None:
        """Takes in a sighting; of two at one time the first counts."""
        kept = self._kept.setdefault(track.id, deque(maxlen=self._most))
        if not kept or kept[-1][0] < now_s:
            kept.append((now_s, track))

    def take(self, number: int) -> list[tuple[float, Track]]:
        """What was kept of a number, each with its time, oldest first; it is kept no longer."""
        return list(self._kept.pop(number, ()))

    def forget(self, since_s: float) -> None:
        """Drops the numbers that were seen last before that time."""
        for number in [number for number, kept in self._kept.items() if kept[-1][0] < since_s]:
            del self._kept[number]

    def clear(self) -> None:
        """Drops all."""
        self._kept.clear()
