"""The file of `giaolo cameras apply`: scenes go into the records, and every fault is told at once."""

from pathlib import Path

import pytest

from edge.assignment.cameras_file import load_cameras_file
from edge.errors import ConfigError
from edge.scene.load import load_scene
from tests.conftest import ROOT

SCENE = ROOT / "deploy" / "samples" / "street.yaml"


def write(folder: Path, text: str) -> Path:
    path = folder / "cameras.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scene_file_goes_into_the_record(tmp_path: Path) -> None:
    (tmp_path / "street.yaml").write_bytes(SCENE.read_bytes())
    text = "site: d1\ncameras:\n- {id: a, url: rtsp://h/x, scene: street.yaml}\n- {id: b, url: b.mp4, site: d2}\n"
    records = load_cameras_file(write(tmp_path, text))
    assert records["a"].scene == load_scene(SCENE)
    assert [record.site for record in records.values()] == ["d1", "d2"]


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = """
cameras:
- {id: a, url: "rtsp://u:s3cret@h/x", site: d1}
- {id: b, url: "rtsp://h/x", site: d1, scene: none.yaml}
- {id: c, url: "rtsp://h/x"}
- {id: a, url: "rtsp://h/x", site: d1}
"""
    with pytest.raises(ConfigError) as caught:
        load_cameras_file(write(tmp_path, text))
    said = str(caught.value)
    for words in (
        "cameras.0 (a): \n  url: Value error, holds a user or password",
        "cameras.1 (b)",
        "none.yaml: cannot be read",
        "cameras.2 (c): no site",
        "cameras.3 (a): this id stands twice",
    ):
        assert words in said
    assert "s3cret" not in said


@pytest.mark.parametrize("text", ["", "cameras: []", "cameras: kafka", "[1, 2]", "cameras: [{id: a}]", "version: 2"])
def test_nonsense_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"cameras.yaml:"):
        load_cameras_file(write(tmp_path, text))
