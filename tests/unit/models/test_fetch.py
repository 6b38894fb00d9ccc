"""Fetching: the target is either the pinned file or not there, whatever the source does."""

import hashlib
from pathlib import Path

import pytest

from models.errors import ChecksumMismatch, FetchError
from models.fetch import fetch, is_intact, sha256_of
from models.source import FileSource
from tests.unit.models.serving import plain, serving

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def fetch_from(url: str, target: Path) -> Path:
    return fetch(target, [plain(url)], sha256=SHA256, size=len(CONTENT))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_fetched_checked_and_reported(tmp_path: Path) -> None:
    """People see a download move; the last report says it is complete."""
    told: list[tuple[str, int, int | None]] = []
    with serving(CONTENT) as url:
        path = fetch(
            tmp_path / "cache" / "a.onnx",
            [plain(url)],
            sha256=SHA256,
            size=len(CONTENT),
            progress=lambda *what: told.append(what),
        )
    assert sha256_of(path) == SHA256
    assert left_in(tmp_path / "cache") == ["a.onnx"]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1] == ("ready", len(CONTENT), len(CONTENT))


@pytest.mark.parametrize("wrong", [CONTENT[:-1] + b"x", CONTENT + b"more"])
def test_a_wrong_file_is_refused_and_deleted(tmp_path: Path, wrong: bytes) -> None:
    """Somebody who changes weights at their source must not reach a camera."""
    with serving(wrong) as url, pytest.raises(ChecksumMismatch, match=SHA256):
        fetch_from(url, tmp_path / "a.onnx")
    assert left_in(tmp_path) == []


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Half a model in the cache would fail at every later start."""
    with serving(CONTENT, break_after=1000) as url, pytest.raises(FetchError, match="broke off after 1000"):
        fetch_from(url, tmp_path / "a.onnx")
    assert left_in(tmp_path) == []


def test_a_signal_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C during a download."""

    def stop(_stage: str, done: int, _total: int | None) -> None:
        if done:
            raise KeyboardInterrupt

    with serving(CONTENT) as url, pytest.raises(KeyboardInterrupt):
        fetch(tmp_path / "a.onnx", [plain(url)], sha256=SHA256, size=len(CONTENT), progress=stop)
    assert left_in(tmp_path) == []


def test_without_a_network_the_error_says_what_to_do(tmp_path: Path) -> None:
    """Edge nodes stand in networks without a way out."""
    with serving(CONTENT) as url:
        pass  # the server is gone, its port is closed
    with pytest.raises(FetchError, match="check the network"):
        fetch_from(url, tmp_path / "a.onnx")


def test_an_answer_of_not_found_is_told(tmp_path: Path) -> None:
    """A moved release."""
    with serving(b"", status=404) as url, pytest.raises(FetchError, match="404"):
        fetch_from(url, tmp_path / "a.onnx")


def test_the_next_source_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror that is wrong does not stop a good one."""
    monkeypatch.setenv("GIAOLO_SHARED", str(tmp_path / "shared"))
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.onnx").write_bytes(CONTENT)
    good = FileSource(kind="file", path="a.onnx")
    with serving(b"wrong") as url:
        path = fetch(tmp_path / "b.onnx", [plain(url), good], sha256=SHA256, size=len(CONTENT))
    assert is_intact(path, SHA256, len(CONTENT))


def test_a_damaged_file_in_the_cache_is_replaced(tmp_path: Path) -> None:
    """A disk fault must not need a person."""
    target = tmp_path / "a.onnx"
    target.write_bytes(CONTENT[:-1] + b"x")
    with serving(CONTENT) as url:
        fetch_from(url, target)
    assert is_intact(target, SHA256, len(CONTENT))


def test_an_intact_file_needs_no_network(tmp_path: Path) -> None:
    """A second start works offline."""
    target = tmp_path / "a.onnx"
    target.write_bytes(CONTENT)
    assert fetch(target, [plain("http://127.0.0.1:1/")], sha256=SHA256, size=len(CONTENT)) == target


def test_a_cache_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The cache's parent is a file."""
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(FetchError, match="GIAOLO_CACHE"):
        fetch_from("http://127.0.0.1:1/", tmp_path / "cache" / "models" / "a.onnx")
