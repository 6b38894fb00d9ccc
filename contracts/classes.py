"""Classes of what is seen on the road. The number is the `class_id` in arrays, the name is what leaves the process."""

from enum import IntEnum


class RoadUserClass(IntEnum):
    """The classes every detector's output is mapped to: road users, and objects that people carry and leave."""

    PERSON = 0
    BICYCLE = 1
    MOTORCYCLE = 2
    CAR = 3
    BUS = 4
    TRUCK = 5
    OBJECT = 6

    @property
    def label(self) -> str:
        """Name used in events, scenes, track logs and the API."""
        return CLASS_LABELS[self]

    @classmethod
    def from_label(cls, label: str) -> "RoadUserClass":
        """Class of that name; ValueError names the accepted ones."""
        try:
            return cls[label.upper()]
        except KeyError:
            known = ", ".join(member.label for member in cls)
            raise ValueError(f"unknown class {label!r}: expected one of {known}") from None


CLASS_LABELS = tuple(member.name.lower() for member in RoadUserClass)
TWO_WHEELERS = frozenset({RoadUserClass.BICYCLE, RoadUserClass.MOTORCYCLE})
VEHICLES = frozenset(RoadUserClass) - {RoadUserClass.PERSON, RoadUserClass.OBJECT}
LOOK_ALIKE_GROUP = (0, 1, 1, 2, 2, 2, 3)
"""Group of each class, by its number: person; bicycle, motorcycle; car, bus, truck; object. Detectors waver within."""
