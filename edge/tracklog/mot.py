"""A MOTChallenge text file with its sidecar beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.detections import Detections
from edge.errors import ConfigError
from edge.track.motframes import read_detection_frames, read_frames
from edge.track.motlog import read_mot
from edge.track.sidecar import Sidecar, read_sidecar
from edge.track.tracked import TrackedFrame

SORTED_BYTES = 512 * 2**20
"""A log that is not in the order of its frames (some tools write track by track) is sorted in memory up to here."""


@dataclass(frozen=True, slots=True)
class _Survey:
    """What one quick look over a file tells."""

    has_tracks: bool
    is_ordered: bool


class MotLog:
    """A text log. Reads it anew, line by line, each time its frames are asked for.

    Args:
        path: the text file.
        sidecar: default: the same name ending in .json.

    Raises:
        ConfigError: log or sidecar is missing, cannot be read, or is something else.
    """

    def __init__(self, path: Path, sidecar: Path | None = None) -> None:
        beside = sidecar or path.with_suffix(".json")
        self.path = path
        self._survey = self._look()
        if not beside.exists():
            raise ConfigError(
                f"{beside}: is not there; a track log needs a sidecar with at least "
                '{"frame_rate": 25, "started_at": "2026-11-22T08:00:00Z", "image": {"width": 640, "height": 360}}'
            )
        self.sidecar: Sidecar = read_sidecar(_text(beside), str(beside))

    @property
    def camera(self) -> str:
        """Id."""
        return self.sidecar.camera

    @property
    def model_sha256(self) -> str | None:
        """Of the detector."""
        return self.sidecar.model_sha256

    @property
    def has_tracks(self) -> bool:
        """False for a log of bare detections, which must go through a tracker."""
        return self._survey.has_tracks

    def frames(self) -> Iterator[TrackedFrame]:
        """Frames of a log with tracks, in order. ConfigError names the line that is wrong, and what is expected."""
        return read_frames(self._lines(), self.sidecar, str(self.path))

    def detections(self) -> Iterator[tuple[TrackedFrame, Detections]]:
        """Frames of a log of bare detections, each with what was detected. ConfigError as `frames`."""
        return read_detection_frames(self._lines(), self.sidecar, str(self.path))

    def _lines(self) -> Iterator[str]:
        if self._survey.is_ordered:
            yield from self._written()
            return
        if self.path.stat().st_size > SORTED_BYTES:
            raise ConfigError(f"{self.path}: is not in the order of its frames; sort it: sort -s -t, -k1,1n")
        for _ in read_mot(self._written(), str(self.path)):
            pass  # every line is checked while its number still holds
        yield from sorted((line for line in self._written() if line.strip()), key=_frame_number)

    def _written(self) -> Iterator[str]:
        try:
            with self.path.open(encoding="utf-8") as file:
                for number, line in enumerate(file, start=1):
                    if not line.endswith("\n") and line.strip() and line.count(",") < 8:
                        raise ConfigError(
                            f"{self.path}: line {number}: the file ends in the middle of this line, it was cut off: "
                            f"copy it again, or remove the line"
                        )
                    yield line
        except OSError as error:
            raise ConfigError(_unreadable(self.path, error)) from None
        except UnicodeDecodeError:
            raise ConfigError(f"{self.path}: is not UTF-8 text; is it really a track log?") from None

    def _look(self) -> _Survey:
        has_tracks, is_ordered, before = False, True, 0.0
        try:
            with self.path.open("rb") as file:
                for line in file:
                    cells = line.split(b",", 2)
                    try:
                        frame, track = float(cells[0]), float(cells[1])
                    except (ValueError, IndexError):
                        continue  # whoever reads the line says what is wrong with it
                    has_tracks = has_tracks or track != -1
                    is_ordered = is_ordered and frame >= before
                    before = frame
        except OSError as error:
            raise ConfigError(_unreadable(self.path, error)) from None
        return _Survey(has_tracks, is_ordered)


def _frame_number(line: str) -> float:
    return float(line.split(",", 1)[0])


def _unreadable(path: Path, error: OSError) -> str:
    return f"{path}: cannot be read ({error.strerror}); check the path and its permissions"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(_unreadable(path, error)) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; is it really a sidecar?") from None
