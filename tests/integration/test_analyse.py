"""`giaolo analyse` on real video: reproducible to the byte, and the same as a replay of its own track log."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edge.analyse import camera_id, prepare_folder
from edge.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
SCENE = ROOT / "deploy" / "samples" / "street_quiet.yaml"


def giaolo(*arguments: str | Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the command; the exit status must be `expect`."""
    done = subprocess.run(
        [sys.executable, "-m", "giaolo", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, done.stderr[-2000:]
    return done


@pytest.fixture(scope="module")
def cut(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 10 s of a street with three cars, remuxed, so that the test stays short."""
    import av

    target = tmp_path_factory.mktemp("cut") / "street_cut.mp4"
    with av.open(str(clips / "street_quiet.mp4")) as source, av.open(str(target), "w") as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is None or (packet.time_base and packet.dts * packet.time_base >= 10):
                continue
            packet.stream = copy
            sink.mux(packet)
    return target


def test_the_same_video_gives_the_same_bytes_and_replay_agrees(cut: Path, tmp_path: Path) -> None:
    results = []
    for name in ("first", "second"):
        out = tmp_path / name
        done = giaolo("analyse", cut, "--scene", SCENE, "--out", out, "--max-fps", "8", "--json")
        assert json.loads(done.stdout)["events"]["line_count"] >= 1
        results.append(out)
    first, second = results
    for name in ("events.jsonl", "tracks.txt", "tracks.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name

    replayed = tmp_path / "replayed.jsonl"
    giaolo("replay", first / "tracks.txt", "--scene", SCENE, "--out", replayed)
    assert judged(replayed) == judged(first / "events.jsonl")


def test_a_controllers_file_tells_what_the_signals_show(cut: Path, tmp_path: Path) -> None:
    """No head in the picture: who passes on the file's red is found, who passes on its green is not; replay agrees."""
    (tmp_path / "scene.yaml").write_text(
        "version: 1\nscene_version: 1\n"
        "stop_lines: [{id: stop, start: [0.34, 0.568], end: [0.97, 0.568], signals: [A]}]\n"
        "signal_heads: [{id: A, feed: north}]\nrules: {red_light: }\n"
    )
    # Cars pass at 1.4, 7.2 and 8.4 s, read by eye.
    told = ["# made by hand", "north,2026-01-05T08:00:00Z,red", "north,2026-01-05T08:00:05Z,green", "nonsense"]
    (tmp_path / "signals.csv").write_text("\n".join(told) + "\n")
    options = ("--scene", tmp_path / "scene.yaml", "--max-fps", "8")
    signals = ("--signals", tmp_path / "signals.csv", "--start", "2026-01-05T08:00:00Z")
    done = giaolo("analyse", cut, *options, *signals, "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["events"] == {"red_light": 1}
    (event,) = (tmp_path / "out" / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert "2026-01-05T08:00:01.2" <= json.loads(event)["time"] <= "2026-01-05T08:00:01.7"
    assert "line 4" in done.stderr
    giaolo("replay", tmp_path / "out" / "tracks.txt", *options[:2], "--out", tmp_path / "replayed.jsonl")
    assert judged(tmp_path / "replayed.jsonl") == judged(tmp_path / "out" / "events.jsonl")


def judged(path: Path) -> list[object]:
    """What was found, without who ran it: node, model and stills differ between analyse and replay."""
    found: list[object] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        data = event["data"]
        found.append((event["type"], event["time"], event["subject"], data["where"], data["facts"], data["path"]))
    return found


def test_a_file_that_is_no_video_is_named(tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(b"\x00\x01garbage" * 500)

    done = giaolo("analyse", noise, "--scene", SCENE, "--out", tmp_path / "out", expect=1)

    assert "noise.mp4" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(ConfigError, match=r"thesis\.txt"):
        prepare_folder(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


def test_results_of_an_earlier_run_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text("old")
    (tmp_path / "evidence").mkdir()

    prepare_folder(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "wanted"), [("street.mp4", "street"), ("Đường phố.mp4", "-ng-ph-"), ("...mp4", "video"), ("-a.avi", "a")]
)
def test_camera_id(name: str, wanted: str) -> None:
    assert camera_id(Path(name)).strip("-") == wanted.strip("-")
