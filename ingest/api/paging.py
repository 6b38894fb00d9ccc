"""Cursors: where a page of events starts, as text that means nothing to who carries it."""

import base64
import binascii
from datetime import datetime

from contracts.canonical import utc_text
from ingest.api.problems import Problem
from ingest.store.events import Position

MAX_CURSOR = 256


def cursor_of(position: Position | None) -> str | None:
    """Text for the answer's `next`."""
    if position is None:
        return None
    return base64.urlsafe_b64encode(f"{utc_text(position.time)} {position.id}".encode()).decode().rstrip("=")


def position_of(cursor: str | None) -> Position | None:
    """Position in a cursor; Problem 400 when it is none of ours."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        when, _, event_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        moment = datetime.fromisoformat(when)
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    if not event_id or moment.tzinfo is None:
        raise _bad_cursor()
    return Position(moment, event_id)


def _bad_cursor() -> Problem:
    return Problem(
        400, "bad-cursor", "This is no cursor", "Send `next` of the page before, unchanged, or start without."
    )
