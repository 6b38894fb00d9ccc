"""Registry: names, folders, and what is said when a model is not here."""

import hashlib
from pathlib import Path

import pytest

from models.card import ModelCard
from models.errors import FetchError, UnknownModel
from models.registry import Registry
from tests.unit.models.serving import plain, serving

CONTENT = b"weights" * 100


def card(url: str) -> ModelCard:
    return ModelCard.model_construct(
        name="tiny",
        task="detect",
        title="tiny",
        classes="coco",
        height=64,
        width=64,
        head="yolov8",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size=len(CONTENT),
        licence="Apache-2.0",
        licence_note="free",
        homepage="",
        sources=(plain(url),),
    )


def test_pulled_then_found(tmp_path: Path) -> None:
    """The road of every first start."""
    with serving(CONTENT) as url:
        registry = Registry((card(url),), tmp_path)
        with pytest.raises(FetchError, match="giaolo models pull tiny"):
            registry.find("tiny")
        assert not registry.is_pulled("tiny")
        path = registry.pull("tiny")
    assert registry.find("tiny") == path == tmp_path / "tiny.onnx"
    found = registry.card_of(hashlib.sha256(CONTENT).hexdigest())
    assert found is not None
    assert found.name == "tiny"
    assert registry.card_of("0" * 64) is None


def test_a_damaged_model_is_not_found(tmp_path: Path) -> None:
    """Its checksum goes into evidence: it must be the one that ran."""
    registry = Registry((card("http://127.0.0.1:1/"),), tmp_path)
    (tmp_path / "tiny.onnx").write_bytes(CONTENT + b"x")
    with pytest.raises(FetchError, match="damaged"):
        registry.find("tiny")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    """A typo in a node's file."""
    with pytest.raises(UnknownModel, match=r"no model 'yolo'; there are: yolov8n-coco, yolox-nano-coco"):
        Registry().card("yolo")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"GIAOLO_CACHE": "/a/b"}, "/a/b/models"),
        ({"XDG_CACHE_HOME": "/a"}, "/a/giaolo/models"),
        ({"HOME": "/home/x"}, "/home/x/.cache/giaolo/models"),
    ],
)
def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str) -> None:
    """Where an engineer looks for the files."""
    for name in ("GIAOLO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Registry().folder == Path(expected)
