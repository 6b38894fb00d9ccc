"""What a controller's feed says, line by line or payload by payload.

    {"head": "north", "at": "2026-11-22T08:00:00.250+07:00", "state": "red"}
    {"at": 1795304400.25, "states": {"north": "red", "east": "green"}, "heartbeat_s": 2}
    {"heartbeat_s": 2}
    north,2026-11-22T08:00:00.250+07:00,red

A list of such objects is one message after the other. Times need a zone, or are Unix seconds.
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from contracts.signals import SignalState

STATES: frozenset[str] = frozenset(get_args(SignalState))
CSV_HEADER = "head,at,state"
LONGEST = 65_536  # characters of a message; more is nonsense
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
KEYS = frozenset({"head", "state", "states", "at", "heartbeat_s"})


class MessageError(ValueError):
    """A message cannot be used; says what is wrong and what is expected."""


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """One message.

    Attributes:
        at: since when the states hold; None for a sign of life without states.
        states: state of each head, by its name in the feed.
        heartbeat_s: the sender is heard at least this often, seconds, if it says so.
    """

    at: datetime | None
    states: dict[str, SignalState]
    heartbeat_s: float | None = None


def parse_messages(text: str | bytes) -> list[FeedMessage]:
    """Messages of a line or payload; none for an empty line, a comment (#) or the CSV header.

    Raises:
        MessageError: it is none of the forms above.
    """
    try:
        line = (text.decode("utf-8") if isinstance(text, bytes) else text).strip().lstrip("\ufeff")
    except UnicodeDecodeError:
        raise MessageError("is not UTF-8 text") from None
    if len(line) > LONGEST:
        raise MessageError(f"is {len(line)} characters long; expected at most {LONGEST}")
    if not line or line.startswith("#") or line.replace(" ", "").lower() == CSV_HEADER:
        return []
    if line[0] not in "{[":
        return [_from_csv(line)]
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise MessageError(f"{line[:60]!r} is not JSON") from None
    return [_from_object(one) for one in (document if isinstance(document, list) else [document])]


def _from_csv(line: str) -> FeedMessage:
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != 3 or not cells[0]:
        raise MessageError(f"{line[:60]!r}: expected head,at,state")
    return FeedMessage(_time(cells[1]), {cells[0]: _state(cells[2])})


def _from_object(one: Any) -> FeedMessage:
    if not isinstance(one, dict):
        raise MessageError(f"{str(one)[:60]!r}: expected an object with head, at and state")
    strangers = one.keys() - KEYS
    if strangers:
        raise MessageError(f"unknown key {min(strangers)[:40]!r}; expected {', '.join(sorted(KEYS))}")
    states = _states(one)
    heartbeat = one.get("heartbeat_s")
    if not states and heartbeat is None:
        raise MessageError("neither head and state, nor states, nor heartbeat_s")
    if states and "at" not in one:
        raise MessageError("a state without `at`: since when?")
    at = _time(one["at"]) if "at" in one else None
    return FeedMessage(at, states, None if heartbeat is None else _seconds(heartbeat))


def _states(one: dict[str, Any]) -> dict[str, SignalState]:
    if ("head" in one) != ("state" in one):
        raise MessageError("head and state belong together")
    several = one.get("states", {})
    if not isinstance(several, dict):
        raise MessageError("states: expected an object, head to state")
    named = list(several.items()) + ([(one["head"], one["state"])] if "head" in one else [])
    if not all(isinstance(name, str) and name for name, _ in named):
        raise MessageError("head: expected its name in the feed")
    return {name: _state(state) for name, state in named}


def _state(state: object) -> SignalState:
    word = state.strip().lower() if isinstance(state, str) else ""
    if word not in STATES:
        raise MessageError(f"state {str(state)[:40]!r}; expected one of {', '.join(sorted(STATES))}")
    return word  # type: ignore[return-value]


def _time(value: object) -> datetime:
    try:
        at = _moment(value)
    except (ValueError, OverflowError, OSError):
        raise MessageError(f"at {str(value)[:40]!r}; expected 2026-11-22T08:00:00+07:00 or Unix seconds") from None
    if at.tzinfo is None:
        raise MessageError(f"at {str(value)[:40]!r} has no zone; add +07:00, or Z for UTC")
    if not EARLIEST <= at < LATEST:
        raise MessageError(f"at {str(value)[:40]!r} is not in this century")
    return at.astimezone(UTC)


def _moment(value: object) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    text = str(value).strip()
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        return datetime.fromisoformat(text)


def _seconds(value: object) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not 0 < value <= 3600
    ):
        raise MessageError(f"heartbeat_s {str(value)[:40]!r}; expected seconds, above 0 and at most 3600")
    return float(value)
