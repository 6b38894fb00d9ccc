"""A pinhole camera over a road: blocks of a vehicle's size become boxes, as a perfect detector would draw them.

Made for tests of ground and speed. World: x east, y north, z up, metres. The camera stands over the origin and looks
north, `tilt_deg` down. Nothing here uses the code under test.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.classes import RoadUserClass
from contracts.scene import Calibration
from edge.track.track import Track
from tests.unit.edge.road_story import START

SIZES = {"motorcycle": (2.0, 0.7, 1.6), "car": (4.4, 1.8, 1.5), "bus": (11.5, 2.5, 3.1), "truck": (8.0, 2.4, 3.2)}
State = tuple[float, float, float]


@dataclass(frozen=True)
class Pinhole:
    """Camera `height_m` above the road."""

    height_m: float = 8.0
    tilt_deg: float = 18.0
    focal: float = 0.9  # of the width
    size: tuple[int, int] = (1280, 720)

    def pixel(self, x: float, y: float, z: float = 0.0) -> tuple[float, float] | None:
        """Where a point is seen; None when it is not in front."""
        tilt = math.radians(self.tilt_deg)
        forward = y * math.cos(tilt) - (z - self.height_m) * math.sin(tilt)
        down = -y * math.sin(tilt) - (z - self.height_m) * math.cos(tilt)
        if forward < 0.5:
            return None
        f = self.focal * self.size[0]
        return self.size[0] / 2 + f * x / forward, self.size[1] / 2 + f * down / forward

    def calibration(self, places: list[tuple[float, float]], noise: random.Random | None = None, px: float = 0) -> Any:
        """Control points at these places, each read with an error of `px` pixels (standard deviation)."""
        points = []
        for x, y in places:
            seen = self.pixel(x, y)
            assert seen is not None
            u, v = (p + (noise.gauss(0, px) if noise else 0) for p in seen)
            points.append({"image": [u / self.size[0], v / self.size[1]], "metres": [x, y]})
        return Calibration.model_validate({"points": points})

    def box(self, state: State, body: tuple[float, float, float]) -> tuple[float, float, float, float] | None:
        """Box around a block whose middle stands at x, y with a heading (radians, from east to north)."""
        x, y, heading = state
        length, width, height = body
        seen = []
        for along in (-length / 2, length / 2):
            for side in (-width / 2, width / 2):
                px = x + along * math.cos(heading) - side * math.sin(heading)
                py = y + along * math.sin(heading) + side * math.cos(heading)
                for z in (0.0, height):
                    corner = self.pixel(px, py, z)
                    if corner is None:
                        return None
                    seen.append(corner)
        corners: NDArray[np.float64] = np.array(seen)
        (x1, y1), (x2, y2) = corners.min(axis=0), corners.max(axis=0)
        return float(x1), float(y1), float(x2), float(y2)


@dataclass(frozen=True)
class Drive:
    """A vehicle on a straight line or a circle, at a speed that may change evenly."""

    cls: str
    start: tuple[float, float]
    heading_deg: float
    mps: float
    acceleration: float = 0.0
    radius_m: float | None = None  # positive: turns left
    body: tuple[float, float, float] | None = None

    def gone(self, t: float) -> float:
        return self.mps * t + self.acceleration * t * t / 2

    def state(self, t: float) -> State:
        s, heading = self.gone(t), math.radians(self.heading_deg)
        x, y = self.start
        if self.radius_m is None:
            return x + s * math.cos(heading), y + s * math.sin(heading), heading
        r, turned = self.radius_m, heading + s / self.radius_m
        return x + r * (math.sin(turned) - math.sin(heading)), y - r * (math.cos(turned) - math.cos(heading)), turned


def sightings(
    camera: Pinhole,
    drive: Drive,
    noise: random.Random,
    *,
    fps: float,
    over_s: float,
    box: float = 0.02,
    missed: float = 0.05,
) -> Iterator[tuple[float, Track]]:
    """Seconds and track of each frame in which the vehicle is wholly seen; uneven frames, boxes that tremble."""
    t = 0.0
    while t < over_s:
        seen = camera.box(drive.state(t), drive.body or SIZES[drive.cls])
        whole = (
            seen is not None and seen[0] > 0 and seen[1] > 0 and seen[2] < camera.size[0] and seen[3] < camera.size[1]
        )
        if seen is not None and whole and noise.random() >= missed:
            x1, y1, x2, y2 = seen
            w, h = x2 - x1, y2 - y1
            dx, dy, dw, dh = (noise.gauss(0, box) for _ in range(4))
            x, y, w, h = (x1 + x2) / 2 + dx * w, (y1 + y2) / 2 + dy * h, w * (1 + dw), h * (1 + dh)
            at = START + timedelta(seconds=t + noise.gauss(0, 0.003))
            cls = RoadUserClass.from_label(drive.cls)
            yield t, Track(1, cls, 0.9, x - w / 2, y - h / 2, x + w / 2, y + h / 2, at)
        t += max(1 / fps * (1 + noise.gauss(0, 0.15)), 0.4 / fps)
