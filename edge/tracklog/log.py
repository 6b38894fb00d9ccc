"""A track log as a whole: one file or several in order, text or Parquet, tracks or bare detections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from contracts.canonical import utc_text
from edge.detections import Detections
from edge.errors import ConfigError
from edge.track.road_users import RoadUserTracker
from edge.track.tracked import TrackedFrame
from edge.tracklog.columns import LogHead
from edge.tracklog.mot import MotLog
from edge.tracklog.parquet import read_head, read_parquet
from edge.tracklog.shelf import in_order

CONFIDENCE = 0.25  # above it a detection may begin a track; the same as a camera's default
PARQUET_MARK = b"PAR1"


@dataclass(frozen=True, slots=True)
class ParquetLog:
    """One Parquet file and what it says about itself."""

    path: Path
    head: LogHead

    @property
    def camera(self) -> str:
        """Id."""
        return self.head.camera

    @property
    def model_sha256(self) -> str | None:
        """Of the detector."""
        return self.head.model_sha256

    def frames(self) -> Iterator[TrackedFrame]:
        """Frames in order."""
        return read_parquet(self.path)


class TrackLog:
    """Files of one camera, read one after the other as if they were one. Use `read`."""

    def __init__(self, files: Sequence[MotLog | ParquetLog]) -> None:
        self._files = files
        self.camera = files[0].camera
        self.model_sha256 = files[0].model_sha256  # of the first frames
        texts = [file for file in files if isinstance(file, MotLog)]
        _same([(f"of camera {file.camera}", file.path) for file in files])
        _same([(f"of model {file.model_sha256}", file.path) for file in texts])
        _same([("with track ids" if file.has_tracks else "without track ids", file.path) for file in texts])
        _ordered([file for file in files if isinstance(file, ParquetLog)])

    @classmethod
    def read(cls, *paths: Path, sidecar: Path | None = None) -> "TrackLog":
        """Opens files in the order of time; a folder stands for the Parquet files in it.

        Args:
            paths: MOTChallenge text, Parquet, or folders of Parquet.
            sidecar: of the only text file; default: the log's name ending in .json.

        Raises:
            ConfigError: says what is missing, wrong or does not fit together.
        """
        if sidecar is not None and len(paths) > 1:
            raise ConfigError("--sidecar is for one log; several logs have their sidecars beside them")
        files: list[MotLog | ParquetLog] = []
        for path in paths:
            files += _folder(path) if path.is_dir() else [_file(path, sidecar)]
        if not files:
            raise ConfigError("no track log was named; name MOTChallenge text, Parquet, or a folder of Parquet")
        return cls(files)

    def frames(self) -> Iterator[tuple[TrackedFrame, str | None]]:
        """Frames in order, each with the SHA-256 of the model that saw them (None where it is not known).

        Raises:
            ConfigError: a line, column or time is wrong.
        """
        tracker = RoadUserTracker(CONFIDENCE)
        run: str | None = None
        last: datetime | None = None
        for file in self._files:
            begins = isinstance(file, ParquetLog) and run not in (None, file.head.run)
            run = file.head.run if isinstance(file, ParquetLog) else run
            is_first = True
            for frame, detections in _read(file):
                jumps = begins or frame.discontinuity
                may_go_back = jumps and not (is_first and isinstance(file, MotLog))
                if last is not None and frame.at < last and not may_go_back:
                    raise ConfigError(
                        f"{file.path}: frame {frame.index + 1} is at {utc_text(frame.at)}, before {utc_text(last)}, "
                        "the end of what was read before it; name the logs in the order of time"
                    )
                tracks = frame.tracks
                if detections is not None:
                    tracks = tracker.update(detections, frame.at, discontinuity=jumps)
                yield replace(frame, tracks=tracks, begins_run=begins), file.model_sha256
                last, begins, is_first = frame.at, False, False


def _read(file: MotLog | ParquetLog) -> Iterator[tuple[TrackedFrame, Detections | None]]:
    """Frames of one file; where it has only detections they stand beside."""
    if isinstance(file, MotLog) and not file.has_tracks:
        yield from file.detections()
        return
    for frame in file.frames():
        yield frame, None


def _file(path: Path, sidecar: Path | None) -> MotLog | ParquetLog:
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == PARQUET_MARK
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    if is_parquet or path.suffix == ".parquet":
        return ParquetLog(path, read_head(path))
    return MotLog(path, sidecar)


def _folder(path: Path) -> list[MotLog | ParquetLog]:
    found = [ParquetLog(file, head) for file, head in in_order(path)]
    if not found:
        raise ConfigError(f"{path}: holds no Parquet track log; name the folder of one camera, or a file")
    return list(found)


def _same(kinds: Sequence[tuple[str, Path]]) -> None:
    """ConfigError when the files differ."""
    for kind, path in kinds:
        if kind != kinds[0][0]:
            raise ConfigError(
                f"{path}: a track log {kind} does not go on one {kinds[0][0]}; replay each kind by itself"
            )


def _ordered(files: Sequence[ParquetLog]) -> None:
    """ConfigError when a file of a run stands before an earlier one of it."""
    for before, after in pairwise(files):
        if before.head.run == after.head.run and before.head.first_frame >= after.head.first_frame:
            raise ConfigError(f"{after.path}: begins before {before.path}; name the logs in the order of time")
