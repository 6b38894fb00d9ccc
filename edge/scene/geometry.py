"""Exact plane geometry on pixels: sides of a line, meeting points, points in polygons, angles. No state, no rounding.

The picture's y axis points down, so "right of a→b" is at the right hand of somebody walking from a to b.
"""

import math
from collections.abc import Sequence

Point = tuple[float, float]


def signed_side(a: Point, b: Point, p: Point) -> float:
    """Twice the area of the triangle a, b, p: positive right of a→b, negative left, 0 on it (pixels squared)."""
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def signed_distance(a: Point, b: Point, p: Point) -> float:
    """Distance of p from the endless line through a and b, pixels: positive right of a→b, negative left."""
    return signed_side(a, b, p) / distance(a, b)


def distance(a: Point, b: Point) -> float:
    """Euclidean, pixels."""
    return math.hypot(b[0] - a[0], b[1] - a[1])


def along(a: Point, b: Point, fraction: float) -> Point:
    """Point at `fraction` of the way from a to b."""
    return a[0] + (b[0] - a[0]) * fraction, a[1] + (b[1] - a[1]) * fraction


def meeting(p: Point, q: Point, a: Point, b: Point) -> float | None:
    """Fraction of the way p→q at which it passes from one side of segment a-b to the other.

    "On the line" belongs to the right side, so a path that stops on the line and goes on is one passage, not two.

    Returns:
        None when both ends are on one side, or the path passes beyond an end of the segment.
    """
    before, after = signed_side(a, b, p), signed_side(a, b, q)
    if (before < 0) == (after < 0):
        return None
    fraction = before / (before - after)
    x, y = along(p, q, fraction)
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)
    return fraction if 0 <= share <= 1 else None


def is_inside(p: Point, polygon: Sequence[Point]) -> bool:
    """True when p is in the polygon or on its edge. Ray casting (even-odd rule) with exact edge tests."""
    inside = False
    x, y = p
    ax, ay = polygon[-1]
    for bx, by in polygon:
        if ay <= y <= by or by <= y <= ay:  # else the edge lies above or below
            side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if side == 0 and (ax <= x <= bx or bx <= x <= ax):
                return True
            if (ay > y) != (by > y) and (side < 0) == (by < ay):
                inside = not inside
        ax, ay = bx, by
    return inside


def boundary_fraction(p: Point, q: Point, polygon: Sequence[Point]) -> float | None:
    """Fraction of the way p→q at which it first meets the polygon's edge; None when it does not."""
    met = [meeting(p, q, polygon[i - 1], corner) for i, corner in enumerate(polygon)]
    return min((fraction for fraction in met if fraction is not None), default=None)


def edge_distance(p: Point, polygon: Sequence[Point]) -> float:
    """Distance from p to the nearest point of the polygon's edge, pixels."""
    return min(segment_distance(p, polygon[i - 1], corner) for i, corner in enumerate(polygon))


def sides_along(polygon: Sequence[Point], start: Point, end: Point) -> list[tuple[Point, Point]]:
    """Edges of a polygon that lie along an arrow: of a lane and the direction of its traffic, all but its two ends.

    An end is met by the arrow drawn on beyond both its points, at 45 degrees or more (so a side that bends is none),
    and goes on over the next edges while they turn by less than 30 degrees each. All edges where none lies along it.
    """
    edges = [(polygon[i - 1], corner) for i, corner in enumerate(polygon)]
    ends = {i for i, edge in enumerate(edges) if _is_met(edge, start, end)}
    for step in (1, -1):
        for i in list(ends):
            following = (i + step) % len(edges)
            while following not in ends and _turn_deg(edges[(following - step) % len(edges)], edges[following]) < 30:
                ends.add(following)
                following = (following + step) % len(edges)
    return [edge for i, edge in enumerate(edges) if i not in ends] or edges


def _is_met(edge: tuple[Point, Point], start: Point, end: Point) -> bool:
    """The endless arrow passes through the edge, at 45 degrees or more."""
    if (signed_side(start, end, edge[0]) < 0) == (signed_side(start, end, edge[1]) < 0):
        return False
    return 45 <= _turn_deg(edge, (start, end)) <= 135


def _turn_deg(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    return angle_between_deg((bx - ax, by - ay), (dx - cx, dy - cy))


def segment_distance(p: Point, a: Point, b: Point) -> float:
    """Distance from p to the nearest point of segment a-b, pixels."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length if length else 0.0
    return distance(p, along(a, b, min(max(share, 0.0), 1.0)))


def angle_between_deg(u: Point, v: Point) -> float:
    """Angle between two vectors, 0..180 degrees. ValueError when one has no length."""
    if u == (0, 0) or v == (0, 0):
        raise ValueError("a vector without length has no direction")
    return math.degrees(abs(math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])))


def box_iou(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Overlap of two boxes x1, y1, x2, y2: intersection over union, 0..1; 0 for boxes without area."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
