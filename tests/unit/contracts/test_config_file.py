"""Faults in configuration files are told by place, and never quote what stands there."""

import pytest

from contracts.config_file import parse_yaml


def test_a_fault_is_told_by_line_without_the_password_beside_it() -> None:
    content = b"cameras:\n  - url: rtsp://admin:s3cret@h/a\n   id: [\n"

    with pytest.raises(ValueError, match=r"is not YAML at line \d+, column \d+") as caught:
        parse_yaml(content)

    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xd8\xff", "not UTF-8"), (b"a: \x00", "no text has"), (b"!!python/object:os.x {}", "YAML")],
)
def test_nonsense_has_words(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_yaml(content)


def test_a_document_is_read() -> None:
    assert parse_yaml("name: Lê Lợi\n".encode()) == {"name": "Lê Lợi"}
