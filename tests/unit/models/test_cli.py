"""`giaolo models`: what people and scripts read."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.cli import app

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "shared"))


def test_the_list_for_people_names_the_agpl() -> None:
    """Nobody may put AGPL weights into service without having been told."""
    result = RUN.invoke(app, ["list"])
    assert result.exit_code == 0
    assert "yolov8n-coco: AGPL-3.0-only" in result.stdout


def test_the_list_for_scripts_is_json() -> None:
    """One array, paths only for what is here."""
    models = json.loads(RUN.invoke(app, ["list", "--json"]).stdout)
    assert [model["name"] for model in models if model["default"]] == ["yolov8n-coco"]
    assert all(model["path"] is None for model in models)


def test_an_unknown_name_is_used_wrongly() -> None:
    """Exit status 2, and the known names."""
    result = RUN.invoke(app, ["pull", "yolo99"])
    assert result.exit_code == 2
    assert "yolox-nano-coco" in result.stderr


def test_what_cannot_be_had_is_a_problem_found() -> None:
    """Exit status 1, the path that was tried, nothing on stdout for a script to take as a file."""
    result = RUN.invoke(app, ["pull", "yolox-nano-coco"])
    assert result.exit_code == 1
    assert "yolox_nano_416x416.onnx: is not there" in result.stderr
    assert result.stdout == ""
