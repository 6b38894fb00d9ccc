"""At a start the database may not be there yet: after a power cut everything begins at once."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from contracts.backoff import backoff_s
from ingest.errors import MigrationError

log = structlog.get_logger()

T = TypeVar("T")

_MOST_S = 5.0
_COMING = ("08", "57P", "53300")
"""Classes of SQLSTATE: connection lost, server starting or stopping, too many connections."""
_FOR_GOOD = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")
"""A refused connection has no SQLSTATE; these words of the server do not change by waiting."""


def patiently(work: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """What `work` gives; while its database cannot be reached, it is done again until it can.

    Args:
        work: may be done any number of times.
        sleep: takes seconds.

    Raises:
        what `work` raises for any other reason, a refused user or an unknown database among them.
    """
    failures = 0
    while True:
        try:
            return work()
        except (DBAPIError, MigrationError) as error:
            away = why_away(error)
            if away is None:
                raise
            failures += 1
            log.warning("database not reachable, waiting for it", why=away, failures=failures)
            sleep(backoff_s(failures, random.random(), most_s=_MOST_S))  # noqa: S311 - jitter


def why_away(error: BaseException) -> str | None:
    """In words, why the database cannot be reached now; None when it can, or waiting would not help."""
    cause = error.__cause__ if isinstance(error, MigrationError) else error
    if not isinstance(cause, DBAPIError) or cause.orig is None or type(cause.orig).__module__.startswith("sqlite3"):
        return None
    state, words = getattr(cause.orig, "sqlstate", None), " ".join(str(cause.orig).split())
    if state is not None:
        comes_back = str(state).startswith(_COMING)
    else:
        comes_back = type(cause.orig).__name__ == "OperationalError" and not any(some in words for some in _FOR_GOOD)
    return (words or type(cause.orig).__name__)[:200] if comes_back else None
