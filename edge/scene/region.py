"""A polygon that is asked about points again and again.

The polygon's bounding box is cut into `GRID` by `GRID` cells. A cell that no edge touches lies wholly inside or wholly
outside, so one exact test answers for all its points; in the others each point is tested. The answers are those of
`is_inside`, to the last bit. Cells are looked at when a point first falls into them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from edge.scene.geometry import Point, is_inside, signed_side

GRID = 32
PATCHES = 64  # across and down the picture
BLOCK = 8  # patches across and down that are looked at together first
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


_Known = tuple[dict[str, bool | None], list[bool | None]]
"""Of each area, whether it holds all of a rectangle, and of each line, whether all of it is right of it."""


class Here(NamedTuple):
    """Where a point is. What is equal in one Patchwork is the same object, so that `is` compares.

    Attributes:
        areas: ids of the areas that hold it, in the scene's order.
        sides: of each line, whether it is right of it (or on it).
    """

    areas: tuple[str, ...]
    sides: tuple[bool, ...]


class Patchwork:
    """The picture cut into cells, each with the areas that hold all of it and the lines it lies on one side of.

    What a cell leaves open is asked of the point itself, so the answers are those of `is_inside` and `signed_side`.

    Args:
        regions: areas by id.
        size: width and height of the picture, pixels.
        lines: ends of lines; a side of them is one of the endless line.
    """

    __slots__ = (
        "_across",
        "_areas",
        "_blocks",
        "_cells",
        "_down",
        "_height",
        "_here",
        "_lines",
        "_regions",
        "_sides",
        "_width",
    )

    def __init__(
        self, regions: Mapping[str, Region], size: tuple[int, int], lines: Sequence[tuple[Point, Point]] = ()
    ) -> None:
        self._regions, self._lines = dict(regions), tuple(lines)
        self._width, self._height = size
        self._across, self._down = PATCHES / self._width, PATCHES / self._height
        self._here: dict[tuple[tuple[str, ...], tuple[bool, ...]], Here] = {}
        self._areas: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sides: dict[tuple[bool, ...], tuple[bool, ...]] = {}
        beyond = _Cell(self, dict.fromkeys(self._regions), [None] * len(self._lines))
        self._cells: dict[int, Here | _Cell] = {-1: beyond}
        self._blocks: dict[tuple[int, int], _Known] = {}

    def at(self, p: Point) -> Here:
        """Areas a point is in, and sides of the lines it is on; in the picture or out of it."""
        x, y = p
        if 0 <= x <= self._width and 0 <= y <= self._height:
            key = int(y * self._down) * (PATCHES + 1) + int(x * self._across)
        else:
            key = -1
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = self._look_at(*divmod(key, PATCHES + 1))
        return cell if isinstance(cell, Here) else cell.at(p)

    def line(self, number: int) -> tuple[Point, Point]:
        """Ends of a line."""
        return self._lines[number]

    def region(self, area: str) -> Region:
        """An area."""
        return self._regions[area]

    def here(self, areas: tuple[str, ...], sides: tuple[bool, ...]) -> Here:
        """The one object for these answers."""
        areas, sides = self._areas.setdefault(areas, areas), self._sides.setdefault(sides, sides)
        return self._here.setdefault((areas, sides), Here(areas, sides))

    def _look_at(self, row: int, column: int) -> "Here | _Cell":
        block = row // BLOCK, column // BLOCK
        known = self._blocks.get(block)
        if known is None:
            nothing: _Known = dict.fromkeys(self._regions), [None] * len(self._lines)
            known = self._blocks[block] = self._closer(nothing, self._box(*block, BLOCK))
        areas, sides = self._closer(known, self._box(row, column, 1))
        if None in sides or None in areas.values():
            return _Cell(self, areas, sides)
        return self.here(tuple(key for key, is_in in areas.items() if is_in), tuple(side is True for side in sides))

    def _box(self, row: int, column: int, cells: int) -> tuple[float, float, float, float]:
        """Rectangle of so many cells across and down, in the row and column of such rectangles."""
        width, height = cells / self._across, cells / self._down
        return column * width, row * height, (column + 1) * width, (row + 1) * height

    def _closer(self, known: _Known, box: tuple[float, float, float, float]) -> _Known:
        """What is known of a rectangle around this one, and what can be said of this one besides."""
        areas, sides = known
        return (
            {
                key: _of_cell(self._regions[key].polygon, box) if is_in is None else is_in
                for key, is_in in areas.items()
            },
            [_side_of_cell(self._lines[n], box) if is_right is None else is_right for n, is_right in enumerate(sides)],
        )


class _Cell:
    """A cell an edge or a line runs through: what holds for all of it is kept, the rest (None) asked of each point."""

    __slots__ = ("_areas", "_holds", "_lines", "_patchwork", "_sides", "_told")

    def __init__(self, patchwork: Patchwork, areas: Mapping[str, bool | None], sides: Sequence[bool | None]) -> None:
        self._patchwork, self._areas, self._sides = patchwork, areas, sides
        self._holds = [patchwork.region(key).holds for key, is_in in areas.items() if is_in is None]
        lines = [patchwork.line(number) for number, is_right in enumerate(sides) if is_right is None]
        self._lines = [(a[0], a[1], b[0] - a[0], b[1] - a[1]) for a, b in lines]
        self._told: dict[int, Here] = {}

    def at(self, p: Point) -> Here:
        """As `Patchwork.at`, for a point of the cell."""
        x, y = p
        answers = 1
        for holds in self._holds:
            answers = answers * 2 + holds(p)
        for left, top, dx, dy in self._lines:  # signed_side
            answers = answers * 2 + (dx * (y - top) - dy * (x - left) >= 0)
        here = self._told.get(answers)
        if here is None:
            here = self._told[answers] = self._here(f"{answers:b}"[1:])
        return here

    def _here(self, answers: str) -> Here:
        """With 1 or 0 for each area, then each line that was asked."""
        told = iter(answers)
        areas = tuple(key for key, is_in in self._areas.items() if (next(told) == "1" if is_in is None else is_in))
        sides = tuple(next(told) == "1" if is_right is None else is_right for is_right in self._sides)
        return self._patchwork.here(areas, sides)


def _side_of_cell(line: tuple[Point, Point], box: tuple[float, float, float, float]) -> bool | None:
    """Whether all points of a rectangle are right of an endless line (True), left (False), or it depends (None)."""
    sides = [signed_side(*line, corner) for corner in _corners(box)]
    return None if min(sides) <= 0 <= max(sides) else sides[0] > 0


def _of_cell(polygon: Sequence[Point], box: tuple[float, float, float, float]) -> bool | None:
    """Whether all points of a rectangle are inside (True), outside (False), or it depends (None)."""
    corners = _corners(box)
    (left, top), (right, bottom) = corners[0], corners[2]
    a = polygon[-1]
    for b in polygon:
        beside = max(a[0], b[0]) < left or min(a[0], b[0]) > right
        if not (beside or max(a[1], b[1]) < top or min(a[1], b[1]) > bottom):
            sides = [signed_side(a, b, corner) for corner in corners]
            if min(sides) <= 0 <= max(sides):
                return None
        a = b
    return is_inside(((left + right) / 2, (top + bottom) / 2), polygon)


def _corners(box: tuple[float, float, float, float]) -> tuple[Point, Point, Point, Point]:
    """Of a rectangle, a little wider than it is."""
    left, top, right, bottom = box
    spare_x, spare_y = MARGIN * (right - left), MARGIN * (bottom - top)
    left, top, right, bottom = left - spare_x, top - spare_y, right + spare_x, bottom + spare_y
    return (left, top), (right, top), (right, bottom), (left, bottom)
