"""Cards of files made here: beside the file, whole, and never believed for another file."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from models.errors import FetchError
from models.made import CalibrationVideo, MadeCard, card_path, read_made, write_made

CONTENT = b"a network"


def card(**other: Any) -> MadeCard:
    return MadeCard.model_validate(
        {
            "parent": "yolov8n-coco",
            "parent_sha256": "a" * 64,
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
            "size": len(CONTENT),
            "head": "yolov8",
            "height": 384,
            "width": 640,
            "arithmetic": "int8",
            "method": "percentile 99.999",
            "videos": (
                CalibrationVideo(name="a.mp4", sha256="b" * 64, frames=60),
                CalibrationVideo(name="b.mp4", sha256="c" * 64, frames=40),
            ),
            "made_with": "onnxruntime 1",
            "licence": "AGPL-3.0-only",
            "licence_note": "Offer your source.",
            **other,
        }
    )


def test_the_card_lies_beside_the_file(tmp_path: Path) -> None:
    """It travels with it in the same copy."""
    model = tmp_path / "new" / "mine.onnx"
    write_made(model, CONTENT, card())
    assert model.read_bytes() == CONTENT
    assert card_path(model) == tmp_path / "new" / "mine.card.json"
    assert read_made(model) == card()
    assert card().frames == 100
    assert sorted(path.name for path in model.parent.iterdir()) == ["mine.card.json", "mine.onnx"]


def test_a_file_that_was_not_made_here_has_none(tmp_path: Path) -> None:
    """Most files."""
    (tmp_path / "mine.onnx").write_bytes(CONTENT)
    assert read_made(tmp_path / "mine.onnx") is None


def test_the_card_of_another_file_is_not_believed(tmp_path: Path) -> None:
    """Somebody put a new file in place of the old one: its licence may be another."""
    model = tmp_path / "mine.onnx"
    write_made(model, CONTENT, card())
    model.write_bytes(b"another network")
    with pytest.raises(FetchError, match=r"mine\.card\.json: is the card of another file than mine\.onnx"):
        read_made(model)


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"<html>", b'{"version": 2}', b"\xff\xfe"])
def test_a_damaged_card_is_told(tmp_path: Path, content: bytes) -> None:
    """Half a disk."""
    model = tmp_path / "mine.onnx"
    write_made(model, CONTENT, card())
    card_path(model).write_bytes(content)
    with pytest.raises(FetchError, match=r"is not a model card.*make the model again"):
        read_made(model)


@pytest.mark.parametrize(
    "nonsense",
    [{"videos": ()}, {"arithmetic": "f32"}, {"sha256": "short"}, {"licence": 5}, {"size": 0}, {"colour": "red"}],
)
def test_nonsense_is_no_card(nonsense: dict[str, Any]) -> None:
    """A card without a licence or a checksum is none."""
    with pytest.raises(ValidationError):
        card(**nonsense)


def test_a_disk_without_room_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node runs on it."""
    model = tmp_path / "mine.onnx"
    write_made(model, CONTENT, card())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_made(model, b"new", card())
    monkeypatch.undo()
    assert read_made(model) == card()
    assert len(list(tmp_path.iterdir())) == 2
