"""Where the track logs of a node stand: a folder per camera, in it a part for each minute and a file for each hour.

A part is written whole, so a power cut loses at most the minute that was not written yet. When an hour (of event time,
UTC) is over its parts become one file, which names them: if the power fails before they are removed they are passed
over. Names begin with the time of the first frame.

    tracks/le-loi/2026-11-22T08-00-03.120000Z.parquet
    tracks/le-loi/2026-11-22T09-00-00.040000Z.part.parquet
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import structlog

from contracts.canonical import utc_text
from edge.errors import ConfigError
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import LogHead
from edge.tracklog.parquet import merge, read_head, write_frames

log = structlog.get_logger(__name__)

ENDING = ".parquet"
PART = ".part.parquet"
HOUR = len("2026-11-22T08")


class Shelf:
    """The track logs of one camera on disk. For one thread.

    Args:
        folder: of the camera; made when it is not there.
        head: what its files say about themselves.
    """

    def __init__(self, folder: Path, head: LogHead) -> None:
        self.folder = folder
        self._head = head
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, frames: Sequence[TrackedFrame]) -> Path:
        """Keeps frames (at least one) as a part. OSError as it comes."""
        path = self.folder / (name_of(frames[0].at) + PART)
        write_frames(path, frames, replace(self._head, first_frame=frames[0].index))
        return path

    def tidy(self, *, but: str | None = None) -> None:
        """Removes what a power cut left half written, and joins the parts of hours that are over.

        Args:
            but: the hour (of a name) that goes on.
        """
        for half in self.folder.glob("*.tmp"):
            half.unlink(missing_ok=True)
        parts = [(path, head) for path, head in in_order(self.folder) if path.name.endswith(PART)]
        for path in set(self.folder.glob("*" + PART)) - {path for path, _ in parts}:
            path.unlink(missing_ok=True)  # an hour's file names it
        for (hour, _), group in groupby(parts, key=lambda part: (part[0].name[:HOUR], part[1].run)):
            if hour != but:
                _join(list(group))


def in_order(folder: Path) -> list[tuple[Path, LogHead]]:
    """Files of one camera in the order they were judged; parts that were joined and unreadable files are left out."""
    heads: list[tuple[Path, LogHead]] = []
    for path in sorted(folder.glob("*" + ENDING)):
        try:
            heads.append((path, read_head(path)))
        except ConfigError as error:
            log.warning("track log left out", reason=str(error))
    joined = {part for _, head in heads for part in head.parts}
    return sorted(
        ((path, head) for path, head in heads if path.name not in joined),
        key=lambda found: (found[1].run, found[1].first_frame, found[0].name),
    )


def name_of(at: datetime) -> str:
    """Begin of a file's name: its first frame's time, without what some file systems refuse."""
    return utc_text(at).replace(":", "-")


def _join(parts: Sequence[tuple[Path, LogHead]]) -> None:
    first, head = parts[0]
    target = first.with_name(first.name.removesuffix(PART) + ENDING)
    merge(target, [path for path, _ in parts], replace(head, parts=tuple(path.name for path, _ in parts)))
    for path, _ in parts:
        path.unlink(missing_ok=True)


def limit(folders: Iterable[Path], *, now: datetime, keep: timedelta, max_bytes: int) -> list[Path]:
    """Removes the oldest files of all cameras until the rest is young and small enough; returns what was removed.

    Age is counted from `now` or the newest file, what is earlier: a wrong clock of the one removes nothing.
    """
    files = sorted(_files(folders), key=lambda path: path.name)
    if not files:
        return []
    oldest = name_of(min(_time_of(files[-1]), now) - keep)
    total = sum(path.stat().st_size for path in files)
    removed = []
    for path in files[:-1]:
        if total <= max_bytes and path.name >= oldest:
            break
        total -= path.stat().st_size
        path.unlink(missing_ok=True)
        removed.append(path)
    return removed


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from folder.glob("????-??-??T??-??-??.??????Z*" + ENDING)


def _time_of(path: Path) -> datetime:
    return datetime.strptime(path.name[: len("2026-11-22T08-00-03.120000Z")], "%Y-%m-%dT%H-%M-%S.%f%z")
