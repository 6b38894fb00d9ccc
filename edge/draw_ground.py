"""The ground plane over a picture: a grid of 5 m, control points with their residuals, and how good it all is."""

from collections.abc import Iterator

import cv2
import numpy as np

from edge.draw import FONT, INK, Colour, Picture, stroke, write
from edge.scene.geometry import Point
from edge.scene.ground import Ground
from edge.scene.ground_report import verdict

GRID_M = 5.0
MOST_LINES = 400
STEP_M = 1.0
GRID_COLOUR: Colour = (255, 255, 160)
REGION_COLOUR: Colour = (255, 200, 60)
GOOD_COLOUR: Colour = (110, 230, 110)
BAD_COLOUR: Colour = (80, 80, 255)
TINT = 0.6


def draw_ground(image: Picture, ground: Ground) -> Picture:
    """Grid clipped to the valid region, its outline, every control point with its residual, and the verdict."""
    height, width = image.shape[:2]
    lines, mask = image.copy(), np.zeros((height, width), np.uint8)
    region = np.array([(round(x), round(y)) for x, y in ground.region], dtype=np.int32)
    cv2.fillPoly(mask, [region], (255,))
    for way in _grid(ground):
        points = np.array([(round(x), round(y)) for x, y in way], dtype=np.int32)
        cv2.polylines(lines, [points], isClosed=False, color=GRID_COLOUR, thickness=1, lineType=cv2.LINE_AA)
    blended = cv2.addWeighted(lines, TINT, image, 1 - TINT, 0)
    image[mask > 0] = blended[mask > 0]
    cv2.polylines(image, [region], isClosed=True, color=REGION_COLOUR, thickness=1, lineType=cv2.LINE_AA)
    _draw_points(image, ground)
    _draw_verdict(image, ground)
    return image


def _grid(ground: Ground) -> Iterator[list[Point]]:
    """Lines of whole multiples of 5 m from the plane's origin, as points of the picture a metre apart."""
    corners = [ground.from_origin(corner) for corner in ground.region]
    (x1, x2), (y1, y2) = ((min(axis), max(axis)) for axis in zip(*corners, strict=True))
    step = GRID_M
    while (x2 - x1 + y2 - y1) / step > MOST_LINES:
        step *= 2
    for value in np.arange(np.ceil(x1 / step) * step, x2 + 1e-9, step):
        yield from _pieces(ground, [(float(value), float(y)) for y in np.arange(y1, y2 + STEP_M, STEP_M)])
    for value in np.arange(np.ceil(y1 / step) * step, y2 + 1e-9, step):
        yield from _pieces(ground, [(float(x), float(value)) for x in np.arange(x1, x2 + STEP_M, STEP_M)])


def _pieces(ground: Ground, way: list[Point]) -> Iterator[list[Point]]:
    """Parts of a way on the ground that are in front of the camera and near the picture."""
    width, height = ground.size
    piece: list[Point] = []
    for x, y in way:
        seen = ground.pixel((x + ground.origin[0], y + ground.origin[1]))
        if seen is not None and -width < seen[0] < 2 * width and -height < seen[1] < 2 * height:
            piece.append(seen)
            continue
        if len(piece) > 1:
            yield piece
        piece = []
    if len(piece) > 1:
        yield piece


def _draw_points(image: Picture, ground: Ground) -> None:
    """A ring where the point was read, a cross where the plane puts it, and the distance on the ground."""
    size = 3 * stroke(image)
    names = []
    for number, (read, metres) in enumerate(zip(ground.image, ground.points, strict=True)):
        off = number in ground.residuals.outliers
        colour = BAD_COLOUR if off else GOOD_COLOUR
        place = round(read[0]), round(read[1])
        put = ground.pixel(metres)
        if put is not None and ground.residuals.rms is not None:
            at = round(put[0]), round(put[1])
            cv2.line(image, place, at, colour, stroke(image), cv2.LINE_AA)
            cv2.drawMarker(image, at, colour, cv2.MARKER_TILTED_CROSS, 2 * size, stroke(image), cv2.LINE_AA)
        cv2.circle(image, place, size + 1, INK, stroke(image) + 2, cv2.LINE_AA)
        cv2.circle(image, place, size, colour, stroke(image), cv2.LINE_AA)
        distance = "" if ground.residuals.rms is None else f": {ground.residuals.each[number]:.2f} m"
        names.append((f"{number}{distance}", (place[0] + size + 4, place[1] - 2), colour))
    for text, beside, colour in names:
        write(image, text, beside, colour)


def _draw_verdict(image: Picture, ground: Ground) -> None:
    """Panel at the left, above or below, where it covers less of the region."""
    scale = 0.38 * max(1.0, image.shape[1] / 640)
    rows = [*verdict(ground), f"grid {GRID_M:g} m, x east, y north"]
    sizes = [cv2.getTextSize(words, FONT, scale, 1)[0] for words in rows]
    row = round(max(height for _, height in sizes) * 1.8)
    width, height = max(width for width, _ in sizes) + row, row * len(rows) + row // 2
    top = 0 if _covered(ground, width, 0, height) <= _covered(ground, width, image.shape[0] - height, height) else 1
    y = top * (image.shape[0] - height)
    panel = image[max(y, 0) : y + height, :width]
    panel[:] = (panel * 0.3).astype(np.uint8)
    colour = GOOD_COLOUR if ground.is_good else BAD_COLOUR
    for number, words in enumerate(rows, start=1):
        place = row // 2, y + number * row
        cv2.putText(image, words, place, FONT, scale, colour, 1, cv2.LINE_AA)


def _covered(ground: Ground, width: int, y: int, height: int) -> int:
    """How many of the panel's corners and middles lie in the region."""
    xs, ys = (0, width / 2, width), (y, y + height / 2, y + height)
    return sum(ground.is_valid((float(u), float(v))) for u in xs for v in ys)
