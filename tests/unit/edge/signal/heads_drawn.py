"""Heads drawn for unit tests: discs with glow on a dark housing."""

import cv2
import numpy as np
from numpy.typing import NDArray

LIGHT = {"red": (40, 40, 255), "yellow": (30, 180, 255), "green": (150, 255, 60)}  # BGR


def head(
    lit: str | None,
    lamps: tuple[str, ...] = ("red", "yellow", "green"),
    *,
    housing: int = 35,
    across: int = 24,
    seed: int = 1,
    noise: float = 5,
) -> NDArray[np.uint8]:
    """A head from the front, the first lamp on top."""
    image = np.full((across * len(lamps), across, 3), housing, np.float32)
    rows, columns = np.mgrid[0 : image.shape[0], 0:across]
    for slot, lamp in enumerate(lamps):
        far = np.hypot(rows - across * (slot + 0.5), columns - across / 2) / across
        image[far < 0.4] += 12
        if lamp == lit:
            image += (np.exp(-((far / 0.33) ** 2)) * 1.4 + np.exp(-((far / 0.9) ** 2)) * 0.2)[..., None] * LIGHT[lamp]
    image += np.random.default_rng(seed).normal(0, noise, image.shape)
    return np.asarray(image.clip(0, 255), np.uint8)


def bus(colour: tuple[int, int, int], seed: int = 1) -> NDArray[np.uint8]:
    """The side of a vehicle before the head: one colour, a window's edge, grain."""
    image = np.full((72, 24, 3), colour, np.float32)
    image[50:] *= 0.55
    image += np.random.default_rng(seed).normal(0, 6, image.shape)
    return np.asarray(cv2.GaussianBlur(image, (3, 3), 1).clip(0, 255), np.uint8)
