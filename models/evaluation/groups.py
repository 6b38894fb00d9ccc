"""Classes that detectors take for one another: figures are given for each class, and for each group of them."""

from contracts.classes import CLASS_LABELS, LOOK_ALIKE_GROUP

GROUPS = ("person", "two-wheeler", "vehicle", "object")
"""Name of each number of LOOK_ALIKE_GROUP."""


def members(group: int) -> tuple[str, ...]:
    """Names of a group's classes."""
    return tuple(label for label, its in zip(CLASS_LABELS, LOOK_ALIKE_GROUP, strict=True) if its == group)
