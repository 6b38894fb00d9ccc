"""Constant-velocity Kalman filter for many boxes at once, with real time steps.

State of a box: centre x, centre y, width, height, each with its velocity. As in SORT (arXiv 1602.00763) and
ByteTrack (arXiv 2110.06864) the noise is proportional to the box's height, which stands for the distance. Unlike
theirs it grows with the seconds that passed, not with the frames: continuous white-noise acceleration plus a random
walk of the position (Bar-Shalom, Li and Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001,
section 6.2.2). So two predictions of 0.1 s are one of 0.2 s (exactly, while the height stays), and a camera of 5 fps
or of an uneven rate needs no other numbers.

Speed in the picture is not constant for who drives at a constant speed: at depth Z all lengths and the distance to the
vanishing point are as 1/Z, so a box that grows at a rate r = -(dZ/dt) / Z moves by v t / (1 - r t), is 1 / (1 - r t)
times as large after t, and then moves 1 / (1 - r t)^2 times as fast. A car that comes towards a camera of 8 fps at
80 km/h leaves its own box between two frames when that is left out. How sure a rate is tells the filter; and nothing
on the road grows faster than it moves (`Noise.nearest`), so a box that is cut by a tree is not taken for one coming.

Each of the four coordinates is measured directly and on its own, so the filter falls into four filters of (position,
velocity) whose covariance is three numbers: no matrix is ever inverted.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Noise:
    """Spread of the model, in box heights. Chosen on TUD-Campus and TUD-Stadtmitte (tests/accuracy)."""

    acceleration: float = 1.5  # heights per s^1.5: change of velocity after 1 s
    walk: float = 0.1  # heights per s^0.5: change of position not explained by velocity
    measured: float = 0.1  # heights: a detector's box
    first_velocity: float = 3.0  # heights per s: of a road user just seen
    nearest: float = 2.0  # a camera hangs at least so many heights of a road user above the road
    growth: float = 0.5  # a step makes a box at most 1 / (1 - growth) times as large


@dataclass(slots=True)
class BoxState:
    """N boxes.

    Attributes:
        mean: (N, 4) centre x, centre y, width, height, pixels.
        velocity: (N, 4) pixels per second.
        pp, pv, vv: (N, 4) variance of position, covariance, variance of velocity.
    """

    mean: Floats
    velocity: Floats
    pp: Floats
    pv: Floats
    vv: Floats

    def __len__(self) -> int:
        return len(self.mean)

    @classmethod
    def empty(cls) -> "BoxState":
        """No boxes."""
        return cls(*(np.zeros((0, 4)) for _ in range(5)))

    @classmethod
    def first(cls, xyxy: Floats, noise: Noise) -> "BoxState":
        """Boxes seen once: velocity unknown, taken as zero with a wide spread."""
        mean = centres(xyxy)
        height = mean[:, 3:4]
        spread = np.ones((1, 4))
        return cls(
            mean,
            np.zeros_like(mean),
            (noise.measured * height) ** 2 * spread,
            np.zeros_like(mean),
            (noise.first_velocity * height) ** 2 * np.array([[1.0, 1.0, 0.25, 0.25]]),
        )

    def joined(self, other: "BoxState") -> "BoxState":
        """These and the others."""
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return BoxState(*(np.concatenate(pair) for pair in pairs))

    def where(self, mask: NDArray[np.bool_]) -> "BoxState":
        """Those with a true mask, in the same order."""
        return BoxState(*(getattr(self, field.name)[mask] for field in fields(self)))

    def xyxy(self) -> Floats:
        """(N, 4) boxes; width and height at least one pixel."""
        half = np.maximum(self.mean[:, 2:], 1.0) / 2
        return np.concatenate([self.mean[:, :2] - half, self.mean[:, :2] + half], axis=1)

    def predict(self, seconds: float, noise: Noise) -> None:
        """Moves all boxes on in time. ValueError for a negative step."""
        if seconds < 0:
            raise ValueError(f"cannot predict {-seconds} s into the past")
        height = np.maximum(self.mean[:, 3:4], 1.0)
        q = (noise.acceleration * height) ** 2 * np.array([[1.0, 1.0, 0.1, 0.1]])
        walk = (noise.walk * height) ** 2
        k = 1.0 / (1.0 - np.minimum(np.maximum(self.growth(noise)[:, None] * seconds, -1.0), noise.growth))
        shift = seconds * k
        self.mean = self.mean + self.velocity * shift
        self.velocity = self.velocity * k**2
        self.pp = self.pp + 2 * shift * self.pv + shift**2 * self.vv + q * seconds**3 / 3 + walk * seconds
        self.pv = (self.pv + shift * self.vv) * k**2 + q * seconds**2 / 2
        self.vv = self.vv * k**4 + q * seconds

    def growth(self, noise: Noise) -> Floats:
        """(N,) rate at which boxes become larger, per second, as far as it is sure."""
        size = np.maximum(self.mean[:, 2:], 1.0)
        rate, spread = self.velocity[:, 2:] / size, self.vv[:, 2:] / size**2
        rate, spread = rate.mean(axis=1), spread.sum(axis=1) / 4
        fastest = np.hypot(self.velocity[:, 0], self.velocity[:, 1]) / (noise.nearest * size[:, 1])
        return np.asarray(np.minimum(np.maximum(rate**3 / (rate**2 + spread + 1e-9), -fastest), fastest))

    def correct(self, rows: NDArray[np.int64], xyxy: Floats, trust: Floats, noise: Noise) -> None:
        """Takes in measured boxes for some rows.

        Args:
            rows: (M,) which boxes, each once.
            xyxy: (M, 4) what was measured.
            trust: (M,) 1 for a sure detection; less widens its spread (a doubtful box is often a cut one).
        """
        if not len(rows):
            return
        measured = centres(xyxy)
        r = (noise.measured * measured[:, 3:4] / np.maximum(trust[:, None], 0.1)) ** 2
        total = self.pp[rows] + r
        gain_p, gain_v = self.pp[rows] / total, self.pv[rows] / total
        error = measured - self.mean[rows]
        self.mean[rows] += gain_p * error
        self.velocity[rows] += gain_v * error
        self.vv[rows] -= gain_v * self.pv[rows]
        self.pv[rows] *= 1 - gain_p
        self.pp[rows] *= 1 - gain_p


def centres(xyxy: Floats) -> Floats:
    """(N, 4) x1, y1, x2, y2 to centre x, centre y, width, height."""
    corners = np.asarray(xyxy, np.float64)
    return np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], axis=1)
