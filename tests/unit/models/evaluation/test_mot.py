"""MOTChallenge text as benchmarks publish it, and what is no such text."""

from pathlib import Path

import pytest

from models.errors import TruthError
from models.evaluation.mot import ALL, read_told


def written(folder: Path, text: str) -> Path:
    path = folder / "gt.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_benchmarks_publish(tmp_path: Path) -> None:
    """MOT15 with places in the world, MOT17 with class and visibility; a mark of 0 does not count."""
    found = read_told(
        written(tmp_path, "1,3,10,20,30,40,1,-1.5,2.5,-1\n\n2,3,11,20,30,40,0,1,1\n2,0,5,5,5,5,1,1,0.5\n")
    )
    assert found.frame.tolist() == [1, 2]
    assert found.identity.tolist() == [3, 0]
    assert found.xyxy.tolist() == [[10, 20, 40, 60], [5, 5, 10, 10]]
    assert found.group.tolist() == [ALL, ALL]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no box that counts"),
        ("1,1,0,0,5,5,0\n", "holds no box that counts"),
        ("<html>\n", "line 1: 1 columns; expected frame,id,left"),
        ("1,1,0,0,5,5,1\n1,2,a,0,5,5,1\n", "line 2: could not convert string to float: 'a'"),
        ("1,1,0,0,5,nan,1\n", "line 1: a number is not finite"),
        ("0,1,0,0,5,5,1\n", "line 1: frame is 0; expected a whole number from 1"),
        ("1.5,1,0,0,5,5,1\n", "line 1: frame is 1.5"),
        ("1,-1,0,0,5,5,1\n", "line 1: id is -1; expected a whole number from 0"),
        ("1,1,0,0,0,5,1\n", "line 1: width and height must be above 0"),
        ("1,1,0,0,5,5,1\n2,1,0,0,5,5,1\n1,1,9,9,5,5,1\n", "line 3: id 1 stands in frame 1 already, on line 1"),
    ],
)
def test_nonsense_is_named_by_its_line(tmp_path: Path, text: str, words: str) -> None:
    """A figure from half a file would be believed."""
    with pytest.raises(TruthError, match=f"gt.txt: .*{words}"):
        read_told(written(tmp_path, text))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Not there, or a picture."""
    with pytest.raises(TruthError, match="FileNotFoundError"):
        read_told(tmp_path / "gt.txt")
    (tmp_path / "gt.txt").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(TruthError, match="UnicodeDecodeError"):
        read_told(tmp_path / "gt.txt")
