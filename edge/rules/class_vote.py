"""Is a candidate of a class the rule judges? One frame's class may be wrong, so the majority of its sightings tells."""

from collections.abc import Collection

from edge.track.track import Track


class ClassVote:
    """Sightings of a candidate, and how many of them are of a class that is judged."""

    __slots__ = ("_for", "_sightings")

    def __init__(self) -> None:
        self._sightings = 0
        self._for = 0

    def see(self, track: Track, classes: Collection[str]) -> None:
        """Takes the next sighting."""
        self._sightings += 1
        self._for += track.cls.label in classes

    @property
    def is_carried(self) -> bool:
        """More than half of the sightings are of a class that is judged."""
        return 2 * self._for > self._sightings
