"""Scene and tracks over a picture, for live previews and `giaolo scene show`. Readable from 640 pixels on.

Both functions draw on the picture they are given and return it; hand over a copy where the original is still needed.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.scene import Line, SceneConfig, Zone, ZoneKind
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
}
LINE_COLOUR: Colour = (60, 230, 255)
INK: Colour = (20, 20, 20)
PALE: Colour = (245, 245, 245)
FONT = cv2.FONT_HERSHEY_SIMPLEX
TINT = 0.14  # of a zone's colour over the picture


def draw_scene(image: Picture, scene: SceneConfig) -> Picture:
    """Zones tinted and outlined with their allowed direction, lines with the label of each side's crossing."""
    if scene.zones:
        tint = image.copy()
        for zone in scene.zones:
            cv2.fillPoly(tint, [_corners(zone, image)], ZONE_COLOURS[zone.kind])
        cv2.addWeighted(tint, TINT, image, 1 - TINT, 0, dst=image)
    for zone in scene.zones:
        _draw_zone(image, zone)
    for line in scene.lines:
        _draw_line(image, line)
    return image


def draw_tracks(image: Picture, tracks: Sequence[Track]) -> Picture:
    """Boxes with class, id and number of riders; a predicted box is thin."""
    width = _stroke(image)
    for track in tracks:
        colour = CLASS_COLOURS[track.cls]
        start, end = _whole(track.x1, track.y1), _whole(track.x2, track.y2)
        cv2.rectangle(image, start, end, colour, width if track.observed else 1, cv2.LINE_AA)
        riders = f" x{track.riders}" if track.riders else ""
        _write(image, f"{track.cls.label} {track.id}{riders}", (start[0], start[1] - 2), colour)
    return image


def _draw_zone(image: Picture, zone: Zone) -> None:
    colour = ZONE_COLOURS[zone.kind]
    corners = _corners(zone, image)
    cv2.polylines(image, [corners], isClosed=True, color=colour, thickness=_stroke(image), lineType=cv2.LINE_AA)
    if zone.direction is not None:
        start, end = _pixels(zone.direction.start, image), _pixels(zone.direction.end, image)
        cv2.arrowedLine(image, start, end, colour, _stroke(image), cv2.LINE_AA, tipLength=0.08)
    top = corners[corners[:, 1].argmin()]
    _write(image, zone.id, (int(top[0]) + 3, int(top[1]) + _letter(image) + 8), colour)


def _draw_line(image: Picture, line: Line) -> None:
    start, end = _pixels(line.start, image), _pixels(line.end, image)
    cv2.line(image, start, end, LINE_COLOUR, _stroke(image) + 1, cv2.LINE_AA)
    middle = np.array([(start[0] + end[0]) / 2, (start[1] + end[1]) / 2])
    way = np.array([end[0] - start[0], end[1] - start[1]], dtype=float)
    right = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1.0) * image.shape[0] * 0.06
    tip = middle + right
    cv2.arrowedLine(image, _whole(*middle), _whole(*tip), LINE_COLOUR, _stroke(image), cv2.LINE_AA, tipLength=0.3)
    _write(image, line.forward, _whole(tip[0] + 4, tip[1] + 4), LINE_COLOUR)
    _write(image, line.id, _whole(start[0] + 4, start[1] - 4), LINE_COLOUR)


def _write(image: Picture, text: str, place: tuple[int, int], colour: Colour) -> None:
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


def _corners(zone: Zone, image: Picture) -> NDArray[np.int32]:
    return np.array([_pixels(corner, image) for corner in zone.polygon], dtype=np.int32)


def _pixels(point: tuple[float, float], image: Picture) -> tuple[int, int]:
    return _whole(point[0] * (image.shape[1] - 1), point[1] * (image.shape[0] - 1))


def _whole(x: Any, y: Any) -> tuple[int, int]:
    return round(float(x)), round(float(y))


def _scale(image: Picture) -> float:
    """1 for pictures up to 640 pixels wide, growing with the picture."""
    return max(1.0, float(image.shape[1]) / 640)


def _letter(image: Picture) -> int:
    return round(9 * _scale(image))


def _stroke(image: Picture) -> int:
    return max(1, round(1.5 * _scale(image)))
