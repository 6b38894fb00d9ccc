"""Is a list of points a polygon one can stand in? Exact tests on segments, nothing more."""

import math
from collections.abc import Sequence

Point = tuple[float, float]

MAX_CORNERS = 64


def polygon_fault(polygon: Sequence[Point]) -> str | None:
    """What is wrong with the polygon and what is expected, or None when it is simple and has an area."""
    corners = len(polygon)
    if corners < 3:
        return f"has {corners} points; expected at least 3"
    if corners > MAX_CORNERS:
        return f"has {corners} points; expected at most {MAX_CORNERS}"
    if len(set(polygon)) != corners:
        return "a point stands twice; expected each corner once (the last is joined to the first by itself)"
    for first in range(corners):
        for second in range(first + 1, corners):
            if _sides_cross(polygon, first, second):
                return f"sides {first + 1} and {second + 1} cross; expected corners in order around the zone"
    if abs(doubled_area(polygon)) < 1e-5:
        return "has no area; expected corners around a part of the picture"
    return None


def doubled_area(polygon: Sequence[Point]) -> float:
    """Twice the signed area by the shoelace formula; positive when the corners go clockwise on the screen (y down)."""
    return math.fsum(
        (polygon[i - 1][0] * corner[1] - corner[0] * polygon[i - 1][1]) for i, corner in enumerate(polygon)
    )


def segments_touch(a: Point, b: Point, c: Point, d: Point) -> bool:
    """True when segments a-b and c-d have a point in common (ends included)."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _within(p, q, r) for turn, (p, q, r) in zip(turns, ends, strict=True))


def _sides_cross(polygon: Sequence[Point], first: int, second: int) -> bool:
    """Sides `first` < `second`, each from its corner to the next. Neighbours share a corner and may only do that."""
    corners = len(polygon)
    a, b = polygon[first], polygon[(first + 1) % corners]
    c, d = polygon[second], polygon[(second + 1) % corners]
    if b == c:
        return _folds_back(a, b, d)
    if d == a:
        return _folds_back(c, d, b)
    return segments_touch(a, b, c, d)


def _folds_back(a: Point, corner: Point, d: Point) -> bool:
    """The side after the corner lies on the side before it."""
    return (
        _turn(a, corner, d) == 0
        and (a[0] - corner[0]) * (d[0] - corner[0]) + (a[1] - corner[1]) * (d[1] - corner[1]) > 0
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(a: Point, b: Point, p: Point) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])
