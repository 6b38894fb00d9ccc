"""The scene as a person would draw it into the camera's picture: world metres to shares of the picture."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.simulation.camera import NEAREST_M, Camera

Spot = tuple[float, float]
SURVEY_M = 0.02  # sigma of a surveyed point
CLICK_PX = 0.5  # sigma of a point clicked in the picture


class Drawing:
    """Places on the ground, drawn into one camera's picture."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera

    def point(self, x: float, y: float) -> Spot:
        """Share of the picture. ValueError when it is not in it."""
        u, v = self.camera.on_ground(x, y)
        share = u / self.camera.width, v / self.camera.height
        if not self.camera.sees([(x, y)], margin=0.0):
            raise ValueError(f"({x:g}, {y:g}) m is outside the picture: {share}")
        return share

    def line(self, a: Spot, b: Spot) -> dict[str, Spot]:
        """`start` and `end` of a directed line; an end outside the picture is moved in along the line."""
        spots = [(a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f) for f in np.linspace(0, 1, 201)]
        seen = [spot for spot in spots if self.camera.sees([spot], margin=0.002)]
        if len(seen) < 20:
            raise ValueError(f"line {a}-{b} is hardly in the picture")
        return {"start": self.point(*seen[0]), "end": self.point(*seen[-1])}

    def polygon(self, corners: Sequence[Spot]) -> list[Spot]:
        """Outline of an area of the ground, as far as it is in the picture. ValueError when nothing of it is."""
        outline: list[Spot] = []
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
            outline += [(a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f) for f in np.arange(4) / 4]
        pixels, depth = self.camera.project(np.array([(x, y, 0.0) for x, y in outline]))
        if (depth < NEAREST_M).any():
            raise ValueError(f"area {corners[0]}… reaches behind the camera")
        shares = [(float(u) / self.camera.width, float(v) / self.camera.height) for u, v in pixels]
        cut = clip(shares)
        if len(cut) < 3:
            raise ValueError(f"area {corners[0]}… is outside the picture")
        return cut

    def arrow(self, a: Spot, b: Spot) -> dict[str, Any]:
        """Allowed direction from a to b."""
        return {"start": self.point(*a), "end": self.point(*b)}

    def calibration(self, spots: Sequence[Spot], rng: np.random.Generator) -> dict[str, Any]:
        """Control points with the errors of a survey and of a hand."""
        points = []
        for x, y in spots:
            if not self.camera.sees([(x, y)], margin=0.02):
                continue
            u, v = self.camera.on_ground(x, y)
            image = (
                float((u + rng.normal(0, CLICK_PX)) / self.camera.width),
                float((v + rng.normal(0, CLICK_PX)) / self.camera.height),
            )
            metres = float(x + rng.normal(0, SURVEY_M)), float(y + rng.normal(0, SURVEY_M))
            points.append({"image": image, "metres": metres})
        lens = {"focal": self.camera.focal, "k1": self.camera.k1, "k2": self.camera.k2}
        return {"points": points, "lens": lens}


def clip(polygon: Sequence[Spot]) -> list[Spot]:
    """Part of a polygon inside the unit square (Sutherland and Hodgman 1974), each corner kept apart from the next."""
    current = list(polygon)
    for axis, sign, limit in ((0, 1, 0.0), (0, -1, -1.0), (1, 1, 0.0), (1, -1, -1.0)):
        before, current = current, []
        for p, q in zip(before, [*before[1:], *before[:1]], strict=True):
            dp, dq = sign * p[axis] - limit, sign * q[axis] - limit
            if dp >= 0:
                current.append(p)
            if (dp >= 0) != (dq >= 0):
                f = dp / (dp - dq)
                current.append((p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f))
    inside = [(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in current]
    return [
        p for p, q in zip(inside, [*inside[1:], *inside[:1]], strict=True) if abs(p[0] - q[0]) + abs(p[1] - q[1]) > 1e-4
    ]
