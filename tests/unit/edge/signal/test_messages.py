"""What controllers send, and the nonsense that arrives on any topic."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.signal.messages import FeedMessage, MessageError, parse_messages

AT = datetime(2026, 11, 22, 1, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        '{"head": "north", "at": "2026-11-22T08:00:00.250+07:00", "state": "red"}',
        '{"at": 1795309200.25, "states": {"north": "red"}}',
        '[{"at": "2026-11-22T01:00:00.25Z", "states": {"north": "RED"}}]',
        "north,2026-11-22T08:00:00.250+07:00,red",
        " north , 1795309200.25 , Red \r\n",
        b'\xef\xbb\xbf{"head": "north", "at": 1795309200.25, "state": "red"}',
    ],
)
def test_one_state_in_many_forms(text: str | bytes) -> None:
    """Each controller has its own way."""
    assert parse_messages(text) == [FeedMessage(AT, {"north": "red"})]


@pytest.mark.parametrize("text", ["", "\n", "# made by hand", "head,at,state", "Head, At, State"])
def test_lines_that_say_nothing(text: str) -> None:
    """Headers and comments are no mistakes."""
    assert parse_messages(text) == []


def test_a_sign_of_life() -> None:
    """The controller lives, nothing changed."""
    assert parse_messages('{"heartbeat_s": 2}') == [FeedMessage(None, {}, 2.0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rubbish", "expected head,at,state"),
        ("north,yesterday,red", "expected 2026"),
        ("north,2026-11-22T08:00:00,red", "no zone"),
        ("north,1795309200,pink", "expected one of"),
        ("north,3,red", "this century"),
        ("north,inf,red", "expected 2026"),
        ("north,1e300,red", "expected 2026"),
        (",1795309200,red", "expected head,at,state"),
        ("{", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("[1, 2]", "expected an object"),
        ('{"head": "north", "state": "red"}', "since when"),
        ('{"head": "north", "at": 1795309200}', "belong together"),
        ('{"at": 1795309200}', "neither"),
        ('{"states": 3, "at": 1795309200}', "expected an object"),
        ('{"head": 3, "state": "red", "at": 1795309200}', "its name"),
        ('{"head": ["a"], "state": "red", "at": 1795309200}', "its name"),
        ('{"head": "n", "state": ["red"], "at": 1795309200}', "expected one of"),
        ('{"head": "n", "state": "red", "at": true}', "expected 2026"),
        ('{"heartbeat_s": -1}', "above 0"),
        ('{"heartbeat_s": NaN}', "above 0"),
        ('{"colour": "red"}', "unknown key"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("x" * 70_000, "characters long"),
    ],
)
def test_nonsense_is_told(text: str | bytes, words: str) -> None:
    """The words go to the node's log: they must say what to mend."""
    with pytest.raises(MessageError, match=words):
        parse_messages(text)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_whatever_comes_is_read_or_refused(text: str | bytes) -> None:
    """A broker is open to anybody: nothing else than MessageError."""
    with suppress(MessageError):
        parse_messages(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["head", "at", "state", "states", "heartbeat_s"]), json_values))
def test_objects_of_the_right_keys_and_wrong_values(one: dict[str, object]) -> None:
    """Right words, wrong things behind them."""
    with suppress(MessageError):
        parse_messages(json.dumps(one))
