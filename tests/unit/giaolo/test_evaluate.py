"""`giaolo models evaluate`: what it prints, and what it says to those who use it wrongly."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from contracts.errors import GiaoloError
from contracts.event import ImageSize
from edge.detect.classes import class_named
from edge.track.sidecar import Sidecar
from giaolo.cli_evaluate import evaluate_app
from giaolo.evaluate import START
from tests.unit.models.tiny import fixed

pytest.importorskip("trackeval", reason="the extra `evaluate` is not installed")
pytest.importorskip("pycocotools", reason="the extra `evaluate` is not installed")


def asked(*words: object) -> str:
    """What the command prints; its error where it fails."""
    result = CliRunner().invoke(evaluate_app, [str(word) for word in words])
    if isinstance(result.exception, GiaoloError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def sequence(folder: Path, *, classes: tuple[str, ...] = ()) -> Path:
    """A car that drives by for two seconds, and a person beside; where classes are named, sidecars say so."""
    folder.mkdir()
    truth, found = [], []
    for frame in range(1, 51):
        car, person = f"{4 * frame},100,80,60", "300,100,30,80"
        truth += [f"{frame},1,{car},1,4,1", f"{frame},2,{person},1,1,1"]
        found += [f"{frame},-1,{car},0.9,4,1", f"{frame},-1,{person},0.8,1,1"]
    (folder / "gt.txt").write_text("\n".join(truth), encoding="utf-8")
    (folder / "det.txt").write_text("\n".join(found), encoding="utf-8")
    if classes:
        sidecar = Sidecar(frame_rate=25, started_at=START, image=ImageSize(width=640, height=480), class_names=classes)
        for name in ("gt", "det"):
            (folder / f"{name}.json").write_bytes(sidecar.to_json())
    return folder


NAMED = ("person", "bicycle", "motorcycle", "car")


def test_our_tracker_beside_the_truth(tmp_path: Path) -> None:
    """Detections are given, tracks are ours; groups where the sidecar names classes. The same input, the same text."""
    folder = sequence(tmp_path / "a", classes=NAMED)
    text = asked("tracks", folder, "--json")
    assert text == asked("tracks", folder, "--json")
    found = json.loads(text)
    assert found["together"]["mota"] == 100  # also the person, who might ride, from the first sighting on
    assert list(found["groups"]) == ["person", "vehicle"]
    assert list(found["sequences"]) == [str(folder)]


def test_tracks_of_others(tmp_path: Path) -> None:
    """A file in each folder, as another tracker wrote it: here the truth, with the person left out."""
    folder = sequence(tmp_path / "a")
    cars = [line for line in (folder / "gt.txt").read_text().splitlines() if line.split(",")[1] == "1"]
    (folder / "theirs.txt").write_text("\n".join(cars), encoding="utf-8")
    found = json.loads(asked("tracks", folder, "--tracks", "theirs.txt", "--json"))
    assert (found["together"]["mota"], found["together"]["misses"]) == (50, 50)
    assert found["groups"] == {}


def test_the_layout_of_benchmarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """gt/gt.txt, det/det.txt and seqinfo.ini."""
    monkeypatch.setenv("COLUMNS", "160")
    folder = sequence(tmp_path / "a")
    for name in ("gt", "det"):
        (folder / name).mkdir()
        (folder / f"{name}.txt").rename(folder / name / f"{name}.txt")
    (folder / "seqinfo.ini").write_text("[Sequence]\nframeRate=25\nimWidth=640\nimHeight=480\n", encoding="utf-8")
    table = asked("tracks", folder)
    assert "together" in table
    assert "│ 100.0 │" in table


def test_used_wrongly(tmp_path: Path) -> None:
    """Each says what to do."""
    with pytest.raises(GiaoloError, match=r"has neither gt\.txt nor gt/gt\.txt"):
        asked("tracks", tmp_path)
    folder = sequence(tmp_path / "a")
    with pytest.raises(GiaoloError, match="how many frames a second it has; give them with --fps"):
        asked("tracks", folder)
    with pytest.raises(GiaoloError, match="a folder is named twice"):
        asked("tracks", folder, folder, "--fps", 25)
    with pytest.raises(GiaoloError, match="there is no such file of tracks"):
        asked("tracks", folder, "--tracks", "gone.txt")
    (folder / "seqinfo.ini").write_text("frameRate=25", encoding="utf-8")
    with pytest.raises(GiaoloError, match=r"seqinfo\.ini"):
        asked("tracks", folder)
    (folder / "seqinfo.ini").write_text("[Sequence]\nframeRate=fast\n", encoding="utf-8")
    with pytest.raises(GiaoloError, match=r"seqinfo\.ini.*fast"):
        asked("tracks", folder)
    with pytest.raises(GiaoloError, match=r"gt\.txt: line 1: class 4 is not in gt\.json, which names 1"):
        asked("tracks", sequence(tmp_path / "b", classes=("person",)), "--tracks", "det.txt")


def coco(folder: Path) -> Path:
    """One picture with a car in its middle; the network that finds it is a fixed one of 64x96."""
    cv2.imwrite(str(folder / "a.png"), np.zeros((64, 96, 3), np.uint8))
    document = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "categories": [{"id": 3, "name": "car"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [20, 20, 40, 24]}],
    }
    (folder / "truth.json").write_text(json.dumps(document), encoding="utf-8")
    rows = np.zeros((1, 300, 6), np.float32)
    rows[0, 0] = 20, 20, 60, 44, 0.9, 1
    return fixed(folder / "mine.onnx", {"output0": rows}, names="{0: 'person', 1: 'car'}")


def test_a_detector_beside_the_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that does not say what it is needs --head."""
    monkeypatch.setenv("COLUMNS", "160")
    model = coco(tmp_path)
    words = ("boxes", tmp_path / "truth.json", "--images", tmp_path, "--model", model, "--height", 64, "--width", 96)
    with pytest.raises(GiaoloError, match="may be that of yolo26 or rtdetr"):
        asked(*words)
    text = asked(*words, "--head", "yolo26", "--json")
    assert text == asked(*words, "--head", "yolo26", "--json")
    found = json.loads(text)
    assert found["mean"]["ap"] == 100
    assert found["groups"]["vehicle"]["small"] == 100
    assert found["model"] == "mine.onnx"
    assert "group vehicle" in asked(*words, "--head", "yolo26")


def test_a_picture_that_is_missing(tmp_path: Path) -> None:
    """The wrong folder, or a file that is none."""
    model = coco(tmp_path)
    words = ("boxes", tmp_path / "truth.json", "--model", model, "--height", 64, "--width", 96, "--head", "yolo26")
    with pytest.raises(GiaoloError, match=r"a\.png: is missing or no picture; --images names the folder"):
        asked(*words, "--images", tmp_path / "elsewhere")
    (tmp_path / "a.png").write_bytes(b"<html>")
    with pytest.raises(GiaoloError, match="is missing or no picture"):
        asked(*words, "--images", tmp_path)
    with pytest.raises(GiaoloError, match="multiple of 32"):
        asked(*words, "--images", tmp_path, "--width", 100)


def test_categories_go_by_name() -> None:
    """Those of COCO and of sets made at home."""
    assert [class_named(name) for name in ("motorbike", "pedestrian", "truck", "tram")] == [2, 0, 5, None]
