"""What a person may see: decided here, and nowhere else (DESIGN 3.8).

Lists, single reads, media, the live stream and exports all take a `Scope`. A thing outside the scope does not exist
for the person: the answer is 404, never 403, so that nothing can be learnt by asking.
"""

from dataclasses import dataclass

from ingest.access.person import Person


@dataclass(frozen=True, slots=True)
class Scope:
    """The cameras that may be seen; `cameras` None means every one, an empty set means none.

    A repository turns it into SQL: no condition for None, `camera IN (...)` otherwise.
    """

    cameras: frozenset[str] | None

    def sees(self, camera_id: str) -> bool:
        """Whether things of this camera may be shown."""
        return self.cameras is None or camera_id in self.cameras


EVERYTHING = Scope(cameras=None)
NOTHING = Scope(cameras=frozenset())


def scope_of(person: Person) -> Scope:
    """What the person may see now. A person who was switched off sees nothing."""
    if not person.active:
        return NOTHING
    return Scope(cameras=person.cameras)
