"""Detector and tracker of this machine beside the truth: what they find, handed to models/evaluation."""

import configparser
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from contracts.classes import LOOK_ALIKE_GROUP, RoadUserClass
from contracts.errors import UsageError
from contracts.event import ImageSize
from edge.detect.detector import Detector
from edge.detections import Detections
from edge.errors import ConfigError
from edge.track.motlog import read_detections
from edge.track.road_users import RoadUserTracker
from edge.track.sidecar import Sidecar, read_sidecar
from edge.track.stitch import Stitcher
from edge.track.track import Track
from models.errors import TruthError
from models.evaluation.coco import CocoTruth
from models.evaluation.mot import ALL, Told, read_told, told

START = datetime(2026, 1, 1, tzinfo=UTC)
Progress = Callable[[str, int, int | None], None]


def found_on(truth: CocoTruth, images: Path, detector: Detector, progress: Progress) -> dict[int, Detections]:
    """What a detector sees on each image of a COCO set, by the image's number.

    Raises:
        TruthError: an image is missing or is none.
        ModelError: the network fails.
    """
    found = {}
    for done, (number, name) in enumerate(sorted(truth.images.items()), start=1):
        path = images / name
        image = cv2.imread(str(path), cv2.IMREAD_COLOR) if path.is_file() else None
        if image is None:
            raise TruthError(f"{path}: is missing or no picture; --images names the folder that the file names are in")
        found[number] = detector.detect(np.asarray(image, np.uint8))
        progress("looking", done, len(truth.images))
    return found


def judged(folder: Path, *, tracks: str | None, fps: float | None) -> tuple[Told, Told]:
    """Truth of a MOT-format folder and what is to be judged by it.

    Args:
        folder: with gt.txt (or gt/gt.txt), and det.txt (or det/det.txt) for our tracker to follow.
        tracks: name of a file in it with tracks, which are judged instead.
        fps: frames a second, where neither a sidecar nor seqinfo.ini says so.

    Raises:
        UsageError: a file is missing, or nobody says how fast the frames come.
        TruthError, ConfigError: a file is wrong.
    """
    truth_file = _file(folder, "gt")
    truth = read_told(truth_file, _groups(truth_file))
    grouped = bool((truth.group != ALL).any())
    if tracks is not None:
        if not (folder / tracks).is_file():
            raise UsageError(f"{folder / tracks}: there is no such file of tracks")
        return truth, read_told(folder / tracks, _groups(folder / tracks) if grouped else None)
    file = _file(folder, "det")
    sidecar = _sidecar(file, folder, fps)
    detections = read_detections(file.read_text(encoding="utf-8").splitlines(), sidecar, name=str(file))
    last = max([int(truth.frame.max()), *detections])
    found = told(
        (frame, track.id, (track.x1, track.y1, track.x2, track.y2), LOOK_ALIKE_GROUP[track.cls] if grouped else ALL)
        for frame, track in follow(detections, sidecar, last)
    )
    return truth, found


def follow(detections: Mapping[int, Detections], sidecar: Sidecar, last: int) -> Iterator[tuple[int, Track]]:
    """Road users as scene and rules get them, each with the number of the frame it was seen in.

    Args:
        detections: of each frame.
        sidecar: when the frames were; where it lists none, they are those up to `last`.
    """
    tracker, stitcher = RoadUserTracker(), Stitcher()
    number_at: dict[datetime, int] = {}
    nobody = Detections.empty()
    for mark in sidecar.frames or [sidecar.mark(number) for number in range(1, last + 1)]:
        number_at[mark.at] = mark.frame
        seen = tracker.update(detections.get(mark.frame, nobody), mark.at, discontinuity=mark.discontinuity)
        for track in stitcher.update(seen, mark.at, discontinuity=mark.discontinuity):
            yield number_at[track.at], track


def _file(folder: Path, name: str) -> Path:
    """`name.txt` in the folder, or in a folder of that name as benchmarks have it."""
    for path in (folder / f"{name}.txt", folder / name / f"{name}.txt"):
        if path.is_file():
            return path
    raise UsageError(f"{folder}: has neither {name}.txt nor {name}/{name}.txt; expected a MOT-format folder")


def _groups(file: Path) -> Callable[[int], int] | None:
    """Look-alike group of a class number, where a sidecar beside the file names the classes."""
    path = file.with_suffix(".json")
    if not path.is_file():
        return None
    names = read_sidecar(path.read_bytes(), str(path)).class_names

    def group_of(number: int) -> int:
        if not 1 <= number <= len(names):
            raise ValueError(f"class {number} is not in {path.name}, which names {len(names)}")
        return LOOK_ALIKE_GROUP[RoadUserClass.from_label(names[number - 1])]

    return group_of


def _sidecar(file: Path, folder: Path, fps: float | None) -> Sidecar:
    """What stands beside detections; made up from seqinfo.ini or the frame rate where nothing does."""
    beside = file.with_suffix(".json")
    if beside.is_file():
        return read_sidecar(beside.read_bytes(), str(beside))
    info = configparser.ConfigParser()
    try:
        info.read(folder / "seqinfo.ini", encoding="utf-8")
        rate = fps or info.getfloat("Sequence", "frameRate", fallback=0.0)
        width, height = (info.getint("Sequence", name, fallback=1) for name in ("imWidth", "imHeight"))
        if rate:
            return Sidecar(frame_rate=rate, started_at=START, image=ImageSize(width=width, height=height))
    except (configparser.Error, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(f"{folder / 'seqinfo.ini'}: {error}") from None
    raise UsageError(f"{folder}: says nowhere how many frames a second it has; give them with --fps")
