"""Export from outside: what stands in for torch's environment here is a script that tells what it is bid to."""

import json
from pathlib import Path

import pytest

from contracts.errors import UsageError
from models.errors import ExportError
from models.export.export import export
from models.made import read_made

TOLD = {"head": "yolov8", "names": {}, "made_with": "ultralytics 8", "parity": {"boxes_px": 2e-4, "scores": 1e-7}}


def python(folder: Path, *, says: str = json.dumps(TOLD), status: int = 0) -> Path:
    """An interpreter that writes `made` where the file is wanted, and says so much."""
    path = folder / "python"
    path.write_text(
        f'#!/bin/sh\necho "$YOLO_OFFLINE $YOLO_AUTOINSTALL" > \'{folder}/quiet\'\nprintf made > "$3"\n'
        f"echo chatter\ncat <<'EOF'\n{says}\nEOF\necho 'it is broken' >&2\nexit {status}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def exported(folder: Path, interpreter: Path, weights: str = "mine.pt", out: str = "mine.onnx") -> object:
    (folder / "mine.pt").write_bytes(b"weights")
    return export(folder / weights, folder / out, size=(384, 640), form="auto", say=lambda _: None, python=interpreter)


def test_file_and_card(tmp_path: Path) -> None:
    """The card says whose weights, how near, and under which licence; nothing is fetched from a hub."""
    card = exported(tmp_path, python(tmp_path))
    assert (tmp_path / "mine.onnx").read_bytes() == b"made"
    assert read_made(tmp_path / "mine.onnx") == card
    found = read_made(tmp_path / "mine.onnx")
    assert found is not None
    assert (found.arithmetic, found.head, found.licence) == ("f32", "yolov8", "AGPL-3.0-only")
    assert "boxes within 0.0002 px, scores within 1e-07" in found.method
    assert (tmp_path / "quiet").read_text() == "true false\n"


@pytest.mark.parametrize("parity", [{"boxes_px": 0.5, "scores": 0}, {"boxes_px": 0, "scores": 0.01}])
def test_one_that_computes_something_else_is_not_written(tmp_path: Path, parity: dict[str, float]) -> None:
    """It would find cars, somewhere beside where they are."""
    with pytest.raises(ExportError, match=r"does not compute what torch does.*nothing was written"):
        exported(tmp_path, python(tmp_path, says=json.dumps(TOLD | {"parity": parity})))
    assert not (tmp_path / "mine.onnx").exists()


def test_a_difference_that_is_no_number(tmp_path: Path) -> None:
    """Weights with a NaN in them: not a number is not near."""
    told = json.dumps(TOLD | {"parity": {"boxes_px": float("nan"), "scores": 0.0}})
    with pytest.raises(ExportError, match="does not compute"):
        exported(tmp_path, python(tmp_path, says=told))


def test_what_fails_inside_is_told(tmp_path: Path) -> None:
    """Ultralytics' own words, the last of them."""
    with pytest.raises(ExportError, match="the export failed:\nit is broken"):
        exported(tmp_path, python(tmp_path, status=1))
    with pytest.raises(ExportError, match="told nothing that can be read:\nchatter\nnonsense"):
        exported(tmp_path, python(tmp_path, says="nonsense"))


@pytest.mark.parametrize(
    ("weights", "out", "words"),
    [
        ("gone.pt", "mine.onnx", "gone.pt: there is no such file; weights are not fetched here"),
        ("mine.onnx", "mine.onnx", "expected weights ending in .pt"),
        ("mine.pt", "mine.pt", "a file to make that ends in .onnx"),
        ("mine.pt", ".", "a file to make that ends in .onnx"),
    ],
)
def test_used_wrongly(tmp_path: Path, weights: str, out: str, words: str) -> None:
    """Told before torch is started, let alone installed."""
    with pytest.raises(UsageError, match=words):
        exported(tmp_path, tmp_path / "no python", weights, out)
