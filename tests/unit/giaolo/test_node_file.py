"""A node's file: the detector's part changes, all else stays as somebody wrote it."""

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from edge.config import load_node_config
from edge.errors import ConfigError
from giaolo.node_file import set_detect

FILE = """\
# Cabinet 12, keys at the guard's
version: 1
node: cabinet-12
data: /var/lib/giaolo   # the big disk
detect:
  fps: 5
  model: yolov8n-coco  # chosen by Hoa
  threads: 2

# the bridge
cameras:
  - id: cầu-giấy
    name: Cầu Giấy
    url: rtsp://user:p#ss@192.0.2.10/s2
"""
FILE = FILE.replace("cầu-giấy", "cau-giay")
CHANGES: dict[str, Any] = {"model": "/m/int8.onnx", "providers": ["openvino", "cpu"], "precision": "f32"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "node.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_the_detectors_stays_word_for_word(tmp_path: Path) -> None:
    """Comments hold what no key does."""
    path = written(tmp_path, FILE)
    set_detect(path, CHANGES)
    text = path.read_text(encoding="utf-8")
    head, tail = FILE.split("detect:")[0], FILE[FILE.index("\n# the bridge") :]
    assert text.startswith(head)
    assert text.endswith(tail)
    assert yaml.safe_load(text)["detect"] == {"fps": 5, "threads": 2, **CHANGES}


@pytest.mark.parametrize(
    "text",
    [
        FILE,
        FILE.replace("detect:\n  fps: 5\n  model: yolov8n-coco  # chosen by Hoa\n  threads: 2\n", ""),
        FILE.replace("detect:\n  fps: 5\n  model: yolov8n-coco  # chosen by Hoa\n  threads: 2\n", "detect: {fps: 5}\n"),
        FILE.rstrip("\n"),
        FILE + "\n\n",
        "# last\n" + FILE.split("# the bridge")[1].strip("\n") + "\nnode: a\ndata: d\ndetect:\n  fps: 5\n  # no more\n",
        "{version: 1, node: a, data: d, detect: {fps: 5}, cameras: [{id: a, url: a.mp4}]}\n",
        "{version: 1, node: a, data: d, cameras: [{id: a, url: a.mp4}]}",
        "---\nnode: a\ndata: d\ncameras:\n- {id: a, url: &u a.mp4}\n- {id: b, url: *u}\n...\n",
        '"node": a\n"data": d\n"detect":\n    "fps": 5\n"cameras":\n- id: a\n  url: |-\n    a.mp4\n',
        "node: a\r\ndata: d\r\ndetect:\r\n  fps: 5\r\ncameras:\r\n- id: a\r\n  url: a.mp4\r\n",
    ],
)
def test_every_other_key_stays_however_the_file_is_written(tmp_path: Path, text: str) -> None:
    """With and without the part, last or first, in one line, with anchors, with Windows' line ends."""
    path = written(tmp_path, text)
    before = yaml.safe_load(text)
    set_detect(path, CHANGES)
    after = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert after == {**before, "detect": {**before.get("detect", {}), **CHANGES}}
    assert load_node_config(path).detect.model == "/m/int8.onnx"
    assert [entry.name for entry in tmp_path.iterdir()] == ["node.yaml"]


def test_a_key_without_a_value_is_taken_out(tmp_path: Path) -> None:
    """bf16 of an earlier choice must not stay where ONNX Runtime runs."""
    path = written(tmp_path, FILE)
    set_detect(path, CHANGES)
    set_detect(path, {"model": "yolov8n-coco", "precision": None})
    assert "precision" not in yaml.safe_load(path.read_text(encoding="utf-8"))["detect"]


def test_the_files_mode_stays(tmp_path: Path) -> None:
    """It holds cameras' passwords."""
    path = written(tmp_path, FILE)
    path.chmod(0o600)
    set_detect(path, CHANGES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """/etc/giaolo/node.yaml may point into a repository."""
    folder = tmp_path / "etc"
    folder.mkdir()
    path = written(tmp_path, FILE)
    (folder / "node.yaml").symlink_to(path)
    set_detect(folder / "node.yaml", CHANGES)
    assert (folder / "node.yaml").is_symlink()
    assert load_node_config(path).detect.precision == "f32"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "node"),
        ("a: [", "is not YAML"),
        ("node: a\ndata: d\ncameras: []\n", "expected a list of cameras"),
        (FILE + "colour: red\n", "colour"),
        (FILE.replace("fps: 5", "fps: -5"), r"detect\.fps"),
        ("- a\n- b\n", "whole file"),
    ],
)
def test_a_wrong_file_is_told_and_left_alone(tmp_path: Path, text: str, words: str) -> None:
    """Nothing is written into what is not understood."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=words):
        set_detect(path, CHANGES)
    assert path.read_text(encoding="utf-8") == text


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A slip of the pen."""
    with pytest.raises(ConfigError, match="cannot be read"):
        set_detect(tmp_path / "gone.yaml", CHANGES)


def test_changes_that_do_not_fit_are_not_written(tmp_path: Path) -> None:
    """A node that does not start is worse than a slow one."""
    path = written(tmp_path, FILE)
    with pytest.raises(ConfigError, match=r"would not be right any more:\n  detect\.height"):
        set_detect(path, {"height": 100})
    assert path.read_text(encoding="utf-8") == FILE
