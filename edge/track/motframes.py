"""Track logs in MOTChallenge text, frame by frame: a day of a busy camera is millions of lines and is never held whole.

Lines must come in the order of their frames; `edge.tracklog.mot` sorts files that are not.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from operator import itemgetter

from contracts.classes import RoadUserClass
from contracts.event import TimeQuality
from edge.detections import Detections
from edge.errors import ConfigError
from edge.track.motlog import MotRecord, class_of, detections_of, read_mot
from edge.track.sidecar import FrameMark, Sidecar, SignalTape
from edge.track.track import Track
from edge.track.tracked import TrackedFrame

FARTHEST_FRAME = 20_000_000  # frames without a track in a row: a week at 30 frames per second

_frame_of: Callable[[MotRecord], int] = itemgetter(MotRecord._fields.index("frame"))
_id_of: Callable[[MotRecord], int] = itemgetter(MotRecord._fields.index("id"))


def read_frames(lines: Iterable[str], sidecar: Sidecar, name: str = "track log") -> Iterator[TrackedFrame]:
    """Frames of a track log in order, those without tracks among them, tracks by id. Bare detections are left out.

    Args:
        lines: in the order of their frames.
        sidecar: of this log.
        name: of the file, for errors.

    Raises:
        ConfigError: a line is wrong, stands twice, is out of order, or does not fit the sidecar.
    """
    classes = {number: RoadUserClass.from_label(label) for number, label in enumerate(sidecar.class_names, start=1)}
    empty = _Empty(sidecar)
    tracked = (record for record in read_mot(lines, name) if record.id != -1)
    for mark, records in _by_mark(tracked, sidecar, name):
        records.sort(key=_id_of)
        for before, after in pairwise(records):
            if before.id == after.id:
                raise ConfigError(f"{name}: line {after.line}: track {after.id} stands twice in frame {after.frame}")
        tracks = []
        for record in records:
            cls = classes.get(record.cls or 0)
            if cls is None:
                cls = class_of(record, sidecar, name)
            tracks.append(_track(record, cls, mark))
        yield empty.frame(mark, tracks)


def read_detection_frames(
    lines: Iterable[str], sidecar: Sidecar, name: str = "detections"
) -> Iterator[tuple[TrackedFrame, Detections]]:
    """Frames of a log of bare detections in order, each without tracks yet and beside it what was detected.

    Raises:
        ConfigError: as `read_frames`.
    """
    empty = _Empty(sidecar)
    for mark, records in _by_mark(read_mot(lines, name), sidecar, name):
        yield empty.frame(mark, []), detections_of(records, sidecar, name=name)


class _Empty:
    """Makes frames of a log, each with the changes of signal heads that were known with it."""

    def __init__(self, sidecar: Sidecar) -> None:
        self._size = sidecar.image.width, sidecar.image.height
        self._quality = quality_of(sidecar)
        self._tape = SignalTape(sidecar.signals)

    def frame(self, mark: FrameMark, tracks: list[Track]) -> TrackedFrame:
        known = tuple(self._tape.until(mark.frame, mark.at))
        return TrackedFrame(mark.frame - 1, mark.at, tracks, self._size, self._quality, mark.discontinuity, known)


def quality_of(sidecar: Sidecar) -> TimeQuality:
    """How good the times of a log are; half a frame where its sidecar does not say."""
    return sidecar.time_quality or TimeQuality(source="file", uncertainty_ms=500 / sidecar.frame_rate)


def _by_mark(records: Iterable[MotRecord], sidecar: Sidecar, name: str) -> Iterator[tuple[FrameMark, list[MotRecord]]]:
    """Every frame of the sidecar with its records. Where the sidecar lists none: every frame up to the last line's."""
    listed = iter(sidecar.frames)
    before = 0
    for frame, group in groupby(records, _frame_of):
        found = list(group)
        where = f"{name}: line {found[0].line}: frame {frame}"
        if frame <= before:
            raise ConfigError(f"{where} stands after frame {before}; sort the log by frame: sort -s -t, -k1,1n")
        if not sidecar.frames and frame - before > FARTHEST_FRAME:
            raise ConfigError(f"{where} stands after frame {before}; is the first column the number of the frame?")
        for mark in listed if sidecar.frames else map(sidecar.mark, range(before + 1, frame + 1)):
            if mark.frame >= frame:
                break
            yield mark, []
        else:
            raise ConfigError(f"{where} is not among the frames of the sidecar")
        if mark.frame != frame:
            raise ConfigError(f"{where} is not among the frames of the sidecar")
        yield mark, found
        before = frame
    for mark in listed:
        yield mark, []


def _track(record: MotRecord, cls: RoadUserClass, mark: FrameMark) -> Track:
    _, number, left, top, width, height, confidence, _, visibility, riders, helmets, undecided, _ = record
    right, bottom = left + width, top + height
    return Track(number, cls, confidence, left, top, right, bottom, mark.at, visibility > 0, riders, helmets, undecided)
