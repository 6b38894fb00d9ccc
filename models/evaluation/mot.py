"""Truth and tracks in MOTChallenge text, as benchmarks publish them: `frame,id,left,top,width,height,mark[,class[,…]]`.

Our own track logs are such text, too (edge/track/motlog.py reads them more strictly). What stands after the class
differs from set to set and is passed over. In truth files the mark is 1 for what counts and 0 for what is to be left
out; in track files it is a confidence, or -1.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import TruthError

ALL = -1
"""Group of a box whose class is not told."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who was where in one sequence: R boxes.

    Attributes:
        frame: (R,) number, from 1.
        identity: (R,) number of the road user, or what is taken for one.
        xyxy: (R, 4) pixels.
        group: (R,) number of the look-alike group, or ALL.
    """

    frame: NDArray[np.int64]
    identity: NDArray[np.int64]
    xyxy: NDArray[np.float64]
    group: NDArray[np.int64]

    def where(self, mask: NDArray[np.bool_]) -> "Told":
        """Those with a true mask."""
        return Told(self.frame[mask], self.identity[mask], self.xyxy[mask], self.group[mask])


def told(rows: Iterable[tuple[int, int, tuple[float, float, float, float], int]]) -> Told:
    """From frame, identity, x1 y1 x2 y2, group of each box."""
    kept = list(rows)
    return Told(
        np.array([row[0] for row in kept], np.int64),
        np.array([row[1] for row in kept], np.int64),
        np.array([row[2] for row in kept], np.float64).reshape(-1, 4),
        np.array([row[3] for row in kept], np.int64),
    )


def read_told(path: Path, group_of: Callable[[int], int] | None = None) -> Told:
    """A file of truth or tracks.

    Args:
        path: of the text.
        group_of: look-alike group of a number of the class column, ValueError for an unknown one; without it the column
            is not looked at.

    Raises:
        TruthError: cannot be read, holds nothing that counts, or a line is wrong; names it and says what is expected.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TruthError(f"{path}: cannot be read ({type(error).__name__})") from None
    rows = []
    line_of: dict[tuple[int, int], int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(line, group_of)
        except ValueError as error:
            raise TruthError(f"{path}: line {number}: {error}") from None
        if row is None:
            continue
        before = line_of.setdefault(row[:2], number)
        if before != number:
            raise TruthError(f"{path}: line {number}: id {row[1]} stands in frame {row[0]} already, on line {before}")
        rows.append(row)
    if not rows:
        raise TruthError(f"{path}: holds no box that counts; expected lines frame,id,left,top,width,height,mark")
    return told(rows)


def _row(
    line: str, group_of: Callable[[int], int] | None
) -> tuple[int, int, tuple[float, float, float, float], int] | None:
    """Frame, identity, box and group; None for a box that does not count."""
    cells = line.split(",")
    if len(cells) < 7:
        raise ValueError(f"{len(cells)} columns; expected frame,id,left,top,width,height,mark and maybe class")
    values = [float(cell) for cell in cells[:8]]
    if not all(math.isfinite(value) for value in values):
        raise ValueError("a number is not finite")
    frame, identity, left, top, width, height, mark = values[:7]
    if frame != int(frame) or frame < 1:
        raise ValueError(f"frame is {frame:g}; expected a whole number from 1")
    if mark == 0:
        return None
    if identity != int(identity) or identity < 0:
        raise ValueError(f"id is {identity:g}; expected a whole number from 0 (-1 is a detection, nobody's track)")
    if width <= 0 or height <= 0:
        raise ValueError("width and height must be above 0")
    group = ALL if group_of is None else group_of(int(values[7]) if len(values) > 7 else 0)
    return int(frame), int(identity), (left, top, left + width, top + height), group
