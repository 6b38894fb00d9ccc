"""What the product finds on the shared clips: seen once by the detector, kept as logs in build/, judged by scenes.

`python -m tests.accuracy.clips` prints every finding and draws it into build/findings, for the person who judges it.
The logs are ordinary detections with a sidecar: `giaolo replay build/detections/CLIP.txt --scene …` takes them too.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from contracts.event import ImageSize
from edge.analyse import thinned
from edge.config import DetectConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.detections import Detections
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.scene.sample import seconds
from edge.stream.file import FileReader
from edge.track.motlog import detection_lines, read_detections
from edge.track.road_users import RoadUserTracker
from edge.track.sidecar import FrameMark, Sidecar, read_sidecar

ROOT = Path(__file__).resolve().parents[2]
SCENES = Path(__file__).parent / "scenes"
LOGS = ROOT / "build" / "detections"
DRAWN = ROOT / "build" / "findings"


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip, the scene it is judged by, and how many frames a second are looked at."""

    file: str
    scene: str
    max_fps: float

    @property
    def name(self) -> str:
        """Short name."""
        return Path(self.file).stem


CLIPS = (
    Clip("street.mp4", "street", 12),
    Clip("street_quiet.mp4", "street", 12),
    Clip("two_way.mp4", "two_way", 12),
    Clip("a13_day.mp4", "a13", 12.5),
    Clip("a13_dense.mp4", "a13", 12.5),
    Clip("a13_night.mp4", "a13", 12.5),
    Clip("a13_wet.mp4", "a13", 12.5),
    Clip("box_junction.mp4", "box_junction", 12.5),
    Clip("crowd_street.mp4", "crowd_street", 12.5),
    Clip("dense_junction.mp4", "dense_junction", 15),
    Clip("highway.avi", "highway", 30),
    Clip("surveyed_junction.mp4", "surveyed_junction", 20),
    Clip("pedestrians.avi", "pedestrians", 10),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding on a clip. `at_s`: start of the act, seconds from the clip's first frame."""

    clip: str
    rule: str
    where: str
    at_s: float
    label: str
    facts: dict[str, Any]


def log_of(clip: Clip, clips: Path, detector: Detector | None = None) -> tuple[list[str], Sidecar]:
    """Detections of a clip; made once per detector, then read from build/."""
    detector = detector or load_detector(DetectConfig(threads=2))
    name = f"{clip.name}-{detector.name}-{clip.max_fps:g}"
    text, beside = LOGS / f"{name}.txt", LOGS / f"{name}.json"
    if not beside.is_file():
        LOGS.mkdir(parents=True, exist_ok=True)
        lines, sidecar = _see(clip, clips / clip.file, detector)
        text.write_text("".join(lines), encoding="utf-8")
        beside.write_bytes(sidecar.to_json())
    return text.read_text(encoding="utf-8").splitlines(), read_sidecar(beside.read_bytes(), str(beside))


def _see(clip: Clip, path: Path, detector: Detector) -> tuple[list[str], Sidecar]:
    lines: list[str] = []
    marks: list[FrameMark] = []
    size = ImageSize(width=1, height=1)
    reader = FileReader(path)
    try:
        for frame in thinned(reader, clip.max_fps):
            marks.append(FrameMark(frame=frame.index + 1, at=frame.captured_at, discontinuity=frame.discontinuity))
            lines += detection_lines(frame.index + 1, detector.detect(frame.image))
            size = ImageSize(width=frame.width, height=frame.height)
    finally:
        reader.close()
    rate = reader.frame_rate or clip.max_fps
    sidecar = Sidecar(
        camera=clip.name.replace("_", "-"),
        frame_rate=rate,
        started_at=marks[0].at,
        image=size,
        model_sha256=detector.model_sha256,
        frames=tuple(marks),
    )
    return lines, sidecar


def findings_of(clip: Clip, log: tuple[list[str], Sidecar]) -> Iterator[tuple[Found, Finding]]:
    """Everything the rules of the clip's scene say about it, in order."""
    lines, sidecar = log
    scene = load_scene(SCENES / f"{clip.scene}.yaml")
    detections = read_detections(lines, sidecar)
    tracker, road = RoadUserTracker(), TrackRoad(scene, node="accuracy", camera=clip.name)
    size = sidecar.image.width, sidecar.image.height
    for mark in sidecar.frames:
        tracks = tracker.update(detections.get(mark.frame, Detections.empty()), mark.at)
        for finding in road.update(tracks, mark.at, size, discontinuity=mark.discontinuity):
            yield _found(clip, finding, sidecar), finding


def _found(clip: Clip, finding: Finding, sidecar: Sidecar) -> Found:
    track = finding.track
    return Found(
        clip=clip.name,
        rule=finding.rule,
        where=finding.where,
        at_s=round(seconds(finding.started_at, sidecar.frames[0].at), 2),
        label="" if track is None else track.cls.label,
        facts=finding.facts,
    )


def draw(clip: Clip, path: Path, found: Found, finding: Finding, log: Sidecar) -> NDArray[np.uint8] | None:
    """The frame at which the rule was certain, with box and path; None for a finding without a road user."""
    if finding.track is None:
        return None
    frame = next((mark.frame for mark in log.frames if mark.at == finding.judged_at), None)
    reader = FileReader(path)
    try:
        picture = next((one.image.copy() for one in reader if one.index + 1 == frame), None)
    finally:
        reader.close()
    if picture is None:
        return None
    track = finding.track
    corners = [round(edge) for edge in (track.x1, track.y1, track.x2, track.y2)]
    cv2.rectangle(picture, (corners[0], corners[1]), (corners[2], corners[3]), (0, 0, 255), 2)
    points = np.array([sample.point for sample in finding.path], np.float64).round().astype(np.int32)
    cv2.polylines(picture, [points.reshape(-1, 1, 2)], False, (0, 255, 255), 2)
    cv2.putText(
        picture,
        f"{found.rule} {found.where} {found.at_s:.1f}s",
        (4, 14),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.45,
        (0, 0, 255),
        1,
    )
    return np.asarray(picture, np.uint8)


def main() -> None:
    """Prints and draws."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", help="names; without any: all")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--draw", action="store_true")
    chosen = parser.parse_args()
    folder = chosen.shared / "samples" / "clips"
    detector = load_detector(DetectConfig(threads=2))
    for clip in CLIPS:
        if chosen.clips and clip.name not in chosen.clips:
            continue
        log = log_of(clip, folder, detector)
        for found, finding in findings_of(clip, log):
            if finding.kind == "count" and finding.rule == "line_count":
                continue
            print(json.dumps(asdict(found), ensure_ascii=False, default=str))
            picture = draw(clip, folder / clip.file, found, finding, log[1]) if chosen.draw else None
            if picture is not None:
                DRAWN.mkdir(parents=True, exist_ok=True)
                name = f"{found.clip}-{found.rule}-{found.where}-{found.at_s:.1f}".replace("#", "_")
                cv2.imwrite(str(DRAWN / f"{name}.jpg"), picture)


if __name__ == "__main__":
    main()
