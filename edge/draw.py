"""Scene and tracks over a picture, for live previews and `giaolo scene show`. Readable from 640 pixels on.

Both functions draw on the picture they are given and return it; hand over a copy where the original is still needed.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.scene import DetectionRegion, Lane, SceneConfig, SignalHead, SolidLine, Zone, ZoneKind
from contracts.scene.places import Area, Place, Segment
from edge.track.track import Track

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]  # blue, green, red

CLASS_COLOURS: dict[RoadUserClass, Colour] = {
    RoadUserClass.PERSON: (80, 200, 255),
    RoadUserClass.BICYCLE: (120, 230, 120),
    RoadUserClass.MOTORCYCLE: (90, 220, 60),
    RoadUserClass.CAR: (255, 190, 70),
    RoadUserClass.BUS: (255, 120, 170),
    RoadUserClass.TRUCK: (200, 140, 255),
    RoadUserClass.OBJECT: (190, 190, 190),
}
ZONE_COLOURS: dict[ZoneKind, Colour] = {
    "carriageway": (200, 160, 60),
    "restricted": (60, 60, 230),
    "presence": (170, 170, 170),
    "junction": (60, 200, 200),
    "crossing": (240, 240, 240),
    "no_stopping": (60, 120, 255),
    "no_entry": (120, 60, 230),
}
LANE_COLOURS: tuple[Colour, Colour] = (230, 200, 90), (210, 230, 120)  # neighbours differ
LANE_NAME_AT = (0.2, 0.45, 0.7)  # of the way along a lane's arrow
LINE_COLOUR: Colour = (60, 230, 255)
STOP_COLOUR: Colour = (70, 70, 255)
GATE_COLOUR: Colour = (255, 120, 220)
SOLID_COLOUR: Colour = (250, 250, 250)
HEAD_COLOUR: Colour = (90, 255, 140)
LOOK_COLOUR: Colour = (40, 150, 255)
INK: Colour = (20, 20, 20)
PALE: Colour = (245, 245, 245)
FONT = cv2.FONT_HERSHEY_SIMPLEX
TINT = 0.14  # of a zone's colour over the picture


def draw_scene(image: Picture, scene: SceneConfig) -> Picture:
    """Every place of a scene: areas tinted, with their direction; lines with an arrow forward; names last, on top."""
    areas: list[tuple[Zone | Lane, Colour, str]] = [
        (zone, ZONE_COLOURS[zone.kind], _named(zone)) for zone in scene.zones
    ]
    areas += [
        (lane, LANE_COLOURS[number % 2], f"{number + 1} {_named(lane)}{_limit(lane)}")
        for number, lane in enumerate(scene.lanes)
    ]
    if areas:
        tint = image.copy()
        for area, colour, _ in areas:
            cv2.fillPoly(tint, [_corners(area, image)], colour)
        cv2.addWeighted(tint, TINT, image, 1 - TINT, 0, dst=image)
    names = [_draw_area(image, area, colour, name) for area, colour, name in areas]
    names += [_draw_solid(image, solid) for solid in scene.solid_lines]
    for line in scene.lines:
        names += _draw_directed(image, line, LINE_COLOUR, line.forward)
    for stop in scene.stop_lines:
        names += _draw_directed(image, stop, STOP_COLOUR, "stop")
    for gate in scene.gates:
        names += _draw_directed(image, gate, GATE_COLOUR, "in")
    names += [_draw_head(image, head) for head in scene.signal_heads if head.region is not None]
    names += [_draw_look(image, region) for region in scene.detection_regions]
    for text, place, colour in names:
        write(image, text, place, colour)
    return image


def draw_tracks(image: Picture, tracks: Sequence[Track]) -> Picture:
    """Boxes with class, id and number of riders; a predicted box is thin."""
    width = stroke(image)
    for track in tracks:
        colour = CLASS_COLOURS[track.cls]
        start, end = _whole(track.x1, track.y1), _whole(track.x2, track.y2)
        cv2.rectangle(image, start, end, colour, width if track.observed else 1, cv2.LINE_AA)
        riders = f" x{track.riders}" if track.riders else ""
        write(image, f"{track.cls.label} {track.id}{riders}", (start[0], start[1] - 2), colour)
    return image


Name = tuple[str, tuple[int, int], Colour]  # text, bottom left, colour of its plate


def _named(place: Place) -> str:
    return place.id if not place.name or place.name == place.id or not place.name.isascii() else place.name


def _limit(lane: Lane) -> str:
    return "" if lane.speed_limit_kmh is None else f" {lane.speed_limit_kmh:g} km/h"


def _draw_area(image: Picture, area: Zone | Lane, colour: Colour, name: str) -> Name:
    corners = _corners(area, image)
    cv2.polylines(image, [corners], isClosed=True, color=colour, thickness=stroke(image), lineType=cv2.LINE_AA)
    if area.direction is not None:
        start, end = pixels(area.direction.start, image), pixels(area.direction.end, image)
        cv2.arrowedLine(image, start, end, colour, stroke(image), cv2.LINE_AA, tipLength=0.08)
    if isinstance(area, Lane):  # neighbours' names do not cover each other
        along = LANE_NAME_AT[int(name.split(maxsplit=1)[0]) % len(LANE_NAME_AT)]
        x, y = (a + (b - a) * along for a, b in zip(area.direction.start, area.direction.end, strict=True))
        return name, _beside(pixels((x, y), image), 5), colour
    top = corners[corners[:, 1].argmin()]
    return name, (int(top[0]) + 3, int(top[1]) + _letter(image) + 8), colour


def _beside(place: tuple[int, int], px: int) -> tuple[int, int]:
    return place[0] + px, place[1]


def _draw_solid(image: Picture, line: SolidLine) -> Name:
    points = np.array([pixels(point, image) for point in line.points], dtype=np.int32)
    for colour, width in ((INK, 3 * stroke(image)), (SOLID_COLOUR, stroke(image))):
        cv2.polylines(image, [points], isClosed=False, color=colour, thickness=width, lineType=cv2.LINE_AA)
    middle = points[len(points) // 2]
    return _named(line), (int(middle[0]) + 6, int(middle[1]) - 4), SOLID_COLOUR


def _draw_directed(image: Picture, line: Segment, colour: Colour, forward: str) -> list[Name]:
    """A directed line with an arrow to the side forward leads to."""
    start, end = pixels(line.start, image), pixels(line.end, image)
    cv2.line(image, start, end, colour, stroke(image) + 1, cv2.LINE_AA)
    middle = np.array([(start[0] + end[0]) / 2, (start[1] + end[1]) / 2])
    way = np.array([end[0] - start[0], end[1] - start[1]], dtype=float)
    right = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1.0) * image.shape[0] * 0.06
    tip = middle + right
    cv2.arrowedLine(image, _whole(*middle), _whole(*tip), colour, stroke(image), cv2.LINE_AA, tipLength=0.3)
    beside = _whole(tip[0] + 4, tip[1] + 4)
    if forward in {"stop", "in"}:
        name = _named(line)
        return [(name if forward in name else f"{name}: {forward}", beside, colour)]
    return [(forward, beside, colour), (_named(line), _whole(start[0] + 4, start[1] - 4), colour)]


def _draw_head(image: Picture, head: SignalHead) -> Name:
    (x1, y1), (x2, y2) = (pixels(corner, image) for corner in head.region or ((0, 0), (0, 0)))
    cv2.rectangle(image, (x1, y1), (x2, y2), HEAD_COLOUR, stroke(image), cv2.LINE_AA)
    return _named(head), (x2 + 3, y1 + _letter(image)), HEAD_COLOUR


def _draw_look(image: Picture, region: DetectionRegion) -> Name:
    """A detection region, and with a thin line what is cut out for it."""
    left, top, right, bottom = region.cut
    start, end = pixels((left, top), image), pixels((right, bottom), image)
    cv2.rectangle(image, start, end, LOOK_COLOUR, 1, cv2.LINE_AA)
    cv2.polylines(image, [_corners(region, image)], True, LOOK_COLOUR, stroke(image), cv2.LINE_AA)
    return f"{_named(region)} x{region.magnification:.1f}", (start[0] + 3, end[1] - 3), LOOK_COLOUR


def write(image: Picture, text: str, place: tuple[int, int], colour: Colour) -> None:
    """Dark text on a plate of `colour`, kept inside the picture. `place`: its bottom left."""
    scale = 0.4 * _scale(image)
    (width, height), below = cv2.getTextSize(text, FONT, scale, 1)
    x = max(0, min(place[0], image.shape[1] - width - 4))
    y = max(height + below, min(place[1], image.shape[0] - 1))
    cv2.rectangle(image, (x, y - height - below), (x + width + 4, y), colour, cv2.FILLED)
    cv2.putText(image, text, (x + 2, y - below // 2 - 1), FONT, scale, _ink(colour), 1, cv2.LINE_AA)


def _ink(colour: Colour) -> Colour:
    """Dark or pale, whichever is read better on the colour (luma after ITU-R BT.601)."""
    blue, green, red = colour
    return INK if 0.114 * blue + 0.587 * green + 0.299 * red > 110 else PALE


def _corners(zone: Area, image: Picture) -> NDArray[np.int32]:
    return np.array([pixels(corner, image) for corner in zone.polygon], dtype=np.int32)


def pixels(point: tuple[float, float], image: Picture) -> tuple[int, int]:
    """Pixel of a point given in shares of the picture."""
    return _whole(point[0] * (image.shape[1] - 1), point[1] * (image.shape[0] - 1))


def _whole(x: Any, y: Any) -> tuple[int, int]:
    return round(float(x)), round(float(y))


def _scale(image: Picture) -> float:
    """1 for pictures up to 640 pixels wide, growing with the picture."""
    return max(1.0, float(image.shape[1]) / 640)


def _letter(image: Picture) -> int:
    return round(9 * _scale(image))


def stroke(image: Picture) -> int:
    """Width of a line that is seen on a picture of this size."""
    return max(1, round(1.5 * _scale(image)))
