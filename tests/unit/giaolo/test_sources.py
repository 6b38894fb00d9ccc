"""`--source`: what is accepted, what it is called, and that a password never shows."""

from pathlib import Path

import pytest

from contracts.errors import GiaoloError, UsageError
from giaolo.sources import cameras_of, slug


class Words:
    """Keeps what a person would have been told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def progress(self, name: str, done: int, total: int | None) -> None:
        """Not looked at."""

    def warn(self, words: str) -> None:
        """Kept."""
        self.warnings.append(words)


silent = Words()


def test_a_camera_is_called_by_its_address_without_credentials() -> None:
    (camera,) = cameras_of(["rtsp://admin:pa55@192.0.2.10:8554/live/ch1"], silent)

    assert camera.id == "192.0.2.10-8554-live-ch1"
    assert camera.name == "192.0.2.10:8554/live/ch1"
    assert camera.scene is None
    assert "pa55" not in camera.id + camera.name


def test_two_cameras_at_one_address_have_two_ids() -> None:
    cameras = cameras_of(["rtsp://h/a", "rtsp://h/a"], silent)

    assert len({camera.id for camera in cameras}) == 2


@pytest.mark.parametrize("source", ["http://h/a", "rtsp://", "rtsp://h:99999/a", "ftp://u:pa55@h/a"])
def test_other_addresses_are_refused(source: str) -> None:
    with pytest.raises(UsageError, match="expected rtsp://") as caught:
        cameras_of([source], silent)

    assert "pa55" not in str(caught.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"none\.mp4: no such file"):
        cameras_of(["none.mp4"], silent)


def test_a_known_sample_brings_its_scene_whatever_it_is_called(clips: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "my own.mp4"
    renamed.write_bytes((clips / "street.mp4").read_bytes())

    (camera,) = cameras_of([str(renamed)], silent)

    assert camera.id == "my-own"
    assert camera.scene is not None
    assert camera.scene.name == "street.yaml"


def test_any_other_file_gets_the_default_scene(tmp_path: Path) -> None:
    video = tmp_path / "đường phố.mp4"
    video.write_bytes(b"anything")

    (camera,) = cameras_of([str(video)], silent)

    assert camera.scene is None
    assert camera.name == "đường phố"


@pytest.mark.parametrize(("text", "wanted"), [("a b/c", "a-b-c"), ("...", "camera"), ("x" * 99, "x" * 60)])
def test_slug(text: str, wanted: str) -> None:
    assert slug(text) == wanted


def test_a_sample_that_cannot_be_had_does_not_stop_the_demo(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network and with one clip at hand, the demo runs with that one and says what is missing."""
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "pedestrians.avi").write_bytes((clips / "pedestrians.avi").read_bytes())
    words = Words()

    cameras = cameras_of([], words)

    assert [camera.id for camera in cameras] == ["pedestrians"]
    assert any("street.mp4" in words for words in words.warnings)


def test_no_sample_at_all_is_an_error_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")

    with pytest.raises(GiaoloError, match="--source"):
        cameras_of([], Words())
