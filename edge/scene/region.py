"""A polygon that is asked about points again and again.

The polygon's bounding box is cut into `GRID` by `GRID` cells. A cell that no edge touches lies wholly inside or wholly
outside, so one exact test answers for all its points; in the others each point is tested. The answers are those of
`is_inside`, to the last bit. Cells are looked at when a point first falls into them.
"""

from collections.abc import Mapping, Sequence

from edge.scene.geometry import Point, is_inside, signed_side

GRID = 32
PATCHES = 64  # across and down the picture
MARGIN = 1e-5  # of a cell: far above what rounding may move a point to another cell


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
        left, top = self.left + column * width, self.top + row * height
        return _of_cell(self.polygon, (left, top, left + width, top + height))


class Patchwork:
    """The picture cut into cells, each with the areas that hold all of it."""

    __slots__ = ("_across", "_cells", "_down", "_height", "_regions", "_width")

    def __init__(self, regions: Mapping[str, Region], size: tuple[int, int]) -> None:
        self._regions = regions
        self._width, self._height = size
        self._across, self._down = PATCHES / self._width, PATCHES / self._height
        self._cells: dict[int, tuple[str, ...] | None] = {}

    def areas_at(self, p: Point) -> tuple[str, ...] | None:
        """Ids of the areas a point is in, where that is so for all of its cell; None where an edge runs through it,
        and outside of the picture."""
        x, y = p
        if not (0 <= x <= self._width and 0 <= y <= self._height):
            return None
        cell = int(y * self._down) * (PATCHES + 1) + int(x * self._across)
        try:
            return self._cells[cell]
        except KeyError:
            areas = self._cells[cell] = self._look_at(*divmod(cell, PATCHES + 1))
            return areas

    def _look_at(self, row: int, column: int) -> tuple[str, ...] | None:
        width, height = 1 / self._across, 1 / self._down
        box = column * width, row * height, (column + 1) * width, (row + 1) * height
        known = {key: _of_cell(region.polygon, box) for key, region in self._regions.items()}
        return None if None in known.values() else tuple(key for key, is_in in known.items() if is_in)


def _of_cell(polygon: Sequence[Point], box: tuple[float, float, float, float]) -> bool | None:
    """Whether all points of a rectangle are inside (True), outside (False), or it depends (None)."""
    left, top, right, bottom = box
    spare_x, spare_y = MARGIN * (right - left), MARGIN * (bottom - top)
    left, top, right, bottom = left - spare_x, top - spare_y, right + spare_x, bottom + spare_y
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    a = polygon[-1]
    for b in polygon:
        beside = max(a[0], b[0]) < left or min(a[0], b[0]) > right
        if not (beside or max(a[1], b[1]) < top or min(a[1], b[1]) > bottom):
            sides = [signed_side(a, b, corner) for corner in corners]
            if min(sides) <= 0 <= max(sides):
                return None
        a = b
    return is_inside(((left + right) / 2, (top + bottom) / 2), polygon)
