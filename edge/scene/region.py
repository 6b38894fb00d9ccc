"""A polygon that is asked about points again and again.

The polygon's bounding box is cut into `GRID` by `GRID` cells. A cell that no edge touches lies wholly inside or wholly
outside, so one exact test answers for all its points; in the others each point is tested. The answers are those of
`is_inside`, to the last bit. Cells are looked at when a point first falls into them.
"""

from collections.abc import Sequence

from edge.scene.geometry import Point, is_inside, signed_side

GRID = 32
MARGIN = 1e-6  # of the bounding box: far above what rounding may move a point to another cell


class Region:
    """A polygon, pixels, with its bounding box."""

    __slots__ = ("_across", "_cells", "_down", "bottom", "left", "polygon", "right", "top")

    def __init__(self, polygon: Sequence[Point]) -> None:
        self.polygon = tuple(polygon)
        xs, ys = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        self.left, self.right, self.top, self.bottom = min(xs), max(xs), min(ys), max(ys)
        self._across = GRID / ((self.right - self.left) or 1.0)
        self._down = GRID / ((self.bottom - self.top) or 1.0)
        self._cells: dict[int, bool | None] = {}

    def holds(self, p: Point) -> bool:
        """True when p is in the polygon or on its edge."""
        x, y = p
        if x < self.left or x > self.right or y < self.top or y > self.bottom:
            return False
        column, row = int((x - self.left) * self._across), int((y - self.top) * self._down)
        cell = row * (GRID + 1) + column  # the right and lower edges are cells of their own
        try:
            known = self._cells[cell]
        except KeyError:
            known = self._cells[cell] = self._look_at(column, row)
        return is_inside(p, self.polygon) if known is None else known

    def _look_at(self, column: int, row: int) -> bool | None:
        """Whether all points of a cell are inside (True), outside (False), or it depends (None)."""
        width, height = 1 / self._across, 1 / self._down
        spare_x, spare_y = MARGIN * width * GRID, MARGIN * height * GRID
        left, top = self.left + column * width - spare_x, self.top + row * height - spare_y
        right, bottom = left + width + 2 * spare_x, top + height + 2 * spare_y
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        a = self.polygon[-1]
        for b in self.polygon:
            beside = max(a[0], b[0]) < left or min(a[0], b[0]) > right
            if not (beside or max(a[1], b[1]) < top or min(a[1], b[1]) > bottom):
                sides = [signed_side(a, b, corner) for corner in corners]
                if min(sides) <= 0 <= max(sides):
                    return None
            a = b
        return is_inside(((left + right) / 2, (top + bottom) / 2), self.polygon)
