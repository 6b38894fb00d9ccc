"""A camera that sees small vehicles: four clips, a quarter as large, in one picture of 640x480, 6 a second.

No clip of such a junction with counted crossings is at hand, so it is put together from clips whose crossings were read
by eye. Each tile keeps its clip's line, moved with it; what crosses a tile's line crossed the clip's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.scene import DetectionRegion, Line, SceneConfig
from edge.scene.load import load_scene
from edge.stream.file import FileReader

SAMPLES = Path(__file__).resolve().parents[2] / "deploy" / "samples"
WIDTH, HEIGHT, FPS = 640, 480, 6
TILE = (160, 90)
GREY = 114
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Regions = Literal["none", "one", "slow", "four"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A clip, its place in the mosaic, and what crosses its line, `label` to number, from shared/samples/README.md."""

    clip: str
    left: int
    top: int
    truth: dict[str, int]

    @property
    def name(self) -> str:
        """As in its sample scene."""
        return Path(self.clip).stem

    def share(self, point: tuple[float, float]) -> tuple[float, float]:
        """Share of the mosaic of a point given as share of the clip."""
        x, y = point
        return (self.left + x * TILE[0]) / WIDTH, (self.top + y * TILE[1]) / HEIGHT


TILES = (
    Tile("street.mp4", 160, 120, {"towards": 8, "away": 0}),
    Tile("two_way.mp4", 320, 120, {"right": 17, "left": 10}),
    Tile("dense_junction.mp4", 160, 210, {"towards": 24, "away": 0}),
    Tile("street_quiet.mp4", 320, 210, {"towards": 3, "away": 0}),
)


def pictures(clips: Path, seconds: float) -> Iterator[tuple[datetime, NDArray[np.uint8]]]:
    """Moments and pictures (480, 640, 3); a clip that is over leaves its tile grey."""
    tiles = [_tile_pictures(clips / tile.clip) for tile in TILES]
    for number in range(round(seconds * FPS)):
        picture = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
        for tile, source in zip(TILES, tiles, strict=True):
            small = next(source, None)
            if small is not None:
                picture[tile.top : tile.top + TILE[1], tile.left : tile.left + TILE[0]] = small
        yield START + timedelta(seconds=number / FPS), picture


def _tile_pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Six a second of a clip, made small."""
    reader = FileReader(path)
    first: datetime | None = None
    due = 0
    try:
        for frame in reader:
            first = first or frame.captured_at
            if (frame.captured_at - first).total_seconds() >= due / FPS - 1e-3:
                due += 1
                yield np.asarray(cv2.resize(frame.image, TILE, interpolation=cv2.INTER_AREA), np.uint8)
    finally:
        reader.close()


def scene(regions: Regions) -> SceneConfig:
    """The clips' lines, and no region, one on all tiles (seen twice as large; slow: 4 a second), or one on each."""
    drawn: dict[Regions, list[DetectionRegion]] = {
        "none": [],
        "one": [_region("all", TILES, 2)],
        "slow": [_region("all", TILES, 2).model_copy(update={"fps": 4.0})],
        "four": [_region(f"{tile.name}-larger", (tile,), 4) for tile in TILES],
    }
    return SceneConfig.model_validate(
        {
            "version": 1,
            "scene_version": 1,
            "lines": [_line(tile) for tile in TILES],
            "detection_regions": drawn[regions],
            "rules": {"line_count": {}},
        }
    )


def _line(tile: Tile) -> Line:
    (drawn,) = load_scene(SAMPLES / f"{tile.name}.yaml").lines
    moved = {"id": tile.name, "start": tile.share(drawn.start), "end": tile.share(drawn.end)}
    return drawn.model_copy(update=moved)


def _region(name: str, tiles: Sequence[Tile], scale: float) -> DetectionRegion:
    """A region that holds these tiles."""
    begins, ends = [tile.share((0, 0)) for tile in tiles], [tile.share((1, 1)) for tile in tiles]
    left, top = min(x for x, _ in begins), min(y for _, y in begins)
    right, bottom = max(x for x, _ in ends), max(y for _, y in ends)
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return DetectionRegion(id=name, polygon=corners, scale=scale)
