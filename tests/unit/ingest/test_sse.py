"""Bytes of the live stream."""

import pytest

from ingest.sse import LiveMessage, block, chunk_of


def message(number: int | None) -> LiveMessage:
    return LiveMessage(number, "bridge", block(event="event", data="{}", number=number))


def test_a_block_is_what_a_browser_reads() -> None:
    assert block(event="event", data='{"id":"Cầu"}', number=7) == 'event: event\ndata: {"id":"Cầu"}\nid: 7\n\n'.encode()
    assert block(comment="live", number=0, retry_ms=1000) == b": live\nid: 0\nretry: 1000\n\n"


@pytest.mark.parametrize("data", ["{\n}", "{\r}"])
def test_data_of_more_than_a_line_is_refused(data: str) -> None:
    """A browser would read the second line as another field."""
    with pytest.raises(ValueError, match="one line"):
        block(data=data)


@pytest.mark.parametrize(
    ("position", "expected"), [(4, [5, None, 6, 8]), (5, [None, 6, 8]), (7, [None, 8]), (8, [None])]
)
def test_who_has_some_of_a_chunk_gets_the_rest_once(position: int, expected: list[int | None]) -> None:
    """A client that opened its stream while the chunk was made must not see a number twice."""
    chunk = chunk_of(tuple(message(number) for number in (5, None, 6, 8)))
    assert chunk.after(position) == b"".join(message(number).wire for number in expected)


def test_figures_alone_go_to_everybody() -> None:
    assert chunk_of((message(None),)).after(99) == message(None).wire
