"""Samples: the manifest that ships, and known clips whatever their name."""

from pathlib import Path

import pytest

from contracts.errors import UsageError
from giaolo.samples import find_sample, sample_by_checksum, sample_cards
from models.errors import FetchError


def test_every_sample_has_its_scene() -> None:
    """A demo without lines and zones shows boxes and finds nothing."""
    cards = sample_cards()
    assert {"pedestrians.avi", "street.mp4"} <= {card.name for card in cards}
    assert [card.name for card in cards if card.scene is None] == []


def test_a_known_clip_is_known_under_any_name(clips: Path, tmp_path: Path) -> None:
    """`--source my-copy.mp4` of a sample takes its scene."""
    copy = tmp_path / "my copy.mp4"
    copy.write_bytes((clips / "street.mp4").read_bytes())
    card = sample_by_checksum(copy)
    assert card is not None
    assert card.name == "street.mp4"
    assert card.scene is not None


def test_an_altered_clip_is_not_known(clips: Path, tmp_path: Path) -> None:
    """Same size, another picture: its lines would lie wrong."""
    content = bytearray((clips / "street.mp4").read_bytes())
    content[-1] ^= 1
    (tmp_path / "street.mp4").write_bytes(content)
    assert sample_by_checksum(tmp_path / "street.mp4") is None


def test_what_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    """A folder, or nothing at all."""
    assert sample_by_checksum(tmp_path) is None
    assert sample_by_checksum(tmp_path / "nothing") is None


def test_the_shared_clip_is_used_where_it_is(clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No second copy of what is on the machine."""
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path))
    monkeypatch.setenv("GIAOLO_SHARED", str(clips.parent.parent))
    assert find_sample("street.mp4") == clips / "street.mp4"
    assert list(tmp_path.iterdir()) == []


def test_the_cache_is_enough(clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start works offline."""
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "nowhere"))
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "street.mp4").write_bytes((clips / "street.mp4").read_bytes())
    assert find_sample("street.mp4") == tmp_path / "samples" / "street.mp4"


def test_an_unknown_sample_is_answered_with_the_known_ones() -> None:
    """A typo."""
    with pytest.raises(UsageError, match=r"street\.mp4"):
        find_sample("strete.mp4")


def test_nothing_works_and_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, empty cache: where to put the clip, what to give instead, and each thing that was tried."""
    monkeypatch.setenv("GIAOLO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "nowhere"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(FetchError) as caught:
        find_sample("street.mp4")
    message = str(caught.value)
    assert str(tmp_path / "cache" / "samples" / "street.mp4") in message
    assert "--source" in message
    assert message.count("  - ") == 3
