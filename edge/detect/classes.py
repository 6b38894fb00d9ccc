"""COCO class numbers to RoadUserClass, and which classes a detector may take for one another."""

import ast

import numpy as np
from numpy.typing import NDArray

from contracts.classes import LOOK_ALIKE_GROUP, RoadUserClass

NOT_OURS = -1

COCO_NUMBERS: dict[RoadUserClass, tuple[int, ...]] = {
    RoadUserClass.PERSON: (0,),
    RoadUserClass.BICYCLE: (1,),
    RoadUserClass.CAR: (2,),
    RoadUserClass.MOTORCYCLE: (3,),
    RoadUserClass.BUS: (5,),
    RoadUserClass.TRUCK: (7,),
    RoadUserClass.OBJECT: (24, 26, 28),  # backpack, handbag, suitcase
}
COCO_COUNT = 80

ALIASES = {
    "motorbike": "motorcycle",
    "bike": "bicycle",
    "pedestrian": "person",
    "lorry": "truck",
    "backpack": "object",
    "handbag": "object",
    "suitcase": "object",
    "bag": "object",
    "luggage": "object",
}

GROUP = np.array(LOOK_ALIKE_GROUP, np.int64)
"""(7,) look-alike group of each RoadUserClass."""


def class_named(name: str) -> int | None:
    """Number of our class of that name, or of what others call it; None for one that is not ours."""
    label = ALIASES.get(name, name)
    return next((int(cls) for cls in RoadUserClass if cls.label == label), None)


def coco_table() -> NDArray[np.int64]:
    """(80,) RoadUserClass of each COCO number, or NOT_OURS."""
    table = np.full(COCO_COUNT, NOT_OURS, np.int64)
    for cls, numbers in COCO_NUMBERS.items():
        table[list(numbers)] = int(cls)
    return table


def table_from_names(text: str | None, count: int) -> NDArray[np.int64] | None:
    """RoadUserClass of each output number, from a file's own `names` (`{0: 'person', …}`), or NOT_OURS.

    Returns:
        None when the text is missing, unreadable, or does not name every number below `count`.
    """
    try:
        names = ast.literal_eval(text or "")
        labels = [str(names[number]).lower() for number in range(count)]
    except (ValueError, SyntaxError, KeyError, IndexError, TypeError):
        return None
    numbers = [class_named(label) for label in labels]
    return np.array([NOT_OURS if number is None else number for number in numbers], np.int64)
