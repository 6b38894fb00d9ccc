"""Track logs on disk, judged anew by the real command: same bytes, clear words for what is wrong."""

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from contracts.event import Event, TimeQuality
from contracts.scene import SceneConfig
from edge.cli_replay import replay_command
from edge.errors import ConfigError
from edge.replay import TrackLog, replay
from edge.rules.road import TrackRoad
from edge.scene.load import load_scene
from edge.track.motlog import track_line
from tests.unit.edge.road_story import SIZE, START, Story, scene

SCENE_TEXT = """
version: 1
scene_version: 7
lines: [{id: l, start: [0, 0.5], end: [1, 0.5], forward: in, backward: out}]
zones: [{id: yard, kind: restricted, polygon: [[0, 0.6], [1, 0.6], [1, 1], [0, 1]]}]
rules: {line_count: , intrusion: }
"""
SIDECAR = {
    "camera": "gate",
    "frame_rate": 10,
    "started_at": START.isoformat(),
    "image": {"width": SIZE[0], "height": SIZE[1]},
    "model_sha256": "c" * 64,
}
app = Typer()
app.command()(replay_command)


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Path:
    """Three cars down and one person up, at 10 frames a second."""
    story = Story(scene())
    for number in (1, 2, 3):
        story.track(number).begins(number).moves((number / 5, 0.2), (number / 5, 0.9), over_s=4)
    story.track(4, "person", box=(20, 60)).moves((0.9, 0.9), (0.9, 0.2), over_s=9)
    lines = [
        track_line(number, track) for number, (_, tracks) in enumerate(story.frames(), start=1) for track in tracks
    ]
    (tmp_path / "tracks.txt").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "tracks.json").write_text(json.dumps(SIDECAR), encoding="utf-8")
    (tmp_path / "scene.yaml").write_text(SCENE_TEXT, encoding="utf-8")
    return tmp_path / "tracks.txt"


def run(log: Path, *options: str) -> bytes:
    result = CliRunner().invoke(app, [str(log), "--scene", str(log.parent / "scene.yaml"), *options])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_the_same_log_gives_the_same_bytes(log: Path) -> None:
    """What-if runs and disputes years later rest on this."""
    first, second = run(log), run(log)
    assert first == second
    events = [Event.model_validate_json(line) for line in first.splitlines()]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    counted = [event.data.facts["label"] for event in events if event.data.rule.id == "line_count"]
    assert sorted(counted) == ["in", "in", "in", "out"]
    intruders = [str(event.subject) for event in events if event.data.rule.id == "intrusion"]
    assert sorted(intruders) == ["1", "2", "3", "4"]
    assert {event.source for event in events} == {"/nodes/replay/cameras/gate"}
    assert {event.data.model_sha256 for event in events} == {"c" * 64}
    assert {event.data.scene_version for event in events} == {7}


def test_replay_finds_what_the_first_run_found(tmp_path: Path) -> None:
    """Through text and back: boxes with all their digits, uneven frame times, a jump in time."""
    judged = load_scene_text(tmp_path)
    story = Story(judged, fps=12.5).track(1).moves((0.3, 0.2), (0.31, 0.93), over_s=7.3).trembles(1.7)
    story.track(2, "person", box=(21.3, 61.7)).moves((0.9, 0.9), (0.7, 0.1), over_s=9.1).trembles(0.9)
    frames = [frame for number, frame in enumerate(story.frames()) if number % 7 != 3]
    quality = TimeQuality(source="rtcp", uncertainty_ms=4.2)
    road = TrackRoad(judged, node="replay", camera="gate", model_sha256="c" * 64)
    first, lines, marks = [], [], []
    for number, (at, tracks) in enumerate(frames, start=1):
        jumped = number == 40
        found = road.update(tracks, at, SIZE, discontinuity=jumped)
        first += [road.event(finding, quality) for finding in found]
        lines += [track_line(number, track) for track in tracks]
        marks.append({"frame": number, "at": at.isoformat(), "discontinuity": jumped})
    (tmp_path / "tracks.txt").write_text("".join(lines), encoding="utf-8")
    sidecar = {**SIDECAR, "frames": marks, "time_quality": quality.model_dump()}
    (tmp_path / "tracks.json").write_text(json.dumps(sidecar), encoding="utf-8")
    again = list(replay(TrackLog.read(tmp_path / "tracks.txt"), judged))
    assert len(again) >= 3
    assert [event.model_copy(update={"sequence": 0}).to_json() for event in again] == [e.to_json() for e in first]


def load_scene_text(folder: Path) -> SceneConfig:
    (folder / "scene.yaml").write_text(SCENE_TEXT, encoding="utf-8")
    return load_scene(folder / "scene.yaml")


def test_into_a_file_with_a_summary(log: Path) -> None:
    out = log.parent / "events.jsonl"
    said = json.loads(run(log, "--out", str(out), "--json"))
    assert said["events"] == {"intrusion": 4, "line_count": 4}
    assert out.read_bytes() == run(log)
    assert b"4 intrusion, 4 line_count" in run(log, "--out", str(out))


def test_node_and_camera_can_be_named(log: Path) -> None:
    event = Event.model_validate_json(run(log, "--node", "n1", "--camera", "c1").splitlines()[0])
    assert event.source == "/nodes/n1/cameras/c1"


def test_bare_detections_go_through_our_tracker(log: Path) -> None:
    """A log of another detector, without ids."""
    text = log.read_text(encoding="utf-8")
    lines = [",".join([cells[0], "-1", *cells[2:]]) for line in text.splitlines() if (cells := line.split(","))]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    events = list(replay(TrackLog.read(log), load_scene(log.parent / "scene.yaml")))
    assert sorted(event.data.facts["label"] for event in events if event.data.rule.id == "line_count") == [
        "in",
        "in",
        "in",
        "out",
    ]


def test_a_changed_scene_gives_another_answer(log: Path) -> None:
    """What-if: the line a little lower, the yard gone."""
    changed = scene(lines=[{"id": "low", "start": [0, 0.8], "end": [0.5, 0.8]}], rules={"line_count": {}})
    events = list(replay(TrackLog.read(log), changed))
    assert [(event.data.rule.id, event.data.where, event.subject) for event in events] == [
        ("line_count", "low", "1"),
        ("line_count", "low", "2"),
    ]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda log: log.unlink(), "cannot be read"),
        (lambda log: log.with_suffix(".json").unlink(), "a track log needs a sidecar with at least"),
        (lambda log: log.with_suffix(".json").write_text("{}"), "frame_rate"),
        (lambda log: log.write_text("1,2,3\n"), "line 1: 3 columns"),
        (lambda log: log.write_bytes(b"\xff\xfe\x00"), "not UTF-8"),
    ],
)
def test_nonsense_is_answered_in_words(log: Path, damage: object, words: str) -> None:
    damage(log)  # type: ignore[operator]
    with pytest.raises(ConfigError, match=words):
        list(replay(TrackLog.read(log), load_scene(log.parent / "scene.yaml")))


def test_a_camera_name_that_cannot_stand_in_an_event_is_refused(log: Path) -> None:
    with pytest.raises(ConfigError, match="camera 'a/b': use letters"):
        list(replay(TrackLog.read(log), load_scene(log.parent / "scene.yaml"), camera="a/b"))
