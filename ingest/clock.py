"""The centre's clock: one name for "now", so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)
