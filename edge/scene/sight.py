"""Is somebody too small to be seen where the scene looks? And which region would help.

    px = √(w h) · m · s · k

w, h  width and height of the road user from the front, metres (outline.py): the least it shows of itself
m     pixels per metre across the picture: 1 / √((∂x/∂u)² + (∂y/∂u)²) of the ground plane at that place (a pinhole
      camera without roll shows all that is equally far away at one scale; Hartley and Zisserman, Multiple View
      Geometry, 2004, chapter 6); where nothing is calibrated, the width of a lane there over 3.5 m (TCVN 4054:2005)
s     pixels of the network's input per pixel of the picture
k     magnification of the largest detection region that is looked at there, 1 without any

Against it SEEN_PX: below that most are missed in a picture, or many. `python -m tests.accuracy.sizes` measures it, with
YOLOv8n at 640x384 on pictures shrunk step by step: of two-wheelers it finds 9 % at 16 to 24 px, 25 % at 24 to 32, 77 %
at 32 to 48 and 97 % above; of people on foot 53 % at 8 to 12, 85 % at 12 to 16 and 96 % above. (COCO calls objects
below 32 px small.)
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.classes import RoadUserClass
from contracts.scene import Lane, SceneConfig
from contracts.scene.regions import LEAST_SHOWN, MOST_SCALE, Cut
from edge.scene.geometry import Point, along, is_inside
from edge.scene.ground import Ground, ground_of
from edge.scene.outline import USUAL

SEEN_PX = {RoadUserClass.MOTORCYCLE: 32.0, RoadUserClass.PERSON: 16.0}
INPUT = (640, 384)  # usual width and height of the network's input
LANE_M = 3.5
ACROSS_M, DOWN_M = 2.0, 3.0  # room around a point across and down the picture, measured level with it: a vehicle's
STEPS = 10  # along a lane


@dataclass(frozen=True, slots=True)
class TooSmall:
    """Somebody who is expected to be too small at a place.

    Attributes:
        place: id.
        label: class that is expected.
        px: its size there in the network's input, root of width times height.
        scale: at which it would be seen.
        bounds: left, top, right, bottom of a region that would help, shares of the picture.
        shown_now: magnification of the regions that are there already.
    """

    place: str
    label: str
    px: float
    scale: float
    bounds: Cut
    shown_now: float = 1.0

    @property
    def can_be_helped(self) -> bool:
        """A region would show it clearly larger than it is shown now."""
        return self.shown >= LEAST_SHOWN * self.shown_now

    @property
    def shown(self) -> float:
        """The scale such a region can have, in tenths: at most what fits."""
        left, top, right, bottom = self.bounds
        fits = 1 / max(right - left, bottom - top)
        return max(1.0, min(math.ceil(self.scale * 10) / 10, math.floor(fits * 10) / 10, MOST_SCALE))

    def line(self) -> str:
        """A region for it, as it stands in a scene file."""
        left, top, right, bottom = (round(side, 3) for side in self.bounds)
        corners = f"[{left:g}, {top:g}], [{right:g}, {top:g}], [{right:g}, {bottom:g}], [{left:g}, {bottom:g}]"
        return f"- {{id: {self.place}-larger, polygon: [{corners}], scale: {self.shown:g}}}"


def too_small(scene: SceneConfig, size: tuple[int, int]) -> list[TooSmall]:
    """Who is expected to be too small, place by place; empty where no size is known.

    Args:
        scene: it.
        size: width and height of the picture, pixels. Only their ratio matters.
    """
    sight = _Sight(scene, size)
    found = [sight.judge(*one) for one in _looked_at(scene)]
    return [one for one in found if one is not None]


def proposals(found: Sequence[TooSmall]) -> list[TooSmall]:
    """Regions that would help, as few as show all of them as large as they must be; each in the name of one place.

    A place is left out whose region would be hardly larger than the picture.
    """
    kept: list[TooSmall] = []
    for one in found:
        if not one.can_be_helped:
            continue
        for number, other in enumerate(kept):
            both = replace(other, scale=max(one.scale, other.scale), bounds=_hull(one.bounds, other.bounds))
            if both.shown >= max(one.shown, other.shown):
                kept[number] = both
                break
        else:
            kept.append(one)
    return kept


def told(scene: SceneConfig, size: tuple[int, int]) -> list[str]:
    """The same in words, each with what to do."""
    found = too_small(scene, size)
    words = [_words(one) for one in found]
    words += [f"add under detection_regions: {one.line()}" for one in proposals(found)]
    flat = [region.id for region in scene.detection_regions if region.magnification < LEAST_SHOWN]
    return words + [
        f"detection region {name} shows nothing larger than the whole picture does, and is passed over; draw it smaller"
        for name in flat
    ]


def _words(one: TooSmall) -> str:
    seen = f"{one.place}: a {one.label} is about {one.px:.0f} px large in the network's input there"
    often = f"of those below {SEEN_PX[RoadUserClass.from_label(one.label)]:.0f} px many are not seen"
    if one.can_be_helped:
        return f"{seen}; {often}"
    return f"{seen}; {often}, and no region shows it larger: take a camera nearer by, or a larger input"


def _looked_at(scene: SceneConfig) -> Iterator[tuple[str, RoadUserClass, tuple[Point, ...]]]:
    """Places, who is expected there, and points of it."""
    for line in (*scene.stop_lines, *scene.lines, *scene.gates):
        yield line.id, RoadUserClass.MOTORCYCLE, (line.start, along(line.start, line.end, 0.5), line.end)
    for lane in scene.lanes:
        start, end = lane.direction.start, lane.direction.end
        yield lane.id, RoadUserClass.MOTORCYCLE, tuple(along(start, end, n / STEPS) for n in range(STEPS + 1))
    for zone in scene.zones:
        if zone.kind == "crossing":
            yield zone.id, RoadUserClass.PERSON, zone.polygon


class _Sight:
    """How large things are seen, place by place, in a picture of one size."""

    def __init__(self, scene: SceneConfig, size: tuple[int, int]) -> None:
        self._scene = scene
        self._width, self._height = size
        self._ground: Ground | None = ground_of(scene.calibration, size)
        self._input = min(INPUT[0] / size[0], INPUT[1] / size[1])

    def judge(self, place: str, cls: RoadUserClass, points: tuple[Point, ...]) -> TooSmall | None:
        """The place, where somebody of the class is too small at one of its points."""
        body = USUAL[cls]
        metres = math.sqrt(body.width * body.height)
        sizes = [(point, scale) for point in points if (scale := self._px_per_m(point)) is not None]
        small = [
            (point, scale, metres * scale * self._input * self._magnification(point, cls)) for point, scale in sizes
        ]
        small = [one for one in small if one[2] < SEEN_PX[cls]]
        if not small:
            return None
        least = min(px for _, _, px in small)
        plain = min(metres * scale * self._input for _, scale, _ in small)
        bounds = self._around([one[:2] for one in small])
        now = min(self._magnification(point, cls) for point, _, _ in small)
        return TooSmall(place, cls.label, least, SEEN_PX[cls] / plain, bounds, now)

    def _px_per_m(self, point: Point) -> float | None:
        """Pixels per metre across the picture at a point (shares); None where that is not known."""
        pixel = point[0] * self._width, point[1] * self._height
        if self._ground is not None:
            try:
                self._ground.metres(pixel)
            except ValueError:
                return None
            across = math.hypot(*self._ground.slopes(pixel)[::2])
            return 1 / across if across > 0 else None
        widths = [self._lane_px(lane, point) for lane in self._scene.lanes if is_inside(point, lane.polygon)]
        known = [width for width in widths if width is not None]
        return max(known) / LANE_M if known else None

    def _lane_px(self, lane: Lane, point: Point) -> float | None:
        """Width of a lane level with a point; None for one that runs across the picture, whose width is not seen so."""
        (x1, y1), (x2, y2) = lane.direction.in_pixels(self._width, self._height)
        if abs(y2 - y1) <= abs(x2 - x1):
            return None
        x, y = point
        met = [
            ax + (bx - ax) * (y - ay) / (by - ay)
            for (ax, ay), (bx, by) in zip(lane.polygon, (*lane.polygon[1:], lane.polygon[0]), strict=True)
            if (ay > y) != (by > y)
        ]
        left, right = [side for side in met if side <= x], [side for side in met if side > x]
        return (min(right) - max(left)) * self._width if left and right else None

    def _magnification(self, point: Point, cls: RoadUserClass) -> float:
        there = [
            region.magnification
            for region in self._scene.detection_regions
            if (region.classes is None or cls.label in region.classes) and is_inside(point, region.polygon)
        ]
        return max(there, default=1.0)

    def _around(self, points: list[tuple[Point, float]]) -> Cut:
        """Rectangle with some metres around each point, within the picture."""
        room = [(x, y, ACROSS_M * scale / self._width, DOWN_M * scale / self._height) for (x, y), scale in points]
        return (
            max(min(x - across for x, _, across, _ in room), 0.0),
            max(min(y - down for _, y, _, down in room), 0.0),
            min(max(x + across for x, _, across, _ in room), 1.0),
            min(max(y + down for _, y, _, down in room), 1.0),
        )


def _hull(a: Cut, b: Cut) -> Cut:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
