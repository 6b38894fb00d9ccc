"""The manifest that ships: complete, and refused when somebody breaks it."""

from pathlib import Path

import pytest

from models.card import MANIFEST, read_manifest
from models.registry import DEFAULT_DETECTOR


def test_the_manifest_that_ships_is_readable_and_says_the_licence() -> None:
    """AGPL weights must be called so: a city that does not know may not use them as it thinks."""
    cards = {card.name: card for card in read_manifest()}
    assert "AGPL-3.0" in cards[DEFAULT_DETECTOR].licence
    assert "source code" in cards[DEFAULT_DETECTOR].licence_note
    assert any(card.licence == "Apache-2.0" for card in cards.values()), "no permissive detector to change to"


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    """Which one would run?"""
    text = MANIFEST.read_text(encoding="utf-8")
    head, first, *_ = text.split("[[model]]")
    (tmp_path / "manifest.toml").write_text(head + "[[model]]" + first + "[[model]]" + first, encoding="utf-8")
    with pytest.raises(ValueError, match="stands twice"):
        read_manifest(tmp_path / "manifest.toml")


@pytest.mark.parametrize("line", ['sha256 = "abc"', "surprise = 1", 'head = "yolov3"', "size = 0"])
def test_nonsense_in_a_manifest_is_refused(tmp_path: Path, line: str) -> None:
    """A short checksum would pin nothing; an unknown key is a typo."""
    key = line.split(" = ", maxsplit=1)[0]
    lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    start = lines.index("[[model]]")
    kept = [old for old in lines if not old.startswith(f"{key} = ")]
    (tmp_path / "manifest.toml").write_text("\n".join([*kept[: start + 1], line, *kept[start + 1 :]]), encoding="utf-8")
    with pytest.raises(ValueError, match=key):
        read_manifest(tmp_path / "manifest.toml")
