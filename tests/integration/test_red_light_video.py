"""Red light, end to end: a head painted into real clips by a known schedule; who ran it was read by eye.

The frames below are those in which a car's front reaches the line y=200, read off a slit-scan picture (the rows y=199
and 200 of every frame side by side, x 220..620; a car is a slanting streak, its dark beginning is the shadow under its
front). No detector took part. Our crossing is that of the box's bottom, up to four frames later; the schedules keep
changes farther away than that.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from contracts.scene import SceneConfig
from contracts.signals import SignalChange, SignalState
from edge.analyse import Instruments, analyse
from edge.config import DetectConfig, EvidenceConfig
from edge.detect.detector import Detector
from edge.detect.load import load_detector
from edge.errors import ModelError
from edge.evidence.signer import Signer
from edge.replay import TrackLog, replay
from edge.scene.signals import SignalHistory
from edge.track.sidecar import Sidecar, read_sidecar
from tests.integration.painted_head import BOX, Painter, Schedule, painted_clip

WIDTH, HEIGHT, RATE = 640, 352, 24.0
MAX_FPS = 8.0


@dataclass(frozen=True, slots=True)
class Drive:
    """A clip, the schedule painted into it, when cars reach the line (frames), and which of them run the light."""

    clip: str
    schedule: Schedule
    crossings: tuple[int, ...]
    runners: tuple[int, ...]
    states: tuple[tuple[float, SignalState], ...] = field(default=())


STREET = Drive(
    "street.mp4",
    (
        (0, "green"),
        (1.2, "yellow"),
        (1.9, "red"),
        (5.8, "green"),
        (7.9, "flashing_yellow"),
        (14.0, "green"),
        (15.5, "dark"),
        (18.3, "red"),
        (23.0, "green"),
        (25.0, "yellow"),
        (26.0, "red"),
        (28.0, "glare"),
        (31.0, "red"),
    ),
    crossings=(9, 67, 118, 167, 226, 408, 465, 701),
    runners=(67, 118, 465),
    states=(
        (0.9, "green"),
        (2.5, "red"),
        (5.2, "red"),
        (6.9, "green"),
        (10.0, "flashing_yellow"),
        (13.0, "flashing_yellow"),
        (14.8, "green"),
        (17.0, "unknown"),
        (20.0, "red"),
        (24.0, "green"),
        (25.6, "yellow"),
        (27.0, "red"),
        (29.5, "unknown"),
        (33.0, "red"),
    ),
)
QUIET = Drive(
    "street_quiet.mp4",
    ((0, "red"), (3, "green"), (6.3, "yellow"), (7.55, "red"), (20, "green")),
    crossings=(34, 174, 201),
    runners=(34, 201),
    states=((1, "red"), (4, "green"), (7, "yellow"), (9, "red"), (19, "red"), (21, "green")),
)


@pytest.fixture(scope="module", name="detector")
def _detector() -> Detector:
    try:
        return load_detector(DetectConfig(threads=2))
    except ModelError as error:
        pytest.skip(f"the default detector cannot be had: {error}")


def scene_with_head() -> SceneConfig:
    """The street with a stop line where its cars are counted, and the painted head."""
    x1, y1, x2, y2 = BOX
    return SceneConfig.model_validate(
        {
            "version": 1,
            "scene_version": 1,
            "stop_lines": [
                {
                    "id": "stop",
                    "start": [220 / WIDTH, 200 / HEIGHT],
                    "end": [620 / WIDTH, 200 / HEIGHT],
                    "signals": ["A"],
                }
            ],
            "signal_heads": [{"id": "A", "region": [[x1 / WIDTH, y1 / HEIGHT], [x2 / WIDTH, y2 / HEIGHT]]}],
            "rules": {"red_light": {}},
        }
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("drive", [STREET, QUIET], ids=lambda drive: Path(drive.clip).stem)
def test_who_runs_a_painted_light(drive: Drive, clips: Path, detector: Detector, tmp_path: Path) -> None:
    """Decode, detect, track, read the head, judge, seal: the findings are those that follow by eye."""
    video, out, scene = tmp_path / "painted.mp4", tmp_path / "out", scene_with_head()
    painted_clip(clips / drive.clip, video, Painter(drive.schedule, seed=5))
    using = Instruments(detector, 0.25, Signer.from_folder(tmp_path / "keys"), EvidenceConfig())
    analyse(video, out, scene=scene, using=using, max_fps=MAX_FPS)
    sidecar = read_sidecar((out / "tracks.json").read_bytes())
    history = SignalHistory()
    history.add([SignalChange(mark.head, mark.at, mark.state, mark.source) for mark in sidecar.signals])
    shown = [(second, history.state("A", sidecar.mark(round(second * RATE) + 1).at)) for second, _ in drive.states]
    assert shown == list(drive.states)
    found = [json.loads(line) for line in (out / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    frames = sorted(frame_of(event["time"], sidecar) for event in found)
    assert len(frames) == len(drive.runners), frames
    for frame, runner in zip(frames, drive.runners, strict=True):
        assert -2 <= frame - runner <= 6, frames
    assert all(event["data"]["signals"] for event in found)
    replayed = [judged(json.loads(event.to_json())) for event in replay(TrackLog.read(out / "tracks.txt"), scene)]
    assert replayed == [judged(event) for event in found]


def frame_of(time: str, sidecar: Sidecar) -> float:
    """Frame number of an event's time, 0-based, in parts."""
    return (datetime.fromisoformat(time) - sidecar.started_at).total_seconds() * RATE


def judged(event: dict[str, object]) -> tuple[object, ...]:
    """What was found, without who ran it."""
    data = event["data"]
    assert isinstance(data, dict)
    return event["type"], event["time"], event["subject"], data["facts"], data["signals"]
