"""`giaolo scene`: what a person sees who writes his first scene file."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from contracts.health import Reason
from edge.cli_scene import scene_app
from edge.errors import ConfigError, StreamError
from edge.scene_still import still_of

ROOT = Path(__file__).resolve().parents[3]
STREET = ROOT / "deploy" / "samples" / "street.yaml"


def run(*words: str) -> Result:
    return CliRunner().invoke(scene_app, list(words))


@pytest.fixture(name="picture")
def _picture(tmp_path: Path) -> Path:
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), np.full((352, 640, 3), 90, np.uint8))
    return path


def test_a_good_scene_says_what_it_will_do() -> None:
    result = run("validate", str(STREET))
    assert result.exit_code == 0
    assert "line_count: street" in result.stdout
    assert "stopped_vehicle: lane" in result.stdout
    said = json.loads(run("validate", str(STREET), "--json").stdout)
    assert said["ok"] is True
    assert said["rules"] == {
        "line_count": ["street"],
        "wrong_way": ["lane", "far-lane"],
        "stopped_vehicle": ["lane", "far-lane"],
    }


def test_a_rule_that_will_find_nothing_says_so(tmp_path: Path) -> None:
    """Else an empty list of riders without helmet reads like good news."""
    path = tmp_path / "scene.yaml"
    path.write_text("version: 1\nscene_version: 1\nrules: {no_helmet: , too_many_riders: }", encoding="utf-8")
    result = run("validate", str(path))
    assert result.exit_code == 0
    assert "no model classifies riders: nothing will be found" in result.stdout
    said = json.loads(run("validate", str(path), "--json").stdout)
    assert said["rules"] == {"no_helmet": [], "too_many_riders": []}
    assert len(said["reservations"]) == 1
    assert json.loads(run("validate", str(STREET), "--json").stdout)["reservations"] == []


def test_who_is_too_small_is_told_with_a_region_that_helps(tmp_path: Path) -> None:
    """What is printed can be copied into the file, and then all is well."""
    lane = (
        "version: 1\nscene_version: 1\nlanes:\n- id: kerb\n"
        "  polygon: [[0.47, 0.2], [0.53, 0.2], [0.53, 0.4], [0.47, 0.4]]\n"
        "  direction: {start: [0.5, 0.25], end: [0.5, 0.35]}\n"
    )
    path = tmp_path / "scene.yaml"
    path.write_text(lane, encoding="utf-8")
    shown = run("validate", str(path))
    assert shown.exit_code == 0
    assert "but: kerb: a motorcycle is about 12 px large in the network's input there" in shown.stdout
    said = json.loads(run("validate", str(path), "--json").stdout)["too_small"]
    region = said[-1].removeprefix("add under detection_regions: ")
    path.write_text(f"{lane}detection_regions:\n{region}\n", encoding="utf-8")
    said = json.loads(run("validate", str(path), "--json").stdout)
    assert said["too_small"] == []
    assert said["places"]["detection_regions"] == ["kerb-larger"]


def test_a_wrong_region_is_told_with_its_place_and_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(
        "version: 1\nscene_version: 1\ndetection_regions: [{id: a, scale: 0.5, "
        "polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]}]",
        encoding="utf-8",
    )
    result = run("validate", str(path))
    assert result.exit_code == 1
    assert "detection_regions.0: " in result.stdout
    assert "larger than the picture; expected 1 to 8, or leave it out" in result.stdout


def test_a_wrong_scene_is_exit_1_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text("version: 1\nscene_version: 0\nzones: [{id: a, kind: lawn, polygon: []}]", encoding="utf-8")
    result = run("validate", str(path))
    assert result.exit_code == 1
    for place in ("scene_version", "zones.0.kind", "zones.0.polygon"):
        assert place in result.stdout
    said = json.loads(run("validate", str(path), "--json").stdout)
    assert said["ok"] is False
    assert any(fault.startswith("zones.0.kind: ") for fault in said["faults"])


def test_a_scene_without_rules_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text("version: 1\nscene_version: 1", encoding="utf-8")
    assert "no rule is on" in run("validate", str(path)).stdout


def test_a_path_that_is_no_file_is_used_wrongly(tmp_path: Path) -> None:
    assert isinstance(run("validate", str(tmp_path)).exception, ConfigError)


def test_show_draws_over_the_picture(picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    result = run("show", str(STREET), "--video", str(picture), "--out", str(out))
    assert result.exit_code == 0, result.output
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape == (352, 640, 3)
    assert (drawn != 90).any()


def test_show_without_a_picture_draws_on_an_empty_one(tmp_path: Path) -> None:
    """The first look at a scene, before there is a clip of the camera."""
    out = tmp_path / "out.jpg"
    assert run("show", str(STREET), "--out", str(out)).exit_code == 0
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape == (720, 1280, 3)


CALIBRATED = """
version: 1
scene_version: 1
calibration:
  points:
    - {image: [0.10, 0.9], metres: [-5, 10]}
    - {image: [0.90, 0.9], metres: [5, 10]}
    - {image: [0.70, 0.4], metres: [6, 40]}
    - {image: [0.30, 0.4], metres: [-6, 40]}
"""
LANE = {"id": "kerb", "polygon": [[0.3, 0.4], [0.7, 0.4], [0.9, 0.9]], "direction": {"start": [0, 0], "end": [1, 1]}}


def test_validate_says_all_places_and_whether_speeds_are_possible(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(CALIBRATED + f"lanes: [{json.dumps(LANE)}]", encoding="utf-8")
    said = run("validate", str(path)).stdout
    assert "lanes: kerb" in said
    assert "4 points always fit; known to about" in said
    assert "speeds: yes" in said
    document = json.loads(run("validate", str(path), "--json").stdout)
    assert document["places"] == {"lanes": ["kerb"]}
    assert document["calibration"]["speeds"] is True
    assert json.loads(run("validate", str(STREET), "--json").stdout)["calibration"] is None
    assert "speeds: no; there is no calibration" in run("validate", str(STREET)).stdout
    path.write_text(CALIBRATED + "  max_residual_m: 0.001", encoding="utf-8")
    assert "speeds: no; from four points the plane is known to" in run("validate", str(path)).stdout


def test_validate_refuses_points_that_give_no_plane(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(CALIBRATED.replace("[6, 40]", "[-6, 41]"), encoding="utf-8")
    result = run("validate", str(path))
    assert result.exit_code == 1
    assert "calibration.points: " in result.stdout


def test_show_draws_the_ground(tmp_path: Path, picture: Path) -> None:
    plain, calibrated, out = tmp_path / "plain.yaml", tmp_path / "calibrated.yaml", tmp_path / "out.png"
    plain.write_text("version: 1\nscene_version: 1", encoding="utf-8")
    calibrated.write_text(CALIBRATED, encoding="utf-8")
    touched = []
    for path in (plain, calibrated):
        assert run("show", str(path), "--video", str(picture), "--out", str(out)).exit_code == 0
        drawn = cv2.imread(str(out))
        assert drawn is not None
        touched.append(bool(np.any(drawn != 90)))
    assert touched == [False, True]


@pytest.mark.parametrize("out", ["scene.gif", "no/such/folder/scene.png"])
def test_show_refuses_where_it_cannot_write(picture: Path, tmp_path: Path, out: str) -> None:
    result = run("show", str(STREET), "--video", str(picture), "--out", str(tmp_path / out))
    assert isinstance(result.exception, ConfigError)


def test_schema_is_json() -> None:
    assert "properties" in json.loads(run("schema").stdout)


def test_still_of_what_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="is not there") as caught:
        still_of(tmp_path / "no.mp4", 0)
    assert caught.value.reason is Reason.FILE_MISSING
    text = tmp_path / "notes.txt"
    text.write_text("hello", encoding="utf-8")
    with pytest.raises(StreamError, match="is it a video or picture"):
        still_of(text, 0)


def test_still_of_a_short_video_is_its_last_picture(picture: Path) -> None:
    assert still_of(picture, 99).shape == (352, 640, 3)
